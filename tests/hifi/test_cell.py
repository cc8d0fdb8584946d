"""A cell beside an exact run: what the engine decides stays as it is, and no part is lost."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.sources import ROOT
from twin.core.record import FINISHED, MOVE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import CommandError, RunError
from twin.hifi.cell import Cell
from twin.hifi.plan import CellPlan
from twin.hifi.robots import Robots
from twin.hifi.solid import Solid
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.store import Store
from twin.motion.frame import matrix_from
from twin.plant import Place, Plant, Pose, connect
from twin.scene.cell import load_cells

SECOND = 1_000_000
USE = Station(process_time=1.0, transfer_time=0.1)
LEVEL = (1.0, 0.0, 0.0, 0.0)
SCENE = Path(__file__).parents[2] / "scenes" / "bracket_bin" / "bracket_bin.usda"


class Log:
    """Keeps all that a run tells."""

    def __init__(self):
        self.events, self.commands = [], []

    def record(self, events, segments):  # noqa: ARG002
        self.events.extend(events.copy())

    def command(self, command):
        self.commands.append(command)

    def count(self, code, place):
        return sum(1 for each in self.events if each["code"] == code and each["place"] == place)


def small_plant():
    return Plant(
        places=connect(
            [
                Place(path="/S/In", params=Source(interval=0.4)),
                Place(path="/S/Heap", params=Store(capacity=5)),
                Place(path="/S/Use", params=USE, pose=Pose((2.0, 0.0, 0.0))),
                Place(path="/S/Out", params=Sink(), pose=Pose((3.0, 0.0, 0.0))),
            ]
        )
    )


def small_plan(**changes):
    plan = CellPlan(
        path="/S/Cell", inlet="/S/Heap", parts={"part": [Solid.box((0.1, 0.1, 0.1))]},
        drop=matrix_from((0.0, 0.0, 1.0), LEVEL),
        volume=(np.full(3, -1.0), np.full(3, 1.0)), capacity=6, scatter=0.5,
        standing=[Solid.box((4.0, 4.0, 0.1), matrix_from((0, 0, -0.05), LEVEL))],
    )  # fmt: skip
    return replace(plan, **changes)


@pytest.fixture(scope="module")
def scene():
    plant, (plan,) = load_cells(SCENE)
    return plant, plan


@pytest.fixture(scope="module")
def run(scene):
    """The bracket bin after 45 s, with its log, and its energy every 0.1 s."""
    plant, plan = scene
    log = Log()
    cell = Cell(plan, plant, seed=5, recorder=log)
    for tick in range(SECOND, 45 * SECOND + 1, SECOND):
        cell.step(tick)
        assert len(cell.slots) == cell.entered - cell.left
    return cell, log


def test_parts_come_in_and_go_out_as_the_engine_says():
    log = Log()
    cell = Cell(small_plan(), small_plant(), seed=3, recorder=log)
    cell.step(20 * SECOND)
    assert cell.entered == log.count(MOVE, 1) > 10
    assert cell.left == log.count(MOVE, 2) > 10
    assert cell.entered - cell.left == len(cell.slots) == len(cell.bodies.used) == 5


def test_without_a_picking_robot_the_run_is_that_of_the_engine_alone():
    cell = Cell(small_plan(), small_plant(), seed=3)
    cell.step(20 * SECOND)
    alone = Simulation(small_plant(), seed=3, motion=True)
    alone.advance(20 * SECOND)
    assert cell.simulation.totals().place.tobytes() == alone.totals().place.tobytes()


def test_calls_of_any_length_give_the_same_bits():
    one, two = (Cell(small_plan(), small_plant(), seed=3) for _ in range(2))
    one.step(5 * SECOND)
    for tick in (3, 1999, 2000, 123_456, 123_457, 2_000_001, 5 * SECOND):
        two.step(tick)
    assert one.digest() == two.digest()
    assert one.tick == two.tick == 5 * SECOND


def test_another_seed_lets_parts_tumble_otherwise():
    one, two = (Cell(small_plan(), small_plant(), seed=seed) for seed in (1, 2))
    one.step(SECOND)
    two.step(SECOND)
    assert one.digest() != two.digest()


def test_a_cell_without_room_says_so():
    cell = Cell(small_plan(capacity=3), small_plant())
    with pytest.raises(RunError, match="room for 3 parts of part; give it more"):
        cell.step(10 * SECOND)


def test_time_does_not_go_back():
    cell = Cell(small_plan(), small_plant())
    cell.step(SECOND)
    with pytest.raises(CommandError, match="can't step to 5"):
        cell.step(5)


def test_brackets_are_fetched_and_none_is_lost(run, scene):
    cell, log = run
    plant, _ = scene
    heap, pick = plant.index("/BracketBin/Plant/Bin"), plant.index("/BracketBin/Plant/Pick")
    belt = plant.index("/BracketBin/Plant/Belt")
    assert cell.left == log.count(MOVE, belt) >= 4
    assert cell.entered == log.count(MOVE, heap)
    in_plant = int(
        cell.simulation.world.place[heap].count + cell.simulation.world.place[pick].count
    )
    assert len(cell.slots) == len(cell.bodies.used) == in_plant
    assert len(set(cell.slots.values())) == len(cell.slots)


def test_the_run_is_the_engine_s_own_with_the_commands_that_were_recorded(run, scene):
    cell, log = run
    plant, _ = scene
    alone = Simulation(plant, seed=5, motion=True)
    for command in log.commands:
        alone.advance(command.tick)
        alone.apply(command)
    alone.advance(cell.tick)
    assert alone.totals().place.tobytes() == cell.simulation.totals().place.tobytes()
    assert {each.action for each in log.commands} <= {"stop", "start"}


def test_the_pile_lies_in_the_bin(run, scene):
    cell, _ = run
    _, plan = scene
    task = cell._fetching.errand
    for slot in cell.bodies.used:
        xyz, _ = cell.bodies.pose(slot)
        if cell.bodies.speed(slot)[0] < 0.02 and (task is None or task.slot != slot):
            assert (xyz[:2] > plan.volume[0][:2] - 0.05).all()
            assert (xyz[:2] < plan.volume[1][:2] + 0.05).all()
            assert xyz[2] > plan.volume[0][2] - 0.01


def test_a_bracket_is_handed_over_where_the_engine_has_it(run):
    cell, _ = run
    assert len(cell.hand_overs) == cell.left
    assert max(each.distance for each in cell.hand_overs) < 0.08  # its origin is at one corner


def test_poses_are_the_engine_s_with_the_cell_s_parts(run):
    cell, _ = run
    poses, own = cell.poses(), cell.simulation.poses()
    assert list(poses.serial) == sorted({*own.serial.tolist(), *cell.slots})
    for serial, slot in cell.slots.items():
        row = int(np.flatnonzero(poses.serial == serial)[0])
        assert (poses.xyz[row] == cell.bodies.pose(slot)[0]).all()


def test_robots_are_driven_to_the_poses_of_the_engine(run, scene):
    cell, _ = run
    _, plan = scene
    simulation = cell.simulation
    robots = Robots(simulation.world, simulation.layout, cell.tick)
    assert robots.joints() == pytest.approx(simulation.poses().joints, abs=1e-12)
    frames = robots.frames(robots.joints(), [0])
    assert frames == pytest.approx(simulation.poses().link_frames()[0], abs=1e-9)
    assert len(frames) == len(plan.robots["/BracketBin/Plant/Pick/Robot"])


def test_a_snapshot_with_a_part_in_the_grip_goes_on_to_the_same_bits(scene):
    plant, plan = scene
    cell = Cell(plan, plant, seed=5)
    while not (cell._fetching.errand and cell._fetching.errand.held):
        cell.step(cell.tick + 20_000)
    saved = cell.snapshot()
    cell.step(cell.tick + 2 * SECOND)
    after = cell.digest()
    cell.step(cell.tick + SECOND)
    cell.restore(saved)
    assert cell.tick == saved.tick
    cell.step(cell.tick + 2 * SECOND)
    assert cell.digest() == after
    other = Cell(plan, plant, seed=5)
    other.restore(saved)
    other.step(other.tick + 2 * SECOND)
    assert other.digest() == after


def test_a_station_without_a_part_to_pick_is_stopped_and_goes_on_later(scene):
    plant, plan = scene
    cell = Cell(plan, plant, seed=5)
    cell.step(100_000)
    assert cell.waiting  # the first bracket still slides
    while cell.waiting:
        cell.step(cell.tick + 20_000)
    assert cell.tick < 10 * SECOND
    assert cell._fetching.errand is not None


def test_a_command_reaches_the_plant(scene):
    plant, plan = scene
    cell = Cell(plan, plant)
    done = cell.apply(Command(action="stop", path="/BracketBin/Plant/Supply"))
    assert done.tick == 0
    cell.step(SECOND)
    assert cell.entered <= 1


def test_a_picker_s_waypoint_that_is_not_there_is_named(scene):
    plant, plan = scene
    wrong = replace(plan, picker=replace(plan.picker, pick=40))
    with pytest.raises(CommandError, match=r"must name waypoints 0 to 7 of .*Fetch, got 40"):
        Cell(wrong, plant)
    with pytest.raises(CommandError, match="is not a robot"):
        Cell(replace(plan, robots={"/No/Robot": []}, picker=None), plant)
    with pytest.raises(CommandError, match="has no links of its robot"):
        Cell(replace(plan, robots={}), plant)


def test_nothing_of_it_is_loaded_unless_it_is_used():
    code = (
        "import sys, twin.scene, twin.engine.simulation, twin.cli, server;"
        "print([n for n in sys.modules if n.startswith(('mujoco', 'twin.hifi'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


def test_finished_parts_are_those_of_the_plant(run, scene):
    cell, log = run
    plant, _ = scene
    out = plant.index("/BracketBin/Plant/Out")
    assert log.count(FINISHED, out) <= cell.left
