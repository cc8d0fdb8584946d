"""Process layer: what is brought to the bodies: chassis by AGV, kits by two fleets of AMRs.

A fleet drives on a one-way ring: along a parking lane, past its markets, to the handovers, back.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pxr import Usd

from scenes.authoring.equipment import equip
from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.places import lane, path, station
from twin.kinds.dock import Dock
from twin.kinds.fleet import Fleet
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.vehicle import Vehicle
from twin.kinds.waypoint import Waypoint

__all__ = ["CHASSIS_LANE", "RINGS", "Kit", "Ring", "author_supply"]
__all__ += ["bays_of", "ring_of"]

Corners = Sequence[tuple[float, float]]
CHASSIS_LANE = ((108.0, 36.0), (56.0, 36.0))  # m, to the marriage at C08
UNLOADED = 1  # form of chassis and kits that have left their vehicle
UNDER_BODY = 24.0  # s: the chassis before it is out of the way by then
SPEED, ACCELERATION = 1.2, 0.5  # of an AMR: m/s, m/s2
LENGTH, WIDTH = 1.4, 0.92  # m, with what it carries
TURN_SPEED = 1.0  # rad/s
RANGE, CHARGE_TIME = 15_000.0, 1800.0  # m on a full battery; s
LEG = 8.0  # m, most between two waypoints
SLOT = 1.8  # m from parked AMR to parked AMR


@dataclass(frozen=True, slots=True)
class Kit:
    """One kit: its market and where it is handed over, both on the ring [m]."""

    name: str
    station: str
    market: tuple[float, float]
    handover: tuple[float, float]
    aside: float  # of docks from the ring, in Y [m]: handover
    aside_market: float


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring of one-way lanes; its parking lane is a row of bays between two of its legs."""

    name: str
    amrs: int
    chargers: int
    kits: tuple[Kit, ...]
    out: Corners  # from the first market past the handovers to the parking lane [m]
    bay: tuple[float, float]  # where the first bay is entered [m]
    towards: float  # along X from bay to bay: 1 or -1
    depth: float  # from the entering leg to the leaving leg, in Y [m]

    @property
    def bays(self) -> int:
        """AMRs' homes, and chargers."""
        return self.amrs + self.chargers


RINGS = (
    Ring(
        *("West", 6, 2),
        kits=(Kit("TrimKit", "T04", (-20.0, 26.2), (21.0, 10.9), -1.4, -1.4),),
        out=(
            *((-20.0, 26.2), (-18.0, 26.2), (-18.0, 10.9), (21.0, 10.9), (25.0, 10.9)),
            *((25.0, 13.1), (-15.0, 13.1), (-15.0, 31.0)),
        ),
        bay=(-23.0, 31.0),
        towards=-1.0,
        depth=-4.8,
    ),
    Ring(
        *("East", 9, 3),
        kits=(
            Kit("ChassisKit", "C02", (136.5, 45.0), (98.0, 46.3), -1.2, -1.4),
            Kit("FinalKit", "C25", (133.0, 45.0), (98.0, 49.8), 1.2, -1.4),
        ),
        out=(
            *((136.5, 45.0), (133.0, 45.0), (128.0, 46.3), (98.0, 46.3), (92.0, 46.3)),
            *((92.0, 49.8), (98.0, 49.8), (136.0, 49.8)),
        ),
        bay=(139.0, 49.8),
        towards=1.0,
        depth=-4.8,
    ),
)


def author_supply(stage: Usd.Stage) -> None:
    """Author the chassis lane and both fleets."""
    _chassis(stage)
    for ring in RINGS:
        fleet = f"Amrs_{ring.name}"
        waypoints = _waypoints(stage, ring)
        chargers = tuple(_point(ring, f"Charge_{k + 1}") for k in range(ring.chargers))
        params = Fleet(rule="oldest", chargers=chargers)
        label = f"{ring.amrs} part AMRs, {ring.name.lower()}"
        equip(stage, path(fleet), params, plan.AMR_FLEET, label=label)
        _amrs(stage, ring, path(fleet))
        for kit in ring.kits:
            _kit(stage, kit, path(fleet), waypoints)


def _chassis(stage: Usd.Stage) -> None:
    source = Source(interval=plan.INTERVAL / 2, sequence=("Chassis",))
    at = (*CHASSIS_LANE[0], 0.0)
    equip(
        *(stage, path("Chassis"), source, plan.MARRYING), xyz=at, turn=180.0,
        label="Chassis from subassembly",
        to=[path("Lane_Chassis")],
    )  # fmt: skip
    lane(stage, "Lane_Chassis", CHASSIS_LANE, "Chassis_Table", origin=plan.MARRYING, spacing=5.0)
    table = Station(process_time=4.0, transfer_time=UNDER_BODY, form=UNLOADED)
    station(
        stage, "Chassis_Table", table, (CHASSIS_LANE[-1][0], plan.ROW_Y["D"], 0.0), to=["C08"],
        turn=180.0, label="Chassis under its body", origin=plan.MARRYING,
    )  # fmt: skip


