"""Stretches of time in which a part stands or moves."""

from collections.abc import Iterator
from dataclasses import dataclass

from twin.motion import Segments
from twin.physics.runs import PartRun

__all__ = ["PartPhase", "stretches"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartPhase:
    """A stretch of time in which a part of one form moves, or stands."""

    mover: PartRun
    serial: int
    look: int
    since: int
    until: int
    moving: bool
    places: frozenset[int]  # rows of the places that it is in during it


def stretches(segments: Segments, until: int) -> Iterator[tuple[int, int, bool]]:
    """When a part moves and when it stands, one after the other."""
    begin, was = int(segments["tick"][0]), False
    for row, tick in enumerate(segments["tick"].tolist()):
        moves = segments["start"][row] != segments["end"][row] and segments["duration"][row] > 0
        if moves != was:
            yield begin, tick, was
            begin, was = tick, bool(moves)
        arrival = tick + int(segments["duration"][row])
        later = int(segments["tick"][row + 1]) if row + 1 < len(segments) else until
        if moves and arrival < later:
            yield begin, arrival, True
            begin, was = arrival, False
    yield begin, until, was
