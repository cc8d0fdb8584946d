"""Writes an asset as a USD package: interface layer, payload with geometry and materials."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pxr import Gf, Kind, Sdf, Usd, UsdGeom, UsdPhysics, UsdShade, Vt

from assets.author.facts import FACTS
from assets.author.materials import PALETTE
from assets.author.physics import label, write_physics
from assets.author.simready import FOLDER, finish, write_overlay, write_part
from assets.author.surface import Piece, surface

__all__ = ["Asset", "Frame", "new_stage", "place", "write", "write_package", "write_pieces"]

IDENTITY = (1.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A named frame: xyz [m] and a turn as wxyz."""

    xyz: tuple[float, float, float]
    wxyz: tuple[float, float, float, float] = IDENTITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """Everything that is written of one asset; keys of `groups` and `frames` are prim paths."""

    folder: str
    name: str
    prim: str
    about: str
    groups: Mapping[str, Sequence[Piece]]
    label: str = ""  # its category among the semantic labels
    frames: Mapping[str, Frame] = field(default_factory=dict)
    # variant set -> (default, variant -> the groups and frames that exist only in such variants)
    variants: Mapping[str, tuple[str, Mapping[str, Sequence[str]]]] = field(default_factory=dict)
    # variant set -> (default, variant -> group -> the material that all of it takes)
    coats: Mapping[str, tuple[str, Mapping[str, Mapping[str, str]]]] = field(default_factory=dict)
    # name of a further payload -> what writes it
    layers: Mapping[str, Callable[[Path], None]] = field(default_factory=dict)


def new_stage(path: Path, prim: str) -> Usd.Stage:
    """Create a layer with metres, kilograms, Z up and an Xform as default prim."""
    path.parent.mkdir(parents=True, exist_ok=True)
    layer = Sdf.Layer.Find(str(path))
    if layer:
        layer.Clear()
    else:
        path.unlink(missing_ok=True)  # else the bytes would depend on what was there
    stage = Usd.Stage.Open(layer) if layer else Usd.Stage.CreateNew(str(path))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    UsdPhysics.SetStageKilogramsPerUnit(stage, 1.0)
    stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, f"/{prim}").GetPrim())
    return stage


def place(prim: Usd.Prim, frame: Frame) -> None:
    """Author translate, orient and scale."""
    form = UsdGeom.Xformable(prim)
    form.AddTranslateOp().Set(Gf.Vec3d(*frame.xyz))
    form.AddOrientOp(UsdGeom.XformOp.PrecisionDouble).Set(Gf.Quatd(*frame.wxyz))
    form.AddScaleOp().Set(Gf.Vec3f(1, 1, 1))


def _material(stage: Usd.Stage, path: str) -> UsdShade.Material:
    values = PALETTE[path.rsplit("/", 1)[1]]
    UsdGeom.Scope.Define(stage, path.rsplit("/", 1)[0])
    material = UsdShade.Material.Define(stage, path)
    shader = UsdShade.Shader.Define(stage, f"{path}/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    colour, number = Sdf.ValueTypeNames.Color3f, Sdf.ValueTypeNames.Float
    shader.CreateInput("diffuseColor", colour).Set(Gf.Vec3f(*values.colour))
    shader.CreateInput("roughness", number).Set(values.roughness)
    shader.CreateInput("metallic", number).Set(values.metallic)
    if values.opacity < 1:
        shader.CreateInput("opacity", number).Set(values.opacity)
    if any(values.emission):
        shader.CreateInput("emissiveColor", colour).Set(Gf.Vec3f(*values.emission))
    output = shader.CreateOutput("surface", Sdf.ValueTypeNames.Token)
    material.CreateSurfaceOutput().ConnectToSource(output)
    label(material.GetPrim(), material=_snake(path.rsplit("/", 1)[1]))
    return material


def _write_mesh(stage: Usd.Stage, path: str, pieces: Sequence[Piece]) -> UsdGeom.Mesh:
    data = surface(pieces)
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(data.points))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(data.faces), 3, np.int32)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(data.faces.ravel()))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    low, high = data.points.min(0), data.points.max(0)
    mesh.CreateExtentAttr(Vt.Vec3fArray.FromNumpy(np.stack([low, high])))
    mesh.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(data.normals))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.faceVarying)
    st = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar(
        "st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.faceVarying
    )
    st.Set(Vt.Vec2fArray.FromNumpy(data.st))
    st.SetIndices(Vt.IntArray.FromNumpy(data.st_indices))
    mesh.GetPrim().SetCustomDataByKey("closed", data.closed)
    return mesh


def write_pieces(stage: Usd.Stage, group: str, looks: str, pieces: Sequence[Piece]) -> None:
    """Write pieces as meshes under `group`, one per material, named pieces on their own."""
    _define_above(stage, group)
    meshes: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        meshes.setdefault((piece.name or _snake(piece.material), piece.material), []).append(piece)
    for (name, material), members in meshes.items():
        mesh = _write_mesh(stage, f"{group}/{name}", members)
        look = _material(stage, f"{looks}/{material}")
        UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(look)


