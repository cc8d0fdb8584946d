"""Robot programs as sparse keys of every link, in program time and in the space of its prims."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.engine.layout import Layout
from twin.motion import Segments
from twin.motion.frame import about, compose, pose_from, rotate
from twin.motion.segment import coordinate_after, even_and_over
from twin.scene.export.keys import Curve, Grid, fit

__all__ = ["RobotCurves"]

Array = NDArray[np.float64]

SHORTEST = 1e-6  # s: a tick


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Chain:
    """An arm: its base, where each joint is in the link before, and what it turns about."""

    base_xyz: Array  # [m], shape [3]
    base_wxyz: Array  # shape [4]
    xyz: Array  # [m], shape [J, 3]
    wxyz: Array  # shape [J, 4]
    axis: Array  # shape [J, 3]
    slides: NDArray[np.bool_]  # whether it slides along it instead, shape [J]
    shift: Array  # where the prims begin in the links [m], shape [J, 3]


class RobotCurves:
    """Fits each program once, whenever it is first asked for; robots share what they share."""

    def __init__(
        self,
        layout: Layout,
        bases: Sequence[tuple[Array, Array]],
        position_error: float,
        angle_error: float,
    ) -> None:
        """Make an empty store.

        Args:
            layout: arms and programs.
            bases: where each robot's base is in the space of its links: [3] [m] and [4] wxyz.
            position_error: bound of the links' origins [m].
            angle_error: bound of their turns [rad].
        """
        self._layout = layout
        self._bases = bases
        self._bounds = (position_error, angle_error)
        self._known: dict[bytes, list[tuple[Curve, Curve]]] = {}

    def of(self, robot: int, program: int) -> list[tuple[Curve, Curve]]:
        """Position and orientation of each link, first to last, over the time of a program [s]."""
        programs = self._layout.programs
        stands = np.concatenate([*self._bases[robot], self._layout.arm_row[[robot]]])
        key = programs.content(program) + stands.tobytes()
        if key not in self._known:
            self._known[key] = self._fit(self._chain(robot), program)
        return self._known[key]

    def changing(self, robot: int, segment: Segments, seconds: float) -> list[tuple[Curve, Curve]]:
        """As `of`, while the rate of a program's clock changes, over the time since it began to.

        Args:
            robot: that brakes, or starts again.
            segment: one with a `ramp` below zero, shape [1].
            seconds: how much of it is shown [s], > 0, at most -ramp.
        """
        program = int(segment["track"][0])
        even, over = even_and_over(segment)
        breaks = np.unique(np.clip([0.0, abs(even), over], 0.0, seconds))
        ends = coordinate_after(np.repeat(segment, 2), np.array([0.0, seconds]))
        starts = self._layout.programs.move_start[self._moves(program)]
        first, last = np.searchsorted(starts, ends, side="right") - 1 + self._moves(program).start
        chain = self._chain(robot)
        slope = 1.0 / max(over - even, SHORTEST) if even >= 0.0 else 0.0
        steps = self._steps(chain, slice(int(first), int(last) + 1), slope)
        grid = Grid.build(breaks, np.full(len(breaks) - 1, steps.min()))
        time = coordinate_after(np.repeat(segment, len(grid.time)), grid.time)
        return self._fitted(chain, program, grid, time)

    def _moves(self, program: int) -> slice:
        programs = self._layout.programs
        return slice(programs.first[program], programs.first[program] + programs.count[program])

    def _chain(self, robot: int) -> _Chain:
        arms = self._layout.arms
        assert arms is not None
        row = self._layout.arm_row[robot]
        own = slice(arms.joint_count[row])
        xyz, wxyz = pose_from(arms.fixed[row, own])
        base = dict(zip(("base_xyz", "base_wxyz"), self._bases[robot], strict=True))
        return _Chain(
            xyz=xyz, wxyz=wxyz, axis=arms.axis[row, own], slides=arms.prismatic[row, own],
            shift=arms.shift[row, 1:][own], **base,
        )  # fmt: skip

    def _fit(self, chain: _Chain, program: int) -> list[tuple[Curve, Curve]]:
        programs, moves = self._layout.programs, self._moves(program)
        start = programs.move_start[moves]
        end = start[-1:] + programs.move_duration[moves][-1:]
        grid = Grid.build(np.append(start, end), self._steps(chain, moves, 0.0))
        return self._fitted(chain, program, grid, grid.time)

    def _steps(self, chain: _Chain, moves: slice, slope: float) -> Array:
        """How fine to sample each move [s], if the rate of its clock changes so fast [1/s]."""
        metres, radians = self._bounds
        position, turn = self._accelerations(chain, moves, slope)
        return np.minimum(Grid.step(metres, position), Grid.step(radians, turn))

    def _fitted(
        self, chain: _Chain, program: int, grid: Grid, time: Array
    ) -> list[tuple[Curve, Curve]]:
        """Keys of each link, for a grid at whose times a program is at `time` [s]."""
        metres, radians = self._bounds
        programs = self._layout.programs.narrowed(len(chain.axis))
        joints = programs.joints(np.full(len(time), program), time)
        return [
            (fit(grid, xyz, metres), fit(grid, wxyz, radians))
            for xyz, wxyz in _link_poses(chain, joints)
        ]

    def _accelerations(self, chain: _Chain, moves: slice, slope: float) -> tuple[Array, Array]:
        """Bounds of any link's acceleration by move [m/s2], [rad/s2]; all axes at their peaks.

        A link's turning is the sum of its joints' turning, whose axes turn with the links before.
        Its origin is the sum of the ways from joint to joint, which turn with the links before and
        grow where a joint slides; that brings Coriolis' acceleration.
        """
        programs = self._layout.programs.narrowed(len(chain.axis))
        peaks = np.stack([programs.peaks(move) for move in range(moves.start, moves.stop)], axis=1)
        peaks[1] += slope * peaks[0]
        ends = np.abs(programs.joints_from[moves]) + peaks[0] * programs.move_duration[moves, None]
        own = np.where(chain.slides, 0.0, peaks[0])  # of each joint [rad/s]
        speed = np.cumsum(own, axis=1)  # of each link [rad/s]
        before = speed - own
        gained = np.where(chain.slides, 0.0, peaks[1])
        turn = np.cumsum(gained + own * before, axis=1)
        length = np.sqrt((chain.xyz * chain.xyz).sum(axis=1)) + np.where(chain.slides, ends, 0.0)
        around = turn + speed**2  # [1/s2] of what a link carries
        position = (around[:, :-1] * length[:, 1:]).sum(axis=1)
        sliding = 2.0 * before * peaks[0] + peaks[1]
        position += np.where(chain.slides, sliding, 0.0).sum(axis=1)
        position += around[:, -1] * np.sqrt((chain.shift**2).sum(axis=1)).max()
        return position, turn[:, -1]


def _link_poses(chain: _Chain, joints: Array) -> list[tuple[Array, Array]]:
    """Positions [n, 3] and orientations [n, 4] of each link; quaternions never change sign."""
    xyz = np.tile(chain.base_xyz, (len(joints), 1))
    wxyz = np.tile(chain.base_wxyz, (len(joints), 1))
    poses: list[tuple[Array, Array]] = []
    for i in range(joints.shape[1]):
        xyz = xyz + rotate(wxyz, chain.xyz[i])
        wxyz = compose(wxyz, chain.wxyz[i])
        if chain.slides[i]:
            xyz = xyz + rotate(wxyz, chain.axis[i] * joints[:, i, None])
            wxyz = np.broadcast_to(wxyz, (len(joints), 4))
        else:
            wxyz = compose(wxyz, about(chain.axis[i], joints[:, i]))
        poses.append((xyz + rotate(wxyz, chain.shift[i]), wxyz))
    return poses
