"""One run for all its Foxglove clients: each message is made once, and only if somebody wants it.

Of every channel but that of events there is the newest message only: it says all, so a client that
lags misses what it has no time for, and nothing is kept for it.
"""

import asyncio
import time
from collections import deque
from typing import Protocol

from server.foxglove.board import Board
from server.foxglove.mirror import Mirror
from server.foxglove.words import Status, playback
from server.hosted import Hosted
from server.refusal import RefusalError
from twin.errors import TwinError
from twin.foxglove import ADDRESS, NANOSECONDS, Channel, Models, Scenery, channels

__all__ = ["Relay", "join", "leave"]

RATE = 10.0  # looks a second
SHARE = 0.1  # of the event loop's time that looks may take
RETRY = 1.0  # s between two looks at a run that does not answer
NOTES = 100
FASTEST = 1000.0  # what a run as fast as possible tells as its speed
LARGEST_ASSET = 32 * 2**20  # bytes


class Reader(Protocol):
    """A client that reads a relay."""

    news: asyncio.Event

    def wants(self, channel: Channel) -> bool:
        """Whether it has subscribed to a channel."""
        ...


class Relay:
    """Reads the stream of a run, and makes messages of it while it has readers."""

    def __init__(self, run: Hosted) -> None:
        self.run = run
        self.readers: set[Reader] = set()
        self.board: Board | None = None  # known from the first time that the run is ready
        self.notes: deque[tuple[int, int, bytes]] = deque(maxlen=NOTES)  # number, time, message
        self.tick = 0  # shown
        self.control = 0  # rises whenever time is controlled
        self.error = ""  # why the run does not answer
        self._models: Models | None = None
        self._assets: dict[int, bytes] = {}
        self._last_note = 0
        self._mirror = Mirror(0)
        self._generation = -1
        self._seq = 0
        self._going: object = None  # how time went at the last look
        self.task = asyncio.create_task(self._go())

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
        digest = "" if self.board is None else self.board.scenery.digest
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

    async def _go(self) -> None:
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
        if self.board is None:
            pack = self.run.pack
            assert pack is not None
            self._models = await asyncio.to_thread(Models, pack.prototypes)
            self.board = Board(await asyncio.to_thread(Scenery.read, pack.scene))
        topic = await self.run.subscribe(())
        self.run.release(topic)  # that of the whole plant stays
        self._topic = topic
        welcome = await self.run.welcome(topic)
        mirror = Mirror(len(self.board.scenery.places))
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
            data = channels.note(note)
            self.notes.append((self._last_note, int(note["tick"]) * NANOSECONDS, data))
        assert self.board is not None
        slots = self.board.slots
        wanted = {
            channel
            for channel in Channel
            if wall >= slots[channel].again and any(each.wants(channel) for each in self.readers)
        }
        if wanted:
            self.board.write(wanted, mirror, self.tick)

    def _wake(self) -> None:
        for reader in self.readers:
            reader.news.set()


_relays: dict[Hosted, Relay] = {}  # those that have readers


def join(run: Hosted, reader: Reader) -> Relay:
    """Let a client read a run."""
    relay = _relays.get(run)
    if relay is None or relay.task.done():
        relay = _relays[run] = Relay(run)
    relay.readers.add(reader)
    return relay


def leave(relay: Relay, reader: Reader) -> None:
    """Let a client go; with the last one the relay ends."""
    relay.readers.discard(reader)
    if not relay.readers:
        relay.task.cancel()
        if _relays.get(relay.run) is relay:
            del _relays[relay.run]
