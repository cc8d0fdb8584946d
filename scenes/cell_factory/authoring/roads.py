"""The floor in numbers, and process layer: the lanes that all vehicles share, all of them one-way.

Three rows of nine cells lie between four aisles, which run east, west, east, west. Bodies come to a
cell from its south, and leave it to the south; kits come along the aisles that run east. Empty
vehicles may drive across a cell, beneath bodies on their stands.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from pxr import Usd

from scenes.authoring.equipment import equip
from scenes.cell_factory.authoring import plan
from scenes.cell_factory.authoring.plan import path
from twin.kinds.waypoint import Waypoint

__all__ = ["AGV_BAYS", "AISLES", "AMR_BAYS", "CELLS", "EAST", "PORTS", "WEST", "Cell", "Roads"]
__all__ += ["author_roads", "node", "roads"]

XY = tuple[float, float]

COLUMNS, PITCH = 9, 16.0  # m
ROWS = (0.0, 15.0, 30.0)  # y of the middle of a row [m]
AISLES = (-7.5, 7.5, 22.5, 37.5)  # y [m]
END = 4.6  # from a cell's middle to where bodies come in and go out [m]
SPOT = 2.5  # from the row's middle to each of two bodies across it [m]
WEST, EAST = -13.0, 141.0  # x of the cross aisles [m]
BAYS = (5.8, 4.1, 2.4, -2.4, -4.1, -5.8)  # from a row's middle: mouths of AMR bays [m]
BAY_SIDES = (  # mouth and side of the cross aisle of each bay; the ports are west of it
    *((0, -1), (1, -1), (4, -1), (5, -1), (6, -1)),
    *((1, 1), (3, 1), (5, 1)),
)
BESIDE, BESIDE_CORNER = 3.0, 3.6  # of bays from the cross aisle; where AGVs' noses swing out [m]
TRANSIT, CREEP = 0.0, 0.25  # limits of speed: none in aisles, in cells [m/s]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one cell stands."""

    number: int

    @property
    def row(self) -> int:
        """0 is the southern one."""
        return (self.number - 1) // COLUMNS

    @property
    def towards(self) -> int:
        """1 if work goes east, -1 if it goes west."""
        return 1 if self.row % 2 == 0 else -1

    @property
    def middle(self) -> XY:
        """Of the cell [m]."""
        place = (self.number - 1) % COLUMNS
        column = place if self.towards > 0 else COLUMNS - 1 - place
        return (PITCH * column, ROWS[self.row])

    @property
    def x_in(self) -> float:
        """Where bodies come in [m]."""
        return round(self.middle[0] - self.towards * END, 3)

    @property
    def x_out(self) -> float:
        """Where bodies go out [m]."""
        return round(self.middle[0] + self.towards * END, 3)


CELLS = tuple(Cell(number) for number in range(1, len(ROWS) * COLUMNS + 1))
PORTS = tuple((WEST - 3.0, y) for y in ROWS)  # of the three stores [m]
AGV_BAYS, AMR_BAYS = 24, 24  # with those for charging


class Roads:
    """Waypoints by name and the lanes between them, as they are laid."""

    def __init__(self) -> None:
        self.points: dict[str, XY] = {}
        self.lanes: dict[str, list[str]] = {}
        self.slow: set[str] = set()

    def lay(self, *way: tuple[str, XY], slow: bool = False) -> None:
        """Lay lanes from point to point; points are named once and met again by their names."""
        for name, xy in way:
            assert self.points.setdefault(name, xy) == xy, name
            self.lanes.setdefault(name, [])
            if slow:
                self.slow.add(name)
        for (one, _), (two, _) in pairwise(way):
            if two not in self.lanes[one]:
                self.lanes[one].append(two)

    def go(self, *names: str) -> None:
        """Lay lanes between points that are there."""
        self.lay(*((name, self.points[name]) for name in names))


def node(aisle: int, x: float) -> tuple[str, XY]:
    """A waypoint in an aisle: its name, and where it is [m]."""
    return (f"A{aisle}_{round(10 * (x + 20)):04d}", (x, AISLES[aisle]))


