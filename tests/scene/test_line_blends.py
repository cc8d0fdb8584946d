"""Lines into lines without a stop: limits, zones and straightness at ten thousand moments."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.scene.targets import TargetCell
from twin.motion.lever import tool_centres
from twin.plant import Task, plan_plant
from twin.scene import load

CORNERS = [(-0.4, 0.9), (0.0, 0.9), (0.25, 1.2), (0.3, 0.85), (-0.1, 1.3)]  # x, z [m]
LOOKS = 10_000
SPEED = 0.4  # m/s


def zigzag(folder: Path, zone: float) -> Task:
    """One robot whose tool goes along four lines through three corners, with a zone at each."""
    folder.mkdir()
    cell = TargetCell(folder)
    corners = tuple(cell.target(f"c{i}", (x, -0.9, z)) for i, (x, z) in enumerate(CORNERS))
    count = len(corners)
    cell.program(
        targets=corners,
        moves=("joint", *("line",) * (count - 1)),
        zones=(0.0, *(zone,) * (count - 2), 0.0),
        speeds=(1.0, *(SPEED,) * (count - 1)),
    )
    (task,) = plan_plant(load(cell.saved()))
    return task


def seam(task: Task):
    """The table of all lines, from the first corner to the last."""
    return max(task.planned.tables.values(), key=lambda table: table.duration)


def distances(points, start, end):
    """How far points [n, 3] are from a line between two others [m]."""
    way = end - start
    share = np.clip((points - start) @ way / (way @ way), 0.0, 1.0)
    return np.linalg.norm(points - start - share[:, None] * way, axis=1)


@pytest.mark.parametrize("zone", [0.03, 0.08])
def test_lines_run_into_lines_within_all_limits_and_zones(tmp_path: Path, zone: float):
    task = zigzag(tmp_path / "flies", zone)
    arm, route, table = task.robot.arm, task.program.route, seam(task)
    assert route is not None
    time = np.linspace(0.0, table.duration, LOOKS)
    state = table.state(time)
    assert np.all(np.abs(state.velocity) <= arm.speed * (1 + 1e-9))
    assert np.all(np.abs(state.acceleration) <= arm.acceleration * (1 + 1e-9))
    assert np.all(table.peaks()[2] <= arm.jerk * (1 + 1e-9))
    tool = tool_centres(arm, state.position, route.tool)
    speed = np.linalg.norm(np.diff(tool, axis=0), axis=1) / (time[1] - time[0])
    assert speed.max() <= SPEED * 1.011
    corners = route.targets[:, :3, 3]
    off = np.min([distances(tool, one, two) for one, two in pairwise(corners)], axis=0)
    apart = np.linalg.norm(tool[:, None] - corners[1:-1], axis=2)
    assert off.max() <= zone
    assert off[apart.min(axis=1) > zone * 1.01].max() <= 1e-4  # straight outside of the zones
    assert np.all(apart.min(axis=0) <= zone)  # and it comes by every corner


def test_the_tool_does_not_stop_in_a_corner_and_saves_time(tmp_path: Path):
    stops, flies = zigzag(tmp_path / "stops", 0.0), zigzag(tmp_path / "flies", 0.08)
    assert flies.planned.length < stops.planned.length - 0.1
    table = seam(flies)
    inside = np.linspace(0.05, table.duration - 0.05, LOOKS)
    moving = np.abs(table.state(inside).velocity).max(axis=1)
    assert moving.min() > 0.01  # rad/s
