"""Clients that do not read, at the border of the socket."""

import asyncio
from typing import Any

from fastapi import WebSocket

from server.conversation import converse
from server.runs import Runs
from server.spec import RunSpec

SCOPE: dict[str, Any] = {
    "type": "websocket",
    "subprotocols": ["twin.v1"],
    "headers": [],
    "path": "/",
    "query_string": b"",
}


def make_runs() -> Runs:
    """One run that is stopped: who looks at it is told so."""
    return Runs(RunSpec(id="run", scene="none.usda"))


class Peer:
    """The other end of a WebSocket that takes `room` messages and then no more."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.sent: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = [{"type": "websocket.connect"}]
        self.full = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if not self.messages:
            await asyncio.Event().wait()
        return self.messages.pop(0)

    async def send(self, message: Any) -> None:
        if len(self.sent) == self.room:
            self.full.set()
            await asyncio.Event().wait()
        self.sent.append(message)

    @property
    def socket(self) -> WebSocket:
        return WebSocket(SCOPE, self.receive, self.send)


def meet(peer: Peer, **options: float) -> Runs:
    async def meeting() -> Runs:
        runs = make_runs()
        async with asyncio.timeout(20):
            await converse(peer.socket, runs, **options)
        return runs

    return asyncio.run(meeting())


def test_a_client_that_takes_nothing_is_given_up():
    peer = Peer(room=1)
    meet(peer, patience=0.1)
    assert peer.full.is_set()
    assert len(peer.sent) == 1


def test_a_client_that_floods_without_reading_is_sent_away():
    peer = Peer(room=2)
    peer.messages += [{"type": "websocket.receive", "text": "nonsense"}] * 1000
    meet(peer, patience=0.2)
    assert len(peer.messages) > 500


def test_a_client_that_leaves_is_forgotten():
    peer = Peer(room=1000)
    peer.messages.append({"type": "websocket.disconnect", "code": 1001})
    runs = meet(peer)
    assert runs.first.client_count == 0
