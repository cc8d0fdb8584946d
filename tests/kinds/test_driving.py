"""Curves, turns on the spot and creeping take exact times, and no heading ever jumps."""

from dataclasses import replace
from itertools import pairwise
from math import asin, pi, sqrt

import numpy as np
import pytest

from tests.engine.lines import Tape
from tests.kinds.fleets import place, shuttle_road
from tests.kinds.test_vehicle import changed, moves_to, run
from twin.core.world import NONE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.kinds.waypoint import Waypoint
from twin.motion import Timeline, coordinate
from twin.plant import Product, check

SECOND = 1_000_000
BODY = (Product(name="part"), Product(name="AMR"))
SEEN = {"sequence": ("part",)}


def test_a_turn_on_the_spot_takes_its_angle_over_the_turn_speed():
    """H to A runs north, A to B east: a stop and a quarter turn; at B half a turn back.

    H-A 5 m and A-B 20 m at 1 m/s; turns of pi/2 at A and pi at B and pi at A, at pi/10 rad/s.
    """
    plant = shuttle_road(vehicle={"turn_speed": pi / 10})
    _, events = run(plant, 300)
    loads = moves_to(plant, events, "/V")
    unloads = moves_to(plant, events, "/To")
    assert loads == pytest.approx([5, 5 + 5 + 20 + 10 + 20, 90 + 10 + 20], abs=1e-5)
    assert unloads == pytest.approx([5 + 5 + 20, 60 + 10 + 20, 120 + 10 + 20], abs=1e-5)


def test_a_vehicle_stops_where_it_turns_and_runs_through_where_its_way_is_straight():
    """A, M and B are in line; the turn at A costs a stop, M nothing."""
    plant = shuttle_road(vehicle={"turn_speed": 1.0, "speed": 2.0, "acceleration": 1.0})
    middle = place("/M", Waypoint(lanes=("/B",)), 10, 0)
    there = changed(plant, "/A", lanes=("/M", "/H"))
    there = replace(there, places=(*there.places, middle))
    for each in (plant, there):
        assert check(each) == []
        _, events = run(each, 60)
        assert moves_to(each, events, "/V")[0] == 5 / 2 + 2
        assert moves_to(each, events, "/To")[0] == pytest.approx(
            5 / 2 + 2 + pi / 2 + 20 / 2 + 2, abs=1e-5
        )


def test_omnidirectional_drive_needs_no_turn_and_keeps_its_heading():
    plant = shuttle_road(vehicle={"drive": "omnidirectional", "look": "AMR"}, source=SEEN)
    plant = replace(plant, products=BODY)
    _, events = run(plant, 300)
    assert moves_to(plant, events, "/V") == [5.0, 45.0, 85.0]
    simulation = Simulation(plant, motion=True)
    for second in range(0, 200, 3):
        simulation.advance(second * SECOND)
        rows = simulation.poses()
        body = rows.wxyz[rows.serial == 1]
        np.testing.assert_allclose(body, [[sqrt(0.5), 0, 0, sqrt(0.5)]], atol=1e-6)


def half_circle(radius: float, **vehicle):
    """The lane from A to B, 20 m apart, is an arc."""
    plant = shuttle_road(vehicle=vehicle)
    return changed(plant, "/A", radii=(radius, 0.0))


@pytest.mark.parametrize("radius", [10.0, -10.0, 12.5, -40.0])
def test_a_curve_is_as_long_as_its_arc(radius: float):
    """Chord 20 m: 2 r asin(10 / r)."""
    plant = half_circle(radius)
    assert check(plant) == []
    _, events = run(plant, 100)
    arc = 2 * abs(radius) * asin(10 / abs(radius))
    assert moves_to(plant, events, "/To")[0] == pytest.approx(5 + arc, abs=2e-6)


def test_on_a_curve_lateral_acceleration_limits_the_speed():
    """r = 10 m and 0.4 m/s2 allow 2 m/s; the straight ways are driven at 4 m/s."""
    plant = half_circle(10.0, speed=4.0, lateral_acceleration=0.4)
    _, events = run(plant, 100)
    assert moves_to(plant, events, "/V")[0] == 5 / 4
    assert moves_to(plant, events, "/To")[0] == pytest.approx(5 / 4 + 10 * pi / 2, abs=2e-6)


def test_a_vehicle_follows_its_curve():
    """Half way on the half circle to the right it is 10 m beside the chord, and looks along it."""
    plant = changed(half_circle(-10.0, look="AMR"), "/Source", sequence=("part",))
    plant = replace(plant, products=BODY)
    simulation = Simulation(plant, motion=True)
    simulation.advance(round((5 + 5 * pi) * SECOND))
    poses = simulation.poses()
    np.testing.assert_allclose(poses.xyz[poses.serial == 1], [[10.0, 10.0, 0.0]], atol=1e-3)
    np.testing.assert_allclose(poses.wxyz[poses.serial == 1], [[1, 0, 0, 0]], atol=1e-5)


def test_creeping_makes_the_last_metre_to_a_dock_slow_and_no_other_stop():
    """v = 2, u = 0.5: the last metre takes 2 s instead of 0.5 s; the way home 12.5 s as ever."""
    fast = shuttle_road(vehicle={"speed": 2.0}, source={"limit": 1})
    slow = shuttle_road(vehicle={"speed": 2.0, "creep_speed": 0.5}, source={"limit": 1})
    _, events = run(slow, 100)
    assert moves_to(slow, events, "/V") == [2.5 + 1.5]
    assert moves_to(slow, events, "/To") == [4.0 + 10 + 1.5]
    homes = [run(each, 100)[0].world.place[each.index("/V")].operated for each in (fast, slow)]
    assert homes[1] - homes[0] == 3 * SECOND


