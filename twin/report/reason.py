"""Say in a planner's words why a place is the bottleneck: what it does, who waits because of it."""

from collections import Counter
from collections.abc import Sequence

from twin.core.state import BLOCKED, DOWN, STARVED, WORKING
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant
from twin.report.neighbours import Neighbours, reached
from twin.report.totals import Totals
from twin.report.words import percent, span
from twin.units import to_seconds

__all__ = [
    "effective_cycle",
    "explain",
    "short_names",
    "shortened",
    "takt_of",
]

NEVER = 0.01  # a source blocked for a smaller share of the time is as good as never blocked
OFTEN = 0.1  # and one blocked for a larger one has a line that can't keep up
SHOWN = 0.0005  # smaller shares of time are told as 0.0 %


def explain(
    plant: Plant, totals: Totals, active: Sequence[float], ranked: Sequence[int], *, runs: int = 1
) -> str:
    """A few sentences on the first of the ranked machines, and on the sources.

    Args:
        plant: what exists.
        totals: of the run, or summed over many.
        active: mean length of each place's active periods [s].
        ranked: rows of machines, the bottleneck first.
        runs: how many the totals are summed over.
    """
    row, names = ranked[0], short_names(plant)
    if isinstance(plant.places[row].params, Source):
        found = [_pace(plant, totals, row, names)]
    else:
        found = [
            _work(totals, row, names, runs),
            _cycle(plant, totals, row),
            _neighbours(plant, totals, row, names),
            _stretch(active, ranked, names),
            *(_release(plant, totals, each, names) for each in _pacing(plant, row)),
        ]
    return " ".join(filter(None, found))


def _pace(plant: Plant, totals: Totals, row: int, names: list[str]) -> str:
    """Where no station has worked, a source is all that can be told of."""
    every = span(getattr(plant.places[row].params, "interval", 0.0))
    blocked = _told(totals, row, BLOCKED)
    return f"{names[row]} sets the pace: it releases a part every {every}. It is {blocked}."


def _work(totals: Totals, row: int, names: list[str], runs: int) -> str:
    down = ""
    if _time(totals, row, DOWN):
        down = f"is down {_percent(totals, row, DOWN)}{_failed(int(totals.failures[row]), runs)}, "
    waits = percent(_share(totals, row, STARVED) + _share(totals, row, BLOCKED))
    over = f"Over {runs} replications, " if runs > 1 else ""
    return (
        f"{over}{names[row]} is the bottleneck: "
        f"it works {_percent(totals, row, WORKING)} of the time, {down}and waits {waits}."
    )


def _failed(failures: int, runs: int) -> str:
    if not failures:
        return ""
    if runs > 1:
        return f" (failed {failures / runs:.1f} times a run)"
    return " (failed once)" if failures == 1 else f" (failed {failures} times)"


def _cycle(plant: Plant, totals: Totals, row: int) -> str:
    cycle, takt = effective_cycle(totals, row), takt_of(plant, row)
    if cycle is None:
        return ""
    with_downtime = ", downtime included" if _time(totals, row, DOWN) else ""
    text = f"It needs {span(cycle)} for a part{with_downtime}"
    against = "" if takt is None else f", against a takt of {span(takt)} at the source"
    return f"{text}{against}."


def _neighbours(plant: Plant, totals: Totals, row: int, names: list[str]) -> str:
    """Who is blocked by it, and who starves because of it: the worst of the nearest stations."""
    near = Neighbours(plant)
    blocked = _worst(plant, totals, near.before(row), BLOCKED)
    starved = _worst(plant, totals, near.after(row), STARVED)
    waiting: list[str] = []
    if blocked is not None:
        share = _percent(totals, blocked, BLOCKED)
        waiting.append(f"{names[blocked]} before it is blocked {share} of the time")
    if starved is not None:
        share = _percent(totals, starved, STARVED)
        waiting.append(f"{names[starved]} after it starves {share} of the time")
    return f"Because of it, {' and '.join(waiting)}." if waiting else ""


def _stretch(active: Sequence[float], ranked: Sequence[int], names: list[str]) -> str:
    if len(ranked) == 1:
        return ""
    first, second = ranked[:2]
    longest = all(active[first] >= active[other] for other in ranked)
    whom = "of all stations" if longest else "of those that are as busy"
    return (
        f"It is at work or down for {span(active[first])} on average between two waits, "
        f"longest {whom}; next is {names[second]} with {span(active[second])}."
    )


