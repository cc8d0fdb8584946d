"""Say in a planner's words why a place is the bottleneck: what it does, who waits because of it."""

from collections.abc import Sequence

from twin.core.state import BLOCKED, DOWN, STARVED, WORKING
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant
from twin.report.totals import Totals
from twin.report.words import percent, span

__all__ = ["explain", "is_machine", "machines_after", "machines_before", "short_names"]


def is_machine(plant: Plant, row: int) -> bool:
    """Whether a place can be a bottleneck: a station, or a source; not what only carries parts."""
    return isinstance(plant.places[row].params, Station | Source)


def explain(plant: Plant, totals: Totals, active: Sequence[float], ranked: Sequence[int]) -> str:
    """Two to four sentences on the first of the ranked machines.

    Args:
        plant: what exists.
        totals: of the run.
        active: mean length of each place's active periods [s].
        ranked: rows of machines, the bottleneck first.
    """
    row, names = ranked[0], short_names(plant)
    if isinstance(plant.places[row].params, Source):
        head = _pace(plant, totals, row, names)
    else:
        head = _work(totals, row, active[row], names)
    closest = ""
    if len(ranked) > 1:
        other = ranked[1]
        closest = f"The closest to it is {names[other]}, which goes on for {span(active[other])}."
    sentences = [*head, *_neighbours(plant, totals, row, names), closest]
    return " ".join(filter(None, sentences))


def _pace(plant: Plant, totals: Totals, row: int, names: list[str]) -> list[str]:
    interval = getattr(plant.places[row].params, "interval", 0.0)
    blocked = _time(totals, row, BLOCKED)
    if blocked == 0:
        room = "It is never blocked: the line takes all that it is given."
    else:
        share = _share(totals, row, BLOCKED)
        much = "nearly all" if 10 * blocked < totals.elapsed else "not all"
        room = f"It is blocked {share} of the time: the line takes {much} that it is given."
    return [f"{names[row]} sets the pace: it releases a part every {span(interval)}.", room]


def _work(totals: Totals, row: int, active: float, names: list[str]) -> list[str]:
    waiting = percent((_time(totals, row, STARVED) + _time(totals, row, BLOCKED)) / totals.elapsed)
    down = ""
    if _time(totals, row, DOWN):
        times = "once" if totals.failures[row] == 1 else f"{totals.failures[row]} times"
        failed = f" (failed {times})" if totals.failures[row] else ""
        down = f", is down {_share(totals, row, DOWN)}{failed}"
    return [
        f"{names[row]} holds the line back.",
        f"Once it runs, it goes on for {span(active)} on average before it waits for others.",
        f"It works {_share(totals, row, WORKING)} of the time{down}, and waits {waiting}.",
    ]


def _neighbours(plant: Plant, totals: Totals, row: int, names: list[str]) -> list[str]:
    """Who is blocked by it, and who is starved by it: the worst of the nearest machines."""
    blocked = _worst(totals, machines_before(plant, row), BLOCKED)
    starved = _worst(totals, machines_after(plant, row), STARVED)
    before = after = ""
    if blocked is not None:
        before = f"before it, {names[blocked]} is blocked {_share(totals, blocked, BLOCKED)}"
    if starved is not None:
        after = f"after it, {names[starved]} is starved {_share(totals, starved, STARVED)}"
    text = "; ".join(filter(None, (before, after)))
    return [f"{text[0].upper()}{text[1:]} of the time."] if text else []


def _worst(totals: Totals, rows: Sequence[int], state: int) -> int | None:
    return max(rows, key=lambda row: (_time(totals, row, state), -row), default=None)


def _time(totals: Totals, row: int, state: int) -> int:
    return int(totals.times[row, state])


def _share(totals: Totals, row: int, state: int) -> str:
    return percent(_time(totals, row, state) / totals.elapsed)


def machines_before(plant: Plant, row: int) -> list[int]:
    """The nearest machines upstream, past conveyors and buffers."""
    return _nearest(plant, row, {(taker, giver) for giver, taker in plant.links})


def machines_after(plant: Plant, row: int) -> list[int]:
    """The nearest machines downstream, past conveyors and buffers."""
    return _nearest(plant, row, set(plant.links))


def _nearest(plant: Plant, row: int, steps: set[tuple[int, int]]) -> list[int]:
    found: list[int] = []
    seen, frontier = {row}, [row]
    while frontier:
        onward = sorted({b for a, b in steps if a in frontier} - seen)
        seen.update(onward)
        found += [other for other in onward if is_machine(plant, other)]
        frontier = [other for other in onward if not is_machine(plant, other)]
    return found


def short_names(plant: Plant) -> list[str]:
    """The last word of each place's path, or the whole path where that word names two places."""
    last = [place.path.rpartition("/")[2] for place in plant.places]
    return [
        word if last.count(word) == 1 else place.path
        for word, place in zip(last, plant.places, strict=True)
    ]
