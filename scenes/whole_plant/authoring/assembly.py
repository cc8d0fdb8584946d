"""General assembly: four rows of the main line, and the lines of the modules between them."""

from dataclasses import dataclass

from scenes.whole_plant.authoring import numbers as n
from scenes.whole_plant.authoring.joins import feed, join
from scenes.whole_plant.authoring.kit import MANUAL
from scenes.whole_plant.authoring.products import TAKEN_OFF, panel
from scenes.whole_plant.authoring.walk import Site, Walk
from twin.kinds.disassembler import Disassembler
from twin.kinds.sink import Sink

__all__ = ["author_assembly"]

LEFT = 240.0  # of the main line [m]
SUB = 8.0  # from row to row of the modules [m]
ROWS = (-40.0, -88.0, -152.0, -192.0)  # y of the main line's rows [m]
MARGIN = 6.0  # m between two lines in a row
BUFFER = 27.5  # m, 5 cars
BENCH = 5.5  # m
DOORS = tuple(panel("Doors", each) for each in n.TYPES)
LOOKS = {
    "Gantry": "../../assets/stations/assembly_station/assembly_station.usda",
    "Slats": "../../assets/conveyors/slat_conveyor/slat_conveyor.usda",
}
MARRIAGE = {"Looks": "../../assets/stations/marriage_station/marriage_station.usda"}
OFF = ("14 robots take doors off and refit them: hyperrich.co.kr, heraldcorp 10651129", "C2")


@dataclass(frozen=True)
class Line:
    """Where a line of modules ends, and below which row of the main line it stands."""

    taker: str
    x: float
    y: float
    below: float


class Rows:
    """The room between the rows of the main line: each line takes the first row that is free."""

    def __init__(self) -> None:
        self._taken: dict[float, list[tuple[float, float]]] = {}

    def free(self, below: float, one: float, two: float) -> float:
        """The y of a row with room from one x to the other [m], which is taken by that."""
        low, high = min(one, two) - MARGIN, max(one, two) + MARGIN
        y = below - SUB
        while any(low < end and begin < high for begin, end in self._taken.get(y, [])):
            y -= SUB
        self._taken.setdefault(y, []).append((low, high))
        return y


def author_assembly(site: Site, paint: Walk) -> None:
    """Lay out main line and module lines, from the painted-body store to the finished car."""
    paint.lift()
    paint.belt_to(x=LEFT)
    paint.belt_to(y=ROWS[0])
    main = Walk(site, "Assembly/Main", (LEFT, ROWS[0]))
    main.last = paint.last
    off = main.place(
        "DoorsOff",
        Disassembler(
            components=DOORS, component_form=TAKEN_OFF, process_time=40.0, transfer_time=8.0,
            **MANUAL,
        ),
        OFF, step=7.0, label="Doors off", transfer_time=n.TRANSFER, mtbf=n.MANUAL_FAILS,
        mttr=n.MANUAL_FAILS,
    )  # fmt: skip
    doors_from = main.xyz
    takers: dict[str, Line] = {}
    _trim_and_chassis(main, takers)
    _final(main, takers)
    doors_on = join(main, DOORS, n.TYPES, bases=n.TYPES, own=True, work=42.0, manual=True,
                    label="Doors on", looks=LOOKS)  # fmt: skip
    doors_to = main.xyz
    main.station("final")
    main.belt(BUFFER)
    main.stations("test", 15)
    main.place("Sink", Sink(), n.ROUTE, step=7.0, label="Finished cars", shifts=False)
    _doors(site, off, doors_on, start=doors_from, end=doors_to)
    _modules(site, takers)


def _trim_and_chassis(main: Walk, takers: dict[str, Line]) -> None:
    """Down to the car on its wheels."""
    main.stations("trim", 5)
    _join(main, takers, "Harness")
    main.stations("trim", 6)
    _join(main, takers, "Headliner")
    main.stations("trim", 2)
    main.belt(BUFFER)
    main.stations("trim", 2)
    _join(main, takers, "Cockpit")
    main.stations("trim", 6)
    _join(main, takers, "Glass")
    main.stations("trim", 3)
    _turn(main, 180.0)
    main.stations("trim", 8)
    _join(main, takers, "FrontEnd")
    main.stations("trim", 8)
    main.belt(BUFFER)
    main.stations("chassis", 4)
    _join(main, takers, "Battery", MARRIAGE)
    main.stations("chassis", 7)
    _turn(main, 0.0)
    main.stations("chassis", 8)
    _join(main, takers, "Wheels")
    main.station("rolling")
    main.stations("chassis", 3)


