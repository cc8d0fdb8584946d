"""What a journal tells people: takt, the causes of waits, and the bottleneck as it shifts."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from twin.core.state import STATES
from twin.report.history import QUANTILES, History
from twin.report.reason import shortened
from twin.report.report import Report
from twin.report.takt import TOLERANCE, Takt
from twin.report.words import percent, span

__all__ = ["history_view", "takt_rows", "takt_text"]

MOST_WAITS = 12
MOST_MACHINES = 5
MOST_SINKS = 6


def takt_text(takt: Takt) -> str:
    """The takt of a sink in a line."""
    median = takt.intervals.quantiles[QUANTILES.index(0.5)]
    meant = f"planned {span(takt.target)}, " if takt.planned else ""
    return (
        f"{meant}median {span(median)}, {percent(takt.adherence)} of the intervals within "
        f"{100 * TOLERANCE:.0f} % of {'it' if not takt.planned else 'the plan'}, "
        f"coefficient of variation {takt.variation:.2f}"
    )


def takt_rows(report: Report, history: History) -> Iterable[tuple[str, str]]:
    """A line for each of the first sinks; its name only where there are several."""
    several = len(history.takts) > 1
    names = shortened([place.path for place in report.places])
    for number, takt in enumerate(history.takts[:MOST_SINKS]):
        name = names[takt.place]
        yield "" if number else "takt", f"{name}: {takt_text(takt)}" if several else takt_text(takt)


def history_view(report: Report, history: History, *, everything: bool = False) -> RenderableType:
    """Why machines wait and who was the bottleneck when; the longest first."""
    waits = _longest_waits(report, history)
    shown = waits if everything else waits[:MOST_WAITS]
    lines: list[RenderableType] = []
    if shown:
        lines += [Text(), Text("Waits and their causes", style="bold"), *map(Text, shown)]
        if len(shown) < len(waits):
            lines.append(Text(f"and {len(waits) - len(shown)} more; --all shows them", "dim"))
    return Group(*lines, *_shifting(report, history))


def _longest_waits(report: Report, history: History) -> list[str]:
    """Sentences on the waits of machines by falling share of the time."""
    share = {
        (place, state): report.places[place].shares[STATES[state]] for place, state in history.waits
    }
    ranked = sorted(history.waits, key=lambda key: (-share[key], key))
    return [history.waits[key] for key in ranked]


def _shifting(report: Report, history: History) -> Iterable[RenderableType]:
    shifting = history.shifting
    if not shifting.shares:
        return
    names = shortened([place.path for place in report.places])
    yield Text()
    yield Text("Bottleneck over time", style="bold")
    for each in shifting.shares[:MOST_MACHINES]:
        name = names[each.place]
        sole, shared = each.sole / shifting.elapsed, each.shifting / shifting.elapsed
        yield Text(f"{name}: alone {percent(sole)} of the time, shifting {percent(shared)}")