def _define_above(stage: Usd.Stage, path: str) -> None:
    for above in Sdf.Path(path).GetPrefixes():
        if not stage.GetPrimAtPath(above):
            UsdGeom.Xform.Define(stage, above)


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


def write(asset: Asset, root: Path) -> Path:
    """Write the package under `root`; return the layer that scenes refer to."""
    folder = root / asset.folder / asset.name / FOLDER
    stage = new_stage(folder / "payload" / f"{asset.name}_geo.usdc", asset.prim)
    for group, pieces in asset.groups.items():
        write_pieces(stage, f"/{asset.prim}/{group}", f"/{asset.prim}/Looks", pieces)
    for path, frame in asset.frames.items():
        _define_above(stage, f"/{asset.prim}/{path}")
        place(stage.GetPrimAtPath(f"/{asset.prim}/{path}"), frame)
    for _, choices in asset.coats.values():
        for material in dict.fromkeys(each for coat in choices.values() for each in coat.values()):
            _material(stage, f"/{asset.prim}/Looks/{material}")
    stage.GetRootLayer().Save()
    path = folder / "payload" / f"{asset.name}_physics.usdc"
    physics = new_stage(path, asset.prim)
    write_physics(asset.prim, asset.groups, FACTS[asset.name], physics)
    payloads = [f"{asset.name}_{each}" for each in ("physics", "geo", *asset.layers)]
    for name, write_layer in asset.layers.items():
        write_layer(folder / "payload" / f"{asset.name}_{name}.usdc")
    return write_package(asset, folder, [f"./payload/{each}.usdc" for each in payloads])


def write_package(asset: Asset, folder: Path, payloads: Sequence[str], kind: str = "prop") -> Path:
    """Write the layers over the payloads; return the one that scenes refer to."""
    interface = _write_interface(asset, folder, payloads)
    finish(interface, kind)
    write_overlay(folder / "overlays" / f"{asset.name}_omnipbr.usda", interface)
    part = folder.parent / f"{asset.name}.usda"
    write_part(part, interface)
    return part


def _write_interface(asset: Asset, folder: Path, payloads: Sequence[str]) -> Path:
    """Write the layer over the payloads: kind, asset info, variants, payloads, extents."""
    path = folder / f"{asset.name}.usda"
    stage = new_stage(path, asset.prim)
    prim = stage.GetDefaultPrim()
    model = Usd.ModelAPI(prim)
    model.SetKind(Kind.Tokens.component)
    model.SetAssetName(asset.name)
    model.SetAssetVersion("1.0.0")
    model.SetAssetIdentifier(Sdf.AssetPath(f"./{asset.name}.usda"))
    prim.SetDocumentation(asset.about)
    if asset.label:
        label(prim, category=asset.label)
    for payload in payloads:
        prim.GetPayloads().AddPayload(payload)
    for name, (default, coats) in asset.coats.items():
        _write_coats(stage, name, coats)
        prim.GetVariantSet(name).SetVariantSelection(default)
    for name, (default, choices) in asset.variants.items():
        _write_variants(stage, name, choices)
        prim.GetVariantSet(name).SetVariantSelection(default)
    hints = UsdGeom.ModelAPI.Apply(prim)
    box = hints.ComputeExtentsHint(UsdGeom.BBoxCache(0, ["default", "render"]))
    hints.SetExtentsHint(Vt.Vec3fArray(list(box)[:2]))  # of what is rendered, without guides
    stage.GetRootLayer().Save()
    return path


def _write_variants(stage: Usd.Stage, name: str, choices: Mapping[str, Sequence[str]]) -> None:
    prim = stage.GetDefaultPrim()
    optional = dict.fromkeys(path for paths in choices.values() for path in paths)
    variants = prim.GetVariantSets().AddVariantSet(name)
    for choice, wanted in choices.items():
        variants.AddVariant(choice)
        variants.SetVariantSelection(choice)
        with variants.GetVariantEditContext():
            for path in optional:
                above = path.rsplit("/", 1)[0]
                if path not in wanted and (above in wanted or above not in optional):
                    stage.OverridePrim(prim.GetPath().AppendPath(path)).SetActive(False)


def _write_coats(stage: Usd.Stage, name: str, coats: Mapping[str, Mapping[str, str]]) -> None:
    """Bind, in each variant, materials over whole groups."""
    prim = stage.GetDefaultPrim()
    variants = prim.GetVariantSets().AddVariantSet(name)
    for choice, groups in coats.items():
        variants.AddVariant(choice)
        variants.SetVariantSelection(choice)
        with variants.GetVariantEditContext():
            for group, material in groups.items():
                over = stage.OverridePrim(prim.GetPath().AppendPath(group))
                look = UsdShade.Material.Get(stage, prim.GetPath().AppendPath(f"Looks/{material}"))
                UsdShade.MaterialBindingAPI.Apply(over).Bind(
                    look, UsdShade.Tokens.strongerThanDescendants
                )
