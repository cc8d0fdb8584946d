"""The solids of a stage for clearance: meshes of robots' links, products' forms and fences.

All visible meshes below a prim make one solid in the prim's frame, with cubes, spheres, cylinders,
cones, capsules and planes; things that look alike share it. Of what stands, other shapes, such as
curves, are told by name.
A fence is a prim with the semantic label "fence" in the taxonomy "category" (UsdSemantics), as the
assets of `assets/safety` have it.
"""

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

from twin.errors import Problem, SceneError, nearest
from twin.physics.capsule import hull_points
from twin.physics.shapes import RobotShape, Shapes, Standing
from twin.physics.solids import Solid
from twin.plant import Plant
from twin.scene.chain import chain_of
from twin.scene.gprims import GPRIMS, gprim_triangles
from twin.scene.pack.prototypes import world_matrix
from twin.scene.pack.shape import read_shape

__all__ = ["read_shapes"]

Matrix = NDArray[np.float64]

LABELS, FENCE = "semantics:labels:category", "fence"
DIGITS = 6  # of matrices that are compared
NO_SHIFT = np.zeros(3)


def read_shapes(stage: Usd.Stage, plant: Plant, *, against: Sequence[str] = ()) -> Shapes:
    """Read the shapes of a plant's robots, products and fences, and of prims named besides.

    Args:
        stage: that the plant was read from.
        plant: says which prims are robots and products.
        against: prim paths of other things that stand still and nothing may touch.

    Raises:
        SceneError: a mesh is empty or has no volume, or a prim is unknown; all are listed.
    """
    reader = _Reader(stage)
    robots = tuple(reader.robot(robot.path, robot.arm.shift) for robot in plant.robots)
    forms = [
        f"{product.path}/{form}" if form else product.path
        for product in plant.products
        for form in product.forms or ("",)
    ]
    looks = tuple(reader.look(path) for path in forms)
    named = [prim for path in against if (prim := reader.known(path))]
    standing = [reader.standing(prim) for prim in [*_fences(stage), *named]]
    if reader.problems:
        raise SceneError(reader.problems)
    return Shapes(
        solids=tuple(reader.solids),
        robots=robots,
        looks=looks,
        look_paths=tuple(forms),
        standing=tuple(each for each in standing if each.solid >= 0),
        bare=(*(each.path for each in standing if each.solid < 0), *reader.unread),
    )


class _Reader:
    """Collects solids; equal ones once."""

    def __init__(self, stage: Usd.Stage) -> None:
        self.solids: list[Solid] = []
        self.problems: list[Problem] = []
        self.unread: list[str] = []  # shapes of things that stand, and no solids
        self._stage = stage
        self._frames = UsdGeom.XformCache()
        self._rows: dict[object, int] = {}
        self._meshes: dict[object, NDArray[np.float64]] = {}  # triangles by prim that has them

    def robot(self, path: str, shift: NDArray[np.float64]) -> RobotShape:
        """The solids of a robot's links, in the frames of the arm's links."""
        links = chain_of(self._stage.GetPrimAtPath(path)).links
        stops = {str(link.GetPath()) for link in links}
        rows = [
            self._solid(link, offset, stops - {str(link.GetPath())})
            for link, offset in zip(links, shift, strict=True)
        ]
        kept = [k for k, row in enumerate(rows) if row >= 0]
        return RobotShape(
            solids=np.array([rows[k] for k in kept], np.int64),
            links=np.array(kept, np.int64),
            paths=tuple(str(links[k].GetPath()) for k in kept),
        )

    def look(self, path: str) -> int:
        """The solid of a product's form, or -1: a product of a plant without meshes."""
        prim = self._stage.GetPrimAtPath(path) if path else None
        if not prim:
            return -1
        product = prim  # the form moves with the product's own frame
        parent = prim.GetParent()
        return self._solid(product, NO_SHIFT, set(), frame=parent)

    def standing(self, prim: Usd.Prim) -> Standing:
        """Something that stands where it is; it may be stretched."""
        parts = list(_gprims(prim, set(), top=True))
        if any(map(_is_solid, parts)):
            self.unread += [str(part.GetPath()) for part in parts if not _is_solid(part)]
        return Standing(
            path=str(prim.GetPath()),
            solid=self._solid(prim, NO_SHIFT, set(), stretched=True),
            frame=_rigid(world_matrix(prim, self._frames)),
        )

    def known(self, path: str) -> Usd.Prim | None:
        """The prim at a path; an unknown one is a problem."""
        prim = self._stage.GetPrimAtPath(path) if path.startswith("/") else None
        if prim:
            return prim
        paths = [str(each.GetPath()) for each in self._stage.Traverse()]
        self.problems.append(
            Problem(path, "must be a prim of the scene", way_out=nearest(path, paths))
        )
        return None

    def _solid(
        self,
        prim: Usd.Prim,
        shift: NDArray[np.float64],
        stops: set[str],
        *,
        frame: Usd.Prim | None = None,
        stretched: bool = False,
    ) -> int:
        """Row of the solid of all meshes below a prim, or -1 where there are none."""
        home = world_matrix(frame or prim, self._frames)
        back = np.linalg.inv(_rigid(home) if stretched else home)
        pieces = [
            (mesh, back @ world_matrix(mesh, self._frames))
            for mesh in filter(_is_solid, _gprims(prim, stops, top=True))
        ]
        key = (
            tuple(
                (_owner(mesh), (matrix.round(DIGITS) + 0.0).tobytes()) for mesh, matrix in pieces
            ),
            shift.tobytes(),
        )
        if key not in self._rows:
            triangles = [self._triangles(mesh, matrix) for mesh, matrix in pieces]
            triangles = [each for each in triangles if len(each)]
            self._rows[key] = len(self.solids) if triangles else -1
            if triangles:
                every = np.concatenate(triangles) + shift
                self.solids.append(Solid(path=str(prim.GetPath()), triangles=every))
        return self._rows[key]

    def _triangles(self, prim: Usd.Prim, matrix: Matrix) -> NDArray[np.float64]:
        """Triangles of a mesh in another frame, shape [m, 3, 3]."""
        owner = _owner(prim)
        if owner not in self._meshes:
            points = _shape(prim)
            try:
                if not prim.IsA("Plane"):
                    hull_points(points, where=str(prim.GetPath()))
            except SceneError as error:
                self.problems += error.problems
                points = points[:0]
            self._meshes[owner] = points
        placed = self._meshes[owner] @ matrix[:3, :3].T + matrix[:3, 3]
        return placed[:, ::-1] if np.linalg.det(matrix[:3, :3]) < 0 else placed