def _release(plant: Plant, totals: Totals, row: int, names: list[str]) -> str:
    """How often a source is blocked, and so whether the line or the release limits the output."""
    source, share = plant.places[row].params, _share(totals, row, BLOCKED)
    head = f"{names[row]} is {_told(totals, row, BLOCKED)}"
    if not isinstance(source, Source):
        return ""
    interval = f"release interval of {span(source.interval)}"
    if source.limit and _time(totals, row, STARVED):
        return f"{head}, and has released all of its parts."
    if source.interval == 0:
        return f"{head}: it always has a part ready, and the line limits the output."
    if share < NEVER:
        return f"{head}: the line has slack, and the {interval} limits the output."
    if share < OFTEN:
        return f"{head}: at times the line limits the output, mostly the {interval} does."
    return f"{head}: the line can't keep up with the {interval}, and limits the output."


def _told(totals: Totals, row: int, state: int) -> str:
    share = _share(totals, row, state)
    return f"blocked {percent(share)} of the time" if share else "never blocked"


def effective_cycle(totals: Totals, row: int) -> float | None:
    """Time that a place needs for a part, its downtime included [s]; None before the first part."""
    passed = int(totals.passed[row])
    if passed == 0:
        return None
    return to_seconds(_time(totals, row, WORKING) + _time(totals, row, DOWN)) / passed


def takt_of(plant: Plant, row: int) -> float | None:
    """Time from part to part that the sources mean for a place [s].

    None where parts can go past the place, where a source releases as fast as it can, or where
    nothing is released.
    """
    sources = [plant.places[each].params for each in _sources_of(plant, row)]
    intervals = [each.interval for each in sources if isinstance(each, Source)]
    if not intervals or min(intervals) <= 0 or not _takes_all(plant, row):
        return None
    return 1 / sum(1 / interval for interval in intervals)


def _pacing(plant: Plant, row: int) -> list[int]:
    """The source before a place that may set its pace.

    Where there are several, those that always have a part ready are supplies.
    """
    sources = _sources_of(plant, row)
    if len(sources) == 1:
        return sources
    return [each for each in sources if getattr(plant.places[each].params, "interval", 0.0)][:1]


def _sources_of(plant: Plant, row: int) -> list[int]:
    """The sources whose parts can come to a place."""
    upstream = reached([row], ((taker, giver) for giver, taker in plant.links))
    return [each for each in sorted(upstream) if isinstance(plant.places[each].params, Source)]


def _takes_all(plant: Plant, row: int) -> bool:
    """Whether all parts of the sources before a place must pass it on their way to a sink."""
    past = reached(_sources_of(plant, row), [link for link in plant.links if row not in link])
    return not any(isinstance(plant.places[each].params, Sink) for each in past)


def _worst(plant: Plant, totals: Totals, rows: Sequence[int], state: int) -> int | None:
    """The station that spends most time in a state, if that is worth telling."""
    waiting = [
        row
        for row in rows
        if isinstance(plant.places[row].params, Station) and _share(totals, row, state) >= SHOWN
    ]
    return max(waiting, key=lambda row: (_time(totals, row, state), -row), default=None)


def _time(totals: Totals, row: int, state: int) -> int:
    return int(totals.times[row, state])


def _share(totals: Totals, row: int, state: int) -> float:
    return _time(totals, row, state) / totals.elapsed


def _percent(totals: Totals, row: int, state: int) -> str:
    return percent(_share(totals, row, state))


def short_names(plant: Plant) -> list[str]:
    """The last words of each place's path, as few as name no other place."""
    return shortened([place.path for place in plant.places])


def shortened(paths: Sequence[str]) -> list[str]:
    """The last words of each path, as few as are the end of no other path."""
    words = [path.split("/") for path in paths]
    count = Counter("/".join(each[-n:]) for each in words for n in range(1, len(each) + 1))
    return [
        next(
            (tail for n in range(1, len(each)) if count[tail := "/".join(each[-n:])] == 1),
            "/".join(each),
        )
        for each in words
    ]
