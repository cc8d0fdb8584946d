"""What a stage looks like, as few shapes drawn in many places.

Everything that moves as one piece has a frame: the world, a link of a robot, or a form of a
product. All meshes of one asset in one frame become one prototype; assets that look alike share it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pxr import Kind, Usd, UsdGeom

from twin.plant import Plant
from twin.scene.chain import chain_of
from twin.scene.pack.chains import link_prims
from twin.scene.pack.glb import Part
from twin.scene.pack.shape import Shape, merge, read_shape
from twin.scene.pack.surface import Surface, read_surface

__all__ = ["WORLD", "Frame", "Instance", "Prototype", "Prototypes", "world_matrix"]

LAMP = re.compile("lamp_(red|amber|green|blue)")
HIDDEN_PURPOSES = ("guide", "proxy")
DIGITS = 6  # of matrices that are compared

Matrix = NDArray[np.float64]  # acts on column vectors, shape [4, 4]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a shape moves with: a link of a robot (0 is its base), a look of a part, or nothing."""

    robot: int = -1
    link: int = -1
    look: int = -1


WORLD = Frame()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prototype:
    """A shape with its materials, and the box [2, 3] around it [m]."""

    name: str
    parts: tuple[Part, ...]
    box: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """One place where a prototype is drawn."""

    prototype: int
    frame: Frame
    matrix: Matrix  # from the frame to the prototype
    place: int  # that it belongs to, or -1
    lamp: str | None  # the colour of a lamp that shows the place's state


