"""The binary frames of twin.v1: a 32-byte header, then 8-byte aligned arrays, little endian.

A frame is made once, as bytes, and shared by all clients. It knows nothing of what it carries but
the arrays' names and types, so that a client in Python reads them by name.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from twin.errors import TwinError

__all__ = [
    "FULL",
    "PROTOCOL",
    "Frame",
    "FrameError",
    "FrameType",
    "Stamp",
    "decode",
    "event_frame",
    "kpi_frame",
    "segment_frame",
    "state_frame",
    "time_frame",
]

PROTOCOL = "twin.v1"
MAGIC = 0x5754  # "TW"
VERSION = 1
FULL = 1  # flag of STATE: replaces all states that the client holds
STATE_COUNT = 8

HEADER = Struct("<HBBIIIqII")  # magic, version, type, epoch, seq, key_seq, tick, count, flags

Array = NDArray[Any]


class FrameType(IntEnum):
    """What a frame carries."""

    TIME = 1
    KEY = 2
    SEG = 3
    STATE = 4
    KPI = 5
    EVENT = 6


class Stamp(NamedTuple):
    """Where a frame stands in the stream."""

    epoch: int  # rises whenever time is set anew
    seq: int  # of this frame; of a frame made for one client: the last shared one that it includes
    key_seq: int  # of the last frame that began the stream anew


class FrameError(TwinError):
    """Bytes that are not a frame of this protocol."""


# Name and type of every array, in order. A shape of n is the header's count.
SEGMENT_ARRAYS = (
    ("tick", "<f8"), ("duration", "<f8"), ("start", "<f8"), ("end", "<f8"), ("ramp", "<f4"),
    ("jerk", "<f4"), ("subject", "<i4"), ("track", "<i4"), ("look", "<i4"), ("part", "<i4"),
)  # fmt: skip
STATE_ARRAYS = (("tick", "<f8"), ("place", "<i4"), ("state", "<i4"))
ARRAYS: dict[FrameType, tuple[tuple[str, str], ...]] = {
    FrameType.TIME: (("map", "<f8"),),  # shape [2]: wall [s], rate
    FrameType.KEY: SEGMENT_ARRAYS,
    FrameType.SEG: SEGMENT_ARRAYS,
    FrameType.STATE: STATE_ARRAYS,
    FrameType.KPI: (("totals", "<f8"), ("times", "<f8"), ("finished", "<i4"), ("level", "<i4")),
    FrameType.EVENT: (("text", "u1"),),  # UTF-8 JSON
}
LENGTHS = {"map": 2, "totals": 8}  # of arrays whose length is not the count


def time_frame(stamp: Stamp, tick: int, wall: float, rate: float) -> bytes:
    """TIME: simulated time is `tick` at server clock `wall` [s] and runs at `rate`."""
    return _frame(FrameType.TIME, stamp, tick, {"map": np.array([wall, rate])}, count=1)


def segment_frame(stamp: Stamp, tick: int, rows: Array, *, key: bool = False) -> bytes:
    """SEG: new motion segments, of dtype SEGMENT, shape [n]; as KEY they replace all others."""
    kind = FrameType.KEY if key else FrameType.SEG
    return _frame(kind, stamp, tick, rows, count=len(rows))


def state_frame(stamp: Stamp, tick: int, rows: Array, *, full: bool = False) -> bytes:
    """STATE: what state places are in from a tick on; rows with tick, place, state, shape [n]."""
    return _frame(FrameType.STATE, stamp, tick, rows, count=len(rows), flags=FULL if full else 0)


def kpi_frame(stamp: Stamp, tick: int, arrays: Mapping[str, Array]) -> bytes:
    """KPI: `totals` [8], `times` [place_count, 8], `finished` and `level` [place_count]."""
    return _frame(FrameType.KPI, stamp, tick, arrays, count=len(arrays["level"]))


def event_frame(stamp: Stamp, tick: int, rows: Sequence[Mapping[str, object]]) -> bytes:
    """EVENT: what happened, in words; objects with tick, kind, path and text."""
    text = json.dumps(list(rows), ensure_ascii=False, separators=(",", ":")).encode()
    array = np.frombuffer(text, np.uint8)
    return _frame(FrameType.EVENT, stamp, tick, {"text": array}, count=len(text))


def _frame(
    kind: FrameType,
    stamp: Stamp,
    tick: int,
    arrays: Mapping[str, Array] | Array,
    *,
    count: int,
    flags: int = 0,
) -> bytes:
    out = [HEADER.pack(MAGIC, VERSION, kind, *stamp, tick, count, flags)]
    for name, dtype in ARRAYS[kind]:
        data = np.ascontiguousarray(arrays[name], dtype).tobytes()
        out += [data, bytes(-len(data) % 8)]
    return b"".join(out)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A frame as a client reads it; the arrays are views of the bytes."""

    kind: FrameType
    stamp: Stamp
    tick: int
    count: int
    flags: int
    arrays: dict[str, Array]

    @property
    def events(self) -> list[dict[str, Any]]:
        """The objects of an EVENT frame.

        Raises:
            FrameError: its text is not a JSON array.
        """
        try:
            rows = json.loads(self.arrays["text"].tobytes())
        except ValueError as error:
            raise FrameError(f"EVENT must hold a JSON array: {error}") from None
        if not isinstance(rows, list):
            raise FrameError("EVENT must hold a JSON array")
        return cast("list[dict[str, Any]]", rows)


def decode(data: bytes) -> Frame:
    """Read a frame.

    Raises:
        FrameError: these are not the bytes of one whole frame.
    """
    if len(data) < HEADER.size:
        raise FrameError(f"a frame has at least {HEADER.size} bytes, got {len(data)}")
    magic, version, number, epoch, seq, key_seq, tick, count, flags = HEADER.unpack_from(data)
    if magic != MAGIC:
        raise FrameError(f"a frame starts with {MAGIC:#06x}, got {magic:#06x}")
    if version != VERSION:
        raise FrameError(f"the frame's version must be {VERSION}, got {version}")
    if number not in ARRAYS:
        raise FrameError(f"the frame's type must be 1 to {max(ARRAYS):d}, got {number}")
    kind = FrameType(number)
    return Frame(kind, Stamp(epoch, seq, key_seq), tick, count, flags, _arrays(kind, count, data))


def _arrays(kind: FrameType, count: int, data: bytes) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    at = HEADER.size
    for name, code in ARRAYS[kind]:
        dtype = np.dtype(code)
        length = LENGTHS.get(name, count * (STATE_COUNT if name == "times" else 1))
        end = at + length * dtype.itemsize
        if end > len(data):
            raise FrameError(f"{kind.name} with count {count} is cut off: {len(data)} bytes")
        arrays[name] = np.frombuffer(data, dtype, length, at)
        at = end + -end % 8
    if at != len(data):
        raise FrameError(f"{kind.name} with count {count} has {at} bytes, got {len(data)}")
    return arrays
