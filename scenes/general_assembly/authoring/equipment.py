"""Layout layer: what stands at the places, below their prims, so that lamps show their states."""

import math
from itertools import pairwise

from pxr import Usd

from scenes.authoring.usd import refer
from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.carriers import GONDOLA_RAIL
from scenes.general_assembly.authoring.doors import LINE, RAILS
from scenes.general_assembly.authoring.places import ASSETS, path
from scenes.general_assembly.authoring.plan import ISLAND_ROWS, PACED_ROWS, PITCH, Paced
from scenes.general_assembly.authoring.supply import RINGS
from scenes.general_assembly.authoring.testing import BAYS, CELLS

__all__ = ["author_equipment"]

GANTRY = f"{ASSETS}/stations/assembly_station/assembly_station.usda"
SLATS = f"{ASSETS}/conveyors/slat_conveyor/slat_conveyor.usda"
WORKER = f"{ASSETS}/people/worker/worker.usda"
RAIL = f"{ASSETS}/conveyors/overhead_rail/overhead_rail.usda"
MAST = f"{ASSETS}/signals/light_mast/light_mast.usda"
OPEN = {"T01", "T02", "T03", "C07", "C08", "C09", "C10", "F34", "F35"}  # islands without a gantry
RAIL_UP = 4.0  # of the rail's underside in its asset [m]
MODULE = 6.0  # m, length of slats, gantries and rails
CREWS = (  # x, y [m], where they look [deg], pose; one set per station in turn
    ((0.4, 1.45, -90, "reaching"), (-0.6, -1.45, 90, "reaching")),
    ((1.3, 1.5, -100, "standing"), (0.2, -1.45, 90, "reaching")),
    ((-0.5, 1.45, -90, "reaching"),),
    ((1.9, -1.5, 100, "reaching"), (-1.2, 1.5, -80, "standing")),
    ((0.9, -1.45, 90, "reaching"), (2.3, 2.15, 180, "standing")),
)


def author_equipment(stage: Usd.Stage) -> None:
    """Equip islands, slat lines, test cells, the door line and the handovers."""
    number = 0
    for row in ISLAND_ROWS:
        for k in range(row.count):
            _island(stage, f"{row.shop}{row.first + k:02d}", number)
            number += 1
    for line in PACED_ROWS:
        _line(stage, line)
    for name in (*CELLS, *BAYS):
        prim = path(name)
        refer(stage, f"{prim}/Mast", MAST, (2.9, -1.45, 0.0))
        _people(stage, prim, 2)
    for number in range(len(LINE)):
        prim = path(f"Door_Line_{number + 1}")
        refer(stage, f"{prim}/Mast", MAST, (1.3, -1.5, 0.0))
        refer(stage, f"{prim}/Worker", WORKER, (0.1, -1.45, 0.0), turn=90, variant=REACHING)
    _rails(stage)
    _rollers(stage)
    for name in ("T02", "F35"):
        _fences(stage, path(name))
    for each in (kit for ring in RINGS for kit in ring.kits):
        refer(stage, f"{path(f'Set_Down_{each.name}')}/Rack", "./kit.usda", (0.0, 0.0, -0.28))


REACHING = ("pose", "reaching")


def _island(stage: Usd.Stage, name: str, number: int) -> None:
    prim = path(name)
    floor = -plan.RAISED if name in ("C08", "C09") else 0.0
    if name in OPEN:
        refer(stage, f"{prim}/Mast", MAST, (3.2, -1.6, floor))
    if name in ("C07", "C08", "C09", "C10"):
        up = floor + GONDOLA_RAIL - RAIL_UP
        refer(stage, f"{prim}/Rail", RAIL, (0.0, 0.0, up), stretch=PITCH / MODULE)
    if name in OPEN:
        return
    refer(stage, f"{prim}/Gantry", GANTRY, stretch=PITCH / MODULE)
    _people(stage, prim, number)


def _rollers(stage: Usd.Stage) -> None:
    """Roller beds under the skids that come from the store."""
    bed = f"{ASSETS}/conveyors/roller_conveyor/roller_conveyor.usda"
    for k in range(5):
        refer(stage, f"{path('Lane_In')}/Bed_{k + 1}", bed, (-0.25 + 5.5 * k, 0.0, 0.0))


def _fences(stage: Usd.Stage, prim: str) -> None:
    """Panels beside the robots, open where bodies come and go."""
    panel = f"{ASSETS}/safety/fence_panel/fence_panel.usda"
    for side, y in (("Left", 3.75), ("Right", -3.75)):
        for k in range(3):
            at = (-3.3 + 2.2 * k, y, 0.0)
            refer(stage, f"{prim}/Fence_{side}_{k + 1}", panel, at, stretch=1.1)


def _people(stage: Usd.Stage, prim: str, number: int, *, z: float = 0.0, x: float = 0.0) -> None:
    for k, (dx, y, turn, pose) in enumerate(CREWS[number % len(CREWS)], start=1):
        name = f"Worker_{k}" if x == 0 else f"Worker_{number + 1}_{k}"
        refer(stage, f"{prim}/{name}", WORKER, (x + dx, y, z), turn=turn, variant=("pose", pose))


def _line(stage: Usd.Stage, line: Paced) -> None:
    """Slats along the line; a gantry and people over each pitch."""
    prim, length = path(line.name), line.count * PITCH
    count = round(length / MODULE)
    for k in range(count):
        at = (round((k + 0.5) * length / count, 4), 0.0, 0.0)
        name = f"{prim}/Slats_{k + 1:02d}"
        refer(stage, name, SLATS, at, stretch=round(length / count / MODULE, 6))
    for k in range(line.count):
        x = (k + 0.5) * PITCH
        refer(stage, f"{prim}/Gantry_{k + 1:02d}", GANTRY, (x, 0, 0), stretch=PITCH / MODULE)
        _people(stage, prim, k, z=0.06, x=x)


def _rails(stage: Usd.Stage) -> None:
    """The monorail over the door loop, below the prims of its places; it is low at the line."""
    for name, way in RAILS.items():
        frame = stage.GetPrimAtPath(path(name)).GetAttribute("xformOp:translate").Get()
        number = 0
        for (x, y, z), (u, v, w) in pairwise(way):
            length = math.hypot(u - x, v - y)
            count = max(1, round(length / MODULE))
            turn = round(math.degrees(math.atan2(v - y, u - x)))
            for k in range(count):
                s = (k + 0.5) / count
                up = round(min(z, w) - plan.HOISTED - frame[2], 4)
                at = (round(x + s * (u - x) - frame[0], 4), round(y + s * (v - y) - frame[1], 4))
                stretch = round(length / count / MODULE, 6)
                number += 1
                where = f"{path(name)}/Rail_{number:02d}"
                refer(stage, where, RAIL, (*at, up), turn=turn, stretch=stretch)
