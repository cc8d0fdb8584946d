"""The weld planner: every spot once, in reach, exactly there, in the time that is told."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from scipy.spatial import cKDTree
from trimesh.creation import box

from twin.data import scene_path
from twin.motion.closed_form import solve
from twin.physics.solids import Solid
from twin.scene.stage import open_stage
from twin.scene.welds import read_weld_line
from twin.welding import Settings, plan_welds, weld_time
from twin.welding.apart import Meeting, interlocks
from twin.welding.body import Bodies
from twin.welding.figures import figures_of
from twin.welding.mirror import mirror_of
from twin.welding.room import Grid, Swept, shared
from twin.welding.tour import EXACT, exact_tour, shorter_tour, tour_length
from twin.welding.ways import Ways, moves_of

STEP = "respot"


@pytest.fixture(scope="session")
def line():
    return read_weld_line(open_stage(scene_path("body_shop")))


@pytest.fixture(scope="session")
def spots(line):
    """Every fourth spot of the left side that is welded at respot."""
    whole = line.spots["Sedan"]
    y = whole.frames[:, 1, 3]
    rows = np.flatnonzero((y > 0) & (np.array(whole.step) == STEP))
    return whole.some(rows[::4])


@pytest.fixture(scope="session")
def welders(line):
    """The left robots of two respot stations, with nothing that could meet."""
    own = [each for each in line.welders if STEP in each.steps and each.base[1, 3] > 0]
    return tuple(replace(each, hull=None) for each in own[:6])


@pytest.fixture(scope="session")
def shaped(line):
    """The same robots with the shapes that they have."""
    return tuple(each for each in line.welders if STEP in each.steps and each.base[1, 3] > 0)[:6]


@pytest.fixture(scope="session")
def plan(spots, welders):
    return plan_welds(spots, welders, Settings(tries=1))


def test_a_body_has_a_thousand_spots_and_robots_for_each_step(line):
    assert {name: len(each) for name, each in line.spots.items()} == {
        "Sedan": 1000, "Suv": 1000, "Crossover": 1000,
    }  # fmt: skip
    assert len(line.welders) == 60
    assert {step for each in line.welders for step in each.steps} == {"framing", "respot", "roof"}


def test_each_spot_is_welded_once_by_a_robot_with_its_gun_and_step(plan, spots, welders):
    welded = np.concatenate([each.spot[each.welds] for each in plan.visits])
    assert sorted(welded.tolist()) == list(range(len(spots)))
    assert plan.unreached == ()
    for row, robot in enumerate(plan.robot.tolist()):
        assert spots.gun[row] in welders[robot].guns
        assert spots.step[row] in welders[robot].steps


def test_joints_keep_their_limits_and_the_tool_is_at_the_spot_to_a_micrometre(plan, spots):
    for welder, visits, task in zip(plan.welders, plan.visits, plan.tasks, strict=True):
        ends = task.planned.joints_to
        assert welder.arm.within_limits(ends).all()
        assert np.array_equal(ends[-1], welder.rest)
        still = np.all(task.planned.joints_from == ends, axis=1)
        tool = welder.arm.flange(ends[still], welder.base) @ welder.tool
        wanted = spots.frames[visits.spot[visits.welds]]
        assert np.abs(tool[:, :3, 3] - wanted[:, :3, 3]).max() < 1e-6
        assert np.abs(tool[:, :3, 2] - wanted[:, :3, 2]).max() < 1e-6  # it may turn about Z


def test_a_cycle_is_the_sum_of_moves_welds_and_waits(plan):
    for each in figures_of("Sedan", plan).robots:
        assert each.cycle == pytest.approx(each.moving + each.welding + each.waiting, abs=1e-5)


def test_the_same_input_gives_the_same_plan(plan, spots, welders):
    again = plan_welds(spots, welders, Settings(tries=1))
    assert [each.key for each in plan.visits] == [each.key for each in again.visits]


def test_robots_are_loaded_evenly(plan):
    figures = figures_of("Sedan", plan)
    assert figures.balance > 0.8
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
    few = spots.some(np.arange(0, len(spots), 4))
    few = replace(few, seam=np.arange(len(few)))
    name, value = next(iter(change.items()))
    if name == "frames":
        frames = few.frames.copy()
        frames[3, 0, 3] += value
        few = replace(few, frames=frames)
    else:
        words = list(getattr(few, name))
        words[3] = value
        few = replace(few, **{name: tuple(words)})
    plan = plan_welds(few, welders, Settings(tries=1))
    assert len(plan.unreached) == 1
    assert few.names[3] in plan.unreached[0].path
    assert reason in str(plan.unreached[0])
    assert (plan.robot >= 0).sum() == len(few) - 1


def test_a_line_of_two_like_sides_is_its_own_mirror_image(line):
    whole = line.spots["Suv"]
    mirror = mirror_of(whole, line.welders)
    assert mirror is not None
    assert len(mirror.welders) == 30
    assert len(mirror.spots) == 500
    assert not set(mirror.spots.tolist()) & set(mirror.partners.tolist())
    moved = replace(line.welders[0], base=line.welders[0].base + 0.1)
    assert mirror_of(whole, (moved, *line.welders[1:])) is None


@pytest.mark.parametrize("product", ["Sedan", "Suv", "Crossover"])
def test_no_two_spots_of_a_body_are_nearer_than_20_mm(line, product):
    at = line.spots[product].frames[:, :3, 3]
    assert cKDTree(at).query(at, k=2)[0][:, 1].min() >= 0.020


def test_each_station_knows_the_bodies_that_come_and_go(line):
    standing = {
        station[-3:]: [each.path.rsplit("/", 1)[1] for each in solids]
        for station, solids in line.bodies["Suv"].items()
        if "/Station_" in station
    }
    assert standing["020"] == ["underbody", "framed"]
    assert standing["060"] == ["framed"]
    assert standing["110"] == ["framed", "complete"]


def test_a_robot_keeps_its_links_off_what_stands_in_its_way(spots, shaped):
    few, team = spots.some(np.arange(12)), shaped
    free = plan_welds(few, team, Settings(tries=1))
    robot = int(free.robot[0])
    arm, task = team[robot], free.tasks[robot]
    still = np.all(task.planned.joints_from == task.planned.joints_to, axis=1)
    elbow = arm.arm.link_frames(task.planned.joints_to[still][:1], arm.base)[0, 4, :3, 3]
    post = Solid(path="/Post", triangles=box(extents=(0.05, 0.05, 0.05)).triangles + elbow)
    bodies = {arm.station: (post,)}
    planned = plan_welds(few, team, Settings(tries=3), bodies=bodies)
    ways, station = Ways(Bodies(bodies)), arm.station
    gaps = {
        each.path: ways.gaps(each, done).min(initial=np.inf)
        for each, done in zip(team, planned.tasks, strict=True)
        if each.station == station
    }
    assert ways.gaps(arm, task).min() == 0.0
    told = {each.path for each in planned.clashes}
    assert {path for path, gap in gaps.items() if gap < Settings().clear} == told
    assert not told


def test_a_program_that_names_branches_is_run_in_them(plan):
    for welder, visits, task in zip(plan.welders, plan.visits, plan.tasks, strict=True):
        before, after = moves_of(task.planned)
        flange = visits.frames(plan.spots) @ np.linalg.inv(welder.tool)
        wanted = solve(welder.arm, flange, welder.base)[np.arange(len(visits)), visits.branch - 1]
        turned = np.abs(after[: len(visits)] - wanted) / (2 * np.pi)
        assert np.abs(turned - turned.round()).max() < 1e-6
        assert len(before) == len(visits) + 1


def test_capsules_share_room_where_they_are_near_and_never_where_they_are_far():
    grid = Grid.around(np.zeros(3), np.full(3, 2.0), 0.05)
    random = np.random.Generator(np.random.Philox(3))
    for _ in range(200):
        one, other = random.uniform(0.4, 1.6, size=(2, 3))
        radius, gap = 0.1, float(np.linalg.norm(one - other)) - 0.2
        rooms = [
            grid.room(
                Swept(placed=np.array([[[*at, *at, radius]]]), part=np.zeros(1, np.int64), count=1)
            )
            for at in (one, other)
        ]
        met = bool(shared(*rooms)[0, 0])
        assert met or gap > 0.05
        assert not met or gap < 2 * grid.margin


def test_moves_that_meet_share_a_zone_and_others_another():
    near = np.zeros((9, 8), np.bool_)
    near[1, 2] = near[2, 2] = near[2, 3] = near[7, 6] = True
    one, other = interlocks("/S", ["R1", "R2"], [Meeting(one=0, other=1, near=near)])
    assert [(each.zone, each.first, each.last) for each in one] == [
        ("/S/Zones/R1_R2_1", 1, 2), ("/S/Zones/R1_R2_2", 7, 7),
    ]  # fmt: skip
    assert [(each.zone, each.first, each.last) for each in other] == [
        ("/S/Zones/R1_R2_1", 2, 3), ("/S/Zones/R1_R2_2", 6, 6),
    ]  # fmt: skip


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
