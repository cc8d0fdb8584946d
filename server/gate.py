"""The door: who comes in, how many, how often, and how much they may bring. Pure ASGI.

A token comes as `Authorization: Bearer SECRET`; browsers, which can't send that with a WebSocket,
offer a subprotocol `token.SECRET` beside that of the stream. It is taken out of what the
application sees.
"""

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.access import KEY, LOCAL, ROLE_OF, Caller, Role
from server.audit import Audit
from server.direct import direct_of
from server.limits import Limits
from server.metrics import Metrics
from server.rate import Bucket, Buckets
from server.refusal import SOON, STATUS, RefusalError, to_json
from server.tokens import LONGEST_SECRET, Token, Tokens
from server.traces import span

__all__ = ["EXPIRED", "Gate"]

EXPIRED = 4401  # close code: the token of an open connection is over
TOO_OFTEN = 1008
OFFER = "token."  # how a browser gives its token
LOOK_EVERY = 1.0  # s between two looks at whether tokens still hold
ANYBODY = Caller("", Role.VIEWER)  # who sees only what is open to all
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "DELETE")
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(eq=False, slots=True)
class _Socket:
    """An open WebSocket."""

    caller: Caller
    token: Token | None
    send: Send
    is_closed: bool = False

    async def close(self, code: int, reason: str) -> None:
        if not self.is_closed:
            self.is_closed = True
            await self.send({"type": "websocket.close", "code": code, "reason": reason})


