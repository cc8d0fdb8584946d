"""Vehicles of a known outline never touch on a layout that is let through; why others are not."""

from dataclasses import replace
from math import cos, pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import Tape
from tests.kinds.clearance import meetings
from tests.kinds.fleets import FLEET, place, ring, roads
from tests.kinds.test_vehicle import changed
from twin.core.outline import Course, Outline, gaps, near, spun, swept, together
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.kinds.dock import Dock
from twin.kinds.failure import Failure
from twin.kinds.fleet import Fleet
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.vehicle import Vehicle
from twin.plant import Plant, Product, check

SECOND = 1_000_000
BODY = (Product(name="part"), Product(name="AMR"))
SIZE = {"length": 1.4, "width": 0.8, "look": "AMR"}


def roundabout(nodes, vehicles, *, radius, spur=3.0, turned=0.0, **vehicle):
    """A one-way round of straight lanes, with a home beside each waypoint, outside.

    With as many vehicles as waypoints it fills, and they wait for one another in a circle.
    """
    around = [2 * pi * k / nodes + turned * (k % 2) for k in range(nodes)]
    points = {f"N{k}": (radius * cos(a), radius * sin(a)) for k, a in enumerate(around)}
    points |= {
        f"P{k}": ((radius + spur) * cos(a), (radius + spur) * sin(a))
        for k, a in enumerate(around[:vehicles])
    }
    lanes = [" ".join([*(f"N{k}" for k in range(nodes)), "N0"])]
    lanes += [f"N{k} P{k} N{k}" for k in range(vehicles)]
    half = nodes // 2
    docks = {"capacity": 30, "handling_time": 2.0}
    return Plant(
        places=(
            place("/Source", Source(interval=1.0, sequence=("part",)), 0, 0, "/From"),
            place("/From", Dock(waypoint=("/N0",), fleet=(FLEET,), **docks), 0, 0, "/To"),
            place("/To", Dock(waypoint=(f"/N{half}",), **docks), 0, 0, "/Sink"),
            place("/Sink", Sink()),
            *roads(points, lanes),
            place(FLEET, Fleet()),
            *(
                place(f"/V{k}", Vehicle(fleet=(FLEET,), home=(f"/P{k}",), **{**SIZE, **vehicle}))
                for k in range(vehicles)
            ),
            place("/V1/Jam", Failure(mtbf=50.0, mttr=8.0)),
            place("/V0/Jam", Failure(mtbf=70.0, mttr=8.0, failure_clock="calendar")),
        ),
        products=BODY,
    )


def touches(plant, seconds):
    """Meetings of vehicles in a run, in which one stops twice, and parts that have arrived."""
    tape = Tape()
    simulation = Simulation(plant, motion=True, recorder=tape)
    for second in (30, 101):
        simulation.advance(second * SECOND)
        simulation.apply(Command(action="fail", path="/V0", value=25.0))
    simulation.advance(seconds * SECOND)
    world = simulation.world
    rows = [i for i, each in enumerate(plant.places) if isinstance(each.params, Vehicle)]
    sizes = {
        int(world.part[int(world.place[i].first)].serial):
        (plant.places[i].params.length, plant.places[i].params.width)
        for i in rows
    }  # fmt: skip
    return meetings(tape.segments, simulation.layout, sizes, simulation.now), simulation


DRIVES = [
    {},
    {"acceleration": 0.6},
    {"acceleration": 0.4, "turn_speed": 0.8},
    {"drive": "omnidirectional", "acceleration": 1.0},
]


@pytest.mark.parametrize("drive", DRIVES)
def test_a_full_round_of_vehicles_frees_itself_without_a_touch(drive):
    """Eight vehicles on a round of eight waypoints: the circle closes again and again."""
    plant = roundabout(8, 8, radius=6.0, **drive)
    assert check(plant) == []
    found, simulation = touches(plant, 1200)
    assert found == []
    assert simulation.world.clock[0].finished > 100


@settings(deadline=None, max_examples=15)
@given(
    nodes=st.integers(3, 9),
    short=st.integers(0, 3),
    radius=st.floats(2.0, 9.0),
    spur=st.floats(1.5, 5.0),
    turned=st.floats(-0.3, 0.3),
    length=st.floats(0.5, 3.0),
    width=st.floats(0.3, 2.0),
    drive=st.sampled_from(DRIVES),
)
def test_what_is_let_through_never_touches(
    nodes, short, radius, spur, turned, length, width, drive
):
    plant = roundabout(
        nodes, max(2, nodes - short), radius=radius, spur=spur, turned=turned,
        length=length, width=width, **drive,
    )  # fmt: skip
    if not check(plant):
        assert touches(plant, 300)[0] == []


@settings(deadline=None, max_examples=15)
@given(
    vehicles=st.integers(2, 6),
    pitch=st.floats(1.5, 6.0),
    length=st.floats(0.5, 3.0),
    width=st.floats(0.3, 1.6),
    drive=st.sampled_from(DRIVES),
)
def test_a_ring_that_is_let_through_has_no_touches(vehicles, pitch, length, width, drive):
    sizes = {"length": length, "width": width, "look": "AMR"}
    plant = ring(
        8, vehicles, pitch=pitch, vehicle={**sizes, **drive}, dock={"handling_time": 2.0},
        source={"sequence": ("part",)}, products=BODY,
    )  # fmt: skip
    if not check(plant):
        assert touches(plant, 300)[0] == []


