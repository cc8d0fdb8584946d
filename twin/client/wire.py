"""The binary frames of twin.v1 as a client reads them; `server.wire` writes them.

A frame is a 32-byte header, then 8-byte aligned arrays, all little endian. It knows nothing of what
it carries but the arrays' names and types, so that a client in Python reads them by name.
"""

import json
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from twin.errors import TwinError

__all__ = [
    "ARRAYS",
    "FULL",
    "HEADER",
    "LENGTHS",
    "MAGIC",
    "PER_COUNT",
    "PROTOCOL",
    "STATE_COUNT",
    "VERSION",
    "Frame",
    "FrameError",
    "FrameType",
    "Stamp",
    "decode",
    "type_of",
]

PROTOCOL = "twin.v1"
MAGIC = 0x5754  # "TW"
VERSION = 1
FULL = 1  # flag of STATE: replaces all states that the client holds
STATE_COUNT = 8

HEADER = Struct("<HBBIIIqII")  # magic, version, type, epoch, seq, key_seq, tick, count, flags
TYPE_AT = 3  # byte of the header

Array = NDArray[Any]


class FrameType(IntEnum):
    """What a frame carries."""

    TIME = 1
    KEY = 2
    SEG = 3
    STATE = 4
    KPI = 5
    EVENT = 6
    POSE = 7
    JOINT = 8
    STEP = 9


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
    FrameType.POSE: (("xyz", "<f4"), ("wxyz", "<f4"), ("part", "<i4"), ("look", "<i4")),
    FrameType.JOINT: (("joint", "<f4"), ("robot", "<i4")),
    FrameType.STEP: (("step", "<f8"),),
}
LENGTHS = {"map": 2, "totals": 8}  # of arrays whose length is not the count
PER_COUNT = {"times": STATE_COUNT, "xyz": 3, "wxyz": 4}  # of those with many numbers for each


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


def type_of(data: bytes) -> FrameType | None:
    """The type of a frame, or None if this client knows none such and must pass it over."""
    number = data[TYPE_AT] if len(data) >= HEADER.size else 0
    return FrameType(number) if number in ARRAYS else None


def decode(data: bytes) -> Frame:
    """Read a frame; one of a type that this client does not know is refused, see `type_of`.

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
        length = LENGTHS.get(name, count * PER_COUNT.get(name, 1))
        end = at + length * dtype.itemsize
        if end > len(data):
            raise FrameError(f"{kind.name} with count {count} is cut off: {len(data)} bytes")
        arrays[name] = np.frombuffer(data, dtype, length, at)
        at = end + -end % 8
    if at != len(data):
        raise FrameError(f"{kind.name} with count {count} has {at} bytes, got {len(data)}")
    return arrays
