"""Robots brake on their paths when their station stops, and go on exactly where its work does."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import little_shop
from twin.core.program_clock import program_seconds
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.journal import Journal
from twin.motion import coordinate
from twin.scene import load
from twin.units import to_ticks

SCENES = Path(__file__).parents[2] / "scenes"
STEP = 500  # ticks between two looks
KEPT = 1.0 + 1e-6


def ways(journal, robot):
    """A robot's segments, each with the tick at which it is over."""
    segments = np.asarray(journal.segments)
    mine = segments[segments["subject"] == robot]
    until = np.append(mine["tick"][1:], journal.until)[: len(mine)]
    return mine[until > mine["tick"]], until[until > mine["tick"]]


def joints_at(journal, segments, ticks):
    programs = journal.layout.programs
    return programs.joints(segments["track"], coordinate(segments, ticks))


def changes_of_rate(journal, robot, lasts=1_000_000):
    """Joints [n, J] in steps of STEP around each stop and start of a robot in mid-program."""
    segments, until = ways(journal, robot)
    for row in np.flatnonzero(segments["ramp"] < 0):
        start = int(segments["tick"][row])
        end = min(start + lasts, int(until[row]), start + int(segments["duration"][row]))
        ticks = np.arange(start - 20 * STEP, end, STEP)
        rows = np.searchsorted(segments["tick"], ticks, side="right") - 1
        yield joints_at(journal, segments[rows], ticks)


def worst_share(journal, robots):
    """The largest speed and acceleration around stops and starts, as shares of the limits."""
    worst = np.zeros(2)
    for robot in robots:
        arm = journal.plant.robots[robot].arm
        for joints in changes_of_rate(journal, robot):
            speed = np.diff(joints, axis=0) / (STEP * 1e-6)
            bend = np.diff(speed, axis=0) / (STEP * 1e-6)
            shares = [
                np.abs(speed / arm.speed).max(initial=0),
                np.abs(bend / arm.acceleration).max(initial=0),
            ]
            worst = np.maximum(worst, shares)
    return worst


def stopped(plant, path, toggles, until, seed=1):
    """A run in which a station is stopped and started at given ticks, in turn."""
    journal = Journal(plant, seed=seed)
    run = Simulation(plant, seed=seed, motion=True, recorder=journal)
    for tick, action in zip(toggles, ("stop", "start") * len(toggles), strict=False):
        run.advance(tick)
        run.apply(Command(action=action, path=path))
    run.advance(until)
    journal.close(until)
    return journal, run


def ahead(run):
    """How far each robot that works is ahead of its station's work [s]."""
    robot = 0
    for place, row in zip(run.plant.places, run.world.place, strict=True):
        for _ in place.robots:
            if row.state == 0 and row.work_total > 0 and row.first >= 0:
                done = row.work_total - row.work_ticks + run.now - row.work_start
                track = run.world.robot[robot]
                length = run.world.program[track.track].ticks
                if track.tick + track.duration > run.now:
                    yield program_seconds(track, run.now) - min(done, length) / 1e6
            robot += 1


gaps = st.lists(st.integers(1, 1_500_000), min_size=2, max_size=8)


@settings(max_examples=25, deadline=None)
@given(first=st.integers(0, 4_000_000), gaps=gaps)
def test_whenever_a_station_stops_and_starts_its_robots_keep_their_joints_limits(first, gaps):
    plant = little_shop(failure_clock="calendar")
    toggles = (to_ticks(22.0) + np.cumsum([first, *gaps])).tolist()
    toggles = toggles[: len(toggles) // 2 * 2]
    journal, run = stopped(plant, "/Line/Framing", toggles, toggles[-1] + 4_000_000)
    robots = range(len(plant.robots))
    assert np.all(worst_share(journal, robots) <= KEPT)
    assert all(-1e-5 <= each < 2.0 for each in ahead(run))


def test_a_robot_that_has_stopped_and_gone_on_is_again_where_the_work_is():
    plant = little_shop()
    for first in range(to_ticks(20.0), to_ticks(40.0), 370_003):
        _, run = stopped(plant, "/Line/Framing", [first, first + 3_000_000], first + 5_500_000)
        assert all(abs(each) < 2e-6 for each in ahead(run))


def test_a_stop_takes_a_robot_farther_along_its_path_and_nowhere_else():
    plant = little_shop()
    first = to_ticks(24.0)
    journal, _ = stopped(plant, "/Line/Framing", [first, first + 3_000_000], first + 6_000_000)
    for robot in range(2):
        segments, until = ways(journal, robot)
        rows = slice(*np.searchsorted(segments["tick"], [first, first + 4_000_000]))
        ends = coordinate(segments[rows], until[rows])
        assert np.all(np.diff(ends) >= 0)
        for (a, b), over in zip(pairwise(segments[rows]), until[rows], strict=False):
            assert coordinate(np.array([a]), over)[0] == pytest.approx(b["start"], abs=1e-6)


def test_stops_change_nothing_in_the_flow_of_material():
    plant = little_shop()
    runs = [Simulation(plant, seed=4, motion=motion) for motion in (False, True)]
    for run in runs:
        for tick in range(to_ticks(20.0), to_ticks(90.0), 1_700_001):
            run.advance(tick)
            action = "stop" if tick // 1_700_001 % 2 else "start"
            run.apply(Command(action=action, path="/Line/Framing"))
        run.advance(to_ticks(200.0))
    one, two = (run.totals().place for run in runs)
    for column in ("passed", "times", "failures"):
        np.testing.assert_array_equal(one[column], two[column])


def test_compiled_and_interpreted_robots_stop_alike():
    plant = little_shop()
    rows = []
    for interpreted in (False, True):
        run = Simulation(plant, seed=1, motion=True, interpreted=interpreted)
        for tick in range(to_ticks(22.0), to_ticks(30.0), 770_001):
            run.advance(tick)
            action = "stop" if tick // 770_001 % 2 else "start"
            run.apply(Command(action=action, path="/Line/Framing"))
        rows.append(run.world.robot.tobytes())
    assert rows[0] == rows[1]


def test_stations_that_fail_in_the_body_shop_leave_no_jump_of_speed():
    plant = load(SCENES / "body_shop" / "body_shop.usda")
    journal = Journal(plant, seed=2)
    run = Simulation(plant, seed=2, motion=True, recorder=journal)
    stations = [place.path for place in plant.places if place.robots]
    for number, second in enumerate(np.linspace(301.0, 500.0, 40)):
        run.advance(to_ticks(second))
        run.apply(
            Command(action="fail", path=stations[number % len(stations)], value=0.3 + number % 5)
        )
    run.advance(to_ticks(510.0))
    journal.close(run.now)
    speed, acceleration = worst_share(journal, range(len(plant.robots)))
    assert np.sum(np.asarray(journal.segments)["ramp"] < 0) > 15
    assert speed <= KEPT
    assert acceleration <= KEPT