def _final(main: Walk, takers: dict[str, Line]) -> None:
    """Up to the doors."""
    main.belt(BUFFER)
    _join(main, takers, "Console")
    main.stations("final", 7)
    _join(main, takers, "Bumpers")
    main.stations("final", 4)
    _join(main, takers, "Seats")
    main.stations("final", 3)
    _turn(main, 180.0)
    main.stations("final", 12)
    main.belt(BUFFER)
    main.stations("final", 4)


def _turn(main: Walk, heading: float) -> None:
    """Go down to the next row."""
    main.belt_to(y=ROWS[ROWS.index(main.xyz[1]) + 1])
    main.heading = heading


def _join(
    main: Walk, takers: dict[str, Line], name: str, looks: dict[str, str] | None = None
) -> None:
    path = join(main, [name], n.TYPES, manual=True, label=f"{name} in", looks=looks or LOOKS)
    takers[name] = Line(path, main.xyz[0], main.xyz[1], main.xyz[1])


def _doors(
    site: Site, off: str, on: str, *, start: tuple[float, ...], end: tuple[float, ...]
) -> None:
    """Doors travel beside their body and come back to it."""
    walk = Walk(site, "Assembly/Doors", (start[0], start[1]), -90.0)
    walk.last = off
    walk.lift()
    walk.belt_to(x=LEFT - 12.0)
    walk.belt_to(y=end[1] - 3 * SUB)
    walk.heading = 0.0
    walk.lift(0.0)
    walk.stations("bench", 30)
    walk.belt(60.5, spacing=2.75)
    walk.belt_to(y=walk.xyz[1] + SUB)
    walk.heading = 180.0
    walk.stations("bench", 26)
    walk.stations("audit", 4)
    feed(walk, on, end[0], end[1])


def _modules(site: Site, takers: dict[str, Line]) -> None:
    """All lines of modules; those of parts of modules near them."""
    rows = Rows()
    _line(site, rows, "Harness", takers["Harness"], stations=20)
    _line(site, rows, "Headliner", takers["Headliner"], stations=24)
    cockpit = _line(site, rows, "Cockpit", takers["Cockpit"], stations=36, joins={"Hvac": 6})
    _line(site, rows, "Hvac", cockpit["Hvac"], stations=24)
    _line(site, rows, "Glass", takers["Glass"], stations=18)
    _line(site, rows, "FrontEnd", takers["FrontEnd"], stations=26)
    built_in = {"Modules": 4, "FrontAxle": 26, "RearAxle": 30}
    battery = _line(site, rows, "Battery", takers["Battery"], stations=40, joins=built_in)
    _line(site, rows, "Modules", battery["Modules"], stations=30)
    front = _line(
        site, rows, "FrontAxle", battery["FrontAxle"], stations=30, joins={"DriveUnit": 10}
    )
    rear = _line(site, rows, "RearAxle", battery["RearAxle"], stations=30, joins={"DriveUnit": 10})
    _line(site, rows, "DriveUnit", front["DriveUnit"], stations=30, group="FrontDrive")
    _line(site, rows, "DriveUnit", rear["DriveUnit"], stations=30, group="RearDrive")
    _line(site, rows, "Wheels", takers["Wheels"], stations=20)
    _line(site, rows, "Console", takers["Console"], stations=20)
    _line(site, rows, "Bumpers", takers["Bumpers"], stations=36)
    _line(site, rows, "Seats", takers["Seats"], stations=40)


def _line(
    site: Site,
    rows: Rows,
    name: str,
    end: Line,
    *,
    stations: int,
    joins: dict[str, int] | None = None,
    group: str = "",
) -> dict[str, Line]:
    """One line of a module, towards the x where it is built in; returns where others join it."""
    length = BENCH * (stations + len(joins or {}) + 1)
    heading = 0.0 if end.x - length >= LEFT - 50.0 else 180.0
    begin = round(end.x - length if heading == 0.0 else end.x + length, 3)
    y = rows.free(end.below, begin, end.x)
    walk = Walk(site, f"Assembly/{group or name}", (begin, y), heading)
    walk.source([name], 0.0, n.BOUGHT)
    where = {count: part for part, count in (joins or {}).items()}
    found: dict[str, Line] = {}
    for number in range(stations):
        if number in where:
            path = join(walk, [where[number]], [name], manual=True, pitch=BENCH,
                        label=f"{where[number]} in")  # fmt: skip
            found[where[number]] = Line(path, walk.xyz[0], walk.xyz[1], end.below)
        walk.station("audit" if number == stations - 1 else "bench")
    feed(walk, end.taker, end.x, end.y)
    return found
