"""The table of robot programs: cycle times, shares, slack, and what limits them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.scene.targets import TargetCell
from tests.scene.test_programs import sealing
from twin.cli.app import app
from twin.errors import CommandError
from twin.report.programs import program_rows
from twin.scene import load


def test_shares_add_up_and_the_slowest_robot_has_no_slack(tmp_path: Path):
    cell = TargetCell(tmp_path, robots={"One": -1.0, "Two": 1.0})
    for name, x, hold in (("One", -1.0, 4.0), ("Two", 1.0, 1.0)):
        near = cell.target(f"near{name}", (x, -1.2, 1.0))
        cell.program(name, targets=(near,), actions=("weld",), durations=(hold,))
    one, two = program_rows(load(cell.saved()))
    assert (one.slack, two.slack) == (0.0, pytest.approx(3.0, abs=1e-5))
    assert one.limit == "process: 1 x weld"
    assert two.limit.startswith("moving: joint_")
    for row in (one, two):
        assert row.moving + row.process + row.waiting == pytest.approx(row.cycle, abs=1e-5)
        assert row.products == ("Body",)


def test_one_robot_or_one_station_can_be_asked_for(tmp_path: Path):
    plant = load(sealing(tmp_path).saved())
    assert len(program_rows(plant, "/Cell/Weld/Robot")) == 1
    assert len(program_rows(plant, "/Cell/Weld")) == 1
    with pytest.raises(CommandError, match="did you mean /Cell/Weld/Robot"):
        program_rows(plant, "/Cell/Weld/Robott")


def test_the_command_speaks_to_people_and_machines(tmp_path: Path):
    file = str(sealing(tmp_path).saved())
    said = CliRunner().invoke(app, ["program", file])
    assert said.exit_code == 0
    assert "Programs/Work" in said.output
    tree = json.loads(CliRunner().invoke(app, ["program", file, "--json"]).output)
    assert tree["programs"][0]["robot"] == "/Cell/Weld/Robot"
    assert tree["programs"][0]["cycle"] > 5.0
