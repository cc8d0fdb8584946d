"""Starvation and blocking chains in words: who waited how long, and because of whom."""

from collections.abc import Iterable
from itertools import groupby

from twin.core.state import STARVED, STATES
from twin.plant import Plant
from twin.report.chains import Cause
from twin.report.reason import short_names
from twin.report.roles import Role, role_of
from twin.report.shares import apportion
from twin.report.words import percent

__all__ = ["NAMED", "deed", "sentences"]

NAMED = 3  # causes told of one wait; the others are told together
SHOWN = 0.0005  # waits for a smaller share of the time are not told
DEEDS = {
    "working": "was working",
    "starved": "was starved",
    "blocked": "was blocked",
    "down": "was down",
    "setup": "was being set up",
    "waiting operator": "waited for an operator",
    "waiting part": "waited for a part",
    "off shift": "was off shift",
}
OWN_DEEDS = {
    (Role.SOURCE, "working"): "had not released a part",
    (Role.SOURCE, "starved"): "had no more parts",
    (Role.CARRIER, "working"): "was carrying",
    (Role.STORE, "working"): "held its parts",
}


def deed(plant: Plant, row: int, state: int) -> str:
    """What a place did while another waited for it."""
    name = STATES[state]
    return OWN_DEEDS.get((role_of(plant, row), name), DEEDS[name])


def sentences(
    plant: Plant, causes: Iterable[Cause], elapsed: int, *, named: int = NAMED
) -> dict[tuple[int, int], str]:
    """A sentence for every place and wait that is worth telling.

    The percentages are of the elapsed time, and those of the causes add up to that of the wait.

    Args:
        plant: what exists.
        causes: as from `causes_of`: by place and wait, the longest first.
        elapsed: the time that counts [ticks].
        named: causes at most that are named one by one.
    """
    names, found = short_names(plant), dict[tuple[int, int], str]()
    for (place, waiting), group in groupby(causes, key=lambda each: (each.place, each.waiting)):
        mine = list(group)
        total = sum(each.ticks for each in mine)
        if total < SHOWN * elapsed:
            continue
        verb = "starved" if waiting == STARVED else "was blocked"
        told = _told(plant, mine, elapsed, names=names, named=named)
        found[place, waiting] = f"{names[place]} {verb} {percent(total / elapsed)}: {told}"
    return found


def _told(plant: Plant, causes: list[Cause], elapsed: int, *, names: list[str], named: int) -> str:
    """'8.1 % because A was down, 2.9 % because B was working', in tenths that add up."""
    first, others = causes[:named], causes[named:]
    ticks = [*(each.ticks for each in first), sum(each.ticks for each in others)]
    tenths = apportion(ticks, round(1000 * sum(ticks) / elapsed))
    parts = [
        f"{share / 10:.1f} % because {names[each.cause]} {deed(plant, each.cause, each.doing)}"
        for each, share in zip(first, tenths, strict=False)
        if share
    ]
    if tenths[-1]:
        parts.append(f"{tenths[-1] / 10:.1f} % because of others")
    return ", ".join(parts)
