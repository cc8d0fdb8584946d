"""A WebSocket's side of a session: reading, sending, and giving up on those who do not read."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from server.access import Caller, caller_of, check_role
from server.direct import DirectSocket, direct_of
from server.hosted import Hosted
from server.messages import Ask, Attach, Detach, Drive, HandOver, Release, Subscribe, fields_of
from server.refusal import RefusalError, to_json
from server.runs import DEFAULT, Runs
from server.session import Session
from server.topic import Topic
from server.wire import PROTOCOL
from twin.errors import TwinError

__all__ = ["PATIENCE", "converse"]

PATIENCE = 8.0  # s in which a client must take what it is sent

# Close codes of RFC 6455, and our own from 4000 on; they are part of the protocol.
PROTOCOL_ERROR, POLICY, TRY_LATER, NO_RUN = 1002, 1008, 1013, 4404
CLOSE_CODES = {"not_found": NO_RUN, "limit": TRY_LATER, "forbidden": POLICY}


Note = Callable[[Caller, str, str, Mapping[str, Any]], None]


def _pass_over(_caller: Caller, _op: str, _outcome: str, _fields: Mapping[str, Any]) -> None:
    """Tell nobody."""


async def converse(
    socket: WebSocket, runs: Runs, *, patience: float = PATIENCE, note: Note | None = None
) -> None:
    """Serve one client until it leaves.

    Args:
        socket: the client's.
        runs: what it may look at.
        patience: s in which it must take what it is sent.
        note: told of every operation: who asks, the op, what came of it, and its fields.
    """
    offered = socket.scope.get("subprotocols", [])
    if PROTOCOL not in offered:
        await socket.accept()
        await socket.close(PROTOCOL_ERROR, f"this server speaks {PROTOCOL}")
        return
    await socket.accept(subprotocol=PROTOCOL)
    client = _Client(
        socket=socket, runs=runs, caller=caller_of(socket.scope), patience=patience,
        session=Session(runs.client_name()), note=note or _pass_over,
        direct=direct_of(socket.scope),
    )  # fmt: skip
    try:
        await client.begin()
    except RefusalError as error:
        await socket.close(CLOSE_CODES.get(error.code, POLICY), str(error)[:120])
        await client.end()
        return
    sides = [asyncio.create_task(side) for side in (client.read(), client.send())]
    try:
        await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*sides, *client.requests):
            task.cancel()
        await asyncio.gather(*sides, *client.requests, return_exceptions=True)
        await client.end()
    for side in sides:
        if not side.cancelled() and (error := side.exception()):
            raise error


class _News(asyncio.Event):
    """Something may be due: it goes out at once by the short way, or wakes who sends."""

    def __init__(self) -> None:
        super().__init__()
        self.pass_on: Callable[[], bool] | None = None  # while the sender waits

    def set(self) -> None:
        if self.pass_on is None or not self.pass_on():
            super().set()


@dataclass(slots=True, kw_only=True)
class _Client:
    socket: WebSocket
    runs: Runs
    caller: Caller
    session: Session
    patience: float  # s
    note: Note
    direct: DirectSocket | None
    news: _News = field(default_factory=_News)
    requests: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    run: Hosted | None = None
    topic: Topic | None = None
    generation: int = -1  # of the run's process whose stream it reads
    resume: tuple[str, int, int] | None = None  # scene, epoch and last frame that it had

    async def begin(self) -> None:
        """Look at what the address asks for.

        Raises:
            RefusalError: there is no such run, or too many clients.
        """
        query = self.socket.query_params
        check_role(self.caller, "read")
        run = self.runs.get(query.get("run", DEFAULT))
        self._check_owner(run)
        run.join(self.session, self.news)
        self.run = run
        if run.state == "preparing":
            self.session.wait(run.id)
            await self._flush()
        elif not run.is_ready:
            self.session.tell(run.state_message())
        paths, poses = query.getlist("topic"), _rate(query.get("poses", ""))
        if paths or poses:
            await run.wait()
        self.topic = await run.subscribe(paths, poses=poses)
        numbers = (query.get("epoch", ""), query.get("seq", ""))
        if query.get("scene") and all(each.isascii() and each.isdigit() for each in numbers):
            epoch, seq = (int(each[:18]) for each in numbers)
            self.resume = (query["scene"], epoch, seq)

    async def end(self) -> None:
        """Leave the run; a private one is gone with its owner."""
        run, self.run = self.run, None
        if run is None:
            return
        if self.topic is not None:
            run.release(self.topic)
            self.topic = None
        drove = run.lease.holder == self.session.name
        run.leave(self.session)
        if drove:
            run.tell_driver()
        if run.owner is self.session:
            await self.runs.delete(run)

    async def read(self) -> None:
        """Take messages in until the client leaves, or floods us."""
        while not self.session.is_flooded:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if (text := message.get("text")) is None:
                self.session.refuse_binary()
            elif ask := self.session.receive(text, time.monotonic()):
                request = asyncio.create_task(self._perform(ask))
                self.requests.add(request)
                request.add_done_callback(self.requests.discard)
            self.news.set()
        await self.socket.close(POLICY, "read the answers before asking more")

    async def send(self) -> None:
        """Send what is due until the client leaves, or takes nothing any more."""
        while await self._deliver():
            self.news.pass_on = self._pass_on
            await self.news.wait()
            self.news.pass_on = None

    def _pass_on(self) -> bool:
        """Send what is due by the short way, if it can be; false: it must be sent as usual."""
        run, topic, direct = self.run, self.topic, self.direct
        if run is None or topic is None or direct is None:
            return False
        is_current = run.is_ready and self.generation == run.generation
        return is_current and self.session.pass_on(topic.feed, direct.pass_on)

    async def _deliver(self) -> bool:
        """Send all that is due; false if the client is gone."""
        while True:
            self.news.clear()
            run, topic = self.run, self.topic
            if run is None or topic is None:
                return True
            try:
                if run.is_ready and not (
                    self.session.is_greeted and self.generation == run.generation
                ):
                    await self._start(run, topic)
                due = self.session.due(topic.feed)
                if due is None:
                    await self._start(run, topic)
                    continue
            except RefusalError:  # it ends: whoever looks is told so
                due = self.session.due(topic.feed) or []
            if not due:
                return True
            for item in due:
                if not await self._send(item):
                    return False

    async def _start(self, run: Hosted, topic: Topic) -> None:
        """Tell the client everything anew, or let it go on where it was."""
        assert run.pack is not None
        hello = {
            "run": run.id, "client": self.session.name, "role": self.caller.role.name.lower(),
            "scene": run.pack.digest, "name": run.pack.name, "paths": list(topic.paths),
            "poses": topic.poses, "live": run.status["live"], "head": run.status["head"],
            "parent": run.spec.parent, "parent_tick": run.spec.parent_tick,
            "private": run.spec.private, "driver": run.lease.holder,
        }  # fmt: skip
        if self.generation != run.generation:
            self.session.leave()
            self.generation = run.generation
        resume, self.resume = self.resume, None
        if resume is not None and run.can_resume(topic, *resume):
            speed = run.status["speed"]
            fastest = speed == "max"
            told: dict[str, Any] = {
                "epoch": run.epoch, "speed": 1000.0 if fastest else speed, "fastest": fastest,
                "playing": run.status["playing"],
            }  # fmt: skip
            self.session.resume(resume[2], told, hello)
            return
        welcome = await run.welcome(topic)
        if self.topic is topic:  # else it has turned to another one meanwhile
            self.session.start(welcome, hello)

    async def _flush(self) -> None:
        assert self.run is not None
        for item in self.session.due(Topic().feed) or []:
            await self._send(item)

    async def _send(self, item: str | bytes) -> bool:
        if self.direct is not None and self.direct.is_gone:
            return False
        try:
            async with asyncio.timeout(self.patience):
                if isinstance(item, str):
                    await self.socket.send_text(item)
                else:
                    await self.socket.send_bytes(item)
        except TimeoutError:
            if self.direct is not None:
                self.direct.cut()
            return False
        except (WebSocketDisconnect, RuntimeError):  # Runtime: closed by the server
            return False
        return True

    async def _perform(self, ask: Ask) -> None:
        try:
            check_role(self.caller, ask.op)
            self.session.answer(ask, await self._do(ask))
            outcome = "done"
        except TwinError as error:
            self.session.refuse(ask, error)
            outcome = to_json(error)["code"]
        run = {} if self.run is None else {"run": self.run.id}
        self.note(self.caller, ask.op, outcome, {**run, **fields_of(ask)})
        self.news.set()

    async def _do(self, ask: Ask) -> dict[str, Any]:
        """Carry out what is asked; returns what to tell.

        Raises:
            RefusalError: it can't be done.
        """
        run = self.run
        if run is None:
            raise RefusalError("ended", "the client has left")
        match ask:
            case Subscribe():
                await run.wait()
                await self._look_at(run, await run.subscribe(ask.paths, poses=ask.poses))
                return {"paths": list(self.topic.paths if self.topic else ())}
            case Attach():
                other = self.runs.get(ask.run)
                self._check_owner(other)
                await other.wait()
                await self._look_at(other, await other.subscribe(()))
                return {"run": other.id}
            case Detach():
                return await self._detach(run)
            case Drive():
                run.lease.take(self.session.name, ask.seconds)
            case Release():
                run.lease.release(self.session.name)
            case HandOver():
                if not run.knows(ask.to):
                    raise RefusalError("not_found", f"no client {ask.to!r} looks at this run")
                run.lease.hand_over(self.session.name, ask.to)
            case _:
                return await run.perform(ask.op, self.session.name, **fields_of(ask))
        run.tell_driver()
        return {"client": run.lease.holder, "seconds": round(run.lease.left, 3)}

    async def _detach(self, run: Hosted) -> dict[str, Any]:
        if run.owner is self.session:
            raise RefusalError("refused", "this time is the client's own already")
        fork = await self.runs.fork(run, owner=self.session)
        if self.run is not run:  # it has gone elsewhere meanwhile
            await self.runs.delete(fork)
            raise RefusalError("ended", "the client has left")
        topic = self.topic or Topic()
        await self._look_at(fork, await fork.subscribe(topic.paths, poses=topic.poses))
        return {"run": fork.id, "parent": run.id, "parent_tick": fork.spec.parent_tick}

    async def _look_at(self, run: Hosted, topic: Topic) -> None:
        """Read another topic, of this run or another one."""
        if run is self.run:
            old, self.topic = self.topic, topic
            if old is not None:
                run.release(old)
            self.session.leave()
            return
        run.join(self.session, self.news)
        await self.end()
        self.run, self.topic, self.generation = run, topic, -1
        self.session.leave()

    def _check_owner(self, run: Hosted) -> None:
        if run.spec.private and run.owner is not self.session:
            raise RefusalError("not_found", f"there is no run {run.id!r}")


def _rate(text: str) -> float:
    """A rate of poses [Hz] as an address gives it; empty is none.

    Raises:
        RefusalError: it is no number.
    """
    try:
        return float(text or 0.0)
    except ValueError:
        raise RefusalError("invalid", f"poses must be a number of Hz, got {text[:40]!r}") from None
