"""Record a run from its stream: poses at a rate, joints, states and events, in Parquet.

In lock-step the run waits for the recorder: the same run gives the same recording, however slow
the recorder is. Otherwise it records what comes, and counts the gaps.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from twin.client.client import Client
from twin.client.columns import Columns
from twin.client.errors import ClientError
from twin.client.inbox import Inbox
from twin.client.mirror import UNKNOWN
from twin.client.wire import FrameType
from twin.units import TICKS_PER_SECOND, to_seconds

__all__ = ["RATES", "Recording", "record"]

RATES = (0.01, 1000.0)  # Hz
STRETCH = 0.5  # s of the run from one step to the next
OWN = "service"  # events that are about clients, not about the plant


@dataclass(slots=True)
class Recording:
    """What has been recorded so far; ticks up to, but without, `until`."""

    since: int | None = None
    until: int = 0
    samples: int = 0
    gaps: int = 0  # stretches of which nothing came in time, or that were set anew

    @property
    def seconds(self) -> float:
        """How much of the run it is [s]."""
        return 0.0 if self.since is None else to_seconds(self.until - self.since)


async def record(
    client: Client,
    folder: Path,
    *,
    rate: float = 60.0,
    length: int | None = None,
    lock_step: bool = False,
    play: bool = False,
    recording: Recording | None = None,
) -> Recording:
    """Record a run until a length is reached, or the run or the connection ends.

    Args:
        client: connected to the run.
        folder: where the files are made.
        rate: poses a second of the run [Hz].
        length: how much of the run [ticks]; None: until somebody ends this.
        lock_step: let the run wait for the recorder.
        play: let the run's time run once the recorder is ready.
        recording: is kept up to date, for who ends this from outside.

    Raises:
        ClientError: the connection was lost, or the recorder was too slow for its lock-step.
        RunError: the files can't be written.
    """
    least, most = RATES
    if not least <= rate <= most:
        raise ClientError("invalid", f"rate must be >= {least:g} and <= {most:g} Hz, got {rate:g}")
    recording = recording or Recording()
    columns = Columns(folder)
    stretch = ceil(STRETCH * rate) / rate
    opened = client.lock_step(stretch) if lock_step else _as_it_comes(client, recording)
    try:
        async with opened as ticks:
            if play:
                await client.play()
            await _follow(ticks, client, columns, recording, rate=rate, length=length)
    finally:
        columns.close(_about(client, recording, rate=rate, lock_step=lock_step))
    return recording


async def _follow(
    ticks: AsyncGenerator[int],
    client: Client,
    columns: Columns,
    recording: Recording,
    *,
    rate: float,
    length: int | None,
) -> None:
    """Write every stretch that is settled: from one tick up to the next."""
    epoch = client.mirror.epoch
    async for tick in ticks:
        if recording.since is None:
            recording.since = recording.until = tick
            epoch = client.mirror.epoch
            continue
        if client.mirror.epoch != epoch or tick < recording.until:
            epoch = client.mirror.epoch
            recording.gaps += 1
            recording.until = max(tick, recording.until)
            continue
        end = tick if length is None else min(tick, recording.since + length)
        _write(client, columns, recording, end, rate=rate)
        if length is not None and end == recording.since + length:
            return


@asynccontextmanager
async def _as_it_comes(client: Client, recording: Recording) -> AsyncGenerator[AsyncGenerator[int]]:
    async with aclosing(_told(client.frames(), recording)) as ticks:
        yield ticks


async def _told(inbox: Inbox, recording: Recording) -> AsyncGenerator[int]:
    """Ticks up to which all is known, when the server tells the time."""
    renewed = False
    async for frame in inbox:
        if frame.kind is FrameType.TIME:
            if renewed and recording.since is not None:
                recording.gaps += 1
                recording.until = max(recording.until, frame.tick)
            renewed = False
            yield frame.tick
        elif frame.kind is FrameType.KEY:
            renewed = True


def _write(
    client: Client, columns: Columns, recording: Recording, end: int, *, rate: float
) -> None:
    """Write what was from the recording's end up to a tick."""
    begin, mirror = recording.until, client.mirror
    if begin == recording.since:  # what holds there; then what changes
        states = mirror.states(begin)
        places = np.flatnonzero(states != UNKNOWN)
        columns.add("states", len(places), tick=begin, place=places, state=states[places])
    for tick in _samples(begin, end, rate):
        _write_poses(client, columns, tick)
        recording.samples += 1
    rows = mirror.changes(begin + (begin == recording.since), end)
    columns.add("states", len(rows), **{name: rows[name] for name in ("tick", "place", "state")})
    events = [each for each in mirror.events if begin <= each["tick"] < end and each["kind"] != OWN]
    events.sort(key=lambda each: int(each["tick"]))
    texts = {name: [str(each[name]) for each in events] for name in ("kind", "path", "text")}
    columns.add("events", len(events), tick=[int(each["tick"]) for each in events], **texts)
    recording.until = end


def _samples(begin: int, end: int, rate: float) -> list[int]:
    """The multiples of a sample's time from one tick up to another, without that."""
    first = int(begin / TICKS_PER_SECOND * rate) - 1
    last = int(end / TICKS_PER_SECOND * rate) + 1
    ticks = [round(number / rate * TICKS_PER_SECOND) for number in range(first, last + 1)]
    return [tick for tick in ticks if begin <= tick < end]


def _write_poses(client: Client, columns: Columns, tick: int) -> None:
    poses = client.mirror.poses(tick)
    names = ("x", "y", "z", "qw", "qx", "qy", "qz")
    numbers = dict(zip(names, np.concatenate([poses.xyz, poses.wxyz], axis=1).T, strict=True))
    columns.add(
        "poses", len(poses.serial), tick=tick, part=poses.serial, look=poses.look, **numbers
    )
    layout = poses.layout
    if layout.arms is not None:
        counts = layout.arms.joint_count[layout.arm_row]
        robot = np.repeat(np.arange(len(counts)), counts)
        joint = np.arange(len(robot)) - np.repeat(np.cumsum(counts) - counts, counts)
        position = poses.joints[robot, joint]
        columns.add("joints", len(robot), tick=tick, robot=robot, joint=joint, position=position)


def _about(client: Client, recording: Recording, *, rate: float, lock_step: bool) -> dict[str, Any]:
    pack = client.pack
    return {
        "scene": pack.name,
        "pack": pack.digest,
        "since": recording.since,
        "until": recording.until,
        "rate": rate,
        "lock_step": lock_step,
        "gaps": recording.gaps,
        "places": list(pack.places),
        "robots": list(pack.robots),
        "looks": [list(look) for look in pack.looks],
        "states": list(pack.states),
        "topics": list(client.hello.get("paths", ())),
    }
