"""Reports for people: a summary, a table of the places with bars of states, the bottleneck."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from twin.report.bars import NARROW, WIDE, bar, bar_cells, legend
from twin.report.energy import JOULES_PER_KWH
from twin.report.reason import shortened
from twin.report.report import Report, WhatIf
from twin.report.tables_history import history_view, takt_rows
from twin.report.tables_places import common_prefix, place_table, places_view
from twin.report.words import span

__all__ = [
    "NARROW",
    "WIDE",
    "bar",
    "bar_cells",
    "bottleneck_text",
    "common_prefix",
    "legend",
    "pairs",
    "place_table",
    "report_view",
    "what_if_rows",
]

MOST_TURNS = 5


def report_view(report: Report, width: int = WIDE, *, everything: bool = False) -> RenderableType:
    """What a planner asks of one run, in lines of `width` characters.

    Args:
        report: of the run.
        width: of the lines.
        everything: every place and every wait, however many there are.
    """
    told = [history_view(report, report.history, everything=everything)] if report.history else []
    return Group(
        pairs(report.plant, _summary(report)),
        Text(),
        places_view(report, width, everything=everything),
        Text(),
        _bottleneck(report),
        *told,
    )


def pairs(title: str, rows: Iterable[tuple[str, str]]) -> Table:
    """Names and what they come to, one a line."""
    table = Table.grid(padding=(0, 2))
    table.title, table.title_justify, table.title_style = title, "left", "bold"
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, Text(value))  # a path may have brackets, which are no markup
    return table


def what_if_rows(what_if: WhatIf) -> Iterable[tuple[str, str]]:
    """How the plant of a run differs from its scene; nothing where it does not."""
    parts = [f"--set {each}" for each in what_if.overrides]
    parts += [f"scenario {each}" for each in what_if.scenarios]
    if parts:
        yield "what-if", ", ".join(parts)


def _summary(report: Report) -> Iterable[tuple[str, str]]:
    yield "simulated", f"{span(report.elapsed)} (seed {report.seed})"
    yield from what_if_rows(report.what_if)
    yield (
        "throughput",
        f"{report.jph:.2f} JPH ({report.finished} finished of {report.created} made)",
    )
    if len(report.products) > 1:
        yield "", ", ".join(f"{each.name} {each.jph:.2f}" for each in report.products)
    if report.lead_mean is not None and report.lead_max is not None:
        yield "lead time", f"mean {span(report.lead_mean)}, longest {span(report.lead_max)}"
    carriers = f", besides {report.carriers} carriers" if report.carriers else ""
    yield "work in process", f"mean {report.wip_mean:.2f}, now {report.wip_now}{carriers}"
    if report.history:
        yield "JPH by hour", "  ".join(f"{each:.1f}" for each in report.history.jph_by_hour[:24])
        yield from takt_rows(report, report.history)
    if report.energy.total > 0:
        part = report.energy.per_part
        each = "" if part is None else f", {part / JOULES_PER_KWH:.3f} kWh for a finished part"
        yield "energy", f"{report.energy.kwh:.1f} kWh{each}"


def _bottleneck(report: Report) -> RenderableType:
    text = Text(bottleneck_text(report))
    return Group(Text("Bottleneck", style="bold"), text) if report.bottleneck else text


def bottleneck_text(report: Report) -> str:
    """Why a station is the bottleneck, and where the line turns."""
    if report.bottleneck is None:
        return "No machine has done anything yet."
    if not report.turning_points:
        return report.bottleneck.why
    turns = f"By blocked and starved times the line turns at {_turns(report)}."
    return f"{report.bottleneck.why} {turns}"


def _turns(report: Report) -> str:
    paths = [place.path for place in report.places]
    names = dict(zip(paths, shortened(paths), strict=True))
    told = [names[path] for path in report.turning_points[:MOST_TURNS]]
    others = len(report.turning_points) - len(told)
    return ", ".join(told) + (f", and at {others} more stations" if others else "")
