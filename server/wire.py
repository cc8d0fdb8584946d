"""The binary frames of twin.v1 as the server makes them: once, as bytes, shared by all clients.

How they are laid out, and how they are read, is in `twin.client.wire`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.client.wire import (
    ARRAYS,
    FULL,
    HEADER,
    LENGTHS,
    MAGIC,
    PER_COUNT,
    PROTOCOL,
    STATE_COUNT,
    VERSION,
    Frame,
    FrameError,
    FrameType,
    Stamp,
    decode,
)

__all__ = ["ARRAYS", "FULL", "HEADER", "LENGTHS", "MAGIC", "PER_COUNT", "PROTOCOL", "STATE_COUNT"]
__all__ += ["VERSION", "Frame", "FrameError", "FrameType", "Stamp", "decode"]
__all__ += ["event_frame", "joint_frame", "kpi_frame", "pose_frame", "segment_frame"]
__all__ += ["state_frame", "step_frame", "time_frame"]

Array = NDArray[Any]


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


def pose_frame(stamp: Stamp, tick: int, arrays: Mapping[str, Array]) -> bytes:
    """POSE: where all parts are at a tick.

    Args:
        stamp: where it stands in the stream.
        tick: the time.
        arrays: `xyz` [n, 3] [m], `wxyz` [n, 4], `part` and `look` [n].
    """
    return _frame(FrameType.POSE, stamp, tick, arrays, count=len(arrays["part"]))


def joint_frame(stamp: Stamp, tick: int, robot: Array, joint: Array) -> bytes:
    """JOINT: where robots' joints are at a tick: row and position, joint by joint, shape [n]."""
    arrays = {"joint": joint, "robot": robot}
    return _frame(FrameType.JOINT, stamp, tick, arrays, count=len(robot))


def step_frame(stamp: Stamp, tick: int, steps: Sequence[float]) -> bytes:
    """STEP: the run has come to a tick, and waits for all whose step [s] is among these."""
    array = np.array(steps, np.float64)
    return _frame(FrameType.STEP, stamp, tick, {"step": array}, count=len(array))


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
