"""Robots that stand in a fence, and programs that reach into one: told before anything runs."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem
from twin.motion.frame import matrix_from
from twin.physics.clearance import gaps
from twin.physics.mover import Posed, Still
from twin.physics.shapes import RobotShape, Shapes, Standing
from twin.physics.solids import Solids
from twin.plant import Plant, Program, Robot
from twin.plant.planning import postures_of

__all__ = ["fence_problems"]

Array = NDArray[np.float64]

TOUCHES = 0.0005  # m
CLEAR = 0.01  # m, of a pose that is offered instead
SHARES = np.linspace(1.0, 0.0, 101)  # of a move, from its end back
STEPS = np.arange(1, 41) * 0.05  # m, to move a base by
SIDES = {"+x": (1, 0), "-x": (-1, 0), "+y": (0, 1), "-y": (0, -1)}


def fence_problems(plant: Plant, shapes: Shapes) -> list[Problem]:
    """Every base and every waypoint of a program that is inside a fence or what else stands.

    Each is told with what is in the way and the nearest that works: how far to move the base, or
    where on the way to the waypoint the robot is still clear.
    """
    solids = Solids.build(shapes.solids)
    problems: list[Problem] = []
    for robot, shape in zip(plant.robots, shapes.robots, strict=True):
        near = _near(robot, shape, shapes)
        if near and len(shape.solids):
            problems += _of_robot(robot, shape, _Obstacles(shapes, solids, near))
    return problems


class _Obstacles:
    """What stands near a robot."""

    def __init__(self, shapes: Shapes, solids: Solids, things: Sequence[Standing]) -> None:
        self.things = things
        self._shapes, self._solids = shapes, solids

    def gaps(self, posed: Posed, things: Sequence[Standing] | None = None) -> Array:
        """Clearance of every pose from all of it, or from some of it [m]; right up to CLEAR."""
        things = self.things if things is None else things
        rows = np.array([each.solid for each in things], np.int64)
        still = Still(
            solids=rows,
            reaches=np.array([self._shapes.solids[each.solid].reach for each in things]),
            placed=np.array([each.frame for each in things]),
        )
        ticks = np.arange(len(posed.joints))
        return gaps(self._solids, posed, still, ticks, most=2 * CLEAR)

    def reaches(self, rows: NDArray[np.int64]) -> Array:
        """How far the corners of solids are from their origins [m]."""
        numbers: list[int] = rows.tolist()
        return np.array([self._shapes.solids[row].reach for row in numbers])

    def touching(self, posed: Posed) -> str:
        """Which thing the first pose is inside of."""
        found = [each.path for each in self.things if self.gaps(posed, [each])[0] < TOUCHES]
        return ", ".join(found)


def _near(robot: Robot, shape: RobotShape, shapes: Shapes) -> list[Standing]:
    """What stands so close that the robot could reach it."""
    far = float(np.linalg.norm(robot.arm.fixed[:, :3, 3], axis=1).sum())
    rows: list[int] = shape.solids.tolist()
    far += max((shapes.solids[row].reach for row in rows), default=0.0)
    base = np.array(robot.base.xyz)
    return [
        each
        for each in shapes.standing
        if np.linalg.norm(each.frame[:3, 3] - base) < far + shapes.solids[each.solid].reach
    ]


def _posed(
    robot: Robot, shape: RobotShape, around: _Obstacles, *, joints: Array, base: Array
) -> Posed:
    return Posed(
        arm=robot.arm, joints=joints, base=base, solids=shape.solids, links=shape.links,
        reaches=around.reaches(shape.solids),
    )  # fmt: skip


def _of_robot(robot: Robot, shape: RobotShape, around: _Obstacles) -> list[Problem]:
    base = matrix_from(robot.base.xyz, robot.base.wxyz)
    foot = RobotShape(
        solids=shape.solids[shape.links == 0], links=shape.links[shape.links == 0], paths=()
    )
    rest = np.clip(np.zeros((1, robot.arm.joint_count)), robot.arm.lower, robot.arm.upper)
    if len(foot.solids):
        stands = _posed(robot, foot, around, joints=rest, base=base)
        if around.gaps(stands)[0] < TOUCHES:
            rule = "must not stand in a fence"
            value = around.touching(stands)
            return [Problem(robot.path, rule, value, _way_out(robot, foot, around, base))]
    return [
        problem
        for program in robot.programs
        for problem in _of_program(robot, shape, around, program=program, base=base)
    ]


def _way_out(robot: Robot, foot: RobotShape, around: _Obstacles, base: Array) -> str:
    """The shortest shift of a base, along x or y, after which it stands clear."""
    shift = np.array([[*side, 0] for side in SIDES.values()], np.float64)
    moved = np.broadcast_to(base, (len(STEPS), len(SIDES), 4, 4)).copy()
    moved[..., :3, 3] += STEPS[:, None, None] * shift
    bases = moved.reshape(-1, 4, 4)
    rest = np.clip(np.zeros(robot.arm.joint_count), robot.arm.lower, robot.arm.upper)
    joints = np.broadcast_to(rest, (len(bases), robot.arm.joint_count))
    clear = np.flatnonzero(
        around.gaps(_posed(robot, foot, around, joints=joints, base=bases)) >= CLEAR
    )
    if not len(clear):
        return f"no place within {STEPS[-1]:g} m is clear"
    step, side = divmod(int(clear[0]), len(SIDES))
    return f"move it {STEPS[step]:.2f} m toward {list(SIDES)[side]}"


def _of_program(
    robot: Robot, shape: RobotShape, around: _Obstacles, *, program: Program, base: Array
) -> list[Problem]:
    points, names = postures_of(robot, program)
    posed = _posed(robot, shape, around, joints=points, base=base)
    inside = np.flatnonzero(around.gaps(posed) < TOUCHES)
    problems: list[Problem] = []
    for number in inside.tolist():
        one = _posed(robot, shape, around, joints=points[number : number + 1], base=base)
        problems.append(
            Problem(
                f"{program.path} {names[number]}",
                f"must keep {robot.path} out of the fence",
                around.touching(one),
                _back_on_the_way(robot, shape, around, points=points, number=number, base=base),
            )
        )
    return problems


def _back_on_the_way(
    robot: Robot, shape: RobotShape, around: _Obstacles, *, points: Array, number: int, base: Array
) -> str:
    """The last pose on the move to a waypoint, or from it, that is clear."""
    for other in (number - 1, number + 1):
        if not 0 <= other < len(points):
            continue
        way = points[other] + (points[number] - points[other]) * SHARES[:, None]
        clear = np.flatnonzero(
            around.gaps(_posed(robot, shape, around, joints=way, base=base)) >= CLEAR
        )
        if len(clear):
            pose = ", ".join(f"{angle:.1f}" for angle in np.degrees(way[clear[0]]))
            return f"{SHARES[clear[0]]:.0%} of the way from waypoint {other + 1} is clear: {pose}"
    return "move the robot or the fence"
