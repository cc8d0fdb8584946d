"""Plots of what places did: shares of states, the last hour, who was the bottleneck when."""

from collections.abc import Sequence

from twin.core.state import STATES
from twin.journal import Journal
from twin.report.gantt import gantt_of
from twin.report.history import HOUR, History
from twin.report.page.axis import COLORS, Figure, clock_axis, figure, reduced
from twin.report.report import Report
from twin.units import to_seconds

__all__ = ["gantt_figure", "shifting_figure", "states_figure"]

MOST_BARS = 3000
BARS_OF_A_ROW = 160  # on average; more are too thin to be seen
MOST_SPELLS = 1500
MOST_MACHINES = 12
ROW = 22  # px of a place
FRAME = 76  # px around a plot
SOLE, SHIFTING = "#3b76c4", "#9dbce3"


def states_figure(report: Report, rows: Sequence[int], names: Sequence[str]) -> Figure:
    """Stacked shares of the states of places, the first place on top."""
    places = [report.places[row] for row in rows]
    labels = [names[row] for row in rows]
    used = [state for state in STATES if any(place.shares[state] for place in places)]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": state,
            "y": labels,
            "x": reduced([100 * place.shares[state] for place in places], 2),
            "marker": {"color": COLORS[state]},
            "hovertemplate": f"%{{y}}: {state} %{{x:.1f}} %<extra></extra>",
        }
        for state in used
    ]
    return figure(
        "states",
        data,
        height=FRAME + ROW * len(rows),
        barmode="stack",
        bargap=0.28,
        xaxis={"range": [0, 100], "ticksuffix": " %", "side": "bottom"},
        yaxis=_names(labels),
    )


def _names(labels: Sequence[str]) -> dict[str, object]:
    """An axis of places, the first on top, each with a mark."""
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(reversed(labels)),
        "range": [-0.6, len(labels) - 0.4],
        "tickmode": "linear",
        "showgrid": False,
    }


def gantt_figure(
    journal: Journal, rows: Sequence[int], names: Sequence[str], *, since: int
) -> Figure:
    """The states of places in the last hour of the run, or in less where too much happened."""
    start = max(since, journal.until - HOUR)
    bars = gantt_of(journal, rows, since=start, most=min(MOST_BARS, BARS_OF_A_ROW * len(rows)))
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": state,
            "y": [names[bar.place] for bar in mine],
            "base": reduced([bar.start for bar in mine]),
            "x": reduced([bar.end - bar.start for bar in mine]),
            "marker": {"color": COLORS[state]},
            "hovertemplate": f"%{{y}}: {state} for %{{x:.1f}} s<extra></extra>",
        }
        for state in STATES
        if (mine := [bar for bar in bars if bar.state == state])
    ]
    first = min((bar.start for bar in bars), default=to_seconds(start))
    return figure(
        "gantt",
        data,
        height=FRAME + ROW * len(rows),
        barmode="overlay",
        bargap=0.28,
        xaxis=clock_axis(first, to_seconds(journal.until)),
        yaxis=_names([names[row] for row in rows]),
    )


def shifting_figure(
    journal: Journal, history: History, names: Sequence[str], *, since: int
) -> Figure:
    """When each machine was the bottleneck: dark alone, light while it shifts."""
    rows = [share.place for share in history.shifting.shares[:MOST_MACHINES]]
    spells = [each for each in history.shifting.spells if each.place in rows][-MOST_SPELLS:]
    alone: list[tuple[str, float, float]] = []
    shifting: list[tuple[str, float, float]] = []
    every = history.shifting.spells
    index = {(each.place, each.start): k for k, each in enumerate(every)}
    for spell in spells:
        k = index[spell.place, spell.start]
        begin = max(spell.start, every[k - 1].end if k else spell.start)
        end = min(spell.end, every[k + 1].start if k + 1 < len(every) else spell.end)
        name = names[spell.place]
        shifting.append((name, to_seconds(spell.start), to_seconds(spell.end - spell.start)))
        if end > begin:
            alone.append((name, to_seconds(begin), to_seconds(end - begin)))
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": title,
            "y": [each[0] for each in bars],
            "base": reduced([each[1] for each in bars]),
            "x": reduced([each[2] for each in bars]),
            "marker": {"color": color},
            "hovertemplate": f"%{{y}}: {title} for %{{x:.0f}} s<extra></extra>",
        }
        for title, color, bars in (("shifting", SHIFTING, shifting), ("alone", SOLE, alone))
    ]
    return figure(
        "shifting",
        data,
        height=FRAME + ROW * len(rows),
        barmode="overlay",
        bargap=0.28,
        xaxis=clock_axis(to_seconds(since), to_seconds(journal.until)),
        yaxis=_names([names[row] for row in rows]),
    )
