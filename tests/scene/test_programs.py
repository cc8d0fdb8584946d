"""Programs by targets: read from a scene, planned, and told when they are wrong."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pxr import Usd

from tests.scene.targets import BODY, HOME, TOWARDS, TargetCell
from twin.engine import Simulation
from twin.engine.layout import lay_out
from twin.errors import SceneError
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.motion import Programs
from twin.motion.lever import tool_centres
from twin.plant import Task, plan_plant
from twin.scene import check_scene, load
from twin.scene.author import new_layer, new_stage, set_values, stand
from twin.units import to_ticks

SEAM = [(-0.4, 0.9), (0.0, 0.9), (0.4, 0.9), (0.4, 1.2), (0.0, 1.35), (-0.4, 1.2)]  # x, z [m]


def sealing(folder: Path, **changes: Any) -> TargetCell:
    """One robot that comes near, welds a spot, seals two lines and an arc, and goes back."""
    cell = TargetCell(folder)
    spots = [cell.target(f"s{i}", (x, -0.9, z)) for i, (x, z) in enumerate(SEAM)]
    near = cell.target("near", (0.0, -1.2, 1.0))
    values: dict[str, Any] = {
        "targets": (*spots, near),
        "visits": (7, 1, 2, 3, 4, 5, 6, 7),
        "moves": ("joint", "line", "line", "line", "line", "arc", "arc", "line"),
        "zones": (0.1, 0, 0.05, 0.05, 0.05, 0, 0, 0.1),
        "actions": ("none", "weld", "seal", "seal", "none", "none", "seal", "none"),
        "durations": (0, 1, 0, 0, 0, 0, 0, 0),
        "speeds": (1, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4),
    }
    cell.program(**(values | changes))
    return cell


def tasks(cell: TargetCell) -> list[Task]:
    return plan_plant(load(cell.saved()))


def problem(cell: TargetCell) -> str:
    (found,) = check_scene(cell.saved())
    return str(found)


def tool_way(task: Task, step: float = 1e-3) -> tuple[NDArray[Any], NDArray[Any]]:
    """Joints and tool centres in the robot's base, sampled over the program."""
    time = np.arange(0.0, task.planned.length + step, step)
    joints = Programs.build([task.planned]).joints(np.zeros(len(time), np.int64), time)
    assert task.program.route is not None
    return joints, tool_centres(task.robot.arm, joints, task.program.route.tool)


def test_a_target_on_a_product_is_where_the_part_stands(tmp_path: Path):
    (task,) = tasks(sealing(tmp_path))
    route, base = task.program.route, task.robot.base
    assert route is not None
    assert base.xyz == pytest.approx((7.0, -2.85, 0.3))
    assert base.at(tuple(route.targets[1, :3, 3])) == pytest.approx((6.6, -0.9, 0.9))
    assert route.names[1] == f"{BODY}/s0"
    assert route.tool[:3, 3] == pytest.approx((0.3, 0.0, 0.0))


def test_a_target_that_is_no_part_of_a_product_stands_in_the_hall(tmp_path: Path):
    cell = TargetCell(tmp_path)
    prim = cell.stage.DefinePrim("/Cell/Weld/Rack", "Xform")
    stand(prim, (0.2, -1.2, 1.0), (0.5**0.5, -(0.5**0.5), 0.0, 0.0))
    cell.program(targets=("/Cell/Weld/Rack",))
    (task,) = tasks(cell)
    assert task.program.route is not None
    xyz = tuple(task.program.route.targets[0, :3, 3])
    assert task.robot.base.at(xyz) == pytest.approx((7.2, -1.2, 1.0))


def test_the_tool_comes_by_all_targets_within_their_zones(tmp_path: Path):
    (task,) = tasks(sealing(tmp_path))
    _, tool = tool_way(task)
    route = task.program.route
    assert route is not None
    for target, zone in zip(route.targets, route.zones, strict=True):
        nearest = np.linalg.norm(tool - target[:3, 3], axis=1).min()
        assert nearest <= zone + 1e-3


def test_a_program_keeps_the_limits_of_joints_and_tool_and_begins_and_ends_at_home(tmp_path: Path):
    (task,) = tasks(sealing(tmp_path))
    joints, tool = tool_way(task)
    arm, step = task.robot.arm, 1e-3
    speed = np.diff(joints, axis=0) / step
    assert np.all(np.abs(speed) <= arm.speed * 1.001)
    assert np.all(np.abs(np.diff(speed, axis=0)) / step <= arm.acceleration * 1.01)
    assert np.degrees(joints[[0, -1]]) == pytest.approx(np.array([HOME, HOME]), abs=1e-9)
    seam = slice(3400, 8900)  # lines and the arc
    assert np.linalg.norm(np.diff(tool[seam], axis=0), axis=1).max() <= 0.41 * step


