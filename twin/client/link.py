"""One WebSocket that stays: versions, requests with answers, pings, and coming back when it breaks.

It hands every frame and every piece of news on, and knows nothing of what they mean.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect, process_exception
from websockets.client import backoff
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from twin.client.clock import Clock
from twin.client.errors import ClientError
from twin.client.wire import PROTOCOL

__all__ = ["Link"]

FIRST_WAIT, LONGEST_WAIT, LONGER = 0.5, 8.0, 1.6  # s between two tries, s, times
PING_EVERY = 2.0  # s
ANSWER_WITHIN = 60.0  # s
CLOSED_FOR = {1002: "protocol", 1008: "refused", 4401: "unauthenticated", 4404: "not_found"}
BUSY = (429,)  # statuses after which the same may be tried again, besides those of the library
REFUSED = {401: "unauthenticated", 403: "forbidden"}

Text = dict[str, Any]


class Link:
    """Talks to one server."""

    def __init__(
        self,
        address: Callable[[], str],
        token: str,
        *,
        on_text: Callable[[Text], Awaitable[None]],
        on_frame: Callable[[bytes], None],
        on_loss: Callable[[ClientError], None],
        patience: float,
    ) -> None:
        """Talk to nobody yet; `stay` begins.

        Args:
            address: of the WebSocket, asked for before each connection.
            token: who connects; empty: the server does not ask.
            on_text: told every message that is no answer.
            on_frame: given every frame.
            on_loss: told when the connection breaks.
            patience: s without a connection after which it is given up.
        """
        self._address = address
        self._token = token
        self._on_text, self._on_frame, self._on_loss = on_text, on_frame, on_loss
        self._patience = patience
        self._socket: ClientConnection | None = None
        self._open: dict[int, asyncio.Future[Text]] = {}
        self._last = 0
        self.clock = Clock()

    async def stay(self) -> None:
        """Connect, listen, and connect again whenever that breaks.

        Raises:
            ClientError: the server refuses the client, or can't be reached for too long.
        """
        loop = asyncio.get_running_loop()
        delays, since = _delays(), loop.time()
        while True:
            try:
                if await self._converse():
                    delays, since = _delays(), loop.time()
                reason = "it closed the connection"
            except (OSError, TimeoutError, EOFError, InvalidHandshake) as error:
                if not _may_try_again(error):
                    raise _refusal(error, self._address()) from None
                reason = str(error)
            except InvalidURI as error:
                raise ClientError("unreachable", str(error)) from None
            delay = next(delays)
            if loop.time() + delay - since > self._patience:
                where = self._address().partition("?")[0]
                way_out = "is `twin serve` running there?"
                raise ClientError(
                    "unreachable", f"no server answers at {where}: {reason}; {way_out}"
                )
            await asyncio.sleep(delay)

    async def request(self, op: str, **fields: Any) -> Text:
        """Ask the server; returns what it says.

        Raises:
            ClientError: it refuses, does not answer in time, or the connection breaks meanwhile.
        """
        self._last += 1
        number = self._last
        answer: asyncio.Future[Text] = asyncio.get_running_loop().create_future()
        self._open[number] = answer
        try:
            await self._send({"op": op, "id": number, **fields})
            async with asyncio.timeout(ANSWER_WITHIN):
                told = await answer
        except TimeoutError:
            rule = f"no answer to {op} within {ANSWER_WITHIN:g} s"
            raise ClientError("timeout", rule) from None
        finally:
            self._open.pop(number, None)
        if told["op"] == "error":
            raise ClientError.told(told)
        return told

    async def _converse(self) -> bool:
        """One connection, from its beginning to its end; whether the server greeted us.

        Raises:
            ClientError: it ended for good.
        """
        headers = {"authorization": f"Bearer {self._token}"} if self._token else None
        opened = connect(
            self._address(), subprotocols=[PROTOCOL], additional_headers=headers, compression=None,  # pyright: ignore[reportArgumentType]
            max_size=None, ping_interval=None,
        )  # fmt: skip
        greeted = False
        async with opened as socket:
            self._socket = socket
            self.clock.forget()
            pings = asyncio.create_task(self._ping(socket))
            try:
                async for message in socket:
                    greeted = True
                    if isinstance(message, bytes):
                        self._on_frame(message)
                    else:
                        await self._hear(json.loads(message))
            except ConnectionClosed:
                pass  # why is looked at below
            finally:
                pings.cancel()
                self._socket = None
                self._lose()
        code = socket.close_code
        if code in CLOSED_FOR:
            why = socket.close_reason or f"close code {code}"
            raise ClientError(CLOSED_FOR[code], f"the server closed the connection: {why}")
        return greeted

    async def _hear(self, told: Text) -> None:
        answer = self._open.get(told.get("id", -1))
        if told["op"] in ("ack", "error", "pong") and answer is not None:
            if not answer.done():
                answer.set_result(told)
        elif told["op"] == "pong":
            now = asyncio.get_running_loop().time()
            self.clock.add(told["client"] / 1e3, now, told["wall"])
        else:
            await self._on_text(told)

    async def _ping(self, socket: ClientConnection) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._last += 1
            ping = {"op": "ping", "id": self._last, "client": loop.time() * 1e3}
            try:
                await socket.send(json.dumps(ping))
            except ConnectionClosed:
                return
            await asyncio.sleep(PING_EVERY)

    async def _send(self, message: Text) -> None:
        if self._socket is None:
            raise ClientError("lost", f"{message['op']} was not sent: there is no connection now")
        try:
            await self._socket.send(json.dumps(message))
        except ConnectionClosed:
            raise _broke(message["op"]) from None

    def _lose(self) -> None:
        error = _broke("a request")
        for answer in self._open.values():
            if not answer.done():
                answer.set_exception(error)
        self._on_loss(error)


def _broke(what: str) -> ClientError:
    return ClientError("lost", f"the connection broke before {what} was answered")


def _delays() -> Any:
    return backoff(FIRST_WAIT, FIRST_WAIT, LONGEST_WAIT, LONGER)


def _may_try_again(error: Exception) -> bool:
    if isinstance(error, InvalidStatus) and error.response.status_code in BUSY:
        return True
    return process_exception(error) is None


def _refusal(error: Exception, address: str) -> ClientError:
    where = address.partition("?")[0]
    if not isinstance(error, InvalidStatus):
        return ClientError("protocol", f"{where} does not speak {PROTOCOL}: {error}")
    status, body = error.response.status_code, error.response.body
    try:
        told = json.loads(body or b"")
        return ClientError(str(told["code"]), f"{where}: {told['message']}")
    except (ValueError, KeyError, TypeError):
        code = REFUSED.get(status, "protocol")
        return ClientError(code, f"{where} answered with HTTP status {status}")
