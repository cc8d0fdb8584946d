"""Frames on their way to clients, and what a newcomer is told; known to both processes."""

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["EVERYONE", "EVERYTHING", "Packed", "Sent", "Welcome"]

EVERYTHING = 0  # the topic of who looks at the whole plant
EVERYONE = 0xFFFF  # for those of every topic


class Sent(NamedTuple):
    """A frame for all who read a topic."""

    seq: int
    data: bytes
    topic: int = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """All that a client must know that has just come, or has missed too much."""

    seq: int  # of the last frame for everyone that is included
    epoch: int
    speed: float  # simulated seconds per second; infinite: as fast as possible
    playing: bool
    history: list[tuple[int, int, int]]  # tick, parts finished, parts in the plant
    frames: list[bytes]
    notes: bytes  # a frame with what happened lately, for those who have just come


class Packed(NamedTuple):
    """The scene pack of a run, and the hash that names it."""

    name: str
    digest: str
    scene: bytes  # JSON
    prototypes: bytes  # binary glTF