def test_moves_follow_one_another_in_whole_ticks_without_a_jump(tmp_path: Path):
    (task,) = tasks(sealing(tmp_path))
    planned = task.planned
    ticks = planned.duration * 1e6
    assert ticks == pytest.approx(np.round(ticks), abs=1e-6)
    assert planned.start[1:] == pytest.approx((planned.start + planned.duration)[:-1], abs=1e-9)
    assert planned.joints_from[1:] == pytest.approx(planned.joints_to[:-1], abs=1e-9)
    for row, table in planned.tables.items():
        ends = table.at([0.0, table.duration])
        assert ends == pytest.approx(
            np.stack([planned.joints_from[row], planned.joints_to[row]]), abs=1e-9
        )
        assert table.duration == pytest.approx(planned.duration[row], abs=1e-12)


def test_time_is_moving_process_and_waiting(tmp_path: Path):
    (task,) = tasks(sealing(tmp_path))
    assert task.moving + task.process + task.waiting == pytest.approx(task.planned.length, abs=1e-6)
    assert task.process > 1.0 + 1.6 / 0.4  # the weld, and 1.6 m sealed at 0.4 m/s
    assert task.waiting == 0


def test_lines_may_stop_nowhere_and_then_take_less_time(tmp_path: Path):
    folders = [tmp_path / name for name in ("stops", "flies")]
    for folder in folders:
        folder.mkdir()
    stops, flies = (
        tasks(sealing(folder, zones=zones))[0].planned.length
        for folder, zones in zip(
            folders, ((0.0,), (0.1, 0, 0.05, 0.05, 0.05, 0, 0, 0.1)), strict=True
        )
    )
    assert flies < stops - 0.1


def test_programs_of_a_station_wait_for_signals_and_zones(tmp_path: Path):
    cell = TargetCell(tmp_path, robots={"One": -1.0, "Two": 1.0})
    near = {
        name: cell.target(f"near{name}", (x, -1.2, 1.0))
        for name, x in (("One", -1.0), ("Two", 1.0))
    }
    cell.program(
        "One", targets=(near["One"],), actions=("set",), durations=(3.0,), signals=("clamped",)
    )
    cell.program("Two", targets=(near["Two"],), actions=("wait",), signals=("clamped",))
    one, two = tasks(cell)
    assert one.waiting == 0
    assert two.waiting == pytest.approx(3.0, abs=1e-5)  # mirror images: as long on the way
    assert two.planned.length == pytest.approx(one.planned.length, abs=1e-5)


def test_only_one_robot_is_in_a_zone_and_the_first_of_the_station_goes_first(tmp_path: Path):
    cell = TargetCell(tmp_path, robots={"One": -1.0, "Two": 1.0})
    cell.stage.DefinePrim("/Cell/Weld/Middle", "Xform")
    for name, x in (("One", -1.0), ("Two", 1.0)):
        spots = [cell.target(f"{name}{i}", (x * (1 - i / 10), -1.2, 1.0)) for i in range(3)]
        cell.program(
            name,
            targets=tuple(spots),
            actions=("none", "weld", "none"),
            durations=(0.0, 2.0, 0.0),
            interlocks=("/Cell/Weld/Middle",),
            interlock_first=(2,),
            interlock_last=(3,),
        )
    one, two = tasks(cell)
    assert one.waiting == 0
    assert two.waiting > 2.0
    inside = one.planned.length - one.planned.duration[-1] - one.planned.duration[0]
    assert two.waiting == pytest.approx(inside, abs=0.01)


def test_robots_that_wait_for_each_other_are_both_named(tmp_path: Path):
    cell = TargetCell(tmp_path, robots={"One": -1.0, "Two": 1.0})
    for name, x, waits, sets in (("One", -1.0, "b", "a"), ("Two", 1.0, "a", "b")):
        spots = [cell.target(f"{name}{i}", (x, -1.2 + i / 10, 1.0)) for i in range(2)]
        cell.program(name, targets=tuple(spots), actions=("wait", "set"), signals=(waits, sets))
    told = problem(cell)
    assert told.startswith("/Cell/Weld must not have programs that wait for each other")
    for part in (
        "One/Programs/Work before",
        "for signal 'b' of /Cell/Weld/Two/Programs/Work",
        "'a'",
    ):
        assert part in told


def test_moving_a_robot_by_200_mm_changes_the_time_of_its_station_and_the_jobs_an_hour(
    tmp_path: Path,
):
    cell = sealing(tmp_path)
    set_values(
        cell.stage.GetPrimAtPath("/Cell/In"), Source, {"interval": 1.0}, source="", confidence="U"
    )
    set_values(
        cell.stage.GetPrimAtPath("/Cell/Weld"),
        Station,
        {"process_time": 0.0},
        source="",
        confidence="U",
    )
    file = cell.saved()
    layer = new_layer(tmp_path / "moved.usda", "Cell")
    stage = Usd.Stage.Open(layer)
    stand(stage.OverridePrim("/Cell/Weld/Robot"), (0.2, -2.85, 0.3), (0.5**0.5, 0.0, 0.0, 0.5**0.5))
    layer.Save()
    plants = [load(file), load(file, scenarios=[tmp_path / "moved.usda"])]
    before, after = (lay_out(plant).programs.duration[0] for plant in plants)
    assert abs(after - before) > 0.05
    made: list[int] = []
    for plant in plants:
        run = Simulation(plant)
        run.advance(to_ticks(8 * 3600.0))
        made.append(int(run.totals().clock[0].finished))
    assert np.sign(made[1] - made[0]) == np.sign(before - after)


