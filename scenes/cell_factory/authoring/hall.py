"""Layout layer: the floor with its ovals, lanes and bays, chargers, lights, and views of it all."""

from itertools import pairwise

from pxr import Gf, Usd, UsdGeom, UsdLux

from scenes.authoring.bands import band, outline
from scenes.authoring.ovals import oval, ovals
from scenes.authoring.usd import group, material, quads, refer
from scenes.cell_factory.authoring.equipment import CHARGER, author_equipment, chargers
from scenes.cell_factory.authoring.plan import ASSETS, ROOT
from scenes.cell_factory.authoring.roads import AISLES, CELLS, EAST, WEST, roads
from twin.scene.author import stand

__all__ = ["VIEWS", "author_hall"]

HALL = f"{ROOT}/Hall"
FROM, TO, LOW, HIGH = -56.0, 161.0, -24.5, 52.5  # ends of the hall [m]
TILE = 7.0  # m
LENGTH, WIDTH = 14.0, 9.0  # of an oval cell [m]
VIEWS = {  # camera: eye, target [m]
    "Overview": ((-40.0, -30.0, 30.0), (34.0, 14.0, 0.0)),
    "Cells": ((6.0, -11.0, 7.0), (22.0, 2.5, 0.6)),
    "Cell": ((24.5, -7.5, 4.2), (32.0, 0.0, 0.9)),
    "Aisle": ((-8.0, 7.5, 3.2), (30.0, 8.5, 0.8)),
    "Stores": ((2.0, -9.0, 12.0), (-22.0, 14.0, 2.0)),
    "Delivery": ((160.0, 18.0, 9.0), (138.0, 31.0, 0.6)),
}


def author_hall(stage: Usd.Stage) -> None:
    """Build the hall group by group."""
    author_equipment(stage)
    group(stage, HALL)
    _floor(stage)
    _markings(stage)
    _chargers(stage)
    _lights(stage)


def _floor(stage: Usd.Stage) -> None:
    group(stage, f"{HALL}/Floor")
    asset = f"{ASSETS}/hall/floor_tile/floor_tile.usda"
    for i in range(round((TO - FROM) / TILE)):
        for j in range(round((HIGH - LOW) / TILE)):
            at = (FROM + (i + 0.5) * TILE, LOW + (j + 0.5) * TILE, 0.0)
            refer(stage, f"{HALL}/Floor/Tile_{i + 1:02d}_{j + 1:02d}", asset, at)


def _markings(stage: Usd.Stage) -> None:
    """Ovals of the cells, aisles, lanes across cells, bays of both fleets."""
    where = f"{HALL}/Markings"
    group(stage, where, kind="component")
    UsdGeom.Scope.Define(stage, f"{where}/Looks")
    yellow = material(stage, f"{where}/Looks/Yellow", (0.86, 0.62, 0.05), 0.6)
    white = material(stage, f"{where}/Looks/White", (0.82, 0.82, 0.80), 0.6)
    aisle = material(stage, f"{where}/Looks/Aisle", (0.06, 0.16, 0.30), 0.8)
    inside = material(stage, f"{where}/Looks/Cell", (0.42, 0.47, 0.50), 0.7)
    bounds = [oval(*cell.middle, LENGTH, WIDTH) for cell in CELLS]
    ovals(stage, f"{where}/cells", bounds, height=0.003, look=inside)
    band(stage, f"{where}/rims", bounds, width=0.16, height=0.005, look=white)
    ways = [[(WEST, y), (EAST, y)] for y in AISLES]
    ends = [[(x, AISLES[0] - 1.4), (x, AISLES[-1] + 1.4)] for x in (WEST, EAST)]
    rectangles = [(WEST - 1.4, y - 1.4, EAST + 1.4, y + 1.4) for y in AISLES]
    between = list(pairwise(AISLES))
    rectangles += [(x - 1.4, a + 1.4, x + 1.4, b - 1.4) for x in (WEST, EAST) for a, b in between]
    quads(stage, f"{where}/aisles", rectangles, height=0.002, look=aisle)
    for side, name in ((1.45, "left"), (-1.45, "right")):
        band(
            *(stage, f"{where}/edges_{name}", [*ways, *ends]), width=0.1, shift=side, height=0.004,
            look=yellow,
        )  # fmt: skip
    across = [
        (x - 0.06, y - 6.0, x + 0.06, y + 6.0)
        for cell in CELLS
        for y in (cell.middle[1],)
        for x in (cell.x_in, cell.x_out)
    ]
    quads(stage, f"{where}/across", across, height=0.006, look=yellow)
    points = roads().points
    bays = [outline(*xy, 5.4, 2.2) for name, xy in points.items() if name.startswith("Agv_Bay")]
    bays += [outline(*xy, 1.9, 1.4) for name, xy in points.items() if name.startswith("Amr_Bay")]
    bays += [outline(*points["Receive"], 5.6, 2.6), outline(*points["Deliver"], 2.6, 5.6)]
    band(stage, f"{where}/bays", bays, width=0.1, height=0.004, look=yellow)


def _chargers(stage: Usd.Stage) -> None:
    group(stage, f"{HALL}/Chargers")
    for k, (x, y) in enumerate(chargers(stage, "Body_AGVs"), start=1):
        side = 1 if y > 0 else -1
        at = (x, y + 2.2 * side, 0.0)
        refer(stage, f"{HALL}/Chargers/Agv_{k}", CHARGER, at, turn=-90.0 * side)
    for k, (x, y) in enumerate(chargers(stage, "Part_AMRs"), start=1):
        side = 1 if x > WEST else -1
        at = (x + 1.6 * side, y, 0.0)
        refer(stage, f"{HALL}/Chargers/Amr_{k}", CHARGER, at, turn=90.0 + 90.0 * side)


def _lights(stage: Usd.Stage) -> None:
    """Soft areas over the rows, a dome and a key light."""
    group(stage, f"{HALL}/Lights")
    dome = UsdLux.DomeLight.Define(stage, f"{HALL}/Lights/Dome")
    dome.CreateIntensityAttr(450.0)
    dome.CreateColorAttr(Gf.Vec3f(0.92, 0.96, 1.0))
    key = UsdLux.DistantLight.Define(stage, f"{HALL}/Lights/Key")
    key.CreateIntensityAttr(900.0)
    key.CreateAngleAttr(3.0)
    stand(key.GetPrim(), (0.0, 0.0, 20.0), (0.932, 0.283, 0.218, 0.066))
    for i in range(5):
        for j in range(3):
            area = UsdLux.RectLight.Define(stage, f"{HALL}/Lights/Area_{i + 1}_{j + 1}")
            area.CreateWidthAttr(36.0)
            area.CreateHeightAttr(18.0)
            area.CreateIntensityAttr(250.0)
            stand(area.GetPrim(), (FROM + (i + 0.5) * 42.0, (j + 0.5) * 24.0 - 21.0, 7.5))
