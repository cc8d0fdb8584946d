"""Targets of robot programs: where frames on the work object or in the cell are for a robot."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf, Usd, UsdGeom

from twin.errors import Problem, nearest
from twin.motion.frame import invert_matrix, matrix_from
from twin.plant import Pose, Robot
from twin.plant.declared import ProductParams, ProgramParams
from twin.scene.chain import Chain, chain_of
from twin.scene.links import read_numbers, relative_frame
from twin.scene.robots import frame_of
from twin.scene.survey import kinds_of
from twin.scene.values import read_values

__all__ = ["Stand", "Targets"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stand:
    """Where a robot works: its prim, what is known of it, and where parts stand before it."""

    prim: Usd.Prim
    robot: Robot
    base: Array  # of the arm in the world, shape [4, 4]
    station: Array  # where parts stand, shape [4, 4]
    targets: "Targets"

    @classmethod
    def of(cls, prim: Usd.Prim, robot: Robot, station: Pose, targets: "Targets") -> "Stand":
        """A robot before parts that stand at a pose."""
        base, part = (matrix_from(each.xyz, each.wxyz) for each in (robot.base, station))
        return cls(prim=prim, robot=robot, base=base, station=part, targets=targets)


class Targets:
    """Finds the frames that programs name; what many of them share it looks up once."""

    def __init__(self, frames: UsdGeom.XformCache) -> None:
        self._frames = frames
        self._products: dict[Sdf.Path, Usd.Prim | None] = {}  # above each prim
        self._parts: dict[tuple[Sdf.Path, str], Array] = {}  # where a part stands in the world
        self._shifts: dict[str, tuple[Chain, Array]] = {}  # the last link of each robot

    def frame(self, program: Usd.Prim, path: str, stand: Stand, problems: list[Problem]) -> Array:
        """The frame of a target in the robot's base, shape [4, 4]."""
        where, prim = f"{program.GetPath()} twin:targets", program.GetStage().GetPrimAtPath(path)
        if not prim or not prim.IsA("Xformable"):
            above = program.GetStage().GetPrimAtPath(path.rpartition("/")[0] or "/")
            children = cast("list[Usd.Prim]", above.GetAllChildren()) if above else []
            known = [str(each.GetPath()) for each in children]
            problems.append(Problem(where, "must name frames (Xform)", path, nearest(path, known)))
            return np.eye(4)
        world = self._world(prim, problems)
        product = self._product_above(prim)
        if product is not None:
            part = self._part(prim, product, problems)
            world = stand.station @ invert_matrix(part) @ world
        return invert_matrix(stand.base) @ world

    def of_others(self, program: Usd.Prim, params: ProgramParams) -> list[Problem]:
        """Targets on a product that the program is not for."""
        if not params.products:
            return []
        prims = (program.GetStage().GetPrimAtPath(path) for path in params.targets)
        found = [self._product_above(prim) for prim in prims]
        rule = f"must be on a product that the program is for ({', '.join(params.products)})"
        return [
            Problem(f"{program.GetPath()} twin:targets", rule, path)
            for path, product in zip(params.targets, found, strict=True)
            if product and product.GetName() not in params.products
        ]

    def tool(
        self, where: str, named: tuple[str, ...], stand: Stand, problems: list[Problem]
    ) -> Array:
        """The frame of the tool in the flange, shape [4, 4]."""
        if not named:
            return np.eye(4)
        robot = str(stand.prim.GetPath())
        if robot not in self._shifts:
            chain = chain_of(stand.prim)
            shift = read_numbers(chain, problems).shift[-1]
            self._shifts[robot] = chain, matrix_from(shift, (1.0, 0.0, 0.0, 0.0))
        chain, moved = self._shifts[robot]
        tool, last = stand.prim.GetStage().GetPrimAtPath(named[0]), chain.links[-1]
        if len(named) > 1 or not tool or not tool.GetPath().HasPrefix(last.GetPath()):
            rule = f"must name one frame in {last.GetPath()}"
            problems.append(Problem(f"{where} twin:tool", rule, ", ".join(named)))
            return np.eye(4)
        return invert_matrix(stand.robot.arm.tail) @ moved @ relative_frame(tool, last)

    def _world(self, prim: Usd.Prim, problems: list[Problem]) -> Array:
        matrix, wrong = frame_of(prim, self._frames)
        problems += wrong
        return matrix

    def _product_above(self, prim: Usd.Prim) -> Usd.Prim | None:
        if not prim or prim.IsPseudoRoot():
            return None
        path = prim.GetPath()
        if path not in self._products:
            own = ProductParams in kinds_of(prim)
            self._products[path] = prim if own else self._product_above(prim.GetParent())
        return self._products[path]

    def _part(self, prim: Usd.Prim, product: Usd.Prim, problems: list[Problem]) -> Array:
        """Where the part with a target stands in the world: as the parent of what shows it."""
        below = str(prim.GetPath()).removeprefix(f"{product.GetPath()}/").partition("/")[0]
        key = product.GetPath(), below
        if key not in self._parts:
            above = _look_above(prim, product, below).GetParent()
            frame = np.eye(4) if above.IsPseudoRoot() else self._world(above, problems)
            self._parts[key] = frame
        return self._parts[key]


def _look_above(prim: Usd.Prim, product: Usd.Prim, below: str) -> Usd.Prim:
    """The prim that shows the product and has a target below it; a part stands where its parent is.

    That is a form. What is in no form of a product is in the frame of all of them.
    """
    params = read_values(product, ProductParams).params
    assert isinstance(params, ProductParams)
    if not params.forms:
        return product
    return product.GetChild(below if below in params.forms else params.forms[0]) or prim
