"""Kills a process that writes a journal, again and again, and checks what each one leaves.

    python -m tests.journal.crashing FOLDER ROUNDS

A child goes on with a run: it advances a line, gives commands, and tells by a pipe which of them
were acknowledged. At a random moment it gets SIGKILL. Then every acknowledged command must be
there, and the state that is recovered must be that of a replay from tick 0. Prints one JSON line.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing, suppress
from importlib import import_module

from tests.journal.lines import FIRST, begun, failing_line, record_of
from twin.engine.command import Command
from twin.journal import CommandRow, Retention, Store, open_store, recover, verify
from twin.units import to_ticks

PLANT = failing_line()
LONGEST = 0.2  # s that a child lives
LIBRARIES = ("pyarrow.parquet", "psycopg")  # children live too short to load them themselves
ROUNDS_OF_A_RUN = 20


def child(where: str, name: str, acknowledged: int) -> None:
    """Go on with a run until the end comes from outside."""
    run = open_store(where).open(name)
    keeper, simulation = begun(run, PLANT)

    def tell(done: "Future[CommandRow]") -> None:
        os.write(acknowledged, f"{done.result().sequence} {done.result().tick}\n".encode())

    while True:
        simulation.advance(simulation.now + to_ticks(random.uniform(0.0, 3.0)))
        for _ in range(random.randrange(4)):
            stamped = simulation.apply(Command(action="fail", path=FIRST, value=1.0))
            run.submit(CommandRow.of(stamped)).add_done_callback(tell)
        if random.random() < 0.5:
            keeper.take(simulation)
        keeper.settle(simulation.now, whole=random.random() < 0.5)
        if random.random() < 0.05:
            run.compact(Retention(snapshots=3))


def killed(work: Callable[[int], None], after: float) -> list[str]:
    """Let a child work for a while; the lines that it told before it was killed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            work(writing)
        finally:
            os._exit(1)  # it never comes back by itself: the parent sees what it is
    os.close(writing)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading) as stream:
        told = stream.read().splitlines()
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "the child ended by itself"
    return told


def checked(store: Store, name: str, told: list[str]) -> tuple[int, int]:
    """Hold what is left against what was told; numbers of its commands and snapshots."""
    with closing(store.open(name)) as run:
        ticks = {row.sequence: row.tick for row in run.commands()}
        for line in told:
            sequence, tick = map(int, line.split())
            assert ticks.get(sequence) == tick, f"command {sequence} is lost; {run.damage}"
        recovered = recover(run, PLANT, interpreted=True)
        found = verify(run, PLANT, interpreted=True)
        assert found.differs_at is None, found.why
        assert found.digest == recovered.digest(), "recovery and replay differ"
        return len(ticks), len(run.snapshots())


def main(where: str, rounds: int) -> None:
    """Kill so many children, and tell what came of it."""
    random.seed(rounds)
    for library in LIBRARIES:
        with suppress(ImportError):
            import_module(library)
    acknowledged = longest = snapshots = 0
    store = open_store(where)
    for number in range(rounds):
        name = f"r{number // ROUNDS_OF_A_RUN}"
        if number % ROUNDS_OF_A_RUN == 0:
            store.create(record_of(name)).close()
        told = killed(
            lambda pipe, name=name: child(where, name, pipe),
            random.uniform(0.0, LONGEST * (1 + 2 * ("://" in where))),
        )
        kept, snapshots = checked(store, name, told)
        acknowledged, longest = acknowledged + len(told), max(longest, kept)
    result = {"rounds": rounds, "acknowledged": acknowledged, "longest": longest}
    sys.stdout.write(json.dumps(result | {"snapshots": snapshots}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
