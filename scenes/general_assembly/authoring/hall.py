"""Layout layer: the hall around the rows, with floor, lanes, markets, steel, lights and views."""

from pxr import Gf, Usd, UsdGeom, UsdLux

from scenes.authoring.bands import band, outline
from scenes.authoring.usd import group, material, quads, refer
from scenes.general_assembly.authoring.bodies import LANES
from scenes.general_assembly.authoring.equipment import author_equipment
from scenes.general_assembly.authoring.places import ASSETS
from scenes.general_assembly.authoring.plan import ROOT, ROW_Y
from scenes.general_assembly.authoring.supply import CHASSIS_LANE, RINGS, bays_of, ring_of
from scenes.general_assembly.authoring.testing import BAYS, CELLS
from twin.scene.author import stand

__all__ = ["VIEWS", "author_hall"]

HALL = f"{ROOT}/Hall"
FROM, TO, TILE = -42.0, 168.0, 7.0  # ends of the hall [m]
TILE_ROWS = 17
BAY, SPAN = 14.0, 24.0  # of roof steel [m]
VIEWS = {  # camera: eye, target [m]
    "Overview": ((-30.0, -26.0, 36.0), (40.0, 40.0, 0.0)),
    "Trim": ((-1.0, -6.0, 5.2), (9.0, 5.0, 1.0)),
    "Slats": ((-7.0, 24.0, 3.6), (30.0, 30.5, 1.2)),
    "Marriage": ((46.0, 33.5, 5.0), (57.5, 41.5, 0.8)),
    "Doors": ((124.0, 99.5, 6.0), (107.0, 91.0, 1.2)),
    "Test": ((-12.0, 78.0, 10.0), (24.0, 92.0, 0.5)),
}


def author_hall(stage: Usd.Stage) -> None:
    """Build the hall group by group."""
    author_equipment(stage)
    group(stage, HALL)
    _floor(stage)
    _markings(stage)
    _decks(stage)
    _markets(stage)
    _steel(stage)
    _lights(stage)


def _floor(stage: Usd.Stage) -> None:
    group(stage, f"{HALL}/Floor")
    asset = f"{ASSETS}/hall/floor_tile/floor_tile.usda"
    for i in range(round((TO - FROM) / TILE)):
        for j in range(TILE_ROWS):
            at = (FROM + (i + 0.5) * TILE, (j + 0.5) * TILE, 0.0)
            refer(stage, f"{HALL}/Floor/Tile_{i + 1:02d}_{j + 1:02d}", asset, at)


def _markings(stage: Usd.Stage) -> None:
    """Lanes of body AGVs and AMRs, bays, islands, walkways."""
    group(stage, f"{HALL}/Markings", kind="component")
    looks = f"{HALL}/Markings/Looks"
    UsdGeom.Scope.Define(stage, looks)
    yellow = material(stage, f"{looks}/Yellow", (0.86, 0.62, 0.05), 0.6)
    green = material(stage, f"{looks}/Walkway", (0.07, 0.17, 0.12), 0.8)
    blue = material(stage, f"{looks}/Lane", (0.06, 0.16, 0.30), 0.8)
    island = material(stage, f"{looks}/Island", (0.30, 0.33, 0.35), 0.7)
    where = f"{HALL}/Markings"
    agv = [corners for name, corners, _ in LANES if name.startswith("Lane")]
    agv += [CHASSIS_LANE, [(-29.0, ROW_Y["A"]), (-4.0, ROW_Y["A"])]]
    for side, name in ((1.15, "left"), (-1.15, "right")):
        band(stage, f"{where}/agv_{name}", agv, width=0.1, shift=side, height=0.004, look=yellow)
    ways = [ring_of(ring) for ring in RINGS]
    band(stage, f"{where}/amr", ways, width=1.05, height=0.003, look=blue)
    rows = (("A", -3.5, 101.5), ("D", 17.5, 108.5), ("E", 17.5, 101.5))
    decks = [(x, ROW_Y[row] - 2.1, u, ROW_Y[row] + 2.1) for row, x, u in rows]
    quads(stage, f"{where}/islands", decks, height=0.002, look=island)
    bays = [outline(x, y, 5.6, 2.7) for _, x, y, *_ in CELLS.values()]
    bays += [outline(x, y, 5.6, 2.7) for x, y in BAYS.values()]
    band(stage, f"{where}/bays", bays, width=0.1, height=0.004, look=yellow)
    walks = [(FROM, 113.0, TO, 115.5), (157.0, 0.0, 159.5, 113.0)]
    quads(stage, f"{where}/walkways", walks, height=0.002, look=green)


def _decks(stage: Usd.Stage) -> None:
    """What carries bodies on stands from one slat line to the next."""
    group(stage, f"{HALL}/Decks", kind="component")
    UsdGeom.Scope.Define(stage, f"{HALL}/Decks/Looks")
    dark = material(stage, f"{HALL}/Decks/Looks/Plate", (0.20, 0.21, 0.22), 0.45)
    edge = material(stage, f"{HALL}/Decks/Looks/Edge", (0.80, 0.58, 0.05), 0.6)
    turns = [corners for name, corners, _ in LANES if name.startswith("Turn")]
    turns += [[(119.0, ROW_Y["H"]), (105.0, ROW_Y["H"])]]
    band(stage, f"{HALL}/Decks/turns", turns, width=3.4, height=0.06, look=dark, deep=True)
    for side, name in ((1.75, "left"), (-1.75, "right")):
        where = f"{HALL}/Decks/edge_{name}"
        band(stage, where, turns, width=0.12, shift=side, height=0.075, look=edge, deep=True)


def _markets(stage: Usd.Stage) -> None:
    """Racks that wait to be brought, AMRs at their chargers."""
    group(stage, f"{HALL}/Markets")
    charger = f"{ASSETS}/vehicles/charger/charger.usda"
    for name, x, y in (("West", -31.0, 14.0), ("East", 145.0, 30.0), ("North", 145.0, 57.0)):
        where = group(stage, f"{HALL}/Markets/{name}").GetPath()
        for k in range(5):
            for j in range(6):
                at = (x + 1.9 * k, y + 1.5 * j, -0.28)
                refer(stage, f"{where}/Rack_{k + 1}_{j + 1}", "./kit.usda", at)
    for ring in RINGS:
        for k in range(ring.amrs, ring.bays):
            x, y = bays_of(ring)[k]
            at = (round(x + 0.75 * ring.towards, 3), y + ring.depth / 2, 0.0)
            refer(
                stage,
                f"{HALL}/Markets/Charger_{ring.name}_{k}",
                charger,
                at,
                turn=90 + 90 * ring.towards,
            )


def _steel(stage: Usd.Stage) -> None:
    group(stage, f"{HALL}/Steel")
    asset = f"{ASSETS}/hall/steel_bay/steel_bay.usda"
    for i in range(round((TO - FROM) / BAY)):
        for j in range(5):
            at = (FROM + (i + 0.5) * BAY, (j + 0.5) * SPAN, 0.0)
            refer(stage, f"{HALL}/Steel/Bay_{i + 1:02d}_{j + 1}", asset, at)


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
        for j in range(5):
            area = UsdLux.RectLight.Define(stage, f"{HALL}/Lights/Area_{i + 1}_{j + 1}")
            area.CreateWidthAttr(36.0)
            area.CreateHeightAttr(18.0)
            area.CreateIntensityAttr(250.0)
            stand(area.GetPrim(), (FROM + (i + 0.5) * 42.0, (j + 0.5) * SPAN, 6.8))
