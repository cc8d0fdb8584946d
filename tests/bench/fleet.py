"""A fleet that grows: a one-way round, with a load to fetch and a dock to bring it to every 20 m.

For each vehicle there are four waypoints, a source, two docks and a home beside the round, so that
traffic is as dense in a large fleet as in a small one. All loads are always there.
"""

from tests.bench.line import OurLine
from tests.kinds.fleets import FLEET, place, roads
from twin.core.parameters import Params
from twin.kinds.dock import Dock
from twin.kinds.fleet import Fleet
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.vehicle import Vehicle
from twin.plant import Place, Plant

__all__ = ["FleetRun", "fleet_plant"]

PITCH = 5.0  # m between waypoints
BESIDE = 3.0  # m from the round to a home


def fleet_plant(vehicles: int) -> Plant:
    """A round for so many vehicles, half of it there and half of it back."""
    count = 4 * vehicles
    half = count // 2
    where = [(PITCH * k, 0.0) for k in range(half)]
    where += [(PITCH * (count - 1 - k), 2 * BESIDE) for k in range(half, count)]
    points = {f"N{k}": xy for k, xy in enumerate(where)}
    lanes = [" ".join([*points, "N0"])]
    places = [place(FLEET, Fleet())]
    for v in range(vehicles):
        x, y = where[4 * v + 1]
        points[f"P{v}"] = (x, y - BESIDE if y == 0.0 else y + BESIDE)
        lanes.append(f"N{4 * v + 1} P{v} N{4 * v + 1}")
        places += _job(v, where[4 * v], where[4 * v + 2])
    return Plant(places=(*places, *roads(points, lanes)))


def _job(v: int, here: tuple[float, float], there: tuple[float, float]) -> list[Place]:
    """A vehicle, and a load that is fetched at every fourth waypoint."""
    driver = Vehicle(
        fleet=(FLEET,), home=(f"/P{v}",), speed=1.5, acceleration=0.5, length=1.4,
    )  # fmt: skip
    rows: list[tuple[str, Params, tuple[float, float], tuple[str, ...]]] = [
        (f"/Source{v}", Source(interval=0.0), here, (f"/From{v}",)),
        (f"/From{v}", Dock(waypoint=(f"/N{4 * v}",), fleet=(FLEET,), capacity=2), here,
         (f"/To{v}",)),
        (f"/To{v}", Dock(waypoint=(f"/N{4 * v + 2}",), capacity=4), there, (f"/Sink{v}",)),
        (f"/Sink{v}", Sink(), there, ()),
    ]  # fmt: skip
    return [
        place(f"/V{v}", driver),
        *(place(path, params, *xy, *onward) for path, params, xy, onward in rows),
    ]


class FleetRun(OurLine):
    """A run of such a fleet."""

    def __init__(self, vehicles: int) -> None:
        super().__init__(fleet_plant(vehicles))

    @property
    def lanes(self) -> float:
        """Lanes of the round that were driven so far."""
        place = self.simulation.world.place
        return float(place["driven_loaded"].sum() + place["driven_empty"].sum()) * 1e-6 / PITCH
