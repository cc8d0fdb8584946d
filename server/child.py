"""The process of one run: it opens the scene, simulates by the clock, and sends frames.

It reads requests on its standard input and writes to its standard output, see `server.pipe`. It
ends when the server closes its input, or is gone.
"""

import os
import sys
import time
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, BinaryIO

from server.check import shut_in
from server.confine import confine, set_free
from server.desk import Desk
from server.kept import Kept
from server.live import Live
from server.orders import Orders
from server.pipe import HEADER, Kind, Message, pack, pack_frame, size_of, unpack
from server.refusal import to_json
from server.run import Run
from server.sent import Sent
from server.spec import RunSpec
from server.tape import Note
from twin.engine.command import Command
from twin.errors import CommandError, SceneError, TwinError
from twin.plant import Plant, check
from twin.scene.pack import ScenePack, build_pack
from twin.scene.read import read_plant
from twin.scene.stage import open_stage

__all__ = ["main"]

STATUS_EVERY = 1.0  # s

Queue = SimpleQueue[Message | None]


def main() -> int:
    """Run what the first message says until the input ends; returns the exit status."""
    confine()
    source, out = _pipes()
    begin = _read(source)
    if begin is None or begin.kind is not Kind.BEGIN:
        return 2
    prepared = Event()
    queue: Queue = SimpleQueue()
    try:
        shut_in(begin.head)  # before there are other threads, which would stay outside
        Thread(target=_listen, args=(source, queue, prepared), daemon=True).start()
        if "job" in begin.head:
            from server.jobs import JOBS

            out.write(pack(Kind.READY, head=JOBS[begin.head["job"]](begin.head)))
            out.flush()
            return 0
        process = _Process(RunSpec.from_json(begin.head), out)
    except TwinError as error:
        out.write(pack(Kind.FAILED, head=to_json(error)))
        out.flush()
        return 1
    set_free()
    prepared.set()
    try:
        process.serve(queue)
    except BrokenPipeError:
        pass  # the server is gone
    finally:
        process.close()
    return 0


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Input and output for messages; whatever prints goes to the standard error."""
    source, out = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(source, "rb"), os.fdopen(out, "wb")


def _read(source: BinaryIO) -> Message | None:
    """The next message; None at the end of the input."""
    header = source.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    body = source.read(size_of(header))
    return unpack(header, body)


def _listen(source: BinaryIO, queue: Queue, prepared: Event) -> None:
    while (message := _read(source)) is not None:
        queue.put(message)
    if not prepared.is_set():
        os._exit(0)  # the server is gone; what is being prepared is of no use
    queue.put(None)


class _Process:
    """A prepared run, and what it tells the server."""

    def __init__(self, spec: RunSpec, out: BinaryIO) -> None:
        self._out = out
        stage, plant = _open(spec)
        self._kept = Kept(spec, plant) if spec.journal else None
        out.write(pack(Kind.CHECKED))
        out.flush()
        pack_made = None if spec.has_pack else build_pack(stage, plant)
        run = _new_run(spec, plant) if self._kept is None else self._kept.make_run()
        self._live = Live(
            run, clock=time.monotonic, speed=spec.speed, playing=spec.playing,
            epoch=int(time.time()) & 0x7FFFFFFF,
        )  # fmt: skip
        orders = Orders(self._live, keep=self._kept)
        for order in () if self._kept is None else self._kept.orders():
            orders.remember(order)
        for sentence in () if self._kept is None else self._kept.damage:
            run.tape.note(Note(tick=run.now, kind="error", path="", text=sentence))
        self._desk = Desk(spec, self._live, orders)
        self._told = -STATUS_EVERY
        self._send_ready(plant, pack_made)

    def serve(self, queue: Queue) -> None:
        """Step by the clock, and do what is asked, until the input ends."""
        due = time.monotonic()
        while True:
            self._send(self._live.step())
            self._tell()
            now, wait = time.monotonic(), self._live.wait
            due = min(max(due + wait, now), now + wait)  # a step that a message caused is extra
            while True:
                try:
                    message = queue.get(timeout=max(0.0, due - time.monotonic()))
                except Empty:
                    break
                if message is None:
                    return
                self._answer(message)
                if queue.empty():
                    break  # what it changed is shown at once

    def close(self) -> None:
        """Make durable what is not yet."""
        if self._kept is not None:
            self._kept.finish(self._live.run)

    def _send_ready(self, plant: Plant, made: ScenePack | None) -> None:
        head = {"name": plant.name, "digest": plant.digest, "places": len(plant.places)}
        if made is not None:
            head["pack"] = made.digest
            head["name"] = made.name
        blobs = [] if made is None else [made.scene, made.prototypes]
        self._out.write(pack(Kind.READY, head={**head, **self._desk.status()}, blobs=blobs))
        self._out.flush()

    def _answer(self, message: Message) -> None:
        head = message.head
        try:
            answer = self._desk.do(str(head.get("op")), head)
            reply = pack(Kind.REPLY, message.number, {"ok": answer.fields}, answer.blobs)
        except TwinError as error:
            told = to_json(error, str(head.get("path", "")))
            reply = pack(Kind.REPLY, message.number, {"error": told})
        self._send(self._live.stream.take())  # what came of it, before its answer
        self._out.write(pack(Kind.STATUS, head=self._desk.status()))
        self._out.write(reply)
        self._out.flush()

    def _send(self, frames: list[Sent]) -> None:
        for frame in frames:
            self._out.write(pack_frame(frame.topic, frame.seq, frame.data))
        if frames:
            self._out.flush()

    def _tell(self) -> None:
        if (now := time.monotonic()) - self._told >= STATUS_EVERY:
            self._told = now
            self._out.write(pack(Kind.STATUS, head=self._desk.status()))
            self._out.flush()


def _new_run(spec: RunSpec, plant: Plant) -> Run:
    run = Run(plant, seed=spec.seed, interpreted=spec.interpreted)
    run.catch_up([Command(**each) for each in spec.commands], spec.until)
    return run


def _open(spec: RunSpec) -> tuple[Any, Plant]:
    """Read the scene; returns its stage and plant.

    Raises:
        TwinError: the scene, a scenario or an override is wrong.
    """
    if not spec.until >= 0:
        raise CommandError(f"until must be >= 0, got {spec.until}")
    stage = open_stage(spec.scene, scenarios=spec.scenarios, overrides=spec.overrides)
    plant = read_plant(stage)
    problems = check(plant)
    if problems:
        raise SceneError(problems)
    return stage, plant


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)  # all is written; taking everything down would take seconds
