"""The joint chain of a robot in a stage: which joints move which links, base to flange."""

from dataclasses import dataclass
from typing import cast

from pxr import Usd

from twin.errors import Problem, SceneError

__all__ = ["FLANGE", "FRAME", "MOVING", "Chain", "body_of", "chain_of"]

FLANGE = "twin:flange"  # relationship of a robot: the frame that tools are mounted on
FRAME = "twin:frame"  # of a joint: its link in the link before, at zero, in double precision
MOVING = ("PhysicsRevoluteJoint", "PhysicsPrismaticJoint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The moving joints of a robot, and its links: the base, then the one after each joint."""

    joints: list[Usd.Prim]
    links: list[Usd.Prim]


def chain_of(robot: Usd.Prim) -> Chain:
    """Find the chain that the revolute and prismatic joints below a robot form.

    Raises:
        SceneError: there is none, it has branches or is a cycle, or a link is missing.
    """
    where = str(robot.GetPath())
    below = list(Usd.PrimRange(robot))
    joints = [prim for prim in below if str(prim.GetTypeName()) in MOVING]
    if not joints:
        rule, way_out = (
            "needs revolute joints below it",
            "reference a robot asset, not instanceable",
        )
        raise SceneError([Problem(where, rule, way_out=way_out)])
    links = _in_order(where, joints)
    stage = robot.GetStage()
    after = {body_of(joint, 0): joint for joint in joints}
    prims = [stage.GetPrimAtPath(path or "/none") for path in links]
    for path, prim in zip(links, prims, strict=True):
        if not prim:
            rule = "must be a prim, as a joint connects it (physics:body0, physics:body1)"
            raise SceneError([Problem(path or where, rule)])
    return Chain(joints=[after[path] for path in links[:-1]], links=prims)


def _in_order(where: str, joints: list[Usd.Prim]) -> list[str]:
    """Paths of the links that joints connect, base first."""
    rule = "must have joints that form one chain from a base link (physics:body0, physics:body1)"
    after: dict[str, str] = {}
    before: dict[str, str] = {}
    for joint in joints:
        start, end = body_of(joint, 0), body_of(joint, 1)
        if start in after or end in before:
            twice = start if start in after else end
            value = f"{joint.GetName()} is the second joint there"
            raise SceneError([Problem(where, rule, f"a branch at {twice or 'the world'}: {value}")])
        after[start], before[end] = end, start
    starts = [path for path in after if path not in before]
    if not starts:
        names = ", ".join(joint.GetName() for joint in joints)
        way_out = f"leave out the one to the base, such as {joints[-1].GetName()}"
        raise SceneError([Problem(where, rule, f"a cycle of {names}", way_out)])
    links = [starts[0]]
    while links[-1] in after:
        links.append(after[links[-1]])
    if len(links) != len(joints) + 1:
        lost = [joint for joint in joints if body_of(joint, 0) not in links]
        names = ", ".join(joint.GetName() for joint in lost)
        raise SceneError([Problem(where, rule, f"{names} apart from the chain of {links[0]}")])
    return links


def body_of(joint: Usd.Prim, side: int) -> str:
    """Path of the body at side 0 or 1 of a joint; empty where there is none, or several."""
    body = joint.GetRelationship(f"physics:body{side}")
    targets = cast("list[object]", body.GetTargets()) if body else []
    return str(targets[0]) if len(targets) == 1 else ""
