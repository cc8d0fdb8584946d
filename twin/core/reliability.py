"""How often a place fails by itself, and how long its repair takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.directory import Surroundings
from twin.core.distribution import time_problems
from twin.core.failure import duration
from twin.core.parameters import LONGEST, Params, param
from twin.core.worktime import FORMULAS
from twin.errors import Problem

__all__ = ["Reliability", "load_reliability", "reliability_problems"]


@dataclass(frozen=True, kw_only=True)
class Reliability(Params):
    """The parameters of a place that fails by itself."""

    mtbf: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Mean time between failures; 0 is never.", live=True
    )
    mtbf_distribution: str = param(
        "exponential", choices=FORMULAS, doc="How the time to failure varies."
    )
    mtbf_spread: float = param(
        0.0, unit="s", ge=0, le=LONGEST, doc="Half width or standard deviation of it."
    )
    mttr: float = param(0.0, unit="s", ge=0, le=LONGEST, doc="Mean time to repair.", live=True)
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


def load_reliability(row: Any, params: Reliability) -> None:
    """Write the parameters into a place's row; a constant 0 never fails."""
    row.life = row.repair = duration("constant", 0.0)
    row.operating_clock = params.failure_clock == "operating"
    if params.mtbf > 0:
        row.life = duration(params.mtbf_distribution, params.mtbf, params.mtbf_spread)
        row.repair = duration(params.mttr_distribution, params.mttr, params.mttr_spread)


def reliability_problems(params: Reliability, around: Surroundings) -> Iterator[Problem]:
    """A place that fails must take time to repair, and both times must be possible."""
    if params.mtbf <= 0:
        return
    if params.mttr <= 0:
        rule = "must be > 0 s where twin:mtbf is set"
        yield Problem(f"{around.path} twin:mttr", rule, f"{params.mttr:g}")
        return
    where, kind = f"{around.path} twin:mtbfSpread", params.mtbf_distribution
    yield from time_problems(where, kind, params.mtbf, params.mtbf_spread)
    where, kind = f"{around.path} twin:mttrSpread", params.mttr_distribution
    yield from time_problems(where, kind, params.mttr, params.mttr_spread)
