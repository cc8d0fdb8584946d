"""One run for all its Foxglove clients: each message is made once, and only if somebody wants it.

Of every channel but that of events there is the newest message only: it says all, so a client that
lags misses what it has no time for, and nothing is kept for it.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from server.foxglove.mirror import Mirror
from server.foxglove.words import Status, data_head, playback
from server.hosted import Hosted
from server.refusal import RefusalError
from twin.errors import TwinError
from twin.foxglove import (
    ADDRESS,
    NANOSECONDS,
    Channel,
    Linked,
    Models,
    Movers,
    Scene,
    Scenery,
    Transforms,
)
from twin.foxglove import channels as told

__all__ = ["Relay", "Slot", "join", "leave"]

RATE = 10.0  # looks a second
MOST_BYTES = 2e6  # of one channel in a second, to each client
SHARE = 0.1  # of the event loop's time that looks may take
RETRY = 1.0  # s between two looks at a run that does not answer
SLOTS = 64  # of parts, that there is room for at first
NOTES = 100
FRAMINGS = 8  # of one message that are kept, by subscription number
FASTEST = 1000.0  # what a run as fast as possible tells as its speed
LARGEST_ASSET = 32 * 2**20  # bytes


class Reader(Protocol):
    """A client that reads a relay."""

    news: asyncio.Event

    def wants(self, channel: Channel) -> bool:
        """Whether it has subscribed to a channel."""
        ...


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


class Relay:
    """Reads the stream of a run, and makes messages of it while it has readers."""

    def __init__(self, run: Hosted) -> None:
        self.run = run
        self.readers: set[Reader] = set()
        self.task: asyncio.Task[None] | None = None  # None: it has ended
        self.slots = {channel: Slot() for channel in Channel}
        self.notes: deque[tuple[int, int, bytes]] = deque(maxlen=NOTES)  # number, time, message
        self.tick = 0  # shown
        self.control = 0  # rises whenever time is controlled
        self.error = ""  # why the run does not answer
        self.scenery: Scenery | None = None  # known from the first time that the run is ready
        self._models: Models | None = None
        self._assets: dict[int, bytes] = {}
        self._last_note = 0
        self._mirror = Mirror(0)
        self._generation = -1
        self._seq = 0
        self._going: object = None  # how time went at the last look

    @property
    def nanoseconds(self) -> int:
        """The time that is shown."""
        return self.tick * NANOSECONDS

    @property
    def head(self) -> int:
        """The farthest tick that the run has reached."""
        return max(self.tick, int(self.run.status.get("head", 0)))

    @property
    def is_playing(self) -> bool:
        """Whether time runs."""
        return bool(self.run.status.get("playing", False))

    @property
    def speed(self) -> float:
        """Simulated seconds per second while time runs."""
        speed = self.run.status.get("speed", 1.0)
        return FASTEST if speed == "max" else float(speed)

    @property
    def epoch(self) -> int:
        """Of the stream."""
        return self._mirror.epoch

    def playback(self, *, did_seek: bool = False, request: str = "") -> bytes:
        """How time goes, as clients are told."""
        state = Status.PLAYING if self.is_playing else Status.PAUSED
        return playback(state, self.nanoseconds, self.speed, did_seek=did_seek, request=request)

    def settle(self) -> None:
        """See how time goes now: what was asked for has been done."""
        if self.run.is_ready and self.run.generation == self._generation:
            self._read()
            self._look(time.monotonic())

    async def asset(self, uri: str) -> bytes:
        """The model at an address.

        Raises:
            RefusalError: there is none.
        """
        digest = "" if self.scenery is None else self.scenery.digest
        name = uri.removeprefix(f"{ADDRESS}{digest}/").removesuffix(".glb")
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 6 else -1
        if self._models is None or not 0 <= number < self._models.count:
            raise RefusalError("not_found", "there is no such model")
        if number not in self._assets:
            data = await asyncio.to_thread(self._models.cut, [(number, None)])
            if len(data) > LARGEST_ASSET:
                raise RefusalError("too_large", f"models have at most {LARGEST_ASSET} bytes")
            self._assets[number] = data
        return self._assets[number]

    async def go(self) -> None:
        """Follow the run until cancelled."""
        while True:
            try:
                await self.run.wait()
                await self._begin()
                self.error = ""
                await self._follow()
            except TwinError as error:
                self.error = str(error)
            self._wake()
            await asyncio.sleep(RETRY if self.error else 0)

    async def _begin(self) -> None:
        """Learn all that holds now."""
        self._generation = self.run.generation
        if self.scenery is None:
            pack = self.run.pack
            assert pack is not None
            self._models = await asyncio.to_thread(Models, pack.prototypes)
            scenery = await asyncio.to_thread(Scenery.read, pack.scene)
            self._movers = Movers(scenery)
            drawing = Linked(scenery.digest)
            self._scene = Scene(scenery, drawing, drawing)
            self._transforms = Transforms(self._movers.frame_names(SLOTS))
            self.scenery = scenery
        topic = await self.run.subscribe(())
        self.run.release(topic)  # that of the whole plant stays
        self._topic = topic
        welcome = await self.run.welcome(topic)
        mirror = Mirror(len(self.scenery.places))
        for data in (*welcome.frames, welcome.notes):
            mirror.take(data)
        self._mirror, self._seq = mirror, welcome.seq
        self.notes.clear()

    async def _follow(self) -> None:
        """Look again and again, as often as time and bytes allow."""
        while self.run.is_ready and self.run.generation == self._generation:
            started = time.monotonic()
            if not self._read():
                return
            self._look(started)
            self._wake()
            took = time.monotonic() - started
            await asyncio.sleep(max(1 / RATE - took, took / SHARE))

    def _read(self) -> bool:
        """Take in what the run has said; false if some of it is lost."""
        fresh = self._topic.feed.after(self._seq)
        for frame in fresh or ():
            self._mirror.take(frame.data)
            self._seq = frame.seq
        return fresh is not None

    def _look(self, wall: float) -> None:
        mirror = self._mirror
        self.tick = mirror.shown(wall)
        going = (mirror.epoch, self.is_playing, self.speed)
        if going != self._going:
            self._going = going
            self.control += 1
        for note in mirror.notes(self.tick):
            self._last_note += 1
            data = told.note(note)
            self.notes.append((self._last_note, int(note["tick"]) * NANOSECONDS, data))
        wanted = {channel for channel in Channel if self._is_due(channel, wall)}
        if wanted:
            self._write(wanted)

    def _is_due(self, channel: Channel, wall: float) -> bool:
        return wall >= self.slots[channel].again and any(
            reader.wants(channel) for reader in self.readers
        )

    def _write(self, wanted: set[Channel]) -> None:
        tick, epoch, scenery = self.tick, self.epoch, self.scenery
        assert scenery is not None
        if Channel.STANDING in wanted:
            self._put(Channel.STANDING, "", self._scene.standing)
        if wanted & {Channel.PLACES, Channel.STATES}:
            states = self._mirror.states(tick)
            key = (epoch, tuple(states))
            if Channel.PLACES in wanted:
                self._put(Channel.PLACES, key, lambda: self._scene.places(states, self.nanoseconds))
            if Channel.STATES in wanted:
                rows = (scenery.places, scenery.states, states)
                self._put(Channel.STATES, key, lambda: told.states(tick, *rows))
        if wanted & {Channel.TRANSFORMS, Channel.PARTS}:
            self._write_movers(wanted)
        if Channel.FIGURES in wanted and (totals := self._mirror.totals(tick)) is not None:
            self._put(Channel.FIGURES, (epoch, totals[0]), lambda: told.figures(*totals))

    def _write_movers(self, wanted: set[Channel]) -> None:
        if self.slots[Channel.TRANSFORMS].key == (self.epoch, self.tick):
            wanted = wanted - {Channel.TRANSFORMS}
            if Channel.PARTS not in wanted:
                return
        placed = self._movers.place(self._mirror.segments(self.tick), self.tick)
        if len(placed.rows) and placed.rows[-1] >= self._transforms.count:
            self._transforms = Transforms(self._movers.frame_names(2 * int(placed.slot[-1]) + 2))
        if Channel.PARTS in wanted:
            seen = b"".join(e.tobytes() for e in (placed.slot, placed.serial, placed.look))
            self._put(
                Channel.PARTS, (self.epoch, seen),
                lambda: self._scene.parts(placed, self.nanoseconds),
            )  # fmt: skip
        if Channel.TRANSFORMS in wanted:
            self._put(
                Channel.TRANSFORMS, (self.epoch, self.tick),
                lambda: self._transforms.write(placed, self.nanoseconds),
            )  # fmt: skip

    def _put(self, channel: Channel, key: object, made: Any) -> None:
        """Make a channel's message anew if it is made of something else."""
        slot = self.slots[channel]
        if slot.version == 0 or slot.key != key:
            slot.put(key, self.nanoseconds, made())

    def _wake(self) -> None:
        for reader in self.readers:
            reader.news.set()


_relays: WeakKeyDictionary[Hosted, Relay] = WeakKeyDictionary()


def join(run: Hosted, reader: Reader) -> Relay:
    """Let a client read a run."""
    relay = _relays.get(run)
    if relay is None or relay.task is None:
        relay = _relays[run] = Relay(run)
        relay.task = asyncio.create_task(relay.go())
    relay.readers.add(reader)
    return relay


def leave(relay: Relay, reader: Reader) -> None:
    """Let a client go; with the last one the relay ends."""
    relay.readers.discard(reader)
    if not relay.readers and relay.task is not None:
        relay.task.cancel()
        relay.task = None