def _point(ring: Ring, name: str) -> str:
    return path(f"Lanes_{ring.name}/{name}")


def bays_of(ring: Ring) -> list[tuple[float, float]]:
    """Where the bays of a ring are entered [m]."""
    x, y = ring.bay
    return [(round(x + ring.towards * SLOT * k, 3), y) for k in range(ring.bays)]


def ring_of(ring: Ring) -> list[tuple[float, float]]:
    """Corners of the whole ring, from the first market round to it [m]."""
    entries = bays_of(ring)
    end = round(entries[-1][0] + ring.towards * 2.5, 3)
    top, low = ring.bay[1], round(ring.bay[1] + ring.depth, 3)
    leaves = [(x, low) for x, _ in reversed(entries)]
    return [*ring.out, *entries, (end, top), (end, low), *leaves, ring.out[0]]


def _waypoints(stage: Usd.Stage, ring: Ring) -> dict[tuple[float, float], str]:
    """Author all waypoints of a ring; returns the paths of those on it by x, y [m]."""
    xy: list[tuple[float, float]] = []
    for (x, y), (u, v) in pairwise(ring_of(ring)):
        count = max(1, math.ceil(math.hypot(u - x, v - y) / LEG - 1e-9))
        shares = [k / count for k in range(count)]
        xy += [(round(x + s * (u - x), 3), round(y + s * (v - y), 3)) for s in shares]
    names = {each: _point(ring, f"W_{k + 1:03d}") for k, each in enumerate(xy)}
    assert len(names) == len(xy), "a ring may not meet itself"
    lanes = {one: [names[two]] for one, two in zip(xy, [*xy[1:], xy[0]], strict=True)}
    bays: list[tuple[str, tuple[float, float], str]] = []
    for k, (x, y) in enumerate(bays_of(ring)):
        kind = f"Home_{k + 1}" if k < ring.amrs else f"Charge_{k - ring.amrs + 1}"
        name = _point(ring, kind)
        lanes[x, y].append(name)
        bays.append((name, (x, y + ring.depth / 2), names[x, round(y + ring.depth, 3)]))
    equip_group = [(names[at], at, tuple(lanes[at])) for at in xy]
    equip_group += [(name, at, (leave,)) for name, at, leave in bays]
    for name, at, to in equip_group:
        equip(stage, name, Waypoint(lanes=to, speed=SPEED), plan.AMR, xyz=(*at, 0.0))
    return names


def _amrs(stage: Usd.Stage, ring: Ring, fleet: str) -> None:
    for k in range(ring.amrs):
        params = Vehicle(
            fleet=(fleet,),
            home=(_point(ring, f"Home_{k + 1}"),),
            speed=SPEED,
            acceleration=ACCELERATION,
            turn_speed=TURN_SPEED,
            length=LENGTH,
            width=WIDTH,
            range=RANGE,
            charge_time=CHARGE_TIME,
            charge_below=0.2,
            look="PartAmr",
        )
        name = f"Amr_{ring.name}_{k + 1}"
        x, y = bays_of(ring)[k]
        equip(
            *(stage, path(name), params, plan.AMR), xyz=(x, y + ring.depth / 2, 0.0),
            label=name.replace("_", " "), charge_below=plan.CHARGING, range=plan.BATTERY,
            charge_time=plan.BATTERY,
        )  # fmt: skip


def _kit(stage: Usd.Stage, kit: Kit, fleet: str, waypoints: dict[tuple[float, float], str]) -> None:
    """A source and a dock at the market; a dock and a place to unpack at the station."""
    market, ready = f"Market_{kit.name}", f"Handover_{kit.name}"
    at = (kit.market[0], kit.market[1] + kit.aside_market, 0.0)
    goods = Source(interval=1.0, sequence=(kit.name,))
    equip(
        *(stage, path(f"Kits_{kit.name}"), goods, plan.HANDLING), xyz=at,
        label=f"Kitting of {kit.name}", to=[path(market)],
    )  # fmt: skip
    load = Dock(capacity=2, waypoint=(waypoints[kit.market],), fleet=(fleet,), handling_time=8.0)
    label = f"Market, {kit.name}"
    equip(stage, path(market), load, plan.HANDLING, xyz=at, label=label, to=[path(ready)])
    at = (kit.handover[0], kit.handover[1] + kit.aside, 0.0)
    give = Dock(capacity=2, waypoint=(waypoints[kit.handover],), handling_time=6.0)
    label, to = f"Handover, {kit.name}", [path(f"Set_Down_{kit.name}")]
    equip(stage, path(ready), give, plan.HANDLING, xyz=at, label=label, to=to)
    unpack = Station(process_time=2.0, transfer_time=2.0, form=UNLOADED)
    station(
        stage, f"Set_Down_{kit.name}", unpack, at, to=[kit.station],
        label=f"{kit.name} ready", origin=plan.HANDLING, transfer_time=plan.HANDLING,
    )  # fmt: skip
