"""Run a plant once, or many times with different chances, in as many threads as there are cores.

Compiled handlers let go of Python's lock, so threads run side by side. A replication's random
streams depend on (seed, replication) and on nothing else: the results are the same from any number
of workers, and two plants compared with one seed meet the same chances (common random numbers).
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.journal import Journal
from twin.plant import Plant
from twin.report import Report, report_of, summed
from twin.report.bottleneck import bottleneck_of
from twin.report.history import history_of
from twin.study.replications import Replications
from twin.units import to_seconds

__all__ = ["Keep", "Progress", "replicate", "run"]

Progress = Callable[[float], None]  # called with the share done, rising to 1
Keep = Callable[[Journal], None]  # called with the journal of each run

STEPS = 100  # of progress in one run


def run(
    plant: Plant,
    until: int,
    *,
    seed: int = 1,
    replication: int = 0,
    warm_up: int = 0,
    keep: Keep | None = None,
    progress: Progress | None = None,
) -> Report:
    """Simulate a plant to a tick and report.

    Args:
        plant: what exists.
        until: how far to go [ticks].
        seed: of the random streams.
        replication: number of this run among those with the same seed.
        warm_up: tick from which statistics count.
        keep: called at the end with the run's journal, events and motion; without, none is made.
        progress: called now and then; it can't change the result.

    Raises:
        SceneError: the plant can't run.
        RunError: the run could not go on.
    """
    if until <= 0:
        raise CommandError(f"a run must go beyond tick 0, got {until}")
    if not 0 <= warm_up < until:
        rule = f"a run must end after its warm-up of {to_seconds(warm_up):g} s"
        raise CommandError(f"{rule}, got {to_seconds(until):g} s")
    journal = Journal(plant, seed=seed, replication=replication) if keep else None
    simulation = Simulation(
        plant, seed=seed, replication=replication, motion=journal is not None, recorder=journal
    )
    if warm_up:
        simulation.advance(warm_up)
        simulation.reset_statistics()
    steps = STEPS if progress else 1
    for step in range(1, steps + 1):
        simulation.advance(warm_up + (until - warm_up) * step // steps)
        if progress:
            progress(step / steps)
    report = report_of(simulation)
    if journal is not None and keep is not None:
        journal.close(simulation.now)
        keep(journal)
        report = replace(report, history=history_of(journal, since=warm_up))
    return report


def replicate(
    plant: Plant,
    until: int,
    *,
    seed: int = 1,
    replications: int = 10,
    warm_up: int = 0,
    workers: int | None = None,
    keep: Keep | None = None,
    progress: Progress | None = None,
) -> Replications:
    """Simulate replications 0, 1, ... of a plant to a tick, each with chances of its own.

    Args:
        plant: what exists.
        until: how far to go [ticks].
        seed: of the random streams.
        replications: how many, at least 1.
        warm_up: tick from which statistics count.
        workers: threads; None for as many as there are cores. It can't change the result.
        keep: called with each run's journal, from the run's thread and in any order.
        progress: called after each replication, in this thread.

    Raises:
        CommandError: a number is below 1.
        SceneError: the plant can't run.
        RunError: a run could not go on.
    """
    if replications < 1 or (workers is not None and workers < 1):
        raise CommandError(
            f"replications and workers must be >= 1, got {replications} and {workers}"
        )
    Simulation(plant, seed=seed).advance(0)  # compiled once, before threads would do it at once
    reports: list[Report] = []
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        runs = [
            pool.submit(
                run, plant, until, seed=seed, replication=number, warm_up=warm_up, keep=keep
            )
            for number in range(replications)
        ]
        try:
            for done in runs:
                reports.append(done.result())
                if progress:
                    progress(len(reports) / replications)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    together = summed([report.totals for report in reports])
    return Replications(
        reports=tuple(reports), bottleneck=bottleneck_of(plant, together, runs=replications)
    )
