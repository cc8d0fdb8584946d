"""Who must be there for the work: operators from a pool, who walk to the place that asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.directory import Directory, Surroundings
from twin.core.parameters import Params, param, relation
from twin.core.world import NONE
from twin.errors import Problem
from twin.units import TICKS_PER_SECOND

__all__ = ["STAFFING_COLUMNS", "Staffing", "keep_staffing", "load_staffing", "staffing_problems"]

STAFFING_COLUMNS: list[tuple[str, Any]] = [
    ("workers", "i8"),  # their pool, or NONE
    ("worker_count", "i8"),  # 0 if it needs nobody
    ("walk", "i8"),  # ticks from the pool to here
]


@dataclass(frozen=True, kw_only=True)
class Staffing(Params):
    """The parameters of a station with operators."""

    workers: tuple[str, ...] = relation(
        to=("pool",), doc="Pools of operators; the first with the skill sends them for every part."
    )
    worker_count: int = param(1, ge=1, le=10_000, doc="Number of operators that work needs.")
    skill: str = param("", doc="What the operators must be able to do; empty: anything.")
    priority: int = param(0, doc="Rank among those who wait for operators; higher goes first.")


def load_staffing(row: Any, params: Staffing) -> None:
    """Write the parameters into a place's row."""
    row.worker_count = params.worker_count if params.workers else 0
    row.priority = params.priority


def keep_staffing(row: Any, params: Staffing, directory: Directory) -> None:
    """Find the pool, and how long the way from it takes."""
    around = directory.around
    row.workers = NONE
    for path in _fitting(params, around)[:1]:
        pool: Any = around.params[path]
        row.workers = directory.row(path)
        if pool.walking_speed > 0:
            seconds = directory.distance(path, around.path) / pool.walking_speed
            row.walk = round(seconds * TICKS_PER_SECOND)


def _fitting(params: Staffing, around: Surroundings) -> list[str]:
    """The pools with the skill, in order."""
    pools: dict[str, Any] = {path: around.params[path] for path in params.workers}
    skill = params.skill
    return [p for p, pool in pools.items() if not skill or not pool.skills or skill in pool.skills]


def staffing_problems(params: Staffing, around: Surroundings) -> Iterator[Problem]:
    """One pool has the skill, and enough people."""
    if not params.workers:
        return
    fitting = _fitting(params, around)
    if not fitting:
        pools: list[Any] = [around.params[path] for path in params.workers]
        skills = sorted({skill for pool in pools for skill in pool.skills})
        where, rule = f"{around.path} twin:skill", "must be a skill of one of twin:workers"
        yield Problem(where, rule, params.skill, f"they have {', '.join(skills)}")
        return
    pool: Any = around.params[fitting[0]]
    if params.worker_count > pool.size:
        where, rule = f"{around.path} twin:workerCount", f"must be <= the size of {fitting[0]}"
        yield Problem(where, f"{rule} ({pool.size})", str(params.worker_count))
