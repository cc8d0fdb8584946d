"""Four halls side by side, open to the sky so that a view from above shows the lines."""

from pxr import Gf, Usd, UsdGeom, UsdLux

from scenes.authoring.usd import group, material, quads
from scenes.whole_plant.authoring.walk import ROOT
from twin.scene.author import stand

__all__ = ["VIEWS", "author_halls"]

Rectangle = tuple[float, float, float, float]  # x0, y0, x1, y1 [m]
HALLS: dict[str, Rectangle] = {
    "Press": (-245.0, 4.0, -122.0, 146.0),
    "Body": (-118.0, -12.0, 204.0, 146.0),
    "Paint": (216.0, 22.0, 512.0, 132.0),
    "Assembly": (176.0, -228.0, 542.0, -28.0),
}
COLOURS = {
    "Press": (0.33, 0.36, 0.40),
    "Body": (0.42, 0.44, 0.46),
    "Paint": (0.38, 0.45, 0.47),
    "Assembly": (0.46, 0.46, 0.42),
}
WALL = 0.6  # m
VIEWS = {  # camera: eye, target [m]
    "Overview": ((150.0, -400.0, 300.0), (150.0, -40.0, 0.0)),
    "Press": ((-235.0, -30.0, 45.0), (-180.0, 70.0, 0.0)),
    "Body": ((60.0, -75.0, 70.0), (60.0, 60.0, 0.0)),
    "Framing": ((188.0, 42.0, 9.0), (150.0, 60.0, 1.0)),
    "Paint": ((370.0, -30.0, 80.0), (370.0, 80.0, 0.0)),
    "Assembly": ((355.0, -330.0, 120.0), (355.0, -130.0, 0.0)),
    "Marriage": ((300.0, -72.0, 12.0), (290.0, -90.0, 0.0)),
}


def author_halls(stage: Usd.Stage) -> None:
    """Floors with their kerbs, and light."""
    group(stage, f"{ROOT}/Halls")
    for name, (x0, y0, x1, y1) in HALLS.items():
        path = f"{ROOT}/Halls/{name}"
        group(stage, path, kind="component")
        UsdGeom.Scope.Define(stage, f"{path}/Looks")
        floor = material(stage, f"{path}/Looks/Floor", COLOURS[name], 0.7)
        edge = material(stage, f"{path}/Looks/Edge", (0.85, 0.65, 0.1), 0.6)
        quads(stage, f"{path}/floor", [(x0, y0, x1, y1)], height=-0.02, look=floor)
        sides = [
            (x0 - WALL, y0 - WALL, x1 + WALL, y0),
            (x0 - WALL, y1, x1 + WALL, y1 + WALL),
            (x0 - WALL, y0, x0, y1),
            (x1, y0, x1 + WALL, y1),
        ]
        quads(stage, f"{path}/edges", sides, height=-0.01, look=edge)
    _lights(stage)


def _lights(stage: Usd.Stage) -> None:
    UsdGeom.Scope.Define(stage, f"{ROOT}/Halls/Lights")
    dome = UsdLux.DomeLight.Define(stage, f"{ROOT}/Halls/Lights/Dome")
    dome.CreateIntensityAttr(600.0)
    dome.CreateColorAttr(Gf.Vec3f(0.92, 0.96, 1.0))
    key = UsdLux.DistantLight.Define(stage, f"{ROOT}/Halls/Lights/Key")
    key.CreateIntensityAttr(1200.0)
    key.CreateAngleAttr(2.0)
    stand(key.GetPrim(), (0.0, 0.0, 100.0), (0.932, 0.283, 0.218, 0.066))
