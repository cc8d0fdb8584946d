"""The weld planner: every spot once, in reach, exactly there, in the time that is told."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from twin.data import scene_path
from twin.motion import plan_program
from twin.scene.stage import open_stage
from twin.scene.welds import read_weld_line
from twin.welding import Settings, Spots, plan_welds, weld_time
from twin.welding.again import solve_again
from twin.welding.figures import figures_of
from twin.welding.tour import EXACT, exact_tour, shorter_tour, tour_length

STEP = "respot"


@pytest.fixture(scope="session")
def line():
    return read_weld_line(open_stage(scene_path("body_shop")))


def some(spots: Spots, rows: np.ndarray) -> Spots:
    return Spots(
        names=tuple(spots.names[row] for row in rows),
        frames=spots.frames[rows],
        seam=spots.seam[rows],
        gun=tuple(spots.gun[row] for row in rows),
        step=tuple(spots.step[row] for row in rows),
        time=spots.time[rows],
    )


@pytest.fixture(scope="session")
def spots(line):
    """Every fourth spot of the left side that is welded at respot."""
    whole = line.spots["Sedan"]
    y = whole.frames[:, 1, 3]
    rows = np.flatnonzero((y > 0) & (np.array(whole.step) == STEP))
    return some(whole, rows[::4])


@pytest.fixture(scope="session")
def welders(line):
    """The left robots of two respot stations, with nothing that could meet."""
    own = [each for each in line.welders if STEP in each.steps and each.base[1, 3] > 0]
    return tuple(replace(each, hull=None) for each in own[:6])


@pytest.fixture(scope="session")
def plan(spots, welders):
    return plan_welds(spots, welders)


def test_a_body_has_a_thousand_spots_and_robots_for_each_step(line):
    assert {name: len(each) for name, each in line.spots.items()} == {
        "Sedan": 1000, "Suv": 1000, "Crossover": 1000,
    }  # fmt: skip
    assert len(line.welders) == 60
    assert {step for each in line.welders for step in each.steps} == {"framing", "respot", "roof"}


def test_each_spot_is_welded_once_by_a_robot_with_its_gun_and_step(plan, spots, welders):
    welded = np.concatenate([each.order for each in plan.rounds])
    assert sorted(welded.tolist()) == list(range(len(spots)))
    assert plan.unreached == ()
    for row, robot in enumerate(plan.robot.tolist()):
        assert spots.gun[row] in welders[robot].guns
        assert spots.step[row] in welders[robot].steps


def test_joints_keep_their_limits_and_the_tool_is_at_the_spot_to_a_micrometre(plan, spots):
    for welder, program in zip(plan.welders, plan.programs, strict=True):
        assert welder.arm.within_limits(program.waypoints).all()
        assert np.array_equal(program.waypoints[[0, -1]], [welder.rest, welder.rest])
        at = program.spot >= 0
        tool = welder.arm.flange(program.waypoints[at], welder.base) @ welder.tool
        wanted = spots.frames[program.spot[at]]
        assert np.abs(tool[:, :3, 3] - wanted[:, :3, 3]).max() < 1e-6
        assert np.abs(tool[:, :3, 2] - wanted[:, :3, 2]).max() < 1e-6  # it may turn about Z


def test_a_cycle_is_the_sum_of_its_planned_moves_and_dwells(plan):
    for welder, program, planned, each in zip(
        plan.welders, plan.programs, plan.planned, plan.rounds, strict=True
    ):
        moves = plan_program(welder.arm, program.waypoints, np.zeros(len(program.dwells)))
        assert planned.length == pytest.approx(moves.length + program.dwells.sum(), abs=1e-6)
        assert planned.length == pytest.approx(each.time + program.waits.sum(), abs=1e-4)
        assert program.dwells.sum() == pytest.approx(each.welding + program.waits.sum())


def test_the_same_input_gives_the_same_plan(plan, spots, welders):
    again = plan_welds(spots, welders)
    for one, two in zip(plan.programs, again.programs, strict=True):
        assert np.array_equal(one.waypoints, two.waypoints)


def test_robots_are_loaded_evenly(plan):
    figures = figures_of("Sedan", plan)
    assert figures.balance > 0.85
    assert figures.welded == figures.spots
    assert "clamping and transfer" in figures.limit


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"frames": 9.0}, "must be within reach"),
        ({"gun": "laser"}, "needs a robot with its gun, got laser; robots there have"),
        ({"step": "paint"}, "needs a station for its step, got paint"),
    ],
)
def test_a_planted_spot_that_nobody_can_weld_is_named_with_the_reason(
    change, reason, spots, welders
):
    few = some(spots, np.arange(0, len(spots), 4))
    name, value = next(iter(change.items()))
    if name == "frames":
        frames = few.frames.copy()
        frames[3, 0, 3] += value
        few = replace(few, frames=frames)
    else:
        words = list(getattr(few, name))
        words[3] = value
        few = replace(few, **{name: tuple(words)})
    plan = plan_welds(few, welders)
    assert len(plan.unreached) == 1
    assert few.names[3] in plan.unreached[0].path
    assert reason in str(plan.unreached[0])
    assert (plan.robot >= 0).sum() == len(few) - 1


def test_a_robot_moved_by_200_mm_takes_another_time_for_the_same_spots(plan, welders):
    base = welders[1].base.copy()
    base[1, 3] += 0.2
    moved = solve_again(plan, [welders[0], replace(welders[1], base=base), *welders[2:]])
    assert np.array_equal(np.sort(moved.rounds[1].order), np.sort(plan.rounds[1].order))
    assert moved.cycle[0] == plan.cycle[0]
    assert abs(moved.cycle[1] - plan.cycle[1]) > 0.1


def test_few_places_are_visited_in_the_best_order_there_is():
    random = np.random.Generator(np.random.Philox(1))
    for count in range(1, 8):
        points = random.uniform(size=(count + 1, 2))
        times = np.linalg.norm(points[:, None] - points, axis=-1)
        best = min(
            tour_length(times, np.array(order)) for order in permutations(range(1, count + 1))
        )
        assert tour_length(times, exact_tour(times)) == pytest.approx(best, abs=1e-12)


def test_local_search_interpreted_and_compiled_finds_the_same_short_order():
    random = np.random.Generator(np.random.Philox(2))
    points = random.uniform(size=(EXACT + 1, 2))
    times = np.linalg.norm(points[:, None] - points, axis=-1)
    start = np.arange(1, EXACT + 1)
    order = shorter_tour(times, start)
    assert np.array_equal(order, shorter_tour(times, start, interpreted=True))
    assert sorted(order.tolist()) == start.tolist()
    best = tour_length(times, exact_tour(times))
    assert best <= tour_length(times, order) + 1e-12 <= 1.1 * best


def test_thicker_sheets_take_longer():
    assert weld_time((0.8, 0.8)) == pytest.approx(0.5 + 0.5 + 14 / 60 * 4 / 3, abs=1e-3)
    assert weld_time((0.8, 1.4, 1.6)) > weld_time((0.8, 0.8))


def test_robots_of_a_station_keep_clear_of_each_other(line, spots):
    own = [each for each in line.welders if STEP in each.steps and each.base[1, 3] > 0][:3]
    settings = Settings(patience=60.0)
    plan = plan_welds(some(spots, np.arange(0, len(spots), 2)), own, settings)
    assert plan.clashes == ()
    times = np.arange(0.0, plan.cycle.max(), 0.05)
    from twin.motion import Programs
    from twin.physics.capsule_distance import capsule_gap

    programs = Programs.build(plan.planned)
    placed = []
    for row, each in enumerate(own):
        joints = programs.joints(np.full(len(times), row), times)
        placed.append(each.hull.placed(each.arm, joints, each.base))
    for one, two in ((0, 1), (1, 2), (0, 2)):
        for a, b in zip(placed[one], placed[two], strict=True):
            gap = min(
                capsule_gap(a, i, b, j)
                for i in range(len(a)) for j in range(len(b))
                if np.linalg.norm(a[i, :3] - b[j, :3]) < 2.0
            ) if np.linalg.norm(a[-1, :3] - b[-1, :3]) < 1.5 else 1.0  # fmt: skip
            assert gap > 0.0