def _fences(stage: Usd.Stage) -> Iterator[Usd.Prim]:
    """All fences that are shown, also those inside of instances; panels of one are not told apart.

    Prims of instances are gone through only where a prototype has a fence at all.
    """
    nested = any(_is_fence(prim) for each in stage.GetPrototypes() for prim in Usd.PrimRange(each))
    every = Usd.TraverseInstanceProxies() if nested else Usd.PrimDefaultPredicate
    prims = iter(Usd.PrimRange(stage.GetPseudoRoot(), every))
    for prim in prims:
        if not _shown(prim):
            prims.PruneChildren()
        elif _is_fence(prim):
            prims.PruneChildren()
            yield prim


def _is_fence(prim: Usd.Prim) -> bool:
    labels = prim.GetAttribute(LABELS)
    return bool(labels) and FENCE in (labels.Get() or ())


def _is_solid(prim: Usd.Prim) -> bool:
    return prim.IsA("Mesh") or prim.GetTypeName() in GPRIMS


def _shape(prim: Usd.Prim) -> NDArray[np.float64]:
    """Triangles of a mesh or another solid in its own frame, shape [m, 3, 3]."""
    if not prim.IsA("Mesh"):
        return gprim_triangles(prim)
    shape = read_shape(UsdGeom.Mesh(prim))
    return shape.points[shape.triangles.astype(np.int64)].astype(np.float64)


def _gprims(prim: Usd.Prim, stops: set[str], *, top: bool = False) -> Iterator[Usd.Prim]:
    """Visible shapes below a prim, those in instances too, but none below other links."""
    if not top and (str(prim.GetPath()) in stops or not _shown(prim)):
        return
    if prim.IsA("Gprim"):
        yield prim
    inside = Usd.TraverseInstanceProxies()
    for child in cast("list[Usd.Prim]", prim.GetFilteredChildren(inside)):
        yield from _gprims(child, stops)


def _shown(prim: Usd.Prim) -> bool:
    visibility, purpose = prim.GetAttribute("visibility"), prim.GetAttribute("purpose")
    if visibility and visibility.Get() == "invisible":
        return False
    return not (purpose and purpose.Get() in ("guide", "proxy"))


def _owner(prim: Usd.Prim) -> str:
    return str((prim.GetPrimInPrototype() if prim.IsInstanceProxy() else prim).GetPath())


def _rigid(matrix: Matrix) -> Matrix:
    """A frame without its stretch."""
    rigid = matrix.copy()
    rigid[:3, :3] /= np.linalg.norm(matrix[:3, :3], axis=0)
    return rigid
