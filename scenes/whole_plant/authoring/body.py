"""Body shop: 475 robots weld floors, sides and closures into bodies."""

from itertools import cycle

from scenes.whole_plant.authoring import numbers as n
from scenes.whole_plant.authoring.joins import feed, join
from scenes.whole_plant.authoring.products import panel
from scenes.whole_plant.authoring.walk import Site, Walk

__all__ = ["author_body"]

PAIRS = cycle(f"pair_{each}" for each in "abcd")
RESPOT = cycle(f"respot_{each}" for each in "abcd")
INTERVAL = 3600.0 / 65  # s
BUFFER = 38.5  # m, 7 bodies
LEFT = -100.0  # x of the main line's first station [m]


def _pairs(walk: Walk, count: int) -> None:
    """Cells of two robots, with a table to locate parts before every third."""
    for number in range(count):
        if number % 3 == 0:
            walk.station("geo")
        walk.station(next(PAIRS))


def _respot(walk: Walk, count: int) -> None:
    for _ in range(count):
        walk.station(next(RESPOT))


def author_body(site: Site, press: dict[str, Walk]) -> Walk:
    """Lay out all lines; return the walk that ends with the finished body."""
    main = Walk(site, "Body/Main", (LEFT, 0.0))
    main.source(n.SEQUENCE, INTERVAL, n.TAKT)
    floor = join(main, [panel("Floor", t) for t in n.TYPES], n.TYPES, bases=n.TYPES,
                 label="Floor panels in")  # fmt: skip
    main.station("geo")
    front = join(main, ["FrontStructure"], n.TYPES, label="Front structure in")
    rear = join(main, ["RearFloor"], n.TYPES, label="Rear floor in")
    _floors(press["Floor"], floor)
    for _ in range(3):
        _respot(main, 6)
        main.belt(BUFFER)
    _underbody_parts(site, front, rear)
    main.lift()  # over the rows of the left sides
    main.belt_to(y=60.0)
    main.lift(0.0)
    main.heading = 180.0
    sides = join(
        main,
        [panel(s, t) for t in n.TYPES for s in ("SideLeft", "SideRight")],
        n.TYPES,
        bases=[t for t in n.TYPES for _ in range(2)],
        label="Sides in",
    )
    at = main.xyz
    main.station("framing")
    _respot(main, 5)
    main.belt(BUFFER)
    _respot(main, 5)
    main.belt(BUFFER)
    _respot(main, 6)
    main.station("roof")
    main.stations("geo", 3)
    main.belt(BUFFER)
    _sides(press, sides, at)
    main.belt_to(y=120.0)
    main.heading = 0.0
    return _closures(press, main)


def _floors(walk: Walk, taker: str) -> None:
    """Floor panels from their store to the first station of the main line."""
    walk.lift()
    walk.belt_to(x=LEFT + 7.0)
    walk.belt_to(y=0.0)
    walk.to(taker)


def _underbody_parts(site: Site, front: str, rear: str) -> None:
    for number, (name, taker) in enumerate((("FrontStructure", front), ("RearFloor", rear))):
        x = LEFT + 21.0 + 7.0 * number
        walk = Walk(site, f"Body/{name}", (x + 26 * 7.0, 12.0 + 12.0 * number), 180.0)
        walk.source([name], 0.0, n.BOUGHT)
        _pairs(walk, 9)
        walk.belt(22.0)
        _pairs(walk, 7)
        feed(walk, taker, x, 0.0)


def _sides(press: dict[str, Walk], taker: str, at: tuple[float, ...]) -> None:
    for name, y, back in (("SideLeft", 48.0, 36.0), ("SideRight", 72.0, 84.0)):
        walk = press[name]
        walk.lift()
        walk.belt_to(x=LEFT)
        walk.belt_to(y=y)
        walk.heading = 0.0
        walk.enter(f"Body/{name}")
        walk.lift(0.0)
        for _ in range(2):
            _pairs(walk, 13)
            walk.belt(16.5)
        walk.belt_to(y=back)
        walk.heading = 180.0
        _pairs(walk, 13)
        walk.belt(16.5)
        feed(walk, taker, at[0], at[1])


def _closures(press: dict[str, Walk], main: Walk) -> Walk:
    fits = {}
    for name, label in (("Doors", "Doors in"), ("Lids", "Hood and tailgate in")):
        fits[name] = (
            join(main, [panel(name, t) for t in n.TYPES], n.TYPES, bases=n.TYPES, label=label),
            main.xyz,
        )
        main.stations("geo", 3)
    main.belt(BUFFER)
    main.stations("finish", 6)
    main.station("vision")
    main.stations("finish", 6)
    main.station("vision")
    main.belt(BUFFER)
    for name, y in (("Doors", 106.0), ("Lids", 134.0)):
        walk = press[name]
        walk.lift()
        walk.belt_to(x=LEFT + 200)
        walk.belt_to(y=y)
        walk.heading = 180.0
        walk.enter(f"Body/{name}")
        walk.lift(0.0)
        for number in range(19 if name == "Doors" else 20):
            walk.station("single")
            if number % 2 == 0:
                walk.station("hem")
        walk.belt(11.0)
        feed(walk, *(fits[name][0], fits[name][1][0], fits[name][1][1]))
    return main
