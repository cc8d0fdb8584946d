"""Shapes of a URDF as triangles: read from STL, COLLADA and OBJ by trimesh, or made of primitives.

Readers get the bytes of one file and no way to open another. A COLLADA file is read twice: first by
a parser that refuses entities, for its unit of length. Its up axis is ignored, as ROS does.
"""

from io import BytesIO
from pathlib import Path
from typing import Any, cast
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree
import numpy as np
import trimesh
from defusedxml.common import DefusedXmlException

from twin.errors import Problem, SceneError
from twin.scene.mesh import Colour, Solid
from twin.scene.urdf.model import Shape

__all__ = ["solids_of"]

GREY: Colour = (0.6, 0.6, 0.6)
CREASE = np.radians(38.0)  # faces that meet below this angle are shaded smooth
MOST_FACES = 3_000_000  # of one file


def solids_of(shape: Shape, file: Path | None, *, smooth: bool) -> list[Solid]:
    """The triangles of a shape, apart by colour.

    Raises:
        SceneError: its file can't be read as what its ending says.
    """
    meshes = [_primitive(shape)] if file is None else _read(shape, file)
    return [_solid(shape, mesh, smooth=smooth) for mesh in meshes]


def _primitive(shape: Shape) -> trimesh.Trimesh:
    if shape.form == "box":
        return trimesh.creation.box(extents=shape.size)
    if shape.form == "sphere":
        return trimesh.creation.icosphere(subdivisions=3, radius=shape.size[0])
    radius, length = shape.size
    return trimesh.creation.cylinder(radius=radius, height=length, sections=48)


def _read(shape: Shape, file: Path) -> list[trimesh.Trimesh]:
    kind = file.suffix.lower().lstrip(".")
    content = file.read_bytes()
    try:
        unit = _metres(content) if kind == "dae" else 1.0
        scene: Any = trimesh.load_scene(BytesIO(content), file_type=kind, resolver=None)
        found = cast("list[Any]", scene.dump())
    except (DefusedXmlException, ParseError) as error:
        raise _refused(shape, file, type(error).__name__) from error
    except MemoryError:
        raise
    except Exception as error:  # readers fail in their own ways
        raise _refused(shape, file, f"{type(error).__name__}: {error}"[:120]) from error
    meshes = [mesh for mesh in found if isinstance(mesh, trimesh.Trimesh) and len(mesh.faces)]
    if not meshes:
        raise _refused(shape, file, "no triangles")
    if sum(len(mesh.faces) for mesh in meshes) > MOST_FACES:
        raise _refused(shape, file, f"more than {MOST_FACES:,} triangles")
    if not all(np.isfinite(mesh.vertices).all() for mesh in meshes):
        raise _refused(shape, file, "points that are no numbers")
    for mesh in meshes:
        mesh.apply_scale(unit)
    return meshes


def _metres(content: bytes) -> float:
    """The unit of length of a COLLADA file [m]; 1 where it does not say."""
    root: Any = defusedxml.ElementTree.fromstring(content, forbid_dtd=True)
    unit = root.find("{*}asset/{*}unit")
    metres = 1.0 if unit is None else float(unit.get("meter", "1"))
    if not 1e-6 <= metres <= 1e6:
        raise ValueError(f"a unit of {metres:g} m")
    return metres


def _refused(shape: Shape, file: Path, value: str) -> SceneError:
    return SceneError([Problem(f"{shape.where} {file.name}", "must be a readable mesh", value)])


def _solid(shape: Shape, mesh: trimesh.Trimesh, *, smooth: bool) -> Solid:
    colour = shape.colour or _colour(mesh)
    form = mesh.copy()
    if shape.form == "mesh":
        form.apply_scale(shape.size)
    form.apply_transform(shape.frame)
    if smooth:
        form = cast("trimesh.Trimesh", trimesh.graph.smooth_shade(form, angle=CREASE))
    points = np.asarray(form.vertices, np.float64)
    return Solid(
        points=points,
        faces=np.asarray(form.faces, np.int32),
        normals=np.asarray(form.vertex_normals, np.float64),
        colour=colour,
    )


def _colour(mesh: Any) -> Colour:
    """What the file paints the mesh with, as far as it says."""
    visual = mesh.visual
    told = visual.kind == "texture" or getattr(visual, "defined", False)
    found = getattr(getattr(visual, "material", visual), "main_color", None) if told else None
    if found is None:
        return GREY
    r, g, b = (float(each) / 255.0 for each in found[:3])
    return r, g, b
