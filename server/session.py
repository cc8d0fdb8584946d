"""One client: what it asked, what it is owed. Knows nothing of sockets.

The owner feeds it every text that comes in, carries out what it then asks for, and sends what is
due whenever the client can take more.
"""

import json
from collections import deque

from server import messages
from server.feed import Feed
from server.messages import Ask, Ping
from server.stream import Welcome
from server.wire import PROTOCOL
from twin.errors import CommandError, TwinError

__all__ = ["Session"]

MOST_OPEN = 32  # requests that wait for their answer
MOST_UNREAD = 256  # answers that wait for the client to read them


class Session:
    """The state of one client's connection."""

    def __init__(self) -> None:
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
        except CommandError as error:
            self._refuse(number, str(error))
            return None
        if isinstance(ask, Ping):
            self._say({"op": "pong", "id": ask.id, "client": ask.client, "wall": wall})
            return None
        if self._open >= MOST_OPEN:
            self._refuse(ask.id, f"at most {MOST_OPEN} requests may be open; wait for answers")
            return None
        self._open += 1
        return ask

    def refuse_binary(self) -> None:
        """Say that clients send text only."""
        self._refuse(None, "messages to the server are text, not binary")

    def answer(self, ask: Ask, fields: dict[str, object]) -> None:
        """Say that something was done, and what came of it."""
        self._open -= 1
        self._say({"op": "ack", "id": ask.id, **fields})

    def refuse(self, ask: Ask, error: TwinError) -> None:
        """Say why something was not done."""
        self._open -= 1
        self._refuse(ask.id, str(error), getattr(ask, "path", None))

    def wait(self) -> None:
        """Say that the run is being prepared."""
        self._say({"op": "preparing", "protocol": PROTOCOL})

    def start(self, welcome: Welcome, *, scene: str, name: str) -> None:
        """Begin with all that holds now, or begin anew after having missed too much."""
        self._frames.clear()
        self._frames.extend(welcome.frames)
        self._seq = welcome.seq
        if not self._greeted:
            self._greeted = True
            self._say(_hello(welcome, scene, name))
            self._frames.append(welcome.notes)

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

    def _refuse(self, number: int | None, message: str, path: str | None = None) -> None:
        self._say({"op": "error", "id": number, "message": message, "path": path})

    def _say(self, message: dict[str, object]) -> None:
        self._texts.append(json.dumps(message, ensure_ascii=False, separators=(",", ":")))


def _hello(welcome: Welcome, scene: str, name: str) -> dict[str, object]:
    return {
        "op": "hello",
        "protocol": PROTOCOL,
        "scene": scene,
        "name": name,
        "epoch": welcome.epoch,
        "speed": welcome.speed,
        "playing": welcome.playing,
        "history": welcome.history,
    }
