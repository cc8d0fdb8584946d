"""Write the golden frames of twin.v1: `python -m tests.golden.write_wire`.

The server's own run, stream and encoder make them, by a clock that tests move; the Python and the
TypeScript client must both read them as `expected.json` says, and show what `shown.json` says.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from server.live import Live
from tests.server.line import Clock, make_live
from twin.client.wire import Frame, FrameType, decode
from twin.engine.command import Command
from twin.motion import coordinate

__all__ = ["FOLDER", "expected", "frames", "told"]

FOLDER = Path(__file__).parent / "wire"
POSES = 1  # topic of poses
SECOND = 1_000_000
LAST = 40.0  # s
STEP = 0.125  # s; exact in binary
SHOWN_AT = (0.0, 0.05, 0.3, 5.0)  # s after what is shown


def frames() -> dict[str, bytes]:
    """One frame of each sort, in the order in which a client takes them."""
    clock = Clock()
    live = make_live(clock)
    live.stream.open(POSES, (), poses=10.0)
    live.hold("exporter", 0.5, 10.0)
    found: dict[str, bytes] = {}
    while clock.wall < 100.0 + LAST:
        clock.wall += STEP
        _step(live, found)
    live.command(Command(action="fail", path="/Line/Check", value=5.0))
    welcome = live.welcome()
    found |= {_name(decode(data)): data for data in welcome.frames}
    later = {"seg", "event", "state"}
    for name in later:
        found.pop(name, None)
    while not later <= found.keys():
        clock.wall += STEP
        _step(live, found, only=later - found.keys())
    found["kpi_totals"] = _totals(live)
    order = ("time", "key", "state_full", "state", "kpi", "kpi_totals", "seg", "event", "pose")
    return {name: found[name] for name in (*order, "joint", "step")}


def expected(data: bytes) -> dict[str, Any]:
    """What a frame holds, as JSON."""
    frame = decode(data)
    told: dict[str, Any] = {
        "type": int(frame.kind), "name": frame.kind.name, "epoch": frame.stamp.epoch,
        "seq": frame.stamp.seq, "key_seq": frame.stamp.key_seq, "tick": frame.tick,
        "count": frame.count, "flags": frame.flags,
    }  # fmt: skip
    if frame.kind is FrameType.EVENT:
        return told | {"events": frame.events}
    return told | {"arrays": {name: each.tolist() for name, each in frame.arrays.items()}}


def told(files: dict[str, bytes]) -> list[dict[str, Any]]:
    """What a client shows that has taken the frames: where segments are, and states, at ticks."""
    from twin.client import Mirror

    mirror = Mirror()
    for data in files.values():
        mirror.take(decode(data))
    begin = decode(files["key"]).tick
    shown: list[dict[str, Any]] = []
    for after in SHOWN_AT:
        tick = begin + round(after * SECOND)
        rows = mirror.segments(tick)
        where = zip(rows["subject"].tolist(), coordinate(rows, tick).tolist(), strict=True)
        states = mirror.states(tick).tolist()
        shown.append({"tick": tick, "subjects": [list(each) for each in where], "states": states})
    return shown


def _step(live: Live, found: dict[str, bytes], only: Collection[str] = ()) -> None:
    for sent in live.step():
        frame = decode(sent.data)
        name = _name(frame)
        if frame.kind is FrameType.STEP:
            live.lockstep.done("exporter", frame.tick)
        if frame.count and (not only or name in only):
            found[name] = sent.data


def _name(frame: Frame) -> str:
    name = frame.kind.name.lower()
    return f"{name}_full" if frame.kind is FrameType.STATE and frame.flags else name


def _totals(live: Live) -> bytes:
    """A KPI frame of a plant with many places, most of which have the totals only."""
    from server import wire
    from server.wire import Stamp

    figures = live.run.ledger.look(live.run.sim)
    arrays = {name: each if name == "totals" else each[:0] for name, each in figures.arrays.items()}
    return wire.kpi_frame(Stamp(live.stream.epoch, 9999, 2), figures.tick, arrays)


def main() -> None:
    """Write all files."""
    files = frames()
    for name, data in files.items():
        (FOLDER / f"{name}.bin").write_bytes(data)
    texts = {
        "expected.json": {name: expected(data) for name, data in files.items()},
        "shown.json": told(files),
    }
    for name, value in texts.items():
        text = json.dumps(value, indent=1, ensure_ascii=False)
        (FOLDER / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
