"""Two runs on one clock: their figures side by side, and the first event that differs.

Both are simulated again from what makes them, so nothing depends on what a run still remembers.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.figures import Ledger
from server.spec import RunSpec
from twin.core.record import (
    ATTACHED,
    DETACHED,
    EVENT,
    FAILED,
    FINISHED,
    MADE,
    MOVE,
    PASSED,
    REPAIRED,
    RESET,
    SCRAPPED,
    STATE,
)
from twin.core.state import STATES
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.plant import Plant
from twin.scene.read import read_plant
from twin.scene.stage import open_stage
from twin.units import to_seconds

__all__ = ["compare", "compare_runs"]

FIGURES = ("finished", "wip", "jph", "jph_total", "lead_mean", "lead_max", "created")
CODES = {
    STATE: "state", MOVE: "move", MADE: "made", FINISHED: "finished", SCRAPPED: "scrapped",
    ATTACHED: "attached", DETACHED: "detached", FAILED: "failed", REPAIRED: "repaired",
    RESET: "reset", PASSED: "passed",
}  # fmt: skip
OF_PLACES = (MOVE, FAILED, REPAIRED)  # codes of events whose value is the row of a place

Rows = NDArray[Any]  # structured


def compare(job: dict[str, Any]) -> dict[str, Any]:
    """Do what the server asks a process of its own: two specs, `until` [ticks] and `points`.

    Raises:
        TwinError: a scene can't be opened, or a run can't go on.
    """
    sides = [_Side.of(RunSpec.from_json(job[name])) for name in ("one", "two")]
    return compare_runs(sides[0], sides[1], until=int(job["until"]), points=int(job["points"]))


class _Side:
    """One of the two: a run that keeps the events of the present stretch."""

    def __init__(
        self, plant: Plant, *, seed: int, commands: tuple[Command, ...], interpreted: bool = False
    ) -> None:
        self._commands = list(commands)
        self.paths = [place.path for place in plant.places]
        self._ledger = Ledger(plant)
        self._events: list[Rows] = []
        self.sim = Simulation(plant, seed=seed, recorder=self, interpreted=interpreted)

    @classmethod
    def of(cls, spec: RunSpec) -> "_Side":
        stage = open_stage(spec.scene, scenarios=spec.scenarios, overrides=spec.overrides)
        commands = tuple(Command(**each) for each in spec.commands)
        plant = read_plant(stage)
        return cls(plant, seed=spec.seed, commands=commands, interpreted=spec.interpreted)

    def record(self, events: Any, segments: Any) -> None:  # noqa: ARG002 - there are none
        """Keep events; see `twin.engine.simulation.Recorder`."""
        self._events.append(events)
        self._ledger.record(events)

    def command(self, command: Command) -> None:
        """Commands are known already."""

    def advance(self, tick: int) -> Rows:
        """Go on, with the commands that fall due; returns what happened."""
        while self._commands and self._commands[0].tick <= tick:
            command = self._commands.pop(0)
            self.sim.advance(command.tick)
            self.sim.apply(command)
        self.sim.advance(tick)
        events, self._events = self._events, []
        return np.concatenate([np.zeros(0, EVENT), *events])

    def figures(self) -> dict[str, float]:
        """The key figures now."""
        totals = self._ledger.look(self.sim).totals.tolist()
        return dict(zip(FIGURES, totals, strict=False))


def compare_runs(one: _Side, two: _Side, *, until: int, points: int) -> dict[str, Any]:
    """Run both to a tick; returns figures at so many points, and the first difference."""
    ticks = [until * (number + 1) // points for number in range(points)] if until else [0]
    rows: list[dict[str, Any]] = []
    difference: dict[str, Any] | None = None
    known = {path: number for number, path in enumerate(one.paths)}
    for path in two.paths:
        known.setdefault(path, len(known))
    for tick in ticks:
        events = one.advance(tick), two.advance(tick)
        if difference is None:
            here, there = _named(events[0], one, known), _named(events[1], two, known)
            difference = _first(here, there, list(known))
        figures = one.figures(), two.figures()
        change = {name: figures[1][name] - figures[0][name] for name in FIGURES}
        rows.append(
            {
                "seconds": to_seconds(tick), "one": figures[0], "two": figures[1],
                "difference": change,
            }
        )  # fmt: skip
    return {"until": until, "figures": rows, "first_difference": difference}


def _named(rows: Rows, side: _Side, known: dict[str, int]) -> Rows:
    """The same events with places numbered alike on both sides."""
    numbers = np.array([known[path] for path in side.paths] + [-1])
    named = rows.copy()
    named["place"] = numbers[rows["place"]]
    of_places = np.isin(rows["code"], OF_PLACES)
    named["value"][of_places] = numbers[rows["value"][of_places]]
    return named


def _first(one: Rows, two: Rows, paths: list[str]) -> dict[str, Any] | None:
    """The first event in which two stretches differ; None if they are alike."""
    n = min(len(one), len(two))
    different = np.zeros(n, np.bool_)
    for name in EVENT.names or ():
        different |= one[name][:n] != two[name][:n]
    at = int(np.argmax(different)) if different.any() else n
    if at == n and len(one) == len(two):
        return None
    sides = [_words(rows[at], paths) if at < len(rows) else None for rows in (one, two)]
    tick = min(int(rows["tick"][at]) for rows in (one, two) if at < len(rows))
    return {"tick": tick, "seconds": to_seconds(tick), "one": sides[0], "two": sides[1]}


def _words(row: Any, paths: list[str]) -> dict[str, Any]:
    code, place, value = int(row["code"]), int(row["place"]), int(row["value"])
    told: dict[str, Any] = {
        "tick": int(row["tick"]), "event": CODES.get(code, str(code)), "part": int(row["part"]),
        "path": paths[place] if place >= 0 else "", "value": value,
    }  # fmt: skip
    if code == STATE:
        told["value"] = STATES[value]
    elif code in OF_PLACES and value >= 0:
        told["value"] = paths[value]
    return told
