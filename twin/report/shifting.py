"""The bottleneck as it shifts from machine to machine in the course of a run.

After Roser, Nakano and Tanaka, "Shifting bottleneck detection" (WSC 2002): at any instant the
momentary bottleneck is the active machine with the longest active period, a stretch in which it
waits for nobody. When that period ends, the next bottleneck is the machine with the longest active
period then. Where the periods of one bottleneck and the next overlap, the bottleneck is shifting;
where one machine's period is alone, it is the sole bottleneck.

Stations are compared, or sources where there is no station that has been active. Where two periods
are as long, the one that began first wins, then the machine that comes first in the plant.
"""

from dataclasses import dataclass

import numpy as np

from twin.journal import Journal
from twin.plant import Plant
from twin.report.roles import Role, role_of
from twin.report.states import active_of, states_of
from twin.report.steps import Steps

__all__ = ["Share", "Shifting", "Spell", "shifting_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """An active period of a machine in which it was the bottleneck, alone or shifting; ticks."""

    place: int  # row of the machine
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How long a machine was the bottleneck; ticks."""

    place: int
    sole: int
    shifting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifting:
    """The momentary bottlenecks of a run in the order of time, and what each machine had of it."""

    spells: tuple[Spell, ...]
    shares: tuple[Share, ...]  # the longest first
    elapsed: int  # ticks from the beginning of the counted time to its end


def shifting_of(journal: Journal, *, since: int = 0) -> Shifting:
    """Who was the bottleneck when, from a tick on.

    Args:
        journal: of the run.
        since: active periods are cut there; what was before does not count.
    """
    periods = _of_machines(journal.plant, active_of(states_of(journal, since=since)))
    spells = _spells(periods)
    return Shifting(spells=spells, shares=_shares(spells), elapsed=journal.until - since)


def _of_machines(plant: Plant, periods: Steps) -> Steps:
    """The periods of the stations; of the sources where no station has any."""
    for role in (Role.MACHINE, Role.SOURCE):
        rows = [row for row in range(len(plant.places)) if role_of(plant, row) is role]
        chosen = np.isin(periods.place, rows)
        if chosen.any():
            return periods.kept(chosen)
    return periods.kept(np.zeros(len(periods.place), bool))


def _spells(periods: Steps) -> tuple[Spell, ...]:
    """Follow the longest period, at its end the longest one then, and so on."""
    order = np.argsort(periods.start, kind="stable")
    start: list[int] = periods.start[order].tolist()
    end: list[int] = periods.end[order].tolist()
    place: list[int] = periods.place[order].tolist()
    ranks = [(s - e, s, p) for s, e, p in zip(start, end, place, strict=True)]
    running: set[int] = set()  # periods that have begun and not ended, by their row
    spells: list[Spell] = []
    now, begun = (start[0] if start else 0), 0
    while begun < len(start) or running:
        while begun < len(start) and start[begun] <= now:
            running.add(begun)
            begun += 1
        running = {row for row in running if end[row] > now}
        if running:
            best = min(running, key=ranks.__getitem__)
            spells.append(Spell(place=place[best], start=start[best], end=end[best]))
            now = end[best]
        elif begun < len(start):
            now = start[begun]
    return tuple(spells)


def _shares(spells: tuple[Spell, ...]) -> tuple[Share, ...]:
    """Time of each machine on its own, and together with others."""
    sole: dict[int, int] = {}
    whole: dict[int, int] = {}
    for k, spell in enumerate(spells):
        start = max(spell.start, spells[k - 1].end if k else spell.start)
        end = min([spell.end, *(each.start for each in spells[k + 1 : k + 2])])
        sole[spell.place] = sole.get(spell.place, 0) + max(0, end - start)
        whole[spell.place] = whole.get(spell.place, 0) + spell.end - spell.start
    shares = [
        Share(place=place, sole=sole[place], shifting=whole[place] - sole[place]) for place in whole
    ]
    return tuple(sorted(shares, key=lambda each: (-each.sole - each.shifting, each.place)))
