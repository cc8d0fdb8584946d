"""Paint shop: pretreatment, electrocoat, sealer, two topcoat lanes, inspection with rework, store.

Dips and ovens run on when the shift ends: what is in them must come out. So each oven has a buffer
behind it that takes what it holds.
"""

from scenes.authoring.usd import refer
from scenes.whole_plant.authoring import numbers as n
from scenes.whole_plant.authoring.walk import Site, Walk
from twin.kinds.conveyor import Conveyor
from twin.kinds.merge import Merge
from twin.kinds.router import Router
from twin.kinds.station import Station
from twin.kinds.store import Store
from twin.scene.author import set_values

__all__ = ["author_paint"]

LEFT, RIGHT = 240.0, 500.0  # of the hall [m]
SPEED = 7.0 / 60  # m/s, of all that runs without a stop
LANE_SPEED = SPEED / 2  # each of two lanes carries half of the bodies
PITCH = 5.8  # m from body to body there: 72 an hour; lengths are whole numbers of it
PLACES = 200  # of the store for painted bodies
AGAIN = 0.10  # share of bodies that are painted a second time
PBS = ("150 to 250 bodies, engineering judgement", "proposal")
ASSETS = "../../assets"


def author_paint(site: Site, body: Walk) -> Walk:
    """Take bodies over from the body shop; return the walk that ends with the store."""
    body.lift()
    body.belt_to(x=LEFT)
    walk = Walk(site, "Paint/Electrocoat", (LEFT, body.xyz[1]))
    first = walk.station("wash")
    body.to(first)
    walk.stations("wash", 2)
    _run(walk, "Pretreatment", 12, "paint_booth")
    _run(walk, "Dip", 5, "paint_booth")
    walk.station("drain")
    _run(walk, "Rinse", 5, "paint_booth")
    _oven_round(walk, "CoatOven", 36, 12.0)
    walk.belt(25 * 5.5)
    walk.stations("sand", 5)
    walk.belt_to(y=96.0)
    walk.heading = 0.0
    sealer = Walk(site, "Paint/Sealer", walk.xyz)
    sealer.last = walk.last
    sealer.stations("sand", 7)
    sealer.stations("sealer", 24)
    sealer.belt_to(y=84.0)
    sealer.heading = 180.0
    _run(sealer, "GelOven", 12, "oven")
    sealer.belt_to(x=LEFT + 36.0)
    sealer.place("Merge", Merge(rule="first"), n.ROUTE, shifts=False)
    merge = sealer.last
    sealer.place("Lanes", Router(rule="turn", skip_full=True), n.ROUTE, shifts=False)
    check = Walk(site, "Paint/Inspection", (RIGHT, 48.0), 180.0)
    entry = check.station("inspect")
    for lane, y in (("LaneA", 72.0), ("LaneB", 60.0)):
        sealer.to(_lane(site, lane, y, entry))
    check.stations("inspect", 11)
    _decide(site, check, merge)
    check.belt_to(x=LEFT + 100.0)
    sequence = Store(capacity=PLACES, release="target", target=n.SEQUENCE, patience=300.0)
    check.place("Store", sequence, PBS, step=10.0, label="Painted-body store", shifts=False,
                release=n.MIX, target=n.MIX)  # fmt: skip
    for number in range(8):
        at = (4.0 + 6.0 * number, 0.0, 0.0)
        asset = f"{ASSETS}/storage/body_rack/body_rack.usda"
        refer(site.stage, f"{check.last}/Bay_{number + 1}", asset, at)
    return check


def _run(walk: Walk, word: str, bodies: int, asset: str, *, speed: float = SPEED) -> str:
    """What bodies pass without a stop, shift or no shift."""
    length = round(bodies * PITCH, 4)
    params = Conveyor(length=length, speed=speed, spacing=PITCH, accumulating=False)
    path = walk.place(word, params, n.OVEN, shifts=False, speed=n.PAINT_SPEED)
    _cover(walk, path, length, asset)
    walk.xyz = walk.ahead(length)
    return path


def _cover(
    walk: Walk, path: str, length: float, asset: str, *, y: float = 0.0, name: str = ""
) -> None:
    for number in range(int(length // 6)):
        at = (6.0 * number + 3.0, y, 0.0)
        refer(
            walk.site.stage, f"{path}/Segment{name}_{number + 1:02d}",
            f"{ASSETS}/stations/{asset}/{asset}.usda", at, variant=("roof", "none"),
        )  # fmt: skip


def _oven_round(walk: Walk, word: str, bodies: int, across: float) -> None:
    """An oven of two legs, to the right of the way."""
    leg = bodies * PITCH / 2
    points = (0.0, 0.0, 0.0, leg, 0.0, 0.0, leg, -across, 0.0, across, -across, 0.0)
    params = Conveyor(
        length=round(2 * leg, 4), speed=SPEED, spacing=PITCH, accumulating=False, points=points
    )
    path = walk.place(word, params, n.OVEN, shifts=False, speed=n.PAINT_SPEED)
    _cover(walk, path, leg, "oven")
    _cover(walk, path, leg - across, "oven", y=-across, name="_Back")
    x, y, z = walk.xyz
    walk.move_to(x + across, y - across, z, 180.0)


def _lane(site: Site, name: str, y: float, entry: str) -> str:
    """Base and clear coat of every other body; returns the first station."""
    walk = Walk(site, f"Paint/{name}", (LEFT + 50.0, y))
    first = walk.station("prep")
    walk.stations("prep", 2)
    walk.stations("base", 5)
    _run(walk, "Flash", 4, "oven", speed=LANE_SPEED)
    walk.stations("clear", 4)
    _run(walk, "TopcoatOven", 17, "oven", speed=LANE_SPEED)
    walk.belt_to(x=RIGHT, rollers=False)
    walk.to(entry)
    return first


def _decide(site: Site, check: Walk, merge: str) -> None:
    """The last inspection sends a share of the bodies back to the topcoat."""
    gate = check.station("inspect", label="Decision")
    again = Walk(site, "Paint/Rework", check.xyz, 180.0)
    again.last = gate
    again.move_to(check.xyz[0], 34.0)
    again.stations("inspect", 4)
    again.lift()
    again.belt_to(x=LEFT + 36.0)
    again.belt_to(y=84.0)
    again.lift(0.0)
    again.to(merge)
    prim = site.stage.GetPrimAtPath(gate)
    first = site.onward[gate][0]
    values = {"defects": AGAIN, "rework": (first,)}
    set_values(prim, Station, values, source=n.FIRST_RUN[0], confidence=n.FIRST_RUN[1])
    prim = site.stage.GetPrimAtPath(merge)
    values = {"order": (again.last,)}
    set_values(prim, Merge, values, source=n.ROUTE[0], confidence=n.ROUTE[1])
