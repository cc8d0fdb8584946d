"""A WebSocket of Foxglove or Lichtblick: reading, sending, and giving up on who does not read."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from server.access import Caller, caller_of, check_role
from server.feed import Feed
from server.foxglove import words
from server.foxglove.control import Operation, of_call, of_playback
from server.foxglove.relay import Relay, join, leave
from server.foxglove.telling import Telling
from server.foxglove.words import Call, FetchAsset, Level, Playback, Subscribe, Unsubscribe
from server.hosted import Hosted
from server.refusal import RefusalError, to_json
from server.runs import DEFAULT, Runs
from server.session import Session
from twin.errors import TwinError
from twin.foxglove import Channel

__all__ = ["converse"]

PROTOCOL_ERROR, POLICY, TRY_LATER, NO_RUN = 1002, 1008, 1013, 4404
CLOSE_CODES = {"not_found": NO_RUN, "limit": TRY_LATER, "forbidden": POLICY}
MOST_WAITING = 256  # answers that the client has not read
MOST_OPEN = 32  # requests that wait for their answer
LONGEST = 8192  # characters or bytes of a message

Note = Callable[[Caller, str, str, Mapping[str, Any]], None]


async def converse(socket: WebSocket, runs: Runs, *, patience: float, note: Note) -> None:
    """Serve one client until it leaves.

    Args:
        socket: the client's.
        runs: what it may look at; the query's `run` names one.
        patience: s in which it must take what it is sent.
        note: told of every operation: who asks, the op, what came of it, and its fields.
    """
    offered = socket.scope.get("subprotocols", [])
    spoken = next((each for each in offered if each in words.PROTOCOLS), None)
    if spoken is None:
        await socket.accept()
        await socket.close(PROTOCOL_ERROR, f"this server speaks {' and '.join(words.PROTOCOLS)}")
        return
    await socket.accept(subprotocol=spoken)
    telling = Telling(has_controls=spoken == words.WITH_CONTROLS)
    client = _Client(
        socket=socket, runs=runs, caller=caller_of(socket.scope), patience=patience, note=note,
        session=Session(runs.client_name()), telling=telling,
    )  # fmt: skip
    try:
        run = client.find(socket.query_params.get("run", DEFAULT))
    except RefusalError as error:
        await socket.close(CLOSE_CODES.get(error.code, POLICY), str(error)[:120])
        return
    relay = join(run, client)
    sides = [asyncio.create_task(side) for side in (client.read(relay), client.send(relay))]
    try:
        await asyncio.wait([*sides, relay.task], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*sides, *client.requests):
            task.cancel()
        await asyncio.gather(*sides, *client.requests, return_exceptions=True)
        leave(relay, client)
        run.leave(client.session)
    for task in (*sides, relay.task):
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error


@dataclass(slots=True, kw_only=True, eq=False)
class _Client:
    socket: WebSocket
    runs: Runs
    caller: Caller
    session: Session
    patience: float  # s
    note: Note
    telling: Telling
    news: asyncio.Event = field(default_factory=asyncio.Event)  # something may be due
    requests: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def find(self, name: str) -> Hosted:
        """The run of a name, with this client among those who look at it.

        Raises:
            RefusalError: there is none that it may see, or too many look at it.
        """
        check_role(self.caller, "read")
        run = self.runs.get(name)
        if run.spec.private:
            raise RefusalError("not_found", f"there is no run {name!r:.80}")
        run.join(self.session, asyncio.Event())
        return run

    def wants(self, channel: Channel) -> bool:
        """Whether it has subscribed to a channel."""
        return channel in self.telling.channels.values()

    async def read(self, relay: Relay) -> None:
        """Take messages in until the client leaves, or floods us."""
        while len(self.telling.waiting) <= MOST_WAITING:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            try:
                self._take(relay, message)
            except RefusalError as error:
                self._say(words.status(Level.ERROR, str(error)))
            self.news.set()
        await self.socket.close(POLICY, "read the answers before asking more")

    async def send(self, relay: Relay) -> None:
        """Send what is due until the client leaves, or takes nothing any more."""
        while True:
            self.news.clear()
            self.session.due(Feed())  # what is said to all on /ws
            if relay.error and relay.run not in self.runs.listed():
                await self.socket.close(NO_RUN, "the run was deleted")
                return
            async for item in self.telling.due(relay):
                if not await self._deliver(item):
                    return
            await self.news.wait()

    def _take(self, relay: Relay, message: Mapping[str, Any]) -> None:
        text, data = message.get("text"), message.get("bytes")
        if len(text or data or b"") > LONGEST:
            raise RefusalError("too_large", f"a message has at most {LONGEST} bytes")
        if text is None:
            asked = words.read_binary(data or b"")
            if len(self.requests) >= MOST_OPEN:
                rule = f"at most {MOST_OPEN} requests may be open; wait for answers"
                raise RefusalError("limit", rule)
            does = self._call if isinstance(asked, Call) else self._play
            request = asyncio.create_task(does(relay, asked))  # pyright: ignore[reportArgumentType]
            self.requests.add(request)
            request.add_done_callback(self.requests.discard)
            return
        match words.read_text(text):
            case Subscribe(subscriptions=asked):
                for each in asked:
                    self.telling.subscribe(each.id, each.channelId)
            case Unsubscribe(subscriptionIds=ids):
                for number in ids:
                    self.telling.unsubscribe(number)
            case FetchAsset() as asked:
                self.telling.waiting.append(asked)

    async def _call(self, relay: Relay, call: Call) -> None:
        try:
            op, fields = of_call(call)
            done = await self._perform(relay, (op, fields))
            self._say(words.called(call, done))
        except TwinError as error:
            self._say(words.not_called(call, str(error)))
        self.news.set()

    async def _play(self, relay: Relay, asked: Playback) -> None:
        wanted = of_playback(asked, is_playing=relay.is_playing, speed=relay.speed, head=relay.head)
        try:
            for operation in wanted:
                await self._perform(relay, operation)
        except TwinError as error:
            self._say(words.status(Level.ERROR, str(error)))
        relay.settle()
        did_seek = self.telling.note_control(relay)
        self._say(relay.playback(did_seek=did_seek, request=asked.request))
        self.news.set()

    async def _perform(self, relay: Relay, operation: Operation) -> dict[str, Any]:
        op, fields = operation
        told = {"run": relay.run.id, **fields}
        try:
            check_role(self.caller, op)
            done = await relay.run.perform(op, self.session.name, **fields)
        except TwinError as error:
            self.note(self.caller, op, to_json(error)["code"], told)
            raise
        self.note(self.caller, op, "done", told)
        return done

    def _say(self, item: str | bytes) -> None:
        self.telling.waiting.append(item)

    async def _deliver(self, item: str | bytes) -> bool:
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):  # Runtime: we have closed
            async with asyncio.timeout(self.patience):
                if isinstance(item, str):
                    await self.socket.send_text(item)
                else:
                    await self.socket.send_bytes(item)
            return True
        return False
