"""What of a scene pack moves: paths, programs, arms and looks, read from its tables."""

import json
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from twin.motion import Paths, Programs
from twin.motion.forward import frames_of_few, joint_table
from twin.motion.frame import matrix_from
from twin.motion.rows import first_rows, read_only

__all__ = ["Scenery"]

Array = NDArray[np.float64]
Table = dict[str, Any]
HEAD = 4  # columns of a move before its joints: start, duration, ramp, jerk
AXES = {"X": (1.0, 0.0, 0.0), "Y": (0.0, 1.0, 0.0), "Z": (0.0, 0.0, 1.0)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenery:
    """The tables of a pack, and what places its robots and parts."""

    name: str
    digest: str
    states: tuple[str, ...]
    places: list[Table]
    robots: list[Table]
    looks: list[Table]
    instances: list[Table]
    paths: Paths
    programs: Programs
    joint_count: NDArray[np.int64]  # of each robot, shape [robot_count]
    home: Array  # where each robot is that has no program yet [rad], shape [robot_count, J]
    table: Array  # joints of each robot as kernels use them, shape [robot_count, J, JOINT]
    bases: Array  # world from base, shape [robot_count, 4, 4]

    @classmethod
    def read(cls, scene: bytes) -> Self:
        """Read the `scene.json` of a pack, as `twin.scene.pack` writes it."""
        tables = json.loads(scene)
        robots: list[Table] = tables["robots"]
        programs = _programs(tables["programs"])
        most = programs.joints_from.shape[1]
        counts = [len(robot["chain"]) for robot in robots]
        home = np.zeros((len(robots), most))
        for row, robot in enumerate(robots):
            home[row, : counts[row]] = robot["home"]
        return cls(
            name=tables["name"], digest=tables["hash"], states=tuple(tables["states"]),
            places=tables["places"], robots=robots, looks=tables["looks"],
            instances=tables["instances"], paths=_paths(tables["paths"]), programs=programs,
            joint_count=np.array(counts, np.int64), home=home,
            table=np.stack([_chain(robot["chain"], most) for robot in robots]) if robots
            else np.zeros((0, most, 1)),
            bases=np.array([robot["base"] for robot in robots], np.float64).reshape(-1, 4, 4),
        )  # fmt: skip

    @property
    def robot_count(self) -> int:
        """How many robots there are; subjects from there on are slots of parts."""
        return len(self.robots)

    def link_frames(self, joints: Array) -> Array:
        """World frames of all robots' bases and links, shape [robot_count, J + 1, 4, 4]."""
        if not self.robots:
            return np.empty((0, 1, 4, 4))
        return frames_of_few(self.table, joints, self.bases)


def _paths(table: Table) -> Paths:
    knots = np.array(table["knots"], np.float64).reshape(-1, 8)
    return Paths(
        first=read_only(np.array(table["first"], np.int64)),
        count=read_only(np.array(table["count"], np.int64)),
        length=read_only(np.array(table["length"], np.float64)),
        s=read_only(knots[:, 0]), xyz=read_only(knots[:, 1:4]), wxyz=read_only(knots[:, 4:]),
    )  # fmt: skip


def _programs(table: Table) -> Programs:
    moves = np.array(table["moves"], np.float64)
    moves = moves if moves.size else np.zeros((0, HEAD))
    joints = (moves.shape[1] - HEAD) // 2
    cubics: dict[str, Table] = table.get("cubics", {})
    own = [cubics.get(str(row)) for row in range(len(moves))]
    pieces = np.array([len(each["knots"]) if each else 0 for each in own], np.int64)
    known = [each for each in own if each]
    idle = np.zeros(len(moves), np.bool_)
    idle[table.get("idle", [])] = True
    knot = np.concatenate([np.empty(0), *(np.array(each["knots"], float) for each in known)])
    rows = [np.array(each["pieces"], float).reshape(-1, 4, joints) for each in known]
    return Programs(
        first=read_only(np.array(table["first"], np.int64)),
        count=read_only(np.array(table["count"], np.int64)),
        duration=read_only(np.array(table["duration"], np.float64)),
        move_start=read_only(moves[:, 0]), move_duration=read_only(moves[:, 1]),
        ramp=read_only(moves[:, 2]), jerk=read_only(moves[:, 3]),
        joints_from=read_only(moves[:, HEAD : HEAD + joints]),
        joints_to=read_only(moves[:, HEAD + joints :]),
        first_piece=read_only(first_rows(pieces)), piece_count=read_only(pieces),
        knot=read_only(knot), cubic=read_only(np.concatenate([np.empty((0, 4, joints)), *rows])),
        idle=read_only(idle),
    )  # fmt: skip


def _chain(joints: list[Table], most: int) -> Array:
    """Joints of one arm as kernels use them; those that it lacks do not move."""
    fixed, axis = np.tile(np.eye(4), (most, 1, 1)), np.tile(AXES["Z"], (most, 1))
    slides = np.ones(most, np.bool_)
    for row, joint in enumerate(joints):
        fixed[row] = matrix_from(joint["origin"], joint["wxyz"])
        axis[row] = AXES[joint["axis"]]
        slides[row] = joint.get("slides", False)
    return joint_table(fixed, axis, slides)
