"""Put a page together: head, figures, plots and tables, with the plotting library inside."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from twin.errors import CommandError
from twin.journal import Journal
from twin.report.history import QUANTILES, History
from twin.report.page.axis import Figure
from twin.report.page.output import (
    flow_figure,
    hours_figure,
    lead_figure,
    levels_figure,
    wip_figure,
)
from twin.report.page.places import gantt_figure, shifting_figure, states_figure
from twin.report.page.tables import cycles_table, kpi_table, takt_table, waits_table
from twin.report.reason import short_names
from twin.report.report import Report
from twin.report.sankey import contracted
from twin.report.tables import bottleneck_text, what_if_rows
from twin.report.tables_history import takt_text
from twin.report.tables_places import MANY, worst
from twin.report.words import percent, span

__all__ = ["html_report", "page_of"]

MOST_ROWS = 200  # of a table
MOST_CHARTED = 60  # places in a plot
MOST_LINKS = 80
LONG = 10  # letters of a figure that is set smaller
JOULES_PER_WATT_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """A part of the page: plots go where figures have the section's names."""

    title: str
    about: str
    plots: tuple[str, ...] = ()
    html: str = ""


def html_report(report: Report, journal: Journal, *, since: int = 0) -> str:
    """A run as one HTML file with plots and tables, the same bytes for the same run.

    Args:
        report: of the run, with its history.
        journal: of the same run.
        since: tick from which on things count, as in the report.

    Raises:
        CommandError: the report has no history.
    """
    history = report.history
    if history is None:
        raise CommandError("a page needs the history of a run; make its report from a journal")
    names = short_names(journal.plant)
    figures, sections = _contents(report, history, journal, names=names, since=since)
    return page_of(
        title=report.plant,
        about=" · ".join(_about(report)),
        cards=_cards(report, history, names),
        sections="".join(map(_section, sections)),
        figures=figures,
    )


def page_of(
    *,
    title: str,
    about: str,
    cards: Iterable[tuple[str, ...]],
    sections: str,
    figures: list[Figure],
) -> str:
    """A page of its own: figures go where `sections`, as HTML, have plots of their names.

    Args:
        title: plain text.
        about: a line below it, as HTML.
        cards: name, figure and note of each.
        sections: as HTML.
        figures: see twin.report.page.axis.
    """
    return _filled(
        {
            "title": escape(title),
            "about": about,
            "cards": "".join(_card(*each) for each in cards),
            "sections": sections,
            "style": _file("style.css"),
            "figures": json.dumps(figures, separators=(",", ":")).replace("</", "<\\/"),
            "plotly": _plotly(),
            "script": _file("script.js"),
        }
    )


def _filled(values: dict[str, str]) -> str:
    """The page with its gaps {{name}} filled, each once."""
    pieces = _file("page.html").split("{{")
    rest = (piece.split("}}", 1) for piece in pieces[1:])
    return pieces[0] + "".join(values[name] + text for name, text in rest)


def _file(name: str) -> str:
    return files("twin.report.page").joinpath(name).read_text("utf-8")


def _plotly() -> str:
    """The plotting library, for a page that needs no network."""
    from plotly.offline import get_plotlyjs  # pyright: ignore[reportMissingTypeStubs]

    return str(get_plotlyjs()).replace("</script", "<\\/script")


def _about(report: Report) -> Iterable[str]:
    yield f"{span(report.elapsed)} simulated"
    yield f"seed {report.seed}"
    if report.replication:
        yield f"replication {report.replication}"
    if report.digest:
        yield f"scene <code>{escape(report.digest[:12])}</code>"
    for _, value in what_if_rows(report.what_if):
        yield escape(value)