@dataclass(frozen=True, slots=True)
class _Where:
    """What the prims above say about a prim."""

    frame: Frame
    root: Usd.Prim  # prim whose frame that is; the pseudo-root for the world
    asset: Usd.Prim  # whose meshes belong together
    place: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A mesh inside its asset."""

    digest: bytes
    shape: Shape
    surface: Surface
    matrix: Matrix  # from the asset to the mesh


def world_matrix(prim: Usd.Prim, frames: UsdGeom.XformCache) -> Matrix:
    """From the world to a prim."""
    return np.array(frames.GetLocalToWorldTransform(prim), np.float64).T


class Prototypes:
    """All prototypes and instances of a stage."""

    def __init__(self, stage: Usd.Stage, plant: Plant) -> None:
        self.prototypes: list[Prototype] = []
        self.instances: list[Instance] = []
        self._rows: dict[object, int] = {}  # content of a prototype -> its row
        self._read: dict[object, tuple[bytes, Shape, Surface]] = {}  # by prim that has the mesh
        self._frames = UsdGeom.XformCache()
        self._arms = [robot.arm for robot in plant.robots]
        self._places = {place.path: row for row, place in enumerate(plant.places)}
        self._roots = dict(_links(stage, plant)) | dict(_looks(plant))
        self._hidden_above = {product.path for product in plant.products}  # need not be visible
        self._groups: dict[tuple[_Where, str | None], list[_Piece]] = {}
        root = stage.GetPseudoRoot()
        self._walk(root, _Where(WORLD, root, root, -1), visible=True)
        for (where, lamp), pieces in self._groups.items():
            self._draw(where, lamp, pieces)

    def _walk(self, prim: Usd.Prim, where: _Where, *, visible: bool) -> None:
        """Visit a prim and all below it, those inside instances too."""
        if prim.IsA("Material"):
            return
        path = str(prim.GetPath())
        visible = path in self._hidden_above or (visible and _is_shown(prim))
        where = self._here(prim, path, where)
        if visible and prim.IsA("Mesh"):
            self._take(prim, where)
        inside = Usd.TraverseInstanceProxies()
        for child in cast("list[Usd.Prim]", prim.GetFilteredChildren(inside)):
            self._walk(child, where, visible=visible)

    def _here(self, prim: Usd.Prim, path: str, where: _Where) -> _Where:
        if path in self._places:
            where = replace(where, place=self._places[path], asset=prim)
        if path in self._roots:
            frame = self._roots[path]
            root = prim if frame.look < 0 else prim.GetParent()
            return replace(where, frame=frame, root=root, asset=prim)
        if Usd.ModelAPI(prim).GetKind() == Kind.Tokens.component:
            return replace(where, asset=prim)
        return where

    def _take(self, prim: Usd.Prim, where: _Where) -> None:
        owner = prim.GetPrimInPrototype() if prim.IsInstanceProxy() else prim
        if owner.GetPath() not in self._read:
            shape = read_shape(UsdGeom.Mesh(prim))
            self._read[owner.GetPath()] = (shape.digest, shape, read_surface(prim))
        digest, shape, surface = self._read[owner.GetPath()]
        if not len(shape.triangles):
            return
        if where.frame.look >= 0:  # forms share what they have in common
            where = replace(where, asset=prim.GetParent())
        match = LAMP.fullmatch(prim.GetName()) if where.place >= 0 else None
        key = (where, match.group(1) if match else None)
        matrix = self._between(where.asset, prim)
        self._groups.setdefault(key, []).append(_Piece(digest, shape, surface, matrix))

    def _between(self, above: Usd.Prim, below: Usd.Prim) -> Matrix:
        """From one prim to another."""
        ends = [world_matrix(prim, self._frames) for prim in (above, below)]
        return np.linalg.solve(*ends).astype(np.float64)

    def _in_frame(self, where: _Where) -> Matrix:
        """From the frame that moves to the asset."""
        matrix, frame = self._between(where.root, where.asset), where.frame
        if frame.link < 0:
            return matrix
        return link_prims(self._arms[frame.robot])[frame.link] @ matrix

    def _draw(self, where: _Where, lamp: str | None, pieces: list[_Piece]) -> None:
        content = tuple(
            (piece.digest, piece.surface, (piece.matrix.round(DIGITS) + 0.0).tobytes())
            for piece in pieces
        )
        if content not in self._rows:
            self._rows[content] = len(self.prototypes)
            self.prototypes.append(_prototype(_name(where.asset), pieces))
        instance = Instance(
            prototype=self._rows[content],
            frame=where.frame,
            matrix=self._in_frame(where),
            place=where.place,
            lamp=lamp,
        )
        self.instances.append(instance)


def _prototype(name: str, pieces: list[_Piece]) -> Prototype:
    by_surface: dict[Surface, list[Shape]] = {}
    for piece in pieces:
        moved = by_surface.setdefault(piece.surface, [])
        moved.append(piece.shape.moved(piece.matrix))
    parts = tuple((surface, merge(shapes)) for surface, shapes in by_surface.items())
    points = np.concatenate([shape.points for _, shape in parts]).astype(np.float64)
    return Prototype(name=name, parts=parts, box=np.stack([points.min(axis=0), points.max(axis=0)]))


def _name(asset: Usd.Prim) -> str:
    return Usd.ModelAPI(asset).GetAssetName() or asset.GetName()


def _is_shown(prim: Usd.Prim) -> bool:
    """Whether a prim itself hides nothing below it."""
    visibility, purpose = prim.GetAttribute("visibility"), prim.GetAttribute("purpose")
    if visibility and visibility.Get() == "invisible":
        return False
    return not (purpose and purpose.Get() in HIDDEN_PURPOSES)


def _looks(plant: Plant) -> Iterator[tuple[str, Frame]]:
    forms = [(product.path, form) for product in plant.products for form in product.forms]
    for row, (path, form) in enumerate(forms):
        yield (f"{path}/{form}" if form else path), Frame(look=row)


def _links(stage: Usd.Stage, plant: Plant) -> Iterator[tuple[str, Frame]]:
    """The prims of every robot's links, base first: those that its joints connect."""
    for row, robot in enumerate(plant.robots):
        above = stage.GetPrimAtPath(robot.path)
        if not above:
            continue
        for number, link in enumerate(chain_of(above).links):
            yield str(link.GetPath()), Frame(robot=row, link=number)
