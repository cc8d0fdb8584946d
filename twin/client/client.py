"""A run of a server as a Python program has it: what it shows, and what may be asked of it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from itertools import count
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from twin.client.errors import ClientError
from twin.client.inbox import Inbox
from twin.client.link import Link
from twin.client.mirror import Mirror
from twin.client.pack import Pack, load_pack
from twin.client.wire import PROTOCOL, Frame, FrameError, FrameType, decode, type_of

__all__ = ["Client", "connect"]

PATIENCE = 30.0  # s without a connection
STEP_PATIENCE = 10.0  # s
SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}

Speed = float | Literal["max"]


class Client:
    """A connection to one run; `connect` makes it."""

    def __init__(
        self, url: str, query: Sequence[tuple[str, str]], token: str, patience: float
    ) -> None:
        """Use `connect`."""
        parts = urlsplit(url if "//" in url else f"http://{url}")
        if parts.scheme not in SCHEMES or not parts.netloc:
            rule = f"a server's address must be like http://localhost:8000, got {url!r}"
            raise ClientError("unreachable", rule)
        secure = "s" if SCHEMES[parts.scheme] == "wss" else ""
        where = f"{parts.netloc}{parts.path.rstrip('/')}"
        self._http, self._ws = f"http{secure}://{where}", f"ws{secure}://{where}/ws"
        self._query = list(query)
        self._token = token
        self.hello: dict[str, Any] = {}
        """What the server said first, see `hello` in its protocol."""
        self.state = "preparing"  # of the run
        self.greetings = 0
        """How often the server has greeted us: more than once, the connection broke meanwhile."""
        self.mirror = Mirror()
        self._inboxes: list[Inbox] = []
        self._changed = asyncio.Event()
        self._error: ClientError | None = None
        self._numbers = count(1)
        self._link = Link(
            self._address, token, on_text=self._hear, on_frame=self._take, on_loss=self._lose,
            patience=patience,
        )  # fmt: skip

    @property
    def pack(self) -> Pack:
        """The scene pack: names, paths, robots.

        Raises:
            ClientError: there has been no hello yet.
        """
        if self.mirror.pack is None:
            raise ClientError("not_ready", "the run is being prepared")
        return self.mirror.pack

    @property
    def name(self) -> str:
        """Of this client, as the run's driver and others see it."""
        return str(self.hello.get("client", ""))

    @property
    def tick(self) -> int:
        """The tick to show now."""
        wall = self._link.clock.server(asyncio.get_running_loop().time())
        time = self.mirror.time
        return time.tick if wall is None else time.shown(wall)

    async def request(self, op: str, **fields: Any) -> dict[str, Any]:
        """Ask the server for an operation of the protocol; returns its answer.

        Raises:
            ClientError: it refuses, or the connection broke before the answer came.
        """
        if self._error is not None:
            raise self._error
        return await self._link.request(op, **fields)

    async def command(
        self, action: str, path: str = "", *, key: str = "", **fields: Any
    ) -> dict[str, Any]:
        """Command equipment, once, even if the connection breaks meanwhile.

        Args:
            action: stop, start, fail, set, estop, ...; see the protocol.
            path: prim path.
            key: whoever gives the same again gets the same answer; empty: one is made.
            fields: attribute, value, correlation.

        Returns:
            number, state and tick.

        Raises:
            ClientError: it was refused.
        """
        key = key or f"{self.name}-{next(self._numbers)}"
        while True:
            heard = self.greetings
            try:
                return await self.request("command", action=action, path=path, key=key, **fields)
            except ClientError as error:
                if error.code != "lost":
                    raise
            await self.wait_until(lambda heard=heard: self.greetings > heard)

    async def play(self) -> None:
        """Let time run."""
        await self.request("play")

    async def pause(self) -> None:
        """Let time stand."""
        await self.request("pause")

    async def set_speed(self, value: Speed) -> None:
        """Show so many simulated seconds per second, or as many as possible: "max"."""
        await self.request("speed", value=value)

    async def seek(self, tick: int) -> int:
        """Show another tick of the past; returns it."""
        return int((await self.request("seek", tick=tick))["tick"])

    def frames(self) -> Inbox:
        """The frames that come from now on; the mirror has each when it is given here."""
        return self._inbox(strict=False)

    @asynccontextmanager
    async def lock_step(
        self, step: float, *, patience: float = STEP_PATIENCE
    ) -> AsyncGenerator[AsyncGenerator[int]]:
        """Hold the run at every multiple of a step [s] until a loop's body is through.

        Gives the ticks, one after another; the mirror then knows everything up to that tick, of
        which nothing is taken back. The run is held from when the block is entered.

        Args:
            step: s of the run, at least 0.001.
            patience: s that the body may take; whoever takes longer is left behind.

        Raises:
            ClientError: it took too long, or the connection broke: the run has gone on.
        """
        self.mirror.kept = max(self.mirror.kept, round(2e6 * step))
        inbox = self._inbox(strict=True)
        await self.request("lockstep", step=step, patience=patience)
        try:
            async with aclosing(self._steps(inbox, step)) as ticks:
                yield ticks
        finally:
            inbox.fail(ClientError("closed", "the lock-step has ended"))
            with suppress(ClientError):
                await self.request("unlock")

    async def _steps(self, inbox: Inbox, step: float) -> AsyncGenerator[int]:
        last: tuple[int, int] | None = None
        async for frame in inbox:
            place = (frame.stamp.epoch, frame.tick)
            is_due = frame.kind is FrameType.STEP and step in frame.arrays["step"]
            if is_due and place != last:  # the same again is for another one with this step
                last = place
                yield frame.tick
                await self.request("done", tick=frame.tick)

    async def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that messages of the server change.

        Raises:
            ClientError: the connection has ended.
        """
        while not holds():
            if self._error is not None:
                raise self._error
            self._changed.clear()
            await self._changed.wait()

    def _inbox(self, *, strict: bool) -> Inbox:
        self._inboxes = [each for each in self._inboxes if not each.is_over]
        inbox = Inbox(strict=strict)
        if self._error is not None:
            inbox.fail(self._error)
        self._inboxes.append(inbox)
        return inbox

    def _address(self) -> str:
        """Of the WebSocket; whoever was greeted before goes on where they were."""
        query = list(self._query)
        if self.hello:
            query = [each for each in query if each[0] != "run"]
            scene, epoch, seq = self.hello["scene"], self.mirror.epoch, self.mirror.seq
            query += [("run", self.hello["run"]), ("scene", scene)]
            query += [("epoch", str(epoch)), ("seq", str(seq))]
        return f"{self._ws}?{urlencode(query)}" if query else self._ws

    async def _hear(self, told: dict[str, Any]) -> None:
        if told["op"] == "hello":
            if told["protocol"] != PROTOCOL:
                speaks = f"the server speaks {told['protocol']}, this client {PROTOCOL}"
                raise ClientError("protocol", speaks)
            await self._greet(told)
        elif told["op"] in ("run", "preparing"):
            self.state = told.get("state", "preparing")
        self._changed.set()

    async def _greet(self, hello: dict[str, Any]) -> None:
        pack = self.mirror.pack
        if pack is None or pack.digest != hello["scene"]:
            self.mirror.pack = await load_pack(self._http, hello["scene"], self._token)
        if not hello["resumed"]:
            self.mirror.begin(hello["epoch"])
        self.hello, self.state = hello, "ready"
        self.greetings += 1

    def _take(self, data: bytes) -> None:
        if not self.hello or type_of(data) is None:
            return  # of a stream that we left, or of a type that a later server has
        try:
            frame = decode(data)
        except FrameError as error:
            raise ClientError("protocol", str(error)) from None
        was_ready = self.mirror.is_ready
        if self.mirror.take(frame):
            self._spread(frame)
            if self.mirror.is_ready and not was_ready:
                self._changed.set()

    def _spread(self, frame: Frame) -> None:
        for inbox in self._inboxes:
            inbox.put(frame)
        if any(inbox.is_over for inbox in self._inboxes):
            self._inboxes = [each for each in self._inboxes if not each.is_over]

    def _lose(self, error: ClientError) -> None:
        for inbox in self._inboxes:
            if inbox.strict:
                inbox.fail(error)

    def end(self, error: ClientError) -> None:
        """Nothing more comes, for this reason."""
        self._error = error
        for inbox in self._inboxes:
            inbox.fail(error)
        self._changed.set()

    async def stay(self) -> None:
        """Keep the connection, and say why when it is given up; `connect` runs this."""
        try:
            await self._link.stay()
        except ClientError as error:
            self.end(error)


@asynccontextmanager
async def connect(
    url: str,
    *,
    run: str = "",
    topics: Sequence[str] = (),
    token: str = "",
    poses: float = 0.0,
    patience: float = PATIENCE,
) -> AsyncGenerator[Client]:
    """Look at a run; returns when it is ready and its scene pack is here.

    Args:
        url: of the server, such as http://localhost:8000.
        run: its id; empty: the server's first one.
        topics: prim paths: only what lies at or below them; none: everything.
        token: who connects, where the server wants to know.
        poses: get this many poses a second [Hz] instead of segments; 0: segments.
        patience: s without a connection after which it is given up.

    Raises:
        ClientError: the server refuses the client, or can't be reached.
    """
    query = [("run", run)] if run else []
    query += [("topic", path) for path in topics]
    query += [("poses", f"{poses:g}")] if poses else []
    client = Client(url, query, token, patience)
    stays = asyncio.create_task(client.stay())
    try:
        await client.wait_until(lambda: client.mirror.is_ready)
        yield client
    finally:
        stays.cancel()
        await asyncio.gather(stays, return_exceptions=True)
        client.end(ClientError("closed", "the connection was closed by this program"))
