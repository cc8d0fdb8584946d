"""Layout layer: the hall around the line, with its floor, fences, services, lights and people."""

from pxr import Gf, Usd, UsdGeom, UsdLux

from scenes.authoring.usd import group, material, quads, refer
from scenes.body_shop.authoring.line import PITCH, STATIONS
from twin.scene.author import stand

__all__ = ["author_hall"]

ASSETS = "../../assets"
HALL = "/BodyShop/Hall"
FROM, TO = -49.0, 147.0  # ends of the hall [m]
FIRST, LAST = -PITCH / 2, PITCH * (len(STATIONS) - 0.5)  # ends of the fenced line [m]
FENCE = 4.6  # half the width of the fenced line [m]
AISLE = (5.9, 9.1)  # a walkway on each side [m]
BAY = 14.0  # of roof steel [m]
PEOPLE = (  # x, y [m], and where they look [deg]
    (-5.4, -6.6, 35), (2.1, -7.9, 180), (2.9, -7.3, -120), (15.8, -6.7, 75), (36.4, -7.6, 0),
    (51.3, -6.8, 110), (62.0, 7.2, 180), (23.6, 7.4, -80), (74.2, -6.9, 80), (80.0, -7.8, -165),
)  # fmt: skip


def author_hall(stage: Usd.Stage) -> None:
    """Build the hall group by group."""
    group(stage, HALL)
    _floor(stage)
    _markings(stage)
    _fences(stage)
    _services(stage)
    _people(stage)
    _steel(stage)
    _lights(stage)


def _floor(stage: Usd.Stage) -> None:
    group(stage, f"{HALL}/Floor")
    asset = f"{ASSETS}/hall/floor_tile/floor_tile.usda"
    for i in range(round((TO - FROM) / PITCH)):
        for j in range(4):
            at = (FROM + (i + 0.5) * PITCH, (j - 1.5) * PITCH, 0.0)
            refer(stage, f"{HALL}/Floor/Tile_{i + 1:02d}_{j + 1}", asset, at)


def _markings(stage: Usd.Stage) -> None:
    """Walkways between yellow lines on both sides, with crossings at the ends of the line."""
    group(stage, f"{HALL}/Markings", kind="component")
    UsdGeom.Scope.Define(stage, f"{HALL}/Markings/Looks")
    yellow = material(stage, f"{HALL}/Markings/Looks/Yellow", (0.86, 0.62, 0.05), 0.6)
    green = material(stage, f"{HALL}/Markings/Looks/Walkway", (0.07, 0.17, 0.12), 0.8)
    white = material(stage, f"{HALL}/Markings/Looks/White", (0.82, 0.82, 0.80), 0.6)
    near, far = AISLE
    ways, lines, bars = [], [], []
    for side in (-1, 1):
        low, high = sorted((side * near, side * far))
        ways.append((FROM, low, TO, high))
        lines += [(FROM, y - 0.06, TO, y + 0.06) for y in (low, high)]
    for x in (FIRST - 2.6, LAST + 1.0):
        for k in range(6):
            bars += [
                (x + 0.27 * k, side * 3.4 - 2.0, x + 0.27 * k + 0.14, side * 3.4 + 2.0)
                for side in (-1, 1)
            ]
    quads(stage, f"{HALL}/Markings/walkways", ways, height=0.002, look=green)
    quads(stage, f"{HALL}/Markings/lines", lines, height=0.004, look=yellow)
    quads(stage, f"{HALL}/Markings/crossings", bars, height=0.004, look=white)