def test_a_program_by_targets_needs_a_home(tmp_path: Path):
    cell = sealing(tmp_path)
    cell.stage.GetPrimAtPath("/Cell/Weld/Robot").GetAttribute("twin:home").Clear()
    assert problem(cell).startswith("/Cell/Weld/Robot twin:home needs a home")


def test_an_unreachable_target_is_named_with_its_reason_and_what_would_work(tmp_path: Path):
    cell = TargetCell(tmp_path)
    cell.program(targets=(cell.target("far", (0.0, 1.9, 0.9)),))
    told = problem(cell)
    assert told.startswith(
        f"/Cell/Weld/Robot/Programs/Work {BODY}/far must be within reach, got a wrist"
    )
    assert "too far from axis 2" in told
    assert "the nearest that works is" in told


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"tool": False}, "twin:tool needs a tool to weld"),
    ({"speeds": (1.5,)}, "twin:speeds must be at most 1, a share"),
    ({"zones": (0.4, 0, 0.25, 0.05, 0.05, 0, 0, 0.1)}, "must be at most half of the ways"),
    ({"moves": ("joint", "arc", "line", "line", "line", "arc", "arc", "line")}, "arcs in pairs"),
    ({"visits": (7, 8)}, "twin:visits must be numbers of its 7 targets"),
    ({"speeds": (1.0, 0.4)}, "twin:speeds must have an entry for each of the 8 visits"),
    ({"signals": ("go",), "actions": ("wait",)}, "must wait for a signal that a program"),
    ({"actions": ("set",)}, "must name the signal to set"),
    ({"actions": ("glue",)}, "twin:actions must be one of none, weld"),
    ({"waypoints": HOME}, "twin:waypoints must not have waypoints besides targets"),
    ({"targets": (f"{BODY}/s9",), "visits": (1,)}, "must name frames (Xform)"),
    ({"products": ("Coupe",)}, "must be on a product that the program is for (Coupe)"),
    ({"interlocks": (BODY,), "interlock_first": (3,), "interlock_last": (2,)}, "must not leave"),
    ({"interlocks": (BODY,)}, "twin:interlockFirst must have an entry"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), WRONG, ids=[told for _, told in WRONG])
def test_a_wrong_program_is_named_with_its_path_and_rule(
    tmp_path: Path, changes: dict[str, Any], told: str
):
    if "actions" in changes and changes["actions"][0] == "glue":
        cell = sealing(tmp_path)
        cell.stage.GetPrimAtPath("/Cell/Weld/Robot/Programs/Work").GetAttribute("twin:actions").Set(
            ["glue"]
        )
    else:
        cell = sealing(tmp_path, **changes)
    problems = check_scene(cell.saved())
    assert any(told in str(each) for each in problems), problems
    assert all(each.path.startswith("/Cell/Weld/Robot/Programs/Work") for each in problems)


def test_an_arc_through_points_on_one_line_is_named(tmp_path: Path):
    cell = TargetCell(tmp_path)
    spots = [cell.target(f"s{i}", (0.1 * i, -1.2, 1.0)) for i in range(3)]
    cell.program(targets=tuple(spots), moves=("joint", "arc", "arc"))
    assert "must go through three points that are not on one line" in problem(cell)
    assert f"/Cell/Weld/Robot/Programs/Work {BODY}/s2" in problem(cell)


def test_a_plan_without_a_scene_s_check_refuses_the_same(tmp_path: Path):
    cell = sealing(tmp_path, moves=("arc",) * 7 + ("line",))
    with pytest.raises(SceneError, match="arcs in pairs"):
        load(cell.saved())


def test_stops_are_where_the_robot_works(tmp_path: Path):
    (task,) = tasks(sealing(tmp_path))
    planned = task.planned
    held = [row for row in range(len(planned.start)) if row not in planned.tables]
    assert [planned.duration[row] for row in held] == [1.0]
    assert planned.idle == frozenset()
    assert all(one <= two for one, two in pairwise(planned.start))


def test_targets_may_be_inside_an_instance_such_as_the_body_s_asset(tmp_path: Path):
    asset = new_stage(tmp_path / "asset.usda", "Asset", kind="component")
    stand(asset.DefinePrim("/Asset/Spots/s1", "Xform"), (0.1, -1.2, 0.2), TOWARDS)
    asset.Save()
    cell = TargetCell(tmp_path)
    look = cell.stage.DefinePrim(f"{BODY}/Look", "Xform")
    look.GetReferences().AddReference("./asset.usda")
    look.SetInstanceable(True)  # noqa: FBT003  # it is bound without names
    cell.program(targets=(f"{BODY}/Look/Spots/s1",))
    (task,) = tasks(cell)
    assert task.program.route is not None
    xyz = tuple(task.program.route.targets[0, :3, 3])
    assert task.robot.base.at(xyz) == pytest.approx((7.1, -1.2, 0.7))
