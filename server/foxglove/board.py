"""The newest message of each channel: it says all, so nothing is kept for a client that lags."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from server.foxglove.mirror import Mirror
from server.foxglove.words import data_head
from twin.foxglove import NANOSECONDS, Channel, Linked, Movers, Scene, Scenery, Transforms, channels

__all__ = ["Board", "Slot"]

MOST_BYTES = 2e6  # of one channel in a second, to each client
SLOTS = 64  # of parts, that there is room for at first
FRAMINGS = 8  # of one message that are kept, by subscription number


@dataclass(slots=True, eq=False)
class Slot:
    """The newest message of a channel."""

    version: int = 0  # 0: there is none
    key: object = None  # what it was made of
    nanoseconds: int = 0
    data: bytes = b""
    again: float = 0.0  # server's time from which the next one may be made [s]
    _framed: dict[int, bytes] = field(default_factory=dict[int, bytes])

    def put(self, key: object, nanoseconds: int, data: bytes) -> None:
        """Replace it."""
        self.version += 1
        self.key, self.nanoseconds, self.data = key, nanoseconds, data
        self.again = time.monotonic() + len(data) / MOST_BYTES
        self._framed.clear()

    def framed(self, subscription: int) -> bytes:
        """As it is sent; clients that number their subscriptions alike share the bytes."""
        if (known := self._framed.get(subscription)) is not None:
            return known
        made = data_head(subscription, self.nanoseconds) + self.data
        if len(self._framed) < FRAMINGS:
            self._framed[subscription] = made
        return made


class Board:
    """Makes the messages of a scenery, each once for all clients."""

    def __init__(self, scenery: Scenery) -> None:
        self.scenery = scenery
        self.slots = {channel: Slot() for channel in Channel}
        self._movers = Movers(scenery)
        drawing = Linked(scenery.digest)
        self._scene = Scene(scenery, drawing, drawing)
        self._transforms = Transforms(self._movers.frame_names(SLOTS))

    def write(self, wanted: set[Channel], mirror: Mirror, tick: int) -> None:
        """Make what is wanted anew, where it is not what holds at a tick."""
        scene, scenery, epoch, now = self._scene, self.scenery, mirror.epoch, tick * NANOSECONDS
        if Channel.STANDING in wanted:
            self._put(Channel.STANDING, "", now, scene.standing)
        if wanted & {Channel.PLACES, Channel.STATES}:
            states = mirror.states(tick)
            key = (epoch, tuple(states))
            if Channel.PLACES in wanted:
                self._put(Channel.PLACES, key, now, lambda: scene.places(states, now))
            if Channel.STATES in wanted:
                rows = (scenery.places, scenery.states, states)
                self._put(Channel.STATES, key, now, lambda: channels.states(tick, *rows))
        if wanted & {Channel.TRANSFORMS, Channel.PARTS}:
            self._write_movers(wanted, mirror, tick)
        if Channel.FIGURES in wanted and (totals := mirror.totals(tick)) is not None:
            key = (epoch, totals[0])
            self._put(Channel.FIGURES, key, now, lambda: channels.figures(*totals))

    def _write_movers(self, wanted: set[Channel], mirror: Mirror, tick: int) -> None:
        epoch, now = mirror.epoch, tick * NANOSECONDS
        if self.slots[Channel.TRANSFORMS].key == (epoch, tick):
            wanted = wanted - {Channel.TRANSFORMS}
            if Channel.PARTS not in wanted:
                return
        placed = self._movers.place(mirror.segments(tick), tick)
        if len(placed.rows) and placed.rows[-1] >= self._transforms.count:
            self._transforms = Transforms(self._movers.frame_names(2 * int(placed.slot[-1]) + 2))
        if Channel.PARTS in wanted:
            seen = b"".join(each.tobytes() for each in (placed.slot, placed.serial, placed.look))
            self._put(Channel.PARTS, (epoch, seen), now, lambda: self._scene.parts(placed, now))
        if Channel.TRANSFORMS in wanted:
            self._put(
                Channel.TRANSFORMS, (epoch, tick), now, lambda: self._transforms.write(placed, now)
            )

    def _put(
        self, channel: Channel, key: object, nanoseconds: int, made: Callable[[], bytes]
    ) -> None:
        """Make a channel's message anew if it is made of something else."""
        slot = self.slots[channel]
        if slot.version == 0 or slot.key != key:
            slot.put(key, nanoseconds, made())