def roads() -> Roads:
    """All lanes of the floor."""
    found = Roads()
    xs = sorted({x for cell in CELLS for x in (cell.x_in, cell.x_out)})
    aisles = [[node(k, x) for x in (WEST, *xs, EAST)] for k in range(len(AISLES))]
    for k, nodes in enumerate(aisles):
        found.lay(*(nodes if k % 2 == 0 else nodes[::-1]))
    _west(found)
    for one, two in ((0, 1), (2, 1), (2, 3)):
        found.go(node(one, EAST)[0], node(two, EAST)[0])
    for cell in CELLS:
        _cell(found, cell)
    _ends(found, xs)
    _agv_bays(found, aisles)
    return found


def _west(found: Roads) -> None:
    """The western cross aisle with bays for AMRs and the stores' ports beside it."""
    bay = 0
    for row, (y, port) in enumerate(zip(ROWS, PORTS, strict=True)):
        up = row == 1
        low, high = node(row, WEST), node(row + 1, WEST)
        offsets = [-each for each in BAYS] if up else list(BAYS)
        mouths = [(f"W{row}_{k + 1}", (WEST, y + each)) for k, each in enumerate(offsets)]
        way = [low, *mouths, high] if up else [high, *mouths, low]
        found.lay(*way)
        found.lay(mouths[2], (f"Port_{row + 1}", port), mouths[3])
        for k, side in BAY_SIDES:
            bay += 1
            between = round((way[k][1][1] + way[k + 1][1][1]) / 2, 3)
            beside = BESIDE_CORNER if side < 0 and k in (0, len(way) - 2) else BESIDE
            x = round(WEST + beside * side, 3)
            found.lay(way[k], (f"Amr_Bay_{bay}", (x, between)), way[k + 1])


def _cell(found: Roads, cell: Cell) -> None:
    """Two lanes across a row: northward where bodies come in, southward where they go out."""
    y, row, name = cell.middle[1], cell.row, f"C{cell.number:02d}"
    south, north = node(row, cell.x_in), node(row + 1, cell.x_in)
    found.lay(south, (f"{name}_In", (cell.x_in, y - SPOT)), north)
    south, north = node(row, cell.x_out), node(row + 1, cell.x_out)
    out = (f"{name}_Out", (cell.x_out, y - SPOT))
    found.lay(north, (f"{name}_Aside", (cell.x_out, y + SPOT)), out, south)
    found.slow |= {f"{name}_{each}" for each in ("In", "Aside", "Out")}


def _ends(found: Roads, xs: list[float]) -> None:
    """Where painted bodies are fetched, and where cars are left."""
    y = AISLES[0] - 5.0
    turn, spot = ("Receive_Turn", (WEST, y)), ("Receive", (WEST + 4.0, y))
    found.lay(node(0, WEST), turn, spot, node(0, xs[0]))
    x, low, high = EAST + 5.0, AISLES[2], AISLES[3]
    turn, spot = ("Deliver_Turn", (x, low)), ("Deliver", (x, (low + high) / 2))
    found.lay(node(2, EAST), turn, spot, ("Deliver_Back", (x, high)), node(3, EAST))


def _agv_bays(found: Roads, aisles: list[list[tuple[str, XY]]]) -> None:
    """Bays for body AGVs south of the first and north of the last aisle."""
    number = 0
    for nodes, side in ((aisles[0][2:-1], -1.0), (aisles[3][1:-1][::-1], 1.0)):
        for one, two in pairwise(nodes):
            if (number == AGV_BAYS // 2 and side < 0) or number == AGV_BAYS:
                break
            number += 1
            (x, y), (u, _) = one[1], two[1]
            bay = (round((x + u) / 2, 3), y + 4.0 * side)
            found.lay(one, (f"Agv_Bay_{number}", bay), two)


def author_roads(stage: Usd.Stage) -> None:
    """Author all waypoints."""
    found = roads()
    ahead = _headings(found)
    for name, (x, y) in found.points.items():
        lanes = tuple(path(f"Lanes/{each}") for each in found.lanes[name])
        speed = CREEP if name in found.slow else TRANSIT
        params = Waypoint(lanes=lanes, speed=speed)
        equip(
            *(stage, path(f"Lanes/{name}"), params, plan.LAYOUT), xyz=(x, y, 0.0),
            turn=ahead[name], speed=plan.AGV,
        )  # fmt: skip


def _headings(found: Roads) -> dict[str, float]:
    """Where a vehicle looks that has come to a waypoint by its first lane [deg]."""
    turns: dict[str, float] = {}
    for name, (x, y) in found.points.items():
        for each in found.lanes[name]:
            u, v = found.points[each]
            turns.setdefault(each, round(math.degrees(math.atan2(v - y, u - x)), 3))
    return turns
