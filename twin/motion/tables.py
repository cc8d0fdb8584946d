"""All cubic tables of a plant end to end, and the kernel that looks many robots up at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.core.compiled import compilable, compiled
from twin.motion.cubic import CubicTable
from twin.motion.rows import first_rows, read_only

__all__ = ["CubicTables"]

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


class _Flat(NamedTuple):
    """The arrays of `CubicTables` as the kernel takes them."""

    first: Rows
    pieces: Rows
    knot: Array
    coefficients: Array
    end: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CubicTables:
    """Tables of robots with one number of joints, in flat read-only arrays."""

    first: Rows  # first piece of each table, shape [table_count]
    count: Rows  # its number of pieces, shape [table_count]
    end: Array  # its duration [s], shape [table_count]
    knot: Array  # when each piece begins in its table [s], shape [piece_count]
    coefficients: Array  # c0 to c3 of each piece and joint, shape [piece_count, 4, J]

    @classmethod
    def build(cls, tables: Iterable[CubicTable], *, joint_count: int = 6) -> Self:
        """Lay tables end to end; the first is row 0. All have `joint_count` joints."""
        tables = list(tables)
        count = np.array([len(table.coefficients) for table in tables], dtype=np.int64)
        nothing = np.empty((0, 4, joint_count))
        knots = [np.empty(0), *(table.time[:-1] for table in tables)]
        return cls(
            first=read_only(first_rows(count)),
            count=read_only(count),
            end=read_only(np.array([table.duration for table in tables], dtype=np.float64)),
            knot=read_only(np.concatenate(knots)),
            coefficients=read_only(np.concatenate([nothing, *(t.coefficients for t in tables)])),
        )

    def joints(self, row: ArrayLike, time: ArrayLike, *, interpreted: bool = False) -> Array:
        """Joint positions of robots, each so far into a table.

        Args:
            row: Table rows, shape [n].
            time: How far into its table each robot is [s], shape [n]; beyond an end it stays.
            interpreted: Run the kernel as plain Python.

        Returns:
            Joint positions, shape [n, J].
        """
        row = np.ascontiguousarray(row, dtype=np.int64)
        time = np.ascontiguousarray(time, dtype=np.float64)
        if row.ndim != 1 or time.shape != row.shape:
            raise ValueError(f"rows and times must have shape [n], got {row.shape}, {time.shape}")
        if len(row) and not 0 <= row.min() <= row.max() < len(self.first):
            raise ValueError(f"rows must be within 0 and {len(self.first) - 1}")
        flat = _Flat(self.first, self.count, self.knot, self.coefficients, self.end)
        joints = np.empty((len(row), self.coefficients.shape[2]))
        kernel = look_up if interpreted else compiled(look_up)
        kernel(flat, row, time, joints)
        return joints


@compilable
def look_up(flat: _Flat, row: Rows, time: Array, joints: Array) -> None:
    """Write joint positions [n, J] of robots at times [n] [s] into tables of rows [n]."""
    for i in range(len(row)):
        table = row[i]
        when = min(max(time[i], 0.0), flat.end[table])
        low, size = flat.first[table], flat.pieces[table]
        while size > 1:
            half = size // 2
            if flat.knot[low + half] <= when:
                low += half
            size -= half
        u = when - flat.knot[low]
        piece = flat.coefficients[low]
        for k in range(joints.shape[1]):
            steep = piece[2, k] + u * piece[3, k]
            joints[i, k] = piece[0, k] + u * (piece[1, k] + u * steep)
