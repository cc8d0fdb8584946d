"""`foxglove.FrameTransforms` written fast: a template of bytes, into which NumPy puts the numbers.

All names stay the same from frame to frame, so every number lies at a place that is known
beforehand: times are varints of fixed width, coordinates are doubles. The bytes are what the
official protobuf classes read; see https://protobuf.dev/programming-guides/encoding.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.foxglove.movers import Placed

__all__ = ["WORLD", "Transforms"]

WORLD = "world"  # the frame that all others are given in
BILLION = 10**9
TIME_WIDTH = 5  # bytes of a varint up to 2^35
DOUBLE = 9  # bytes: one of tag, eight of value

# Tags of fields: the number, times eight, plus 2 for what has a length or 1 for doubles.
TRANSFORM, STAMP, PARENT, CHILD, MOVE, TURN = b"\x0a", b"\x0a", b"\x12", b"\x1a", b"\x22", b"\x2a"
SECONDS, NANOS = b"\x08", b"\x10"
DOUBLES = (b"\x09", b"\x11", b"\x19", b"\x21")
STAMP_SIZE = 2 * (1 + TIME_WIDTH)

Bytes = NDArray[np.uint8]
Index = NDArray[np.int64]


class Transforms:
    """Writes the poses of frames with fixed names."""

    def __init__(self, names: Sequence[str], parent: str = WORLD) -> None:
        """Lay out the template.

        Args:
            names: of the frames, in the order of their rows.
            parent: the frame that their poses are given in.
        """
        self.count = len(names)
        parts: list[bytes] = []
        heads: list[int] = []  # bytes of each before its timestamp's value
        bodies: list[int] = []  # and before its translation's first tag
        for name in names:
            part, head, body = _template(name.encode(), parent.encode())
            parts.append(part)
            heads.append(head)
            bodies.append(body)
        sizes = np.array([len(part) for part in parts], np.int64)
        first = np.cumsum(sizes) - sizes
        self._size = sizes
        self._buffer = np.frombuffer(b"".join(parts), np.uint8).copy()
        self._time = (first + np.array(heads, np.int64))[:, None] + np.arange(STAMP_SIZE)
        move = first + np.array(bodies, np.int64) + 2  # behind tag and length
        self._move = _doubles(move, 3)
        self._turn = _doubles(move + 3 * DOUBLE + 2, 4)

    def write(self, placed: Placed, nanoseconds: int) -> bytes:
        """A whole message: the frames that are placed, at a time since the run's beginning."""
        rows, buffer = placed.rows, self._buffer
        buffer[self._time[rows]] = np.frombuffer(_stamp(nanoseconds), np.uint8)
        buffer[self._move[rows]] = _as_bytes(placed.xyz)
        buffer[self._turn[rows]] = _as_bytes(placed.wxyz[:, [1, 2, 3, 0]])
        if len(rows) == self.count:
            return buffer.tobytes()
        is_placed = np.zeros(self.count, np.bool_)
        is_placed[rows] = True
        return buffer[np.repeat(is_placed, self._size)].tobytes()


def _template(name: bytes, parent: bytes) -> tuple[bytes, int, int]:
    """One transform with zeros in it; where the stamp's value and the translation's tag begin."""
    stamp = STAMP + bytes([STAMP_SIZE]) + _stamp(0)
    body = stamp + PARENT + _varint(len(parent)) + parent + CHILD + _varint(len(name)) + name
    numbers = b"".join(
        tag + bytes([DOUBLE * count]) + b"".join(each + bytes(8) for each in DOUBLES[:count])
        for tag, count in ((MOVE, 3), (TURN, 4))
    )
    head = TRANSFORM + _varint(len(body) + len(numbers))
    return head + body + numbers, len(head) + 2, len(head) + len(body)


def _doubles(begin: Index, count: int) -> Index:
    """Where the bytes of so many doubles are, shape [n, 8 count]."""
    tags = begin[:, None, None] + DOUBLE * np.arange(count)[:, None] + 1
    return (tags + np.arange(8)).reshape(len(begin), 8 * count)


def _as_bytes(numbers: NDArray[np.float64]) -> Bytes:
    return np.ascontiguousarray(numbers, "<f8").view(np.uint8)


def _stamp(nanoseconds: int) -> bytes:
    """The value of a `google.protobuf.Timestamp`, always of the same width."""
    seconds, rest = divmod(nanoseconds, BILLION)
    return SECONDS + _varint(seconds, TIME_WIDTH) + NANOS + _varint(rest, TIME_WIDTH)


def _varint(value: int, width: int = 1) -> bytes:
    """A varint of at least so many bytes."""
    out = bytearray()
    while value > 0x7F or len(out) + 1 < width:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
