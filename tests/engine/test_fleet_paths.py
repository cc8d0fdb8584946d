"""A fleet against a SimPy model that knows the README only: the same ticks for each load."""

import math

import pytest

from tests.engine.measured import leaving
from twin.kinds.dock import Dock
from twin.kinds.fleet import Fleet
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.vehicle import Vehicle
from twin.kinds.waypoint import Waypoint
from twin.plant import Place, Plant, Pose

pytest.importorskip("simpy", reason="install '.[bench]' for the models in SimPy")
from tests.theory import simpy_models

SECOND = 1_000_000
UNTIL = 400 * SECOND
KNOTS = [(0, 0), (7, 0), (12, 0), (16, 3), (16, 9), (11, 12), (3, 12), (-3, 8), (-3, 3)]  # m
SPEED = 1.3  # m/s


def ring_road(homes, unload, handling):
    """Docks at the first knot and another one; vehicles without ramps begin beside the ring."""

    def at(path, params, xy, *following):
        pose = Pose((float(xy[0]), float(xy[1]), 0.0))
        return Place(path=path, params=params, next=following, pose=pose)

    start, end = KNOTS[0], KNOTS[unload]
    unloading = Dock(waypoint=(f"/N{unload}",), capacity=50, handling_time=handling)
    loading = Dock(waypoint=("/N0",), fleet=("/Fleet",), capacity=20, handling_time=handling)
    places = [
        at("/Source", Source(interval=0.0), start, "/From"),
        at("/From", loading, start, "/To"),
        at("/To", unloading, end, "/Sink"),
        at("/Sink", Sink(), end),
        at("/Fleet", Fleet(patience=0.0), start),
    ]
    for k, xy in enumerate(KNOTS):
        onward = (f"/N{(k + 1) % len(KNOTS)}", *([f"/P{k}"] if k in homes else []))
        places.append(at(f"/N{k}", Waypoint(lanes=onward), xy))
    for k in homes:
        beside = (KNOTS[k][0] + 0.6, KNOTS[k][1] - 1.1)
        driver = Vehicle(fleet=("/Fleet",), home=(f"/P{k}",), speed=SPEED, length=100.0)
        places.append(at(f"/P{k}", Waypoint(lanes=(f"/N{k}",)), beside))
        places.append(at(f"/V{k}", driver, beside))
    return Plant(places=tuple(places))


@pytest.mark.parametrize("homes", [(3,), (1, 2, 5), (1, 2, 3, 4, 5, 6, 7)])
@pytest.mark.parametrize(("unload", "handling"), [(4, 2.5), (1, 0.0), (8, 20.0)])
def test_a_fleet_on_a_ring_is_its_model(homes, unload, handling):
    """Vehicles queue up behind those that load: all waits and handings on are the same."""

    def ticks(one, other):
        return round(math.dist(one, other) / SPEED * SECOND)

    lanes = [ticks(one, KNOTS[(k + 1) % len(KNOTS)]) for k, one in enumerate(KNOTS)]
    spurs = dict.fromkeys(homes, ticks((0.0, 0.0), (0.6, -1.1)))
    expected = simpy_models.ring(spurs, lanes, unload, round(handling * SECOND), UNTIL)
    actual = leaving(ring_road(homes, unload, handling), UNTIL)["/To"]
    assert actual == expected
    assert len(actual) > 3