class Gate:
    """Lets callers in, and knows who they are."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        tokens: Tokens | None = None,
        is_open: Collection[str] = (),
        limits: Limits | None = None,
        metrics: Metrics | None = None,
        audit: Audit | None = None,
        uploads: Collection[str] = (),
    ) -> None:
        """Stand before an app.

        Args:
            app: what is behind.
            tokens: who may come in; None: everybody, as somebody at this machine.
            is_open: paths that everybody may read: those of the viewer's page, which holds
                nothing of the plant.
            limits: what they may take.
            metrics: where it is counted.
            audit: where it is written down.
            uploads: paths to which more may be posted; their bodies are passed on as they come.
        """
        self._uploads = frozenset(uploads)
        self._app = app
        self._tokens = tokens
        self._is_open = frozenset(is_open)
        self._limits = limits or Limits()
        self._metrics = metrics or Metrics()
        self._audit = audit or Audit()
        self._asked = Buckets(self._limits.request_rate, self._limits.request_burst)
        self._sockets: set[_Socket] = set()
        self._at_once = 0
        self._watching: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        caller: Caller | None = None
        try:
            caller, token, scope = self._admit(scope)
            if scope["type"] == "http":
                await self._answer(caller, scope, receive, send)
            else:
                await self._converse(caller, token, (scope, receive, send))
        except RefusalError as error:
            self.note_refusal(scope, error.code, caller)
            headers = {"www-authenticate": "Bearer"} if error.code == "unauthenticated" else {}
            if error.code in SOON:
                headers["retry-after"] = "1"
            refusal = JSONResponse(to_json(error), STATUS[error.code], headers)
            await refusal(scope, receive, send)

    def note_refusal(self, scope: Scope, code: str, caller: Caller | None = None) -> None:
        """Count a refusal at the door, and write it down."""
        self._metrics.refusals.labels(code).inc()
        self._note(scope, caller, code)

    def note_operation(
        self, caller: Caller, op: str, outcome: str, fields: Mapping[str, Any]
    ) -> None:
        """Count what was asked over a socket, and write it down unless it only looks."""
        if outcome == "done":
            self._metrics.operations.labels(op).inc()
        else:
            self._metrics.refusals.labels(outcome).inc()
        if outcome != "done" or ROLE_OF[op] > Role.VIEWER:
            self._audit.write(op, caller=caller.name, peer="", outcome=outcome, asked=fields)

    def _admit(self, scope: Scope) -> tuple[Caller, Token | None, Scope]:
        """Who calls, and what the application may see of the call.

        Raises:
            RefusalError: nobody knows, or too many calls come from there.
        """
        if not self._asked.take(_peer(scope), time.monotonic()):
            raise RefusalError("rate", "too many requests; wait a second")
        offered: list[str] = list(scope.get("subprotocols", ()))
        shown = [each for each in offered if not each.startswith(OFFER)]
        seen = {**scope, "headers": [*scope["headers"]]}
        if scope["type"] == "websocket":
            seen["subprotocols"] = shown
            MutableHeaders(scope=seen)["sec-websocket-protocol"] = ", ".join(shown)
        if self._tokens is None:
            return LOCAL, None, {**seen, KEY: LOCAL}
        secret = _secret(scope, offered)
        if secret is None:
            if scope.get("method") in SAFE and scope["path"] in self._is_open:
                return ANYBODY, None, {**seen, KEY: ANYBODY}
            rule = "a token is needed: Authorization: Bearer TOKEN"
            raise RefusalError("unauthenticated", f"{rule}; `twin token` makes one")
        known = self._tokens.caller(secret)
        if known is None:
            rule = "this token is not known, or has expired; `twin token` makes a new one"
            raise RefusalError("unauthenticated", rule)
        caller, token = known
        return caller, token, {**seen, KEY: caller}

    async def _answer(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer a request.

        Raises:
            RefusalError: there are too many, or its body is too long or does not arrive.
        """
        if self._at_once >= self._limits.requests_at_once:
            raise RefusalError("busy", "too many requests at once; come again")
        self._at_once += 1
        told: list[int] = []
        method = scope["method"] if scope["method"] in METHODS else "other"

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                told.append(message["status"])
            await send(message)

        body = b""
        try:
            with span("request", Headers(scope=scope), method=method, path=scope["path"]):
                body = await self._passed_on((scope, receive, send_counted))
        finally:
            self._at_once -= 1
        status = told[0] if told else 0
        self._metrics.requests.labels(method, str(status)).inc()
        if scope["method"] not in SAFE or status in (401, 403):
            outcome = "done" if status < 400 else str(status)
            self._note(scope, caller, outcome, asked=body.decode("utf-8", "replace"))

    async def _passed_on(self, asgi: tuple[Scope, Receive, Send]) -> bytes:
        """Let the application see a request; returns what the audit log shows of it.

        Raises:
            RefusalError: its body is too long or does not arrive.
        """
        scope, receive, send = asgi
        if scope["method"] == "POST" and scope["path"] in self._uploads:
            await self._app(scope, self._streamed(scope, receive), send)
            return scope["query_string"]
        body = await self._body(scope, receive)
        await self._app(scope, _replay(body, receive), send)
        return body

    def _streamed(self, scope: Scope, receive: Receive) -> Receive:
        """Pass an upload on as it comes, as long as it is not too long and not too slow.

        Raises:
            RefusalError: it says already that it is too long.
        """
        most, within = self._limits.upload, self._limits.upload_within
        rule = f"an upload has at most {most} bytes"
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdigit() and int(length[:18]) > most:
            raise RefusalError("too_large", rule)
        due = time.monotonic() + within
        taken = 0
        is_whole = False

        async def receive_bounded() -> Message:
            nonlocal taken, is_whole
            if is_whole:
                return await receive()  # that the client has gone
            try:
                async with asyncio.timeout(due - time.monotonic()):
                    message = await receive()
            except TimeoutError:
                raise RefusalError("slow", f"an upload must arrive in {within:g} s") from None
            taken += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if taken > most:
                raise RefusalError("too_large", rule)
            return message

        return receive_bounded

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        most = self._limits.body
        rule = f"a request has at most {most} bytes"
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdigit() and int(length[:18]) > most:
            raise RefusalError("too_large", rule)
        body = b""
        try:
            async with asyncio.timeout(self._limits.body_within):
                while True:
                    message = await receive()
                    body += message.get("body", b"")
                    if len(body) > most:
                        raise RefusalError("too_large", rule)
                    if not message.get("more_body", False):
                        return body
        except TimeoutError:
            within = self._limits.body_within
            raise RefusalError("slow", f"a request must arrive in {within:g} s") from None

    async def _converse(
        self, caller: Caller, token: Token | None, asgi: tuple[Scope, Receive, Send]
    ) -> None:
        """Let the application speak with a client as long as it may.

        Raises:
            RefusalError: there are too many.
        """
        scope, receive, send = asgi
        self._check_room(token)
        socket = _Socket(caller, token, send)
        bucket = Bucket(self._limits.message_rate, self._limits.message_burst)
        metrics = self._metrics

        async def receive_bounded() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                metrics.received.inc()
                if not bucket.take(time.monotonic()):
                    rate = self._limits.message_rate
                    rule = f"rate: at most {rate:g} messages a second"
                    await self._close(socket, TOO_OFTEN, rule)
                    return {"type": "websocket.disconnect", "code": TOO_OFTEN}
            return message

        async def send_counted(message: Message) -> None:
            if socket.is_closed:
                return
            if message["type"] == "websocket.send":
                metrics.tally.messages += 1
                metrics.tally.bytes += len(message.get("bytes") or message.get("text") or "")
            elif message["type"] == "websocket.close":
                metrics.closes.labels(str(message.get("code", 1000))).inc()
            await send(message)

        if (direct := direct_of(scope)) is not None:
            direct.tally = metrics.tally
        self._sockets.add(socket)
        metrics.sockets.set(len(self._sockets))
        if self._tokens is not None and (self._watching is None or self._watching.done()):
            self._watching = asyncio.create_task(self._watch(self._tokens))
        try:
            await self._app(scope, receive_bounded, send_counted)
        finally:
            self._sockets.discard(socket)
            metrics.sockets.set(len(self._sockets))

    def _check_room(self, token: Token | None) -> None:
        if len(self._sockets) >= self._limits.sockets:
            raise RefusalError("busy", f"at most {self._limits.sockets} sockets may be open")
        if token is None:
            return
        most = self._limits.sockets_of_token
        names = [each.token.name for each in self._sockets if each.token is not None]
        if names.count(token.name) >= most:
            raise RefusalError("limit", f"{token.name} has {most} sockets open already")

    async def _watch(self, tokens: Tokens) -> None:
        """Close who may no longer be here."""
        closing: set[asyncio.Task[None]] = set()
        while self._sockets:
            for socket in list(self._sockets):
                if socket.token is not None and not tokens.holds(socket.token):
                    words = "unauthenticated: the token has expired or was removed"
                    task = asyncio.create_task(self._close(socket, EXPIRED, words))
                    closing.add(task)
                    task.add_done_callback(closing.discard)
            await asyncio.sleep(LOOK_EVERY)

    async def _close(self, socket: _Socket, code: int, reason: str) -> None:
        if socket.is_closed:
            return
        self._metrics.closes.labels(str(code)).inc()
        self._audit.write(
            "close", caller=socket.caller.name, peer="", outcome=str(code), reason=reason
        )
        await socket.close(code, reason)

    def _note(self, scope: Scope, caller: Caller | None, outcome: str, **more: Any) -> None:
        method = scope.get("method", "WEBSOCKET")
        event = f"{method} {scope['path']}"
        name = "" if caller is None else caller.name
        self._audit.write(event, caller=name, peer=_peer(scope), outcome=outcome, **more)


def _secret(scope: Scope, offered: list[str]) -> str | None:
    """The token that comes with a call, or None."""
    kind, _, secret = Headers(scope=scope).get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        secret = next((each[len(OFFER) :] for each in offered if each.startswith(OFFER)), "")
    return secret.strip()[:LONGEST_SECRET] or None


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the application a body that has been read already."""
    is_told = False

    async def receive_again() -> Message:
        nonlocal is_told
        if is_told:
            return await receive()
        is_told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
