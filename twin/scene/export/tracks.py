"""From the segments of a run to what each robot and part shows over time; knows nothing of USD."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from twin.core.record import STATE
from twin.core.state import STARVED, STATES
from twin.engine.layout import Layout
from twin.motion import Segments
from twin.motion.segment import coordinate_after
from twin.scene.export.channel import Channel, Clock, Steps
from twin.scene.export.keys import Curve
from twin.scene.export.part_curves import PartCurves
from twin.scene.export.robot_curves import RobotCurves
from twin.units import TICKS_PER_SECOND

__all__ = [
    "INHERITED",
    "INVISIBLE",
    "PartTrack",
    "part_track",
    "robot_track",
    "spans",
    "state_track",
]

INVISIBLE, INHERITED = "invisible", "inherited"  # as USD calls them


@dataclass(slots=True)
class PartTrack:
    """One part slot: the parts that are in it, one after another."""

    xyz: Channel
    wxyz: Channel
    visible: Steps
    look: Steps
    serial: Steps
    looks: set[int] = field(default_factory=set[int])


def spans(segments: Segments, end: int) -> dict[int, Iterator[tuple[Segments, int]]]:
    """By subject: its segments as arrays of shape [1], each with the tick at which it is over.

    A segment is over when the next one begins or the run ends; one never valid is left out.
    """
    segments = segments[segments["tick"] <= end]
    segments = segments[np.lexsort((segments["tick"], segments["subject"]))]
    subject, tick = segments["subject"], segments["tick"]
    last = np.append(subject[1:] != subject[:-1], True) if len(segments) else np.empty(0, bool)
    until = np.where(last, end, np.append(tick[1:], end)[: len(tick)])
    keep = last | (until > tick)
    segments, until = segments[keep], until[keep]
    subjects, first = np.unique(segments["subject"], return_index=True)
    borders = [*first.tolist(), len(segments)]
    return {
        int(who): _rows(segments[low:high], until[low:high])
        for who, low, high in zip(subjects, borders, borders[1:], strict=False)
    }


def _rows(segments: Segments, until: Segments) -> Iterator[tuple[Segments, int]]:
    for row in range(len(segments)):
        yield segments[row : row + 1], int(until[row])


def robot_track(
    layout: Layout,
    curves: RobotCurves,
    clock: Clock,
    *,
    robot: int,
    segments: Iterable[tuple[Segments, int]],
) -> list[tuple[Channel, Channel]]:
    """Position and orientation of a robot's links, first to last.

    Until its first segment a robot stands where its first program begins.
    """
    first = curves.of(robot, int(layout.first_program[robot]))
    links = [(Channel(clock), Channel(clock)) for _ in first]
    _run(links, first, 0, (0.0, 0.0))
    for segment, until in segments:
        tick, program = int(segment["tick"][0]), int(segment["track"][0])
        begin, end = float(segment["start"][0]), float(segment["end"][0])
        seconds, changing = (until - tick) / TICKS_PER_SECOND, -float(segment["ramp"][0])
        if changing > 0.0:
            _place(links, curves.changing(robot, segment, min(seconds, changing)), tick)
            begin = float(coordinate_after(segment, np.array([changing]))[0])
        if seconds > changing:
            over = min(end, begin + seconds - changing)
            _run(
                links, curves.of(robot, program), tick + changing * TICKS_PER_SECOND, (begin, over)
            )
    return links


def _run(
    links: list[tuple[Channel, Channel]],
    curves: list[tuple[Curve, Curve]],
    tick: float,
    seconds: tuple[float, float],
) -> None:
    _place(links, [(xyz.piece(*seconds), wxyz.piece(*seconds)) for xyz, wxyz in curves], tick)


def _place(
    links: list[tuple[Channel, Channel]], curves: list[tuple[Curve, Curve]], tick: float
) -> None:
    for channels, pair in zip(links, curves, strict=True):
        for channel, curve in zip(channels, pair, strict=True):
            channel.place(curve, tick)


def part_track(
    curves: PartCurves, clock: Clock, segments: Iterable[tuple[Segments, int]]
) -> PartTrack:
    """Follow a slot; where no part is in sight it is invisible, and rests where it was."""
    track = PartTrack(Channel(clock), Channel(clock), Steps(clock), Steps(clock), Steps(clock))
    track.visible.put(INVISIBLE, 0)
    for segment, until in segments:
        tick = int(segment["tick"][0])
        if segment["track"][0] < 0:
            track.visible.put(INVISIBLE, tick)
            continue
        look = int(segment["look"][0])
        track.visible.put(INHERITED, tick)
        track.look.put(look, tick)
        track.serial.put(int(segment["part"][0]), tick)
        track.looks.add(look)
        seconds = (until - tick) / TICKS_PER_SECOND
        for channel, curve in zip((track.xyz, track.wxyz), curves.of(segment), strict=True):
            channel.place(curve.piece(0.0, min(seconds, float(curve.time[-1]))), tick)
    return track


def state_track(events: Segments, place: int, clock: Clock) -> Steps:
    """The states of a place; before its first event it is starved, as a new world has it."""
    track = Steps(clock)
    track.put(STATES[STARVED], 0)
    mine = events[(events["code"] == STATE) & (events["place"] == place)]
    for event in mine:
        track.put(STATES[int(event["value"])], int(event["tick"]))
    return track
