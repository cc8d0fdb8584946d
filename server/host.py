"""Keeps one live run going, and lets clients in: the asynchronous side of `Live`.

The run is prepared and stepped in a thread of its own, so compiling and heavy steps keep nobody
waiting; pages are served meanwhile.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from server.feed import Feed
from server.live import Live
from server.messages import Act, Ask, Jump, Pause, Ping, Play, Reset, SetSpeed
from server.session import Session
from server.stream import Welcome
from server.worker import Worker
from twin.engine.command import Command
from twin.scene.pack import ScenePack

__all__ = ["Host", "Prepare"]

Prepare = Callable[[], tuple[Live, ScenePack]]
Result = TypeVar("Result")

STEP = 0.05  # s of wall time between two steps
FRESH = 1.0  # s for which what holds now is told to others as it is
MOST_CLIENTS = 64


class Host:
    """One run and its clients; lives in one event loop."""

    def __init__(self, prepare: Prepare, *, clock: Callable[[], float]) -> None:
        """Make a host; `run` starts it.

        Args:
            prepare: makes run and pack; takes as long as it needs.
            clock: the server's clock [s], as the run has it.
        """
        self.clock = clock
        self.feed = Feed()
        self.pack: ScenePack | None = None
        self.ready = asyncio.Event()
        self._prepare = prepare
        self._live: Live | None = None
        self._worker = Worker("simulation")
        self._clients: dict[Session, asyncio.Event] = {}
        self._hurry = asyncio.Event()
        self._welcome: tuple[float, Welcome] | None = None
        self._welcoming = asyncio.Lock()

    async def run(self) -> None:
        """Prepare the run, then keep it going until cancelled.

        Raises:
            TwinError: it can't be prepared.
        """
        try:
            self._live, self.pack = await self._worker.call(self._prepare)
            self.ready.set()
            self._tell_all()
            await self._keep_going(self._live)
        finally:
            self._worker.stop()

    def join(self, session: Session) -> asyncio.Event | None:
        """Take a client in; the event tells it that there is news. None if there are too many."""
        if len(self._clients) >= MOST_CLIENTS:
            return None
        return self._clients.setdefault(session, asyncio.Event())

    @property
    def client_count(self) -> int:
        """How many clients there are."""
        return len(self._clients)

    def leave(self, session: Session) -> None:
        """Let a client go."""
        self._clients.pop(session, None)

    async def welcome(self) -> Welcome:
        """All that holds now; made once a second at most, so that many may ask."""
        async with self._welcoming:
            if self._welcome is not None:
                made, welcome = self._welcome
                if self.clock() - made < FRESH and self.feed.after(welcome.seq) is not None:
                    return welcome
            welcome = await self._do(lambda live: live.welcome())
            self._welcome = (self.clock(), welcome)
            return welcome

    async def perform(self, ask: Ask) -> dict[str, object]:
        """Do what a client asks; returns what to tell it.

        Raises:
            TwinError: it can't be done.
        """
        done = await self._do(lambda live: _perform(live, ask))
        self._hurry.set()
        return done

    def _tell_all(self) -> None:
        for news in self._clients.values():
            news.set()

    async def _do(self, job: Callable[[Live], Result]) -> Result:
        await self.ready.wait()
        live = self._live
        assert live is not None
        return await self._worker.call(lambda: job(live))

    async def _keep_going(self, live: Live) -> None:
        while True:
            self._hurry.clear()
            sent = await self._worker.call(live.step)
            self.feed.add(sent)
            if sent:
                self._tell_all()
            with suppress(TimeoutError):
                async with asyncio.timeout(STEP):
                    await self._hurry.wait()


def _perform(live: Live, ask: Ask) -> dict[str, object]:
    match ask:
        case Play() | Pause():
            live.play(playing=isinstance(ask, Play))
            return {}
        case SetSpeed():
            live.set_speed(ask.value)
            return {"value": live.pace.speed}
        case Reset():
            live.reset()
            return {}
        case Jump():
            return {"seconds": live.jump(ask.seconds)}
        case Act():
            return {"tick": live.command(_command(live, ask)).tick}
        case Ping():
            return {}


def _command(live: Live, ask: Act) -> Command:
    value = ask.value
    if value is None:
        value = live.run.repair_time(ask.path) if ask.action == "fail" else 0.0
    return Command(action=ask.action, path=ask.path, attribute=ask.attribute, value=value)