def problems(plant):
    return [str(each) for each in check(plant)]


def test_waypoints_too_near_to_one_another_are_refused():
    plant = ring(8, 2, pitch=1.5, vehicle={"length": 1.6, "width": 0.8})
    found = problems(plant)
    assert found[0] == (
        "/N0 to /N1 lets vehicles touch those from /N2 to /N3, as they hold waypoints of their "
        "own; move them apart, or put them in one twin:zone with a twin:zoneLimit of 1"
    )


def test_lanes_that_cross_are_refused_unless_a_zone_for_one_holds_their_ends():
    """Two rounds cross at the origin; no waypoint is there."""
    points = {
        "A": (-8.0, 0.0), "B": (8.0, 0.0), "C": (0.0, -8.0), "D": (0.0, 8.0),
        "P": (-12.0, 0.0), "Q": (0.0, -12.0), "E": (8.0, 20.0), "F": (-8.0, 20.0),
    }  # fmt: skip
    lanes = ["P A P", "Q C Q", "A B E F A", "C D F", "A C"]
    docks = {"capacity": 3}
    plant = Plant(
        places=(
            place("/Source", Source(sequence=("part",)), 0, 0, "/From"),
            place("/From", Dock(waypoint=("/A",), fleet=(FLEET,), **docks), 0, 0, "/To"),
            place("/To", Dock(waypoint=("/D",), **docks), 0, 0, "/Sink"),
            place("/Sink", Sink()),
            *roads(points, lanes),
            place(FLEET, Fleet()),
            place("/V", Vehicle(fleet=(FLEET,), home=("/P",), **SIZE)),
            place("/W", Vehicle(fleet=(FLEET,), home=("/Q",), **SIZE)),
        ),
        products=BODY,
    )
    assert [each for each in problems(plant) if each.startswith("/A to /B lets vehicles touch")]
    zoned = changed(changed(plant, "/B", zone="crossing"), "/D", zone="crossing")
    assert not [each for each in problems(zoned) if "/A to /B" in each]


def test_two_that_could_meet_head_on_are_refused():
    """From N1 to the dock at D and back there is one lane each way, on the same ground."""
    plant = roundabout(6, 2, radius=6.0)
    spot = {"D": (0.0, 0.0)}
    more = roads(spot, [])
    plant = replace(plant, places=(*plant.places, *more))
    plant = changed(plant, "/D", lanes=("/N3",))
    plant = changed(plant, "/N3", lanes=("/N4", "/D"))
    plant = changed(plant, "/To", waypoint=("/D",))
    assert any("as they free a gridlock" in each for each in problems(plant))
    zoned = changed(changed(plant, "/D", zone="dock"), "/N3", zone="dock")
    assert problems(zoned) == []
    assert touches(zoned, 600)[0] == []


def test_an_outline_has_a_length():
    plant = ring(8, 2, vehicle={"width": 0.8})
    assert "/V0 twin:length must be > 0 where twin:width is, got 0" in problems(plant)


@given(
    x=st.floats(-4, 4), y=st.floats(-4, 4), turn=st.floats(-3, 3), h=st.floats(-3, 3),
    share=st.floats(0, 1),
)  # fmt: skip
def test_what_is_swept_holds_every_pose_on_the_way(x, y, turn, h, share):
    """A corner of the outline anywhere on an arc is never farther out than the sliver."""
    outline, count = Outline(2.0, 1.0), 60
    steps = [k / count for k in range(count + 1)]
    points = [(3 * sin(turn * k), 3 * (1 - cos(turn * k)), 0.0) for k in steps]
    course = Course(outline, points, [turn * k for k in steps])
    where, heading = (3 * sin(turn * share), 3 * (1 - cos(turn * share)), 0.0), turn * share
    tiny = Outline(1e-6, 1e-6)
    for corner in outline.corners(where, heading):
        i, j = near(swept(*course), swept(tiny, [(*corner, 0.0)], [0.0]))
        assert (gaps(swept(*course), i, swept(tiny, [(*corner, 0.0)], [0.0]), j) < 0).any()
    other = swept(outline, [(x, y, 0.0)], [h])
    i, j = near(spun(outline, where), other)
    if len(i) == 0 or gaps(spun(outline, where), i, other, j)[0] > 0:
        i, j = near(swept(outline, [where], [heading]), other)
        assert len(i) == 0 or gaps(swept(outline, [where], [heading]), i, other, j)[0] >= -1e-9


def test_two_on_one_way_touch_at_the_same_share_only_if_one_is_shorter_than_they_are():
    outline = Outline(2.0, 1.0)
    one, two, short = (
        Course(outline, [(a, 0.0, 0.0), (b, 0.0, 0.0)], [0.0, 0.0])
        for a, b in ((0.0, 5.0), (5.0, 7.5), (5.0, 6.5))
    )
    assert not together(one, two)
    assert together(one, short)
    back = Course(outline, [(5.0, 0.0, 0.0), (0.0, 0.0, 0.0)], [pi, pi])
    assert together(one, back)
