"""One run as the server has it: its process, its topics, its clients, and who drives it."""

import asyncio
import json
import logging
import time
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from server.feed import Feed
from server.lease import Lease
from server.pipe import Kind, Message
from server.process import Reply, RunProcess
from server.refusal import RefusalError, from_json
from server.sent import EVERYONE, Packed, Sent, Welcome
from server.session import Session
from server.spec import RunSpec
from server.topic import Topic, checked_rate, normal

__all__ = ["Hosted"]

FRESH = 1.0  # s for which what holds now is told to others as it is
LINGER = 10.0  # s for which a topic goes on without readers
MOST_CLIENTS = 1024
MOST_TOPICS = 32  # of parts of the plant
STEP_OPS = ("lockstep", "done", "unlock")
BAD = ("failed", "crashed")
TIME_OPS = ("play", "pause", "speed", "reset", "jump", "step", "seek", "live")


log = logging.getLogger("twin.server")


class Hosted:
    """A run and its clients; lives in one event loop."""

    def __init__(self, spec: RunSpec, *, pack: Packed | None = None) -> None:
        """Make a run that has no process yet; `start` gives it one.

        Args:
            spec: what it is made from.
            pack: of its scene, if that is known already.
        """
        self.spec = spec
        self.pack = pack
        self.state = "stopped"  # preparing, ready, stopped, failed or crashed
        self.error: RefusalError | None = None  # why it failed or crashed
        self.changed = asyncio.Event()  # set and cleared whenever `state` changes
        self.lease = Lease(time.monotonic)
        self.status: dict[str, Any] = {}
        self.owner: Session | None = None  # of a private run
        self._process: RunProcess | None = None
        self._checked = False  # its scene is known to be sound
        self._clients: dict[Session, asyncio.Event] = {}
        self._topics: dict[tuple[tuple[str, ...], float], Topic] = {((), 0.0): Topic()}
        self._in_step: set[str] = set()  # clients for whom the run waits
        self._last_topic = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.generation = 0  # rises with every process: its stream begins anew
        self._welcoming = asyncio.Lock()
        self._commands: list[Mapping[str, Any]] = list(spec.commands)

    @property
    def id(self) -> str:
        """Its name among all runs."""
        return self.spec.id

    @property
    def is_ready(self) -> bool:
        """Whether it answers."""
        return self.state == "ready"

    @property
    def pid(self) -> int | None:
        """Of its process, if it has one."""
        return None if self._process is None else self._process.pid

    @property
    def client_count(self) -> int:
        """How many clients look at it."""
        return len(self._clients)

    @property
    def epoch(self) -> int:
        """Of its stream now."""
        return int(self.status.get("epoch", 0))

    def summary(self) -> dict[str, Any]:
        """What a list of runs says about it."""
        spec, status = self.spec, self.status
        return {
            "id": spec.id,
            "name": "" if self.pack is None else self.pack.name,
            "scene": spec.scene,
            "scenarios": list(spec.scenarios),
            "overrides": list(spec.overrides),
            "seed": spec.seed,
            "state": self.state,
            "error": "" if self.error is None else str(self.error),
            "parent": spec.parent,
            "parent_tick": spec.parent_tick,
            "private": spec.private,
            "created": spec.created,
            "pack": "" if self.pack is None else self.pack.digest,
            "clients": self.client_count,
            "driver": self.lease.holder,
            "tick": int(status.get("tick", spec.until)),
            "head": int(status.get("head", spec.until)),
            "live": bool(status.get("live", True)),
            "playing": bool(status.get("playing", False)),
            "speed": status.get("speed", "max" if spec.speed == float("inf") else spec.speed),
            "epoch": self.epoch,
            "finished": int(status.get("finished", 0)),
        }

    async def start(self) -> None:
        """Give it a process, which prepares it; where it was stopped, it goes on from there."""
        if self.state in ("preparing", "ready"):
            return
        self.error = None
        self._checked = False
        self._become("preparing")
        spec = replace(self.spec, has_pack=self.pack is not None)
        try:
            self._process = await RunProcess.start(spec.to_json(), self._take)
        except OSError as error:
            self._end(RefusalError("limit", f"no process could be started: {error.strerror}"))
            return
        process = self._process
        process.ended.add_done_callback(lambda task: self._ended(process, task.result()))

    async def check(self) -> None:
        """Wait until its scene is known to be sound.

        Raises:
            RefusalError: it is not.
        """
        while self.state == "preparing" and not self._checked:
            await self.changed.wait()
        if self.state == "failed" and self.error is not None:
            raise self.error

    async def wait(self) -> None:
        """Wait until it is prepared.

        Raises:
            RefusalError: it failed, or was stopped.
        """
        while self.state == "preparing":
            await self.changed.wait()
        if not self.is_ready:
            raise self.error or RefusalError("ended", f"run {self.id} is {self.state}; start it")

    async def stop(self) -> None:
        """End its process; what it takes to go on from here is kept."""
        if self.is_ready:
            fields, _ = await self.ask("record")
            commands = tuple(fields["commands"])
            self._commands = list(commands)
            self.spec = replace(self.spec, commands=commands, until=fields["until"], playing=False)
        await self.close()

    async def close(self) -> None:
        """End its process."""
        process, self._process = self._process, None
        self._become("stopped")
        if process is not None:
            await process.close()

    async def ask(self, op: str, **fields: Any) -> Reply:
        """Let the run do an operation.

        Raises:
            RefusalError: it has no process that answers, or the operation can't be done.
        """
        if self._process is None or not self.is_ready:
            code = "not_ready" if self.state == "preparing" else "ended"
            why = f": {self.error}" if self.error else ""
            raise RefusalError(code, f"run {self.id} is {self.state}{why}")
        return await self._process.ask(op, **fields)

    async def perform(self, op: str, who: str, **fields: Any) -> dict[str, Any]:
        """Do what a client asks, if it may do it now.

        Args:
            op: the operation.
            who: the client's name, as the lease knows it.
            fields: of the operation.

        Raises:
            RefusalError: another one drives, or it can't be done.
        """
        if op in TIME_OPS:
            self.lease.touch(who)
        if op == "command":
            fields.setdefault("issuer", who)
        elif op in STEP_OPS:
            fields["name"] = who
            self._in_step.add(who)
        done, _ = await self.ask(op, **fields)
        if op == "command":
            self._note(done)
        elif op == "reset":
            self._commands.clear()
        return done

    def join(self, session: Session, news: asyncio.Event) -> None:
        """Take a client in; the event is set when there may be something to send.

        Raises:
            RefusalError: there are too many.
        """
        if len(self._clients) >= MOST_CLIENTS:
            raise RefusalError("limit", "there are too many clients")
        self._clients[session] = news

    def leave(self, session: Session) -> None:
        """Let a client go."""
        self._clients.pop(session, None)
        self.lease.release(session.name)
        if session.name in self._in_step:
            self._in_step.discard(session.name)
            self._spawn(self._unlock(session.name))

    def watchers(self, most: int) -> list[str]:
        """Names of those who look at it, at most so many."""
        return [session.name for session, _ in zip(self._clients, range(most), strict=False)]

    def knows(self, client: str) -> bool:
        """Whether a client of this name looks at the run."""
        return any(session.name == client for session in self._clients)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Say something to all clients; it is encoded once."""
        self._tell_all(json.dumps(message, separators=(",", ":")))

    def state_message(self) -> str:
        """What clients are told when the run's state changes."""
        why = "" if self.error is None else str(self.error)
        return json.dumps({"op": "run", "run": self.id, "state": self.state, "message": why})

    def _tell_all(self, text: str) -> None:
        for session, news in self._clients.items():
            session.tell(text)
            news.set()

    def tell_driver(self) -> None:
        """Say to all who drives."""
        left = round(self.lease.left, 3)
        self.tell({"op": "driver", "run": self.id, "client": self.lease.holder, "seconds": left})

    async def subscribe(self, paths: Sequence[str], *, poses: float = 0.0) -> Topic:
        """A topic to read; `release` it afterwards.

        Args:
            paths: prim paths; none: everything.
            poses: how many poses a second [Hz]; 0: segments.

        Raises:
            RefusalError: there are too many topics, nothing lies at a path, or the rate is wrong.
        """
        key = (normal(paths), checked_rate(poses))
        topic = self._topics.get(key)
        if topic is None:
            if len(self._topics) > MOST_TOPICS:
                raise RefusalError("limit", f"a run has at most {MOST_TOPICS} topics")
            self._last_topic += 1
            topic = Topic(self._last_topic, *key)
            self._topics[key] = topic
            topic.readers += 1
            try:
                fields, _ = await self._open(topic)
            except BaseException:
                self._topics.pop(key, None)
                raise
            topic.feed.begin(int(fields["seq"]))
            return topic
        topic.readers += 1
        return topic

    def release(self, topic: Topic) -> None:
        """Read a topic no longer; some time after its last reader it ends."""
        topic.readers -= 1
        if topic.number and topic.readers == 0:
            asyncio.get_running_loop().call_later(LINGER, self._forget, topic)

    def can_resume(self, topic: Topic, scene: str, epoch: int, seq: int) -> bool:
        """Whether a client that had all up to a frame can go on from there."""
        known = self.is_ready and self.pack is not None and self.pack.digest == scene
        return known and self.epoch == epoch and topic.feed.after(seq) is not None

    async def welcome(self, topic: Topic) -> Welcome:
        """All that holds now; made once a second at most, so that many may ask.

        Raises:
            RefusalError: it has no process that answers.
        """
        async with self._welcoming:
            if topic.welcome is not None:
                made, welcome = topic.welcome
                is_fresh = time.monotonic() - made < FRESH and welcome.epoch == self.epoch
                if is_fresh and topic.feed.after(welcome.seq) is not None:
                    return welcome
            fields, blobs = await self.ask("welcome", topic=topic.number)
            *frames, notes = blobs
            fields["speed"] = float("inf") if fields["speed"] == "max" else fields["speed"]
            welcome = Welcome(frames=frames, notes=notes, **fields)
            topic.welcome = (time.monotonic(), welcome)
            return welcome

    def _note(self, done: Mapping[str, Any]) -> None:
        """Keep a command that was carried out, to begin again after a crash."""
        names = ("action", "path", "attribute", "value", "tick")
        command = {name: done["carried"][name] for name in names}
        if command not in self._commands:
            self._commands.append(command)

    def _take(self, message: Message) -> None:
        """Take a message of the process in."""
        if message.kind is Kind.FRAME:
            self._spread(Sent(message.number, message.blobs[0], message.topic))
        elif message.kind is Kind.STATUS:
            self.status = message.head
        elif message.kind is Kind.FAILED:
            self.error = from_json(message.head)
        elif message.kind is Kind.CHECKED:
            self._checked = True
            self.changed.set()
            self.changed.clear()
        elif message.kind is Kind.READY:
            self.status = message.head
            if message.blobs:
                scene, prototypes = message.blobs
                digest, name = str(message.head["pack"]), str(message.head["name"])
                self.pack = Packed(name, digest, scene, prototypes)
            self.generation += 1
            self._become("ready")
            self._spawn(self._open_again())

    def _spread(self, frame: Sent) -> None:
        for topic in self._topics.values():
            if frame.topic in (topic.number, EVERYONE):
                topic.feed.add((frame,))
        self._wake()

    def _wake(self) -> None:
        for news in self._clients.values():
            news.set()

    def _ended(self, process: RunProcess, how: str) -> None:
        if process is not self._process:
            return  # it was told to end
        self._process = None
        if self.error is None:
            words = f"the process of run {self.id} {how}; start it again"
            crashed = RefusalError("ended", words)
            until = int(self.status.get("tick", self.spec.until))
            self.spec = replace(self.spec, commands=tuple(self._commands), until=until)
            self.error = crashed
            self._become("crashed")
            return
        self._end(self.error)

    def _end(self, error: RefusalError) -> None:
        self.error = error
        self._become("failed")

    def _become(self, state: str) -> None:
        self.state = state
        why = f": {self.error}" if self.error and state in BAD else ""
        fields = {"run": self.id, "state": state, "scene": self.spec.scene}
        level = logging.WARNING if state in BAD else logging.INFO
        log.log(level, "run %s is %s%s", self.id, state, why, extra={"fields": fields})
        if state != "ready":
            for topic in self._topics.values():
                topic.welcome = None
                topic.feed = Feed() if state == "preparing" else topic.feed
        self.changed.set()
        self.changed.clear()
        self._tell_all(self.state_message())

    def _forget(self, topic: Topic) -> None:
        key = (topic.paths, topic.poses)
        if topic.readers == 0 and self._topics.get(key) is topic:
            del self._topics[key]
            if self.is_ready:
                self._spawn(self._close(topic))

    async def _unlock(self, name: str) -> None:
        with suppress(RefusalError):
            await self.ask("unlock", name=name)

    async def _open(self, topic: Topic) -> Reply:
        paths = list(topic.paths)
        return await self.ask("open", topic=topic.number, paths=paths, poses=topic.poses)

    async def _close(self, topic: Topic) -> None:
        with suppress(RefusalError):
            await self.ask("close", topic=topic.number)

    async def _open_again(self) -> None:
        """A new process knows nothing of the topics yet."""
        for topic in [each for each in self._topics.values() if each.number]:
            with suppress(RefusalError):
                fields, _ = await self._open(topic)
                topic.feed.begin(int(fields["seq"]))
        self._wake()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
