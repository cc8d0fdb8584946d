"""Layout layer: what stands where on the line, the bodies that flow, and the view of it."""

from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom

from scenes.authoring.usd import group, refer
from scenes.body_shop.authoring.line import (
    FORMS,
    IN,
    OUT,
    PITCH,
    PRODUCTS,
    SKID_PITCH,
    STATIONS,
    Conveying,
)
from scenes.body_shop.authoring.welding import TOOL_ASSET, arm_of, home
from twin.motion.frame import pose_from
from twin.scene.author import new_stage, stand

__all__ = ["VIEWS", "author_line", "author_products", "author_spot_robot", "mounts"]

ASSETS = "../../assets"
STATION = f"{ASSETS}/stations/station/station.usda"
ROLLER_TOP, SKID_TOP = 0.40, 0.60  # m
VIEWS = {  # camera: eye, target [m]
    "Overview": ((7.0, -16.0, 8.0), (26.0, 0.0, 0.8)),
    "Line": ((-15.0, -27.0, 17.0), (16.0, 1.0, 0.0)),
    "Framing": ((-1.0, -11.0, 5.2), (8.0, 0.0, 1.4)),
    "Aisle": ((10.5, -7.6, 2.3), (30.0, -2.0, 1.4)),
}


def author_spot_robot(path: Path) -> None:
    """Write the robot with its gun, standing at home, as the scene's robots refer to it."""
    stage = new_stage(path, "SpotRobot", kind="component")
    root = stage.GetDefaultPrim()
    root.SetDocumentation("HS220 with its spot-weld gun, at home: gun upright, clear of the body.")
    root.GetReferences().AddReference(f"{ASSETS}/robots/hs220/hs220.usda")
    frames = arm_of().link_frames(np.array([home()]))[0]
    for number, frame in enumerate(frames[1:], start=1):
        xyz, wxyz = (np.round(part, 9).tolist() for part in pose_from(frame))
        link = stage.OverridePrim(f"/SpotRobot/link_{number}")
        link.CreateAttribute("xformOp:translate", Sdf.ValueTypeNames.Double3).Set(Gf.Vec3d(*xyz))
        turn = link.CreateAttribute("xformOp:orient", Sdf.ValueTypeNames.Quatd)
        turn.Set(Gf.Quatd(wxyz[0], *wxyz[1:]))
    gun = refer(stage, "/SpotRobot/link_6/Gun", f"{ASSETS}/{TOOL_ASSET}")
    Usd.ModelAPI(gun).SetKind("subcomponent")
    stage.GetRootLayer().Save()


def mounts(equipment: str) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    """Where the robots of a station stand in it: xyz [m] and wxyz, in the order of their names."""
    stage = Usd.Stage.Open(str(Path(__file__).parents[3] / "assets/stations/station/station.usda"))
    stage.GetDefaultPrim().GetVariantSet("equipment").SetVariantSelection(equipment)
    scope = stage.GetPrimAtPath(f"/Station/mounts/{equipment}")
    found = [UsdGeom.Xformable(prim) for prim in scope.GetChildren()] if scope else []
    matrices = [np.array(form.GetLocalTransformation()).T for form in found]
    return [tuple(tuple(np.round(p, 9).tolist()) for p in pose_from(each)) for each in matrices]


def author_line(stage: Usd.Stage) -> None:
    """Stand source, conveyors, stations and sink along X."""
    group(stage, "/BodyShop/Line")
    stand(group(stage, "/BodyShop/Line/Source"), (IN.begin, 0.0, 0.0))
    _conveyor(stage, IN)
    for number, stop in enumerate(STATIONS):
        path = f"/BodyShop/Line/{stop.name}"
        _station(stage, path, stop.equipment, number * PITCH)
        stage.GetPrimAtPath(path).SetDisplayName(stop.label)
    _conveyor(stage, OUT)
    stand(group(stage, "/BodyShop/Line/Sink"), (OUT.begin + OUT.length, 0.0, 0.0))


def _conveyor(stage: Usd.Stage, conveying: Conveying) -> None:
    """A conveyor in the frame where parts enter, on its roller beds."""
    path = f"/BodyShop/Line/{conveying.name}"
    stand(group(stage, path), (conveying.begin, 0.0, 0.0))
    for number in range(conveying.modules):
        x = conveying.ahead + SKID_PITCH * (number + 0.5)
        asset = f"{ASSETS}/conveyors/roller_conveyor/roller_conveyor.usda"
        refer(stage, f"{path}/Module_{number + 1:02d}", asset, (x, 0.0, 0.0))


def _station(stage: Usd.Stage, path: str, equipment: str, x: float) -> None:
    stand(group(stage, path), (x, 0.0, 0.0))
    refer(stage, f"{path}/Equipment", STATION, variant=("equipment", equipment))
    refer(
        stage, f"{path}/LightMast", f"{ASSETS}/signals/light_mast/light_mast.usda", (3.15, 1.55, 0)
    )
    cabinet = f"{ASSETS}/electrical/control_cabinet/control_cabinet.usda"
    refer(stage, f"{path}/Cabinet", cabinet, (0.0, 4.1, 0.0), turn=-90)
    for number, (xyz, wxyz) in enumerate(mounts(equipment), start=1):
        robot = stage.DefinePrim(f"{path}/Robot_{number}", "Xform")
        robot.GetReferences().AddReference("./spot_robot.usda")
        stand(robot, xyz, wxyz)


def author_products(stage: Usd.Stage) -> None:
    """Show every product in every form; the engine's parts look like these, which stay hidden."""
    products = group(stage, "/BodyShop/Products")
    UsdGeom.Imageable(products).MakeInvisible()
    for product in PRODUCTS:
        group(stage, f"/BodyShop/Products/{product}")
        body = f"{ASSETS}/bodies/{product.lower()}/{product.lower()}.usda"
        for form in FORMS:
            path = f"/BodyShop/Products/{product}/{form}"
            group(stage, path)
            refer(stage, f"{path}/Skid", f"{ASSETS}/carriers/skid/skid.usda", (0, 0, ROLLER_TOP))
            refer(stage, f"{path}/Body", body, (0, 0, SKID_TOP), variant=("build", form))
