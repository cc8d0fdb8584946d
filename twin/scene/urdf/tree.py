"""From the tree of a URDF to the one chain of an arm: base, moving links, what is fixed to each."""

from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import cast

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem, SceneError, nearest
from twin.motion import Link
from twin.motion.mass import joined
from twin.scene.urdf.model import Description, UrdfJoint, UrdfLink

__all__ = ["Member", "Serial", "serial"]

Matrix = NDArray[np.float64]

FLANGES = ("tool0", "flange", "ee_link", "tool_link", "tcp")  # names that ROS-Industrial uses


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Member:
    """A link of the file with its frame in the rigid link that it is part of."""

    link: UrdfLink
    parent: str  # the member that it is fixed to; empty for the rigid link's own
    frame: Matrix  # in the rigid link
    step: Matrix  # in its parent


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Serial:
    """An arm's chain; rigid links are lists of members, the first of which gives the frame."""

    joints: list[UrdfJoint]
    places: list[Matrix]  # of each joint's child in the rigid link before, at zero
    rigid: list[list[Member]]  # the base, then one for each joint
    flange: str  # the member of the last rigid link that tools are mounted on
    held: list[str]  # joints off the chain, kept at zero

    def bodies(self) -> list[Link]:
        """Mass properties of each rigid link in its frame."""
        return [
            joined([(each.link.body, each.frame) for each in members], members[0].link.name)
            for members in self.rigid
        ]


def serial(described: Description, flange: str | None) -> Serial:
    """Find the chain from the root link to the flange.

    Args:
        described: the file.
        flange: name of the link that tools are mounted on; None: the end of the only chain.

    Raises:
        SceneError: links form no tree, or it is not clear which chain is meant.
    """
    children = _children(described)
    root = _root(described)
    end = _end(described, children, root, flange)
    before = {joint.child: joint for joint in described.joints}
    way: list[UrdfJoint] = []
    while end != root:
        way.append(before[end])
        end = before[end].parent
    chain = [joint for joint in reversed(way) if joint.moves]
    if not chain:
        raise _refused(
            described, "must have joints that move between its root and its flange", root
        )
    names = {joint.name for joint in chain}
    starts = [root, *(joint.child for joint in chain)]
    rigid = [list(_members(described, children, start, names)) for start in starts]
    places: list[Matrix] = []
    for members, joint in zip(rigid, chain, strict=False):
        frames = {member.link.name: member.frame for member in members}
        places.append(frames[joint.parent] @ joint.frame)
    held = [joint.name for joint in described.joints if joint.moves and joint.name not in names]
    return Serial(
        joints=chain, places=places, rigid=rigid, held=held,
        flange=flange or _flange_in(rigid[-1]),
    )  # fmt: skip


def _refused(described: Description, rule: str, value: str = "", way_out: str = "") -> SceneError:
    return SceneError([Problem(described.file.name, rule, value, way_out)])


def _children(described: Description) -> dict[str, list[UrdfJoint]]:
    children: dict[str, list[UrdfJoint]] = {name: [] for name in described.links}
    above: dict[str, str] = {}
    for joint in described.joints:
        if joint.child in above:
            rule = "must have one joint above it"
            value = f"{above[joint.child]} and {joint.name}"
            where = f'{described.file.name} link "{joint.child}"'
            raise SceneError([Problem(where, rule, value)])
        above[joint.child] = joint.name
        children[joint.parent].append(joint)
    return children


def _root(described: Description) -> str:
    below = {joint.child: joint.parent for joint in described.joints}
    roots = [name for name in described.links if name not in below]
    if len(roots) > 1:
        rule = "must have one link that no joint is above"
        raise _refused(described, rule, ", ".join(roots[:8]))
    try:
        TopologicalSorter({child: [parent] for child, parent in below.items()}).prepare()
    except CycleError as error:
        cycle = " <- ".join(cast("list[str]", error.args[1]))
        raise _refused(described, "must have no cycle of joints", cycle) from error
    return roots[0]


def _end(
    described: Description, children: dict[str, list[UrdfJoint]], root: str, flange: str | None
) -> str:
    """The last link of the chain that is meant."""
    if flange is not None:
        if flange not in described.links:
            rule, way_out = f'has no link "{flange}"', nearest(flange, described.links)
            raise _refused(described, rule, way_out=way_out)
        return flange
    ends = _ends(children, root)
    if len(ends) > 1:
        rule, way_out = "must be one chain of joints", "name the link at its end with --flange"
        raise _refused(described, rule, f"chains to {', '.join(ends[:8])}", way_out)
    return ends[0]


def _ends(children: dict[str, list[UrdfJoint]], root: str) -> list[str]:
    """Links of joints that move with no such joint below them; the root if there is none."""
    found: list[str] = []
    waiting = [(root, root)]  # a link, and the last one above it that moves
    moved_by: dict[str, set[str]] = {}
    while waiting:
        name, mover = waiting.pop()
        moved_by.setdefault(mover, set())
        for joint in children[name]:
            if joint.moves:
                moved_by[mover].add(joint.child)
            waiting.append((joint.child, joint.child if joint.moves else mover))
    found = [mover for mover, after in moved_by.items() if not after]
    return found or [root]


def _members(
    described: Description, children: dict[str, list[UrdfJoint]], start: str, chain: set[str]
) -> Iterator[Member]:
    """All links that a rigid link is made of, its own first."""
    eye = np.eye(4)
    waiting = [Member(link=described.links[start], parent="", frame=eye, step=eye)]
    while waiting:
        member = waiting.pop()
        yield member
        waiting += [
            Member(
                link=described.links[joint.child],
                parent=member.link.name,
                frame=member.frame @ joint.frame,
                step=joint.frame,
            )
            for joint in reversed(children[member.link.name])
            if joint.name not in chain
        ]


def _flange_in(members: list[Member]) -> str:
    names = {member.link.name for member in members}
    return next((name for name in FLANGES if name in names), members[0].link.name)