def _cards(report: Report, history: History, names: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Name, figure and note of what a planner asks first."""
    yield "throughput", f"{report.jph:.2f}", "jobs per hour"
    yield "finished", f"{report.finished:,}", f"of {report.created:,} made"
    if report.lead_mean is not None:
        late = span(history.lead_quantiles[QUANTILES.index(0.95)])
        yield "lead time", span(report.lead_mean), f"mean; 95 % within {late}"
    yield "work in process", f"{report.wip_mean:.1f}", f"mean; {report.wip_now} now"
    for takt in history.takts[:1]:
        meant = f"of intervals within 10 % of {span(takt.target)}"
        yield "takt adherence", percent(takt.adherence), meant
    if report.bottleneck:
        paths = [place.path for place in report.places]
        row = paths.index(report.bottleneck.path)
        shares = {each.place: each for each in history.shifting.shares}
        note = "longest mean active period"
        if row in shares:
            note = f"alone {percent(shares[row].sole / history.shifting.elapsed)} of the time"
        yield "bottleneck", escape(names[row]), note
    if report.energy.per_part is not None and report.energy.total > 0:
        each = report.energy.per_part / JOULES_PER_WATT_HOUR / 1000
        yield "energy", f"{each:.2f} kWh", f"for a finished part; {report.energy.kwh:,.0f} kWh"


def _card(name: str, value: str, note: str) -> str:
    size = ' class="long"' if len(value) > LONG else ""
    return f'<div class="card"><h3>{name}</h3><p{size}>{value}</p><small>{note}</small></div>'


def _contents(
    report: Report, history: History, journal: Journal, *, names: Sequence[str], since: int
) -> tuple[list[Figure], list[_Section]]:
    """All plots, and the sections that show them; what a run has nothing of is left out."""
    charted, some = _charted(report)
    stations = [row for row, place in enumerate(report.places) if place.oee is not None]
    listed = charted if len(stations) > MOST_ROWS else stations
    machines = [row for row in charted if report.places[row].oee is not None]
    figures = [hours_figure(report, history), wip_figure(journal, since=since)]
    figures += [levels_figure(journal, names, since=since)]
    figures += [states_figure(report, charted, names)]
    figures = [each for each in figures if each["data"]]
    if history.lead_quantiles:
        figures += [lead_figure(report, history, journal, since=since)]
    if history.shifting.spells:
        figures += [shifting_figure(journal, history, names, since=since)]
    if machines:
        figures += [gantt_figure(journal, machines, names, since=since)]
    flows = contracted(history.flows, MOST_LINKS)
    if len({flow.giver for flow in flows}) + len({flow.taker for flow in flows}) < 2 * len(flows):
        figures += [flow_figure(flows, names)]
    takt = f"Takt: {takt_text(history.takts[0])}." if len(history.takts) == 1 else ""
    takts = takt_table(history, names) if len(history.takts) > 1 else ""
    sections = [
        _Section(title="Output", about=takt, html=takts,
                 plots=("hours", "lead", "wip", "levels")),
        _Section(title="Bottleneck", about=bottleneck_text(report), plots=("shifting",)),
        _Section(title="Where the time goes", about=some, plots=("states",)),
        _Section(title="Why machines wait", about="Followed from the one that waits, past all "
                 "others that wait, to the one that makes them wait. Shares are of the whole time.",
                 html=waits_table(report, history, names) if history.waits else ""),
        _Section(title="The end of the run", about=some, plots=("gantt",)),
        _Section(title="Flow", about="Parts from place to place; who only passes on what comes "
                 "from one place is left out.", plots=("flow",)),
        _Section(title="Effectiveness", about="Shares in %; OEE, its factors and the key figures "
                 "of ISO 22400-2.", html=kpi_table(report, listed, names) if listed else ""),
        _Section(title="Lead and cycle times", about="Seconds; a cycle is from a part's coming in "
                 "to its leaving.", html=cycles_table(report, history, names)),
    ]  # fmt: skip
    shown = {figure["name"] for figure in figures}
    return figures, [each for each in sections if each.html or shown & set(each.plots)]


def _charted(report: Report) -> tuple[list[int], str]:
    """Rows of the places that plots show, and a word where they are not all."""
    if len(report.places) <= MANY:
        return list(range(len(report.places))), ""
    row_of = {place.path: row for row, place in enumerate(report.places)}
    rows = [row_of[place.path] for place in worst(report, MOST_CHARTED)]
    return rows, f"The {len(rows)} stations that lose most, of {len(report.places)} places."


def _section(section: _Section) -> str:
    about = f"<p>{escape(section.about)}</p>" if section.about else ""
    plots = "".join(f'<div class="plot" data-figure="{name}"></div>' for name in section.plots)
    grid = f'<div class="plots n{len(section.plots)}">{plots}</div>' if plots else ""
    return f"<section><h2>{escape(section.title)}</h2>{about}{grid}{section.html}</section>"
