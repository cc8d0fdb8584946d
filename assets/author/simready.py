"""What NVIDIA's SimReady asks of an asset besides shape and physics: labels, metadata, a picture.

The layout is `NAME/simready_usd/NAME.usda` with payloads and pictures below it. `NAME/NAME.usda` is
the same thing as part of a plant: a layer over it in which nothing is a body of its own, so that
its colliders belong to what it is mounted on, or stand still.
"""

from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, UsdPhysics, UsdShade

from assets.author.facts import FACTS
from assets.author.physics import label
from assets.author.thumbnail import draw

__all__ = ["DATE", "FOLDER", "finish", "write_overlay", "write_part"]

FOLDER = "simready_usd"
DATE = "2026-11-24"  # of these shapes: a constant, as the same code gives the same files
BODY = ["PhysicsRigidBodyAPI", "PhysxSurfaceVelocityAPI", "PhysicsMassAPI"]


def finish(path: Path, kind: str) -> None:
    """Label the root, write the metadata, draw the picture; all else of the asset is written."""
    stage = Usd.Stage.Open(str(path))
    root, facts = stage.GetDefaultPrim(), FACTS[path.stem]
    label(root, **{"class": facts.what, "wikidata_qcode": facts.qcode})
    box = UsdGeom.BBoxCache(0, ["default", "render"]).ComputeWorldBound(root)
    prims = list(Usd.PrimRange(root))
    bodies = [prim for prim in prims if prim.HasAPI(UsdPhysics.RigidBodyAPI)]
    masses = [UsdPhysics.MassAPI(prim).GetMassAttr().Get() or 0.0 for prim in bodies]
    layer = stage.GetRootLayer()
    layer.customLayerData = {
        "SimReady_Metadata": {
            "author": "factory-twin",
            "asset_name": path.stem,
            "asset_type": kind,
            "asset_license": "Apache-2.0",
            "category": "manufacturing",
            "source_file": "assets/author",
            "usd_date_generated": DATE,
            "qcode": facts.qcode,
            "rigid_body_count": len(bodies),
            "asset_extents": Gf.Vec3f(*np.round(box.ComputeAlignedRange().GetSize(), 4).tolist()),
            "mass": float(sum(masses)),
        }
    }
    layer.Save()
    draw(stage, path.parent / ".thumbs" / "256x256" / f"{path.name}.png")


def write_part(path: Path, interface: Path) -> None:
    """Write the asset as part of a plant: the interface layer, without bodies of its own."""
    stage = Usd.Stage.Open(str(interface))
    layer = Sdf.Layer.FindOrOpen(str(path)) if path.exists() else Sdf.Layer.CreateNew(str(path))
    layer.Clear()
    layer.subLayerPaths = [f"./{FOLDER}/{interface.name}"]
    layer.defaultPrim = stage.GetDefaultPrim().GetName()
    for name in ("upAxis", "metersPerUnit", "kilogramsPerUnit"):
        layer.pseudoRoot.SetInfo(name, stage.GetMetadata(name))
    if not any(prim.HasAPI(UsdPhysics.ArticulationRootAPI) for prim in stage.Traverse()):
        for prim in Usd.PrimRange(stage.GetDefaultPrim()):
            if prim.HasAPI(UsdPhysics.RigidBodyAPI):
                removed = Sdf.TokenListOp()
                removed.deletedItems = BODY
                over = Sdf.CreatePrimInLayer(layer, prim.GetPath())
                over.SetInfo("apiSchemas", removed)
    layer.Save()


def write_overlay(path: Path, interface: Path) -> None:
    """Write OmniPBR for every material: a layer to put over the asset where Kit has that shader."""
    stage = Usd.Stage.Open(str(interface))
    looks = [prim for prim in stage.Traverse() if prim.IsA(UsdShade.Material)]
    if not looks:
        return  # those of a robot are within its instances
    path.parent.mkdir(exist_ok=True)
    over = Usd.Stage.Open(Sdf.Layer.FindOrOpen(str(path)) or Sdf.Layer.CreateNew(str(path)))
    over.GetRootLayer().Clear()
    over.SetDefaultPrim(over.OverridePrim(stage.GetDefaultPrim().GetPath()))
    for prim in looks:
        surface, *_ = UsdShade.Material(prim).ComputeSurfaceSource()
        if surface:
            _write_mdl(over, prim, surface)
            for each in prim.GetPath().GetPrefixes():
                over.GetRootLayer().GetPrimAtPath(each).specifier = Sdf.SpecifierOver
    over.GetRootLayer().Save()


def _write_mdl(over: Usd.Stage, prim: Usd.Prim, surface: UsdShade.Shader) -> None:
    material = UsdShade.Material(over.OverridePrim(prim.GetPath()))
    shader = UsdShade.Shader.Define(over, f"{prim.GetPath()}/OmniPBR")
    shader.SetSourceAsset(Sdf.AssetPath("OmniPBR.mdl"), "mdl")
    shader.SetSourceAssetSubIdentifier("OmniPBR", "mdl")
    names = {
        "diffuseColor": ("diffuse_color_constant", Sdf.ValueTypeNames.Color3f),
        "roughness": ("reflection_roughness_constant", Sdf.ValueTypeNames.Float),
        "metallic": ("metallic_constant", Sdf.ValueTypeNames.Float),
        "emissiveColor": ("emissive_color", Sdf.ValueTypeNames.Color3f),
        "opacity": ("opacity_constant", Sdf.ValueTypeNames.Float),
    }
    for name, (theirs, kind) in names.items():
        value = surface.GetInput(name).Get() if surface.GetInput(name) else None
        if value is not None:
            shader.CreateInput(theirs, kind).Set(value)
            flag = {"emissiveColor": "enable_emission", "opacity": "enable_opacity"}.get(name)
            if flag:
                shader.CreateInput(flag, Sdf.ValueTypeNames.Bool).Set(True)
    output = shader.CreateOutput("out", Sdf.ValueTypeNames.Token)
    material.CreateSurfaceOutput("mdl").ConnectToSource(output)
