"""Failure: one more way in which the place above it goes down, and how it comes back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from twin.core.compiled import compilable_apart
from twin.core.directory import Directory, Surroundings
from twin.core.distribution import time_problems
from twin.core.failure import begin_repair, duration
from twin.core.parameters import LONGEST, Params, param, relation
from twin.core.state import DOWN, enter_state
from twin.core.worktime import FORMULAS
from twin.core.world import World
from twin.errors import Problem

__all__ = ["COLUMNS", "PARAMS", "Failure", "granted", "load", "problems", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(Params):
    """A failure mode of the place that it is a child of; a place may have several.

    A repair crew is a pool, from which a failure takes one unit until its repair is done.
    """

    takes: ClassVar[bool] = False
    gives: ClassVar[bool] = False

    mtbf: float = param(unit="s", gt=0, le=LONGEST, doc="Mean time from repair to next failure.")
    mtbf_distribution: str = param(
        "exponential", choices=FORMULAS, doc="How the time to failure varies."
    )
    mtbf_spread: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Half width or standard deviation of it."
    )
    mttr: float = param(unit="s", gt=0, le=LONGEST, doc="Mean time to repair.")
    mttr_distribution: str = param(
        "exponential", choices=FORMULAS, doc="How the time to repair varies."
    )
    mttr_spread: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Half width or standard deviation of it."
    )
    failure_clock: str = param(
        "operating",
        choices=("operating", "calendar"),
        doc="Whether the time to failure runs only while the place works, or always.",
    )
    crew: tuple[str, ...] = relation(to=("pool",), most=1, doc="Who repairs it; none: at once.")
    priority: int = param(0, doc="Rank of its repair among others of the crew; higher goes first.")


PARAMS = Failure
COLUMNS: list[tuple[str, str]] = []


def load(row: Any, params: Failure) -> None:
    """Write the parameters into a place's row."""
    row.life = duration(params.mtbf_distribution, params.mtbf, params.mtbf_spread)
    row.repair = duration(params.mttr_distribution, params.mttr, params.mttr_spread)
    row.operating_clock = params.failure_clock == "operating"
    row.priority = params.priority


def resolve(row: Any, params: Failure, directory: Directory) -> None:
    """Find the place that fails, and the crew."""
    row.target = directory.row(directory.around.parent)
    if params.crew:
        row.crew = directory.row(params.crew[0])


@compilable_apart
def granted(world: World, i: int, pool: int) -> None:
    """The crew is there."""
    enter_state(world, i, DOWN)
    begin_repair(world, i)


def problems(params: Failure, around: Surroundings) -> Iterator[Problem]:
    """It is the child of a place, and its times are possible."""
    where, kind = f"{around.path} twin:mtbfSpread", params.mtbf_distribution
    yield from time_problems(where, kind, params.mtbf, params.mtbf_spread)
    where, kind = f"{around.path} twin:mttrSpread", params.mttr_distribution
    yield from time_problems(where, kind, params.mttr, params.mttr_spread)
    if around.parent not in around.params:
        yield Problem(around.path, "must be the child of the place that fails", way_out="move it")