def test_creeping_after_braking_takes_what_the_diagram_of_speed_says():
    """v = 2, u = 0.5, a = 1, A to B 20 m from rest: 2 s and 2 m up to v; 1.5 s and 1.875 m down to
    u; the last metre is 0.875 m at u and 0.125 m in 0.5 s to rest; the rest, 15.125 m, at v."""
    plant = shuttle_road(
        vehicle={"speed": 2.0, "acceleration": 1.0, "creep_speed": 0.5}, source={"limit": 1}
    )
    _, events = run(plant, 100)
    trip = moves_to(plant, events, "/To")[0] - moves_to(plant, events, "/V")[0]
    assert trip == pytest.approx(2 + 15.125 / 2 + 1.5 + 0.875 / 0.5 + 0.5, abs=2e-6)


@pytest.mark.parametrize(("far", "time"), [
    (0.04, 2 * sqrt(0.04)),  # never as fast as u
    (1.0, 0.5 + 0.75 / 0.5 + 0.5),  # up to u, and on
    (3.0, (2 * sqrt(2.125) - 0.5) / 1 + 0.875 / 0.5 + 0.5),  # up to w, down to u
])  # fmt: skip
def test_a_lane_too_short_for_full_speed_is_crept_all_the_same(far: float, time: float):
    plant = shuttle_road(
        vehicle={"speed": 2.0, "acceleration": 1.0, "creep_speed": 0.5}, source={"limit": 1}
    )
    moved = [
        replace(each, pose=replace(each.pose, xyz=(0.0, -far, 0.0))) if each.path == "/H" else each
        for each in plant.places
    ]
    plant = replace(plant, places=tuple(moved))
    _, events = run(plant, 60)
    assert moves_to(plant, events, "/V")[0] == pytest.approx(time, abs=3e-6)


def turning_round(**vehicle):
    """A vehicle with a body that turns on the spot, drives a curve and handles parts beside it."""
    plant = shuttle_road(
        vehicle={"turn_speed": 0.7, "look": "AMR", "acceleration": 0.5, **vehicle},
        source={**SEEN, "limit": 0}, dock={"handling_time": 3.0, "transfer_time": 1.0},
    )  # fmt: skip
    plant = changed(plant, "/A", radii=(-14.0, 0.0))
    beside = [
        replace(each, pose=replace(each.pose, xyz=(each.pose.xyz[0], 1.5, 0.0)))
        if each.path in ("/From", "/To") else each
        for each in plant.places
    ]  # fmt: skip
    return replace(plant, places=tuple(beside), products=BODY)


@pytest.mark.parametrize("vehicle", [{}, {"drive": "omnidirectional", "turn_speed": 0.0}])
def test_no_heading_jumps_neither_the_vehicles_nor_its_loads(vehicle):
    """Between any two segments of a part on a vehicle, the pose is the same."""
    plant = turning_round(**vehicle)
    assert check(plant) == []
    tape = Tape()
    simulation = Simulation(plant, motion=True, recorder=tape)
    for second in (7, 15, 40, 71, 100):  # turning, driving, handling
        simulation.advance(second * SECOND)
        simulation.apply(Command(action="fail", path="/V", value=2.5))
    simulation.advance(600 * SECOND)
    segments = Timeline.build(tape.segments).segments
    jumps = []
    for before, after in pairwise(segments):
        if before["part"] != after["part"] or NONE in (before["track"], after["track"]):
            continue
        then = after["tick"]
        was = pose_at(simulation, before, then)
        now = pose_at(simulation, after, then)
        jumps.append((np.abs(was[0] - now[0]).max(), 1 - abs(float(was[1][0] @ now[1][0]))))
    assert len(jumps) > 100
    assert max(gap for gap, _ in jumps) < 3e-6
    assert max(turn for _, turn in jumps) < (0.0088 / 2) ** 2 / 2 + 1e-9  # half a degree


def pose_at(simulation, segment, tick):
    row = segment.reshape(1)
    return simulation.layout.paths.pose(row["track"], coordinate(row, tick))


CURVES = {
    "/A twin:radii must give one for each of the 2 lanes, got 1": {"/A": {"radii": (30.0,)}},
    "/A twin:radii must be 0, or at least 10.000 m either way to reach /B, got 9": {
        "/A": {"radii": (9.0, 0.0)}
    },
    "/A twin:radii must be >= 15 m to /B, the turning radius of /V, got 12": {
        "/A": {"radii": (-12.0, 0.0)}, "/V": {"turning_radius": 15.0},
    },
    "/V twin:turnSpeed must be 0 for omnidirectional drive, got 1": {
        "/V": {"drive": "omnidirectional", "turn_speed": 1.0}
    },
    "/V twin:creepSpeed must be <= 1 m/s, its speed, got 2": {"/V": {"creep_speed": 2.0}},
}  # fmt: skip


@pytest.mark.parametrize("problem", CURVES)
def test_a_curve_that_can_not_be_driven_is_told_before_the_run(problem):
    plant = shuttle_road()
    for path, params in CURVES[problem].items():
        plant = changed(plant, path, **params)
    assert [each for each in check(plant) if str(each).startswith(problem)], check(plant)
