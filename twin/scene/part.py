"""CAD that trimesh reads, as an asset: a part, a fixture, a machine that a scene refers to."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Tf, Usd, UsdGeom, UsdPhysics, UsdShade

from twin.errors import CommandError, Problem, SceneError, nearest
from twin.scene.author import new_stage
from twin.scene.export.folder import new_folder
from twin.scene.interface import write_interface
from twin.scene.mesh import Solid, material, write_mesh
from twin.scene.urdf.meshes import solids_of
from twin.scene.urdf.model import Shape

__all__ = ["ENDINGS", "UNITS", "ImportedPart", "import_part"]

ENDINGS = (".stl", ".obj", ".ply", ".off", ".3mf", ".dae", ".glb")
UNITS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254}
LARGEST = 200_000_000  # bytes of a file
Y_UP = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
COMMON = (0.005, 60.0)  # m: sizes outside of it are legal but strange


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPart:
    """The asset that was written."""

    asset: Path
    size: tuple[float, float, float]  # m
    triangles: int
    notes: tuple[Problem, ...]


def import_part(file: Path, out: Path, *, unit: str = "m", up: str = "Z") -> ImportedPart:
    """Write an asset from a mesh file: geometry to see, and its convex hull to collide.

    Args:
        file: what trimesh reads; see `ENDINGS`.
        out: the folder to write; an earlier import to which nothing was added is replaced.
        unit: of length in the file, one of `UNITS`. COLLADA says its own, times this one.
        up: the axis that points up in the file, Y or Z.

    Raises:
        SceneError: the file can't be used.
        CommandError: a unit or axis that there is not, or `out` can't be written.
    """
    for value, known in ((unit, UNITS), (up, ("Y", "Z"))):
        if value not in known:
            raise CommandError(f"{value!r} must be one of {', '.join(known)}")
    solids = _solids(file, UNITS[unit], Y_UP if up == "Y" else np.eye(4))
    prim, name = Tf.MakeValidIdentifier(file.stem), Tf.MakeValidIdentifier(file.stem).lower()
    with new_folder(out, {"part": file.name}) as folder:
        stage = new_stage(folder / "payload" / f"{name}_geo.usdc", prim, kind="")
        _write(stage, solids)
        stage.GetRootLayer().Save()
        asset = write_interface(
            folder / f"{name}.usda", prim, ("geo.usdc",), doc=f"Imported from {file.name}."
        )
        size = _size(asset)
    shown = " x ".join(f"{each:.3g}" for each in size)
    strange = not (COMMON[0] <= max(size) <= COMMON[1])
    rule = f"is {shown} m: give its unit with --unit if that is not its size"
    return ImportedPart(
        asset=out / f"{name}.usda", size=size, triangles=sum(len(each.faces) for each in solids),
        notes=(Problem(file.name, rule),) if strange else (),
    )  # fmt: skip


def _solids(file: Path, metres: float, frame: NDArray[np.float64]) -> list[Solid]:
    if file.suffix.lower() not in ENDINGS:
        rule, way_out = f"must end in {', '.join(ENDINGS)}", nearest(file.suffix.lower(), ENDINGS)
        raise SceneError([Problem(file.name, rule, file.suffix, way_out)])
    try:
        size = file.stat().st_size
    except OSError as error:
        raise SceneError([Problem(str(file), "must be a file that is there")]) from error
    if size > LARGEST:
        raise SceneError([Problem(file.name, f"must have at most {LARGEST:,} bytes", f"{size:,}")])
    shape = Shape(frame=frame, form="mesh", size=(metres,) * 3, mesh=file.name, where="part")
    return solids_of(shape, file, smooth=True)


def _write(stage: Usd.Stage, solids: list[Solid]) -> None:
    root = stage.GetDefaultPrim().GetPath()
    for number, solid in enumerate(solids, 1):
        mesh = write_mesh(stage, f"{root}/mesh_{number}", solid)
        UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material(stage, solid))
        UsdPhysics.CollisionAPI.Apply(mesh.GetPrim())
        collision = UsdPhysics.MeshCollisionAPI.Apply(mesh.GetPrim())
        collision.CreateApproximationAttr(UsdPhysics.Tokens.convexHull)


def _size(asset: Usd.Stage) -> tuple[float, float, float]:
    box = UsdGeom.BBoxCache(0, ["default"]).ComputeWorldBound(asset.GetDefaultPrim())
    size = box.ComputeAlignedRange().GetSize()
    return float(size[0]), float(size[1]), float(size[2])