def _fences(stage: Usd.Stage) -> None:
    """Close the line off: a gate per station towards the main aisle, panels elsewhere."""
    group(stage, f"{HALL}/Fences")
    panel = f"{ASSETS}/safety/fence_panel/fence_panel.usda"
    gate = f"{ASSETS}/safety/fence_gate/fence_gate.usda"
    for number, stop in enumerate(STATIONS):
        x, name = FIRST + number * PITCH, stop.name.removeprefix("Station_")
        for k in range(3):
            at = (x + 1.2 + k * 5.8 / 3, -FENCE, 0.0)
            refer(stage, f"{HALL}/Fences/Right_{name}_{k + 1}", panel, at, stretch=5.8 / 6)
        refer(stage, f"{HALL}/Fences/Gate_{name}", gate, (x, -FENCE, 0.0))
    for k in range(round((LAST - FIRST) / 2)):
        refer(stage, f"{HALL}/Fences/Left_{k + 1:02d}", panel, (FIRST + 2 * k, FENCE, 0.0))
    width = (FENCE - 1.5) / 2
    for end, x in (("Entry", FIRST), ("Exit", LAST)):
        for k in range(2):
            for side, turn, y in (("Left", 90, 1.5 + k * width), ("Right", -90, -1.5 - k * width)):
                path = f"{HALL}/Fences/{end}_{side}_{k + 1}"
                refer(stage, path, panel, (x, y, 0.0), turn=turn, stretch=width / 2)


def _services(stage: Usd.Stage) -> None:
    """Robot controllers along the fence, and cable trays over them."""
    group(stage, f"{HALL}/Services")
    cabinet = f"{ASSETS}/electrical/control_cabinet/control_cabinet.usda"
    tray = f"{ASSETS}/electrical/cable_tray/cable_tray.usda"
    for number, stop in enumerate(STATIONS):
        x, name = number * PITCH, stop.name.removeprefix("Station_")
        for side, y in (("Left", 3.9), ("Right", -3.9)):
            refer(stage, f"{HALL}/Services/Tray_{side}_{name}", tray, (x, y, 4.6))
        if stop.equipment in {"respot", "framing", "roof"}:
            for k in range(2):
                at = (x - 0.9 + 1.4 * k, -FENCE - 0.5, 0.0)
                refer(stage, f"{HALL}/Services/Controller_{name}_{k + 1}", cabinet, at, turn=-90)


def _people(stage: Usd.Stage) -> None:
    group(stage, f"{HALL}/People")
    asset = f"{ASSETS}/people/worker/worker.usda"
    for number, (x, y, turn) in enumerate(PEOPLE, start=1):
        refer(stage, f"{HALL}/People/Worker_{number:02d}", asset, (x, y, 0.0), turn=turn)


def _steel(stage: Usd.Stage) -> None:
    group(stage, f"{HALL}/Steel")
    asset = f"{ASSETS}/hall/steel_bay/steel_bay.usda"
    for number in range(round((TO - FROM) / BAY)):
        at = (FROM + (number + 0.5) * BAY, 0.0, 0.0)
        refer(stage, f"{HALL}/Steel/Bay_{number + 1:02d}", asset, at)


def _lights(stage: Usd.Stage) -> None:
    """Line lights under the steel; a dome, a key light and a row of soft areas light the scene."""
    group(stage, f"{HALL}/Lights")
    asset = f"{ASSETS}/hall/hall_light/hall_light.usda"
    for i in range(round((TO - FROM) / PITCH)):
        for side, y in (("Left", 5.0), ("Right", -5.0)):
            at = (FROM + (i + 0.5) * PITCH, y, 6.1)
            refer(stage, f"{HALL}/Lights/Line_{side}_{i + 1:02d}", asset, at)
    dome = UsdLux.DomeLight.Define(stage, f"{HALL}/Lights/Dome")
    dome.CreateIntensityAttr(450.0)
    dome.CreateColorAttr(Gf.Vec3f(0.92, 0.96, 1.0))
    key = UsdLux.DistantLight.Define(stage, f"{HALL}/Lights/Key")
    key.CreateIntensityAttr(900.0)
    key.CreateAngleAttr(3.0)
    stand(key.GetPrim(), (0.0, 0.0, 20.0), (0.932, 0.283, 0.218, 0.066))
    for number in range(round((TO - FROM) / (2 * BAY))):
        area = UsdLux.RectLight.Define(stage, f"{HALL}/Lights/Area_{number + 1}")
        area.CreateWidthAttr(20.0)
        area.CreateHeightAttr(10.0)
        area.CreateIntensityAttr(250.0)
        stand(area.GetPrim(), (FROM + (2 * number + 1) * BAY, 0.0, 6.8))
