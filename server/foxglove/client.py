"""A WebSocket of Foxglove or Lichtblick: reading, sending, and giving up on who does not read."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from server.access import Caller, caller_of, check_role
from server.feed import Feed
from server.foxglove import words
from server.foxglove.control import Operation, advertised, of_call, of_playback
from server.foxglove.relay import Relay, join, leave
from server.foxglove.words import Call, FetchAsset, Level, Playback, Subscribe, Unsubscribe
from server.hosted import Hosted
from server.refusal import RefusalError, to_json
from server.runs import DEFAULT, Runs
from server.session import Session
from twin.errors import TwinError
from twin.foxglove import NANOSECONDS, Channel, Scenery

__all__ = ["converse"]

PROTOCOL_ERROR, POLICY, TRY_LATER, NO_RUN = 1002, 1008, 1013, 4404
CLOSE_CODES = {"not_found": NO_RUN, "limit": TRY_LATER, "forbidden": POLICY}
MOST_SUBSCRIPTIONS = 64
MOST_WAITING = 256  # answers that the client has not read
MOST_OPEN = 32  # requests that wait for their answer
LONGEST = 8192  # characters or bytes of a message
AHEAD = 3600  # s: how far the app's timeline goes beyond what the run has reached when it comes
CAPABILITIES = ("time", "services", "assets")

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
    client = _Client(
        socket=socket, runs=runs, caller=caller_of(socket.scope), patience=patience, note=note,
        session=Session(runs.client_name()), has_controls=spoken == words.WITH_CONTROLS,
    )  # fmt: skip
    try:
        run = client.find(socket.query_params.get("run", DEFAULT))
    except RefusalError as error:
        await socket.close(CLOSE_CODES.get(error.code, POLICY), str(error)[:120])
        return
    relay = join(run, client)
    sides = [asyncio.create_task(side) for side in (client.read(relay), client.send(relay))]
    try:
        await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*sides, *client.requests):
            task.cancel()
        await asyncio.gather(*sides, *client.requests, return_exceptions=True)
        leave(relay, client)
        run.leave(client.session)
    for side in sides:
        if not side.cancelled() and (error := side.exception()):
            raise error


@dataclass(slots=True, kw_only=True, eq=False)
class _Client:
    socket: WebSocket
    runs: Runs
    caller: Caller
    session: Session
    patience: float  # s
    note: Note
    has_controls: bool  # the client's protocol knows playback control
    news: asyncio.Event = field(default_factory=asyncio.Event)  # something may be due
    requests: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    _channels: dict[int, Channel] = field(default_factory=dict[int, Channel])  # by subscription
    _sent: dict[int, int] = field(default_factory=dict[int, int])  # version or note, likewise
    _waiting: deque[str | bytes | FetchAsset] = field(
        default_factory=deque[str | bytes | FetchAsset]
    )
    _is_greeted: bool = False
    _time: int = -1  # that it was told
    _control: int = -1
    _epoch: int = -1
    _error: str = ""

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
        return channel in self._channels.values()

    async def read(self, relay: Relay) -> None:
        """Take messages in until the client leaves, or floods us."""
        while len(self._waiting) <= MOST_WAITING:
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
            async for item in self._due(relay):
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
                    self._subscribe(each.id, each.channelId)
            case Unsubscribe(subscriptionIds=ids):
                for number in ids:
                    self._channels.pop(number, None)
                    self._sent.pop(number, None)
            case FetchAsset() as asked:
                self._waiting.append(asked)

    def _subscribe(self, number: int, channel: int) -> None:
        if channel not in list(Channel):
            raise RefusalError("invalid", f"there is no channel {channel}")
        if number in self._channels:
            raise RefusalError("invalid", f"subscription {number} is there already")
        if len(self._channels) >= MOST_SUBSCRIPTIONS:
            rule = f"at most {MOST_SUBSCRIPTIONS} subscriptions may be open"
            raise RefusalError("limit", rule)
        self._channels[number] = Channel(channel)
        self._sent[number] = 0

    async def _due(self, relay: Relay) -> AsyncIterator[str | bytes]:
        """What to send now, answers first; each item is looked up when the last one is gone."""
        if relay.error != self._error:
            self._error = relay.error
            yield words.status(Level.WARNING, relay.error or "the run answers again")
        if relay.scenery is None:
            return
        for greeting in self._greeting(relay, relay.scenery):
            yield greeting
        while self._waiting:
            item = self._waiting.popleft()
            yield await self._asset(relay, item) if isinstance(item, FetchAsset) else item
        if self.has_controls and relay.control != self._control:
            did_seek = self._epoch not in (-1, relay.epoch)
            self._control, self._epoch = relay.control, relay.epoch
            yield relay.playback(did_seek=did_seek)
        if relay.nanoseconds != self._time:
            self._time = relay.nanoseconds
            yield words.time(self._time)
        for number, channel in list(self._channels.items()):
            async for message in self._of_channel(relay, number, channel):
                yield message

    async def _of_channel(
        self, relay: Relay, number: int, channel: Channel
    ) -> AsyncIterator[bytes]:
        if number not in self._sent:
            return  # it has unsubscribed meanwhile
        if channel is Channel.EVENTS:
            for note, nanoseconds, data in list(relay.notes):
                if note > self._sent.get(number, note):
                    self._sent[number] = note
                    yield words.data_head(number, nanoseconds) + data
            return
        slot = relay.slots[channel]
        if slot.version != self._sent[number]:
            self._sent[number] = slot.version
            yield slot.framed(number)

    def _greeting(self, relay: Relay, scenery: Scenery) -> Iterator[str]:
        """What there is, told once: Lichtblick forgets all schemas when it is told again."""
        if not self._is_greeted:
            self._is_greeted = True
            yield self._server_info(relay, scenery)
            yield words.advertise()
            yield advertised()

    def _server_info(self, relay: Relay, scenery: Scenery) -> str:
        sec, rest = divmod(relay.head * NANOSECONDS, 10**9)
        capabilities = [*CAPABILITIES, *(["playbackControl"] if self.has_controls else [])]
        begin, end = {"sec": 0, "nsec": 0}, {"sec": sec + AHEAD, "nsec": rest}
        return json.dumps(
            {
                "op": "serverInfo", "name": f"factory-twin: {scenery.name}",
                "capabilities": capabilities, "supportedEncodings": ["json"],
                "metadata": {"run": relay.run.id, "pack": scenery.digest},
                "sessionId": f"{relay.run.id}-{scenery.digest}",
                "dataStartTime": begin, "dataEndTime": end,
            }
        )  # fmt: skip

    async def _asset(self, relay: Relay, asked: FetchAsset) -> bytes:
        try:
            data, why = await relay.asset(asked.uri), ""
        except RefusalError as error:
            data, why = None, str(error)
        return b"".join(words.asset(asked.requestId, data, why))

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
        did_seek = asked.seek is not None and relay.epoch != self._epoch
        self._control, self._epoch = relay.control, relay.epoch
        self._say(relay.playback(did_seek=did_seek, request=asked.request))
        self.news.set()

    async def _perform(self, relay: Relay, operation: Operation) -> dict[str, Any]:
        op, fields = operation
        outcome = "done"
        try:
            check_role(self.caller, op)
            return await relay.run.perform(op, self.session.name, **fields)
        except TwinError as error:
            outcome = to_json(error)["code"]
            raise
        finally:
            self.note(self.caller, op, outcome, {"run": relay.run.id, **fields})

    def _say(self, item: str | bytes) -> None:
        self._waiting.append(item)

    async def _deliver(self, item: str | bytes) -> bool:
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):  # Runtime: we have closed
            async with asyncio.timeout(self.patience):
                if isinstance(item, str):
                    await self.socket.send_text(item)
                else:
                    await self.socket.send_bytes(item)
            return True
        return False
