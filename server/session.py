"""One client: what it asked, what it is owed. Knows nothing of sockets.

The owner feeds it every text that comes in, carries out what it then asks for, and sends what is
due whenever the client can take more.
"""

import json
from collections import deque
from collections.abc import Callable
from math import inf
from typing import Any

from server import messages
from server.feed import Feed
from server.messages import Ask, Ping
from server.refusal import RefusalError, to_json
from server.sent import Welcome
from server.wire import PROTOCOL
from twin.errors import TwinError

__all__ = ["Session"]

MOST_OPEN = 32  # requests that wait for their answer
MOST_UNREAD = 256  # answers that wait for the client to read them
FASTEST = 1000.0  # what a run as fast as possible tells as its speed in numbers


class Session:
    """The state of one client's connection."""

    def __init__(self, name: str = "") -> None:
        """Begin with a client of a name that no other has."""
        self.name = name
        self._texts: deque[str] = deque()
        self._frames: deque[bytes] = deque()
        self._seq = 0  # of the last frame for everyone that it has
        self._greeted = False
        self._open = 0

    @property
    def is_greeted(self) -> bool:
        """Whether it has been told what there is."""
        return self._greeted

    @property
    def is_flooded(self) -> bool:
        """Whether it asks without reading the answers."""
        return len(self._texts) > MOST_UNREAD

    def receive(self, text: str, wall: float) -> Ask | None:
        """Take a message in at a server's time [s]; returns what it asks for, if it is sound.

        Whoever carries that out calls `answer` or `refuse` afterwards.
        """
        number: int | None = None
        try:
            message = messages.read(text)
            number = messages.id_of(message)
            ask = messages.parse(message)
        except RefusalError as error:
            self._refuse(number, to_json(error))
            return None
        if isinstance(ask, Ping):
            self._say({"op": "pong", "id": ask.id, "client": ask.client, "wall": wall})
            return None
        if self._open >= MOST_OPEN:
            rule = f"at most {MOST_OPEN} requests may be open; wait for answers"
            self._refuse(ask.id, to_json(RefusalError("limit", rule)))
            return None
        self._open += 1
        return ask

    def refuse_binary(self) -> None:
        """Say that clients send text only."""
        rule = "messages to the server are text, not binary"
        self._refuse(None, to_json(RefusalError("invalid", rule)))

    def answer(self, ask: Ask, fields: dict[str, Any]) -> None:
        """Say that something was done, and what came of it."""
        self._open -= 1
        self._say({**fields, "op": "ack", "id": ask.id})

    def refuse(self, ask: Ask, error: TwinError) -> None:
        """Say why something was not done."""
        self._open -= 1
        self._refuse(ask.id, to_json(error, getattr(ask, "path", "")))

    def wait(self, run: str = "") -> None:
        """Say that the run is being prepared."""
        self._say({"op": "preparing", "protocol": PROTOCOL, "run": run})

    def tell(self, text: str) -> None:
        """Say what is said to all, encoded already."""
        if len(self._texts) <= MOST_UNREAD:
            self._texts.append(text)

    def leave(self) -> None:
        """Forget the stream that it reads: it will be greeted by another one."""
        self._greeted = False
        self._frames.clear()

    def start(self, welcome: Welcome, hello: dict[str, Any]) -> None:
        """Begin with all that holds now, or begin anew after having missed too much.

        Args:
            welcome: all that holds now.
            hello: what else it is told if it has not been greeted yet.
        """
        self._frames.clear()
        self._frames.extend(welcome.frames)
        self._seq = welcome.seq
        if not self._greeted:
            self._greeted = True
            speed = FASTEST if welcome.speed == inf else welcome.speed
            told = {
                "epoch": welcome.epoch, "speed": speed, "fastest": welcome.speed == inf,
                "playing": welcome.playing, "resumed": False, "history": welcome.history,
            }  # fmt: skip
            self._say({"op": "hello", "protocol": PROTOCOL, **hello, **told})
            self._frames.append(welcome.notes)

    def resume(self, seq: int, told: dict[str, Any], hello: dict[str, Any]) -> None:
        """Go on behind a frame that it had before its connection broke.

        Args:
            seq: number of that frame.
            told: how time runs: epoch, speed, fastest, playing.
            hello: what else it is told.
        """
        self._seq = seq
        self._greeted = True
        self._say({"op": "hello", "protocol": PROTOCOL, **hello, **told, "resumed": True})

    def due(self, feed: Feed) -> list[str | bytes] | None:
        """What to send now, answers first; None if it has missed too much and must start anew."""
        fresh = feed.after(self._seq) if self._greeted else []
        if fresh is None:
            return None
        due = [*self._texts, *self._frames, *(frame.data for frame in fresh)]
        self._texts.clear()
        self._frames.clear()
        self._seq = fresh[-1].seq if fresh else self._seq
        return due

    def pass_on(self, feed: Feed, write: Callable[[bytes], bool]) -> bool:
        """Give all that is due by a short way; false: some of it must go by `due`.

        Args:
            feed: what it reads.
            write: takes a frame, or returns false and has not taken it.
        """
        if not self._greeted or self._texts or self._frames:
            return False
        for frame in feed.after(self._seq) or ():
            if not write(frame.data):
                return False
            self._seq = frame.seq
        return not feed.is_ahead_of(self._seq)

    def _refuse(self, number: int | None, error: dict[str, Any]) -> None:
        self._say({"op": "error", "id": number, **error})

    def _say(self, message: dict[str, Any]) -> None:
        self._texts.append(json.dumps(message, separators=(",", ":")))
