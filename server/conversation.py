"""A WebSocket's side of a session: reading, sending, and giving up on those who do not read."""

import asyncio
from dataclasses import dataclass, field

from fastapi import WebSocket, WebSocketDisconnect

from server.host import Host
from server.messages import Ask
from server.session import Session
from server.wire import PROTOCOL
from twin.errors import TwinError

__all__ = ["converse"]

PATIENCE = 10.0  # s in which a client must take what it is sent

PROTOCOL_ERROR, POLICY, TRY_LATER = 1002, 1008, 1013  # close codes of RFC 6455


async def converse(socket: WebSocket, host: Host, *, patience: float = PATIENCE) -> None:
    """Serve one client until it leaves."""
    offered = socket.scope.get("subprotocols", [])
    if PROTOCOL not in offered:
        await socket.accept()
        await socket.close(PROTOCOL_ERROR, f"this server speaks {PROTOCOL}")
        return
    await socket.accept(subprotocol=PROTOCOL)
    session = Session()
    news = host.join(session)
    if news is None:
        await socket.close(TRY_LATER, "there are too many clients")
        return
    client = _Client(socket=socket, host=host, session=session, news=news, patience=patience)
    sides = [asyncio.create_task(side) for side in (client.read(), client.send())]
    try:
        await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
    finally:
        host.leave(session)
        for task in (*sides, *client.requests):
            task.cancel()
        await asyncio.gather(*sides, *client.requests, return_exceptions=True)
    for side in sides:
        if not side.cancelled() and (error := side.exception()):
            raise error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Client:
    socket: WebSocket
    host: Host
    session: Session
    news: asyncio.Event  # set when there may be something to send
    patience: float  # s
    requests: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def read(self) -> None:
        """Take messages in until the client leaves, or floods us."""
        while not self.session.is_flooded:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if (text := message.get("text")) is None:
                self.session.refuse_binary()
            elif ask := self.session.receive(text, self.host.clock()):
                request = asyncio.create_task(self._perform(ask))
                self.requests.add(request)
                request.add_done_callback(self.requests.discard)
            self.news.set()
        await self.socket.close(POLICY, "read the answers before asking more")

    async def send(self) -> None:
        """Send what is due until the client leaves, or takes nothing any more."""
        if not self.host.ready.is_set():
            self.session.wait()
        while await self._deliver():
            await self.news.wait()

    async def _deliver(self) -> bool:
        """Send all that is due; false if the client is gone."""
        while True:
            self.news.clear()
            if self.host.ready.is_set() and not self.session.is_greeted:
                await self._start()
            due = self.session.due(self.host.feed)
            if due is None:
                await self._start()
                continue
            if not due:
                return True
            for item in due:
                if not await self._send(item):
                    return False

    async def _start(self) -> None:
        """Tell the client everything anew."""
        welcome = await self.host.welcome()
        pack = self.host.pack
        assert pack is not None
        self.session.start(welcome, scene=pack.digest, name=pack.name)

    async def _send(self, item: str | bytes) -> bool:
        try:
            async with asyncio.timeout(self.patience):
                if isinstance(item, str):
                    await self.socket.send_text(item)
                else:
                    await self.socket.send_bytes(item)
        except (TimeoutError, WebSocketDisconnect, RuntimeError):  # Runtime: closed by the server
            return False
        return True

    async def _perform(self, ask: Ask) -> None:
        try:
            self.session.answer(ask, await self.host.perform(ask))
        except TwinError as error:
            self.session.refuse(ask, error)
        self.news.set()
