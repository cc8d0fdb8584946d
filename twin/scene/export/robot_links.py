"""The link prims of a robot: where they are in the stage, and how they can be moved."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

from twin.errors import Problem, SceneError
from twin.motion.frame import pose_from
from twin.plant import Robot
from twin.scene.chain import chain_of

__all__ = ["LinkPrim", "RobotPrims", "robot_prims"]

TRANSLATE, ORIENT, SCALE = "xformOp:translate", "xformOp:orient", "xformOp:scale"
PRECISE = "xformOp:orient:run"  # stands in for an orient op in single precision
TRANSLATES, ORIENTS = ("double3", "float3"), ("quatd", "quatf")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPrim:
    """A link and its two moving operations, as paths of attributes."""

    translate: str
    translate_type: str
    orient: str
    order: tuple[str, ...]  # of all its operations, if it has to be another one; else empty


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RobotPrims:
    """The links of a robot, first to last, and where its base stands in their common space."""

    links: list[LinkPrim]
    xyz: NDArray[np.float64]  # [m], shape [3]
    wxyz: NDArray[np.float64]  # shape [4]


def robot_prims(stage: Usd.Stage, robot: Robot) -> RobotPrims:
    """Find the links of a robot whose joints are known to form a chain.

    Raises:
        SceneError: a link can't be moved by itself.
    """
    home, *links = chain_of(stage.GetPrimAtPath(robot.path)).links
    problems = [problem for link in links for problem in _faults(link, home)]
    if problems:
        raise SceneError(problems)
    frames = UsdGeom.XformCache()
    world = np.array(frames.GetLocalToWorldTransform(home)).T
    above = np.array(frames.GetLocalToWorldTransform(home.GetParent())).T
    xyz, wxyz = pose_from(np.linalg.inv(above) @ world)
    return RobotPrims(links=[_link(each) for each in links], xyz=xyz, wxyz=wxyz)


def _link(prim: Usd.Prim) -> LinkPrim:
    """USD makes an angle of a quaternion's w: in single precision it may be off by 0.04 degrees."""
    is_precise = str(prim.GetAttribute(ORIENT).GetTypeName()) == "quatd"
    order = tuple(PRECISE if name == ORIENT else name for name in _order(prim))
    return LinkPrim(
        translate=f"{prim.GetPath()}.{TRANSLATE}",
        translate_type=str(prim.GetAttribute(TRANSLATE).GetTypeName()),
        orient=f"{prim.GetPath()}.{ORIENT if is_precise else PRECISE}",
        order=() if is_precise else order,
    )


def _order(link: Usd.Prim) -> tuple[str, ...]:
    return tuple(UsdGeom.Xformable(link).GetXformOpOrderAttr().Get() or ())


def _faults(link: Usd.Prim, base: Usd.Prim) -> Iterator[Problem]:
    where = str(link.GetPath())
    if link.IsInstanceProxy():
        way_out = "let only the geometry below each link be instanceable"
        yield Problem(where, "must not be inside an instance to be animated", way_out=way_out)
        return
    if link.GetParent() != base.GetParent():
        rule = "must be a sibling of the robot's base to be animated"
        yield Problem(where, rule, way_out="place all links side by side below the robot")
    order = _order(link)
    types = tuple(str(link.GetAttribute(name).GetTypeName()) for name in (TRANSLATE, ORIENT))
    fits = types[0] in TRANSLATES and types[1] in ORIENTS
    if order not in {(TRANSLATE, ORIENT), (TRANSLATE, ORIENT, SCALE)} or not fits:
        rule = "must be placed by translate and orient in single or double precision, then scale"
        value = ", ".join(order) or "nothing"
        yield Problem(where, rule, value, "give it these xformOps in this order")
