"""Where a tool goes: a straight line or an arc in space, while it turns evenly about one axis."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.motion.frame import about, compose, invert, matrix_from, pose_from, rotation_about
from twin.motion.rows import read_only

__all__ = ["ToolPath"]

Array = NDArray[np.float64]

COLLINEAR = 1e-6  # relative: three points nearer than this to one line make no circle
NO_TURN = 1e-12  # rad


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ToolPath:
    """The tool's way from s = 0 to s = 1, at even speed and even turning in s.

    The orientation goes the shorter way round from the first to the last (slerp).
    """

    start: Array  # tool centre at s = 0 [m], shape [3]
    chord: Array  # from the first to the last tool centre [m], shape [3]
    centre: Array  # of the arc [m], shape [3]; of a line: not used
    normal: Array  # the unit axis about which the arc goes, shape [3]
    sweep: float  # angle of the arc [rad]; 0 is a line
    wxyz: Array  # orientation at s = 0, shape [4]
    axis: Array  # about which the tool turns, in its own frame, shape [3]
    turn: float  # how far [rad]

    @classmethod
    def line(cls, start: ArrayLike, end: ArrayLike) -> Self:
        """Make a straight way between two poses, shape [4, 4]."""
        first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
        return cls._of(
            first, last, centre=first[:3, 3], normal=np.array([0.0, 0.0, 1.0]), sweep=0.0
        )

    @classmethod
    def arc(
        cls, start: ArrayLike, via: ArrayLike, end: ArrayLike, *, where: str = "tool path"
    ) -> Self:
        """Make the arc that begins at a pose [4, 4], goes through a point [3] [m], ends at a pose.

        Raises:
            SceneError: the three points lie on one line, or two of them are one.
        """
        first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
        middle = np.asarray(via, dtype=np.float64)
        a, b = middle - first[:3, 3], last[:3, 3] - first[:3, 3]
        cross = np.cross(a, b)
        size = float(np.linalg.norm(cross))
        if not size > COLLINEAR * float(max(a @ a, b @ b)):
            points = np.round([first[:3, 3], middle, last[:3, 3]], 4).tolist()
            rule = "must go through three points that are not on one line"
            way_out = "use a line, or move the point between"
            raise SceneError([Problem(where, rule, f"{points} m", way_out)])
        normal = cross / size
        centre = first[:3, 3] + np.cross(b * (a @ a) - a * (b @ b), cross) / (2 * size * size)
        sweep = _angle(first[:3, 3] - centre, last[:3, 3] - centre, normal)
        return cls._of(first, last, centre=centre, normal=normal, sweep=sweep)

    @classmethod
    def _of(cls, first: Array, last: Array, *, centre: Array, normal: Array, sweep: float) -> Self:
        (origin, wxyz), (goal, last_wxyz) = pose_from(first), pose_from(last)
        relative = compose(invert(wxyz), last_wxyz)
        relative = np.where(relative[0] < 0, -relative, relative)
        size = float(np.linalg.norm(relative[1:]))
        turn = 2 * float(np.arctan2(size, relative[0]))
        axis = relative[1:] / size if turn > NO_TURN else np.array([0.0, 0.0, 1.0])
        arrays = {"start": origin, "chord": goal - origin, "centre": centre, "normal": normal}
        arrays |= {"wxyz": wxyz, "axis": axis}
        kept = {name: read_only(array) for name, array in arrays.items()}
        return cls(**kept, sweep=sweep, turn=turn if turn > NO_TURN else 0.0)

    @property
    def length(self) -> float:
        """How far the tool centre goes [m]."""
        chord = float(np.linalg.norm(self.chord))
        return self.radius * self.sweep if self.sweep > 0 else chord

    @property
    def radius(self) -> float:
        """Radius of the arc [m]; infinite for a line."""
        return float(np.linalg.norm(self.start - self.centre)) if self.sweep > 0 else np.inf

    def poses(self, s: ArrayLike) -> Array:
        """Poses of the tool at shares of the way, shape [n]; matrices [n, 4, 4]."""
        s = np.asarray(s, dtype=np.float64)
        if self.sweep > 0:
            spoke = self.start - self.centre
            turned = rotation_about(np.broadcast_to(self.normal, (*s.shape, 3)), self.sweep * s)
            xyz = self.centre + turned @ spoke
        else:
            xyz = self.start + self.chord * s[..., None]
        return matrix_from(xyz, compose(self.wxyz, about(self.axis, self.turn * s)))


def _angle(a: Array, b: Array, normal: Array) -> float:
    """Angle from one spoke to another about the normal, in (0, 2 pi] [rad]."""
    angle = float(np.arctan2(np.cross(a, b) @ normal, a @ b))
    return angle if angle > 0 else angle + 2 * np.pi
