"""What tests measure of runs: throughputs of replications, and when parts left each place."""

from collections import defaultdict

import numpy as np
import pytest

from tests.engine.lines import Tape
from twin.core.record import MOVE
from twin.engine.simulation import Simulation
from twin.kinds.conveyor import Conveyor
from twin.kinds.station import Station

__all__ = ["assert_mean", "leaving", "left", "runs", "same_start", "throughputs"]

SECOND = 1_000_000
REPLICATIONS = 24


def runs(plant, until, *, warm_up=2000 * SECOND):
    """What each replication counted after its warm-up: totals at the end, and before."""
    for replication in range(REPLICATIONS):
        simulation = Simulation(plant, seed=1, replication=replication)
        simulation.advance(warm_up)
        before = simulation.totals()
        simulation.advance(warm_up + until)
        yield simulation.totals(), before


def throughputs(plant, until):
    """Finished parts per second of each replication."""
    seconds = until / SECOND
    return [
        int(after.clock[0].finished - before.clock[0].finished) / seconds
        for after, before in runs(plant, until)
    ]


def assert_mean(values, exact, *, within=0.02, bias=0.0):
    """The mean is exact to four standard errors, which are small; `bias` is of the theory."""
    error = float(np.std(values, ddof=1)) / len(values) ** 0.5
    assert 4 * error < within * exact
    assert float(np.mean(values)) == pytest.approx(exact, abs=4 * error + bias)


def left(plant, until, *, seed=7):
    """When parts left each place but source, buffer and sink; one list per place."""
    tape = Tape()
    Simulation(plant, seed=seed, recorder=tape).advance(until)
    events = np.concatenate(tape.events)
    moves = events[events["code"] == MOVE]
    rows = [i for i, p in enumerate(plant.places) if isinstance(p.params, (Station, Conveyor))]
    return [moves["tick"][moves["value"] == row].tolist() for row in rows]


def leaving(plant, until, *, seed=7):
    """Ticks at which parts left each place, by path; of an interpreted run."""
    tape = Tape()
    Simulation(plant, seed=seed, recorder=tape, interpreted=True).advance(until)
    events = np.concatenate(tape.events)
    ticks = defaultdict(list)
    for row in events[events["code"] == MOVE]:
        ticks[plant.places[row["value"]].path].append(int(row["tick"]))
    return ticks


def same_start(actual, expected, least=100):
    """Two lists of ticks are equal as far as both go, and that is far enough."""
    count = min(len(actual), len(expected))
    assert count >= least
    assert actual[:count] == expected[:count]
