"""Play a journal's run again: it is a function of plant, seed and commands, and this proves it."""

import numpy as np

from twin.engine.simulation import Rule, Simulation
from twin.journal.column import Rows
from twin.journal.journal import Journal

__all__ = ["first_difference", "replay"]


def replay(journal: Journal, *, interpreted: bool = False) -> Journal:
    """Run the same plant with the same seed and commands to the same tick, into a new journal."""
    again = Journal(journal.plant, seed=journal.seed, replication=journal.replication)
    simulation = Simulation(
        journal.plant, seed=journal.seed, replication=journal.replication,
        motion=len(journal.segments) > 0, recorder=again, interpreted=interpreted,
        rules=_answers(journal),
    )  # fmt: skip
    for row in journal.commands[journal.commands["action"] != "route"]:
        command = journal.command_of(row)
        simulation.advance(command.tick)
        simulation.apply(command)
    simulation.advance(journal.until)
    again.close(journal.until)
    return again


def _answers(journal: Journal) -> dict[str, Rule]:
    """For every place that asks a rule, one that gives the recorded answers in turn."""
    routes = journal.commands[journal.commands["action"] == "route"]
    rules: dict[str, Rule] = {}
    for row, place in enumerate(journal.plant.places):
        if getattr(place.params, "rule", "") == "own":
            answers = iter(routes["value"][routes["place"] == row].astype(int).tolist())
            rules[place.path] = lambda _run, _question, answers=answers: next(answers)
    return rules


def first_difference(one: Journal, two: Journal) -> int | None:
    """The first tick at which two journals differ in an event or a segment; None if nowhere."""
    ticks = [
        tick
        for a, b in ((one.events, two.events), (one.segments, two.segments))
        if (tick := _first(a, b)) is not None
    ]
    if not ticks and one.until != two.until:
        return min(one.until, two.until)
    return min(ticks, default=None)


def _first(a: Rows, b: Rows) -> int | None:
    n = min(len(a), len(b))
    different = np.flatnonzero(a[:n] != b[:n])
    if len(different):
        row = int(different[0])
        return min(int(a["tick"][row]), int(b["tick"][row]))
    if len(a) == len(b):
        return None
    return int((a if len(a) > n else b)["tick"][n])
