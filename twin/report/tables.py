"""Reports for people: a summary, a table of the places with bars of states, the bottleneck."""

from collections.abc import Iterable, Mapping

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from twin.core.state import STATES
from twin.report.bottleneck import Bottleneck
from twin.report.report import PlaceReport, Report, WhatIf
from twin.report.shares import MILLION, apportion
from twin.report.words import span

__all__ = [
    "NARROW",
    "WIDE",
    "bar",
    "bar_cells",
    "common_prefix",
    "legend",
    "pairs",
    "place_table",
    "report_view",
    "what_if_rows",
]

# As in the viewer: Okabe-Ito colours, and a letter so that nobody depends on them.
LOOKS = (
    ("#009e73", "W"),
    ("#f0e442", "s"),
    ("#e69f00", "b"),
    ("#d55e00", "D"),
    ("#0072b2", "u"),
    ("#56b4e9", "o"),
    ("#cc79a7", "p"),
    ("#8b9199", "-"),
)
NARROW, WIDE = 118, 135  # characters


def report_view(report: Report, width: int = WIDE) -> RenderableType:
    """Everything that a planner asks of one run, in lines of `width` characters."""
    prefix = common_prefix(place.path for place in report.places)
    return Group(
        pairs(report.plant, _summary(report)),
        Text(),
        _places(report, prefix, width),
        legend(place.shares for place in report.places),
        Text(),
        _bottleneck(report.bottleneck),
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
    yield "work in process", f"mean {report.wip_mean:.2f}, now {report.wip_now}"
    if report.history:
        yield "JPH by hour", "  ".join(f"{each:.1f}" for each in report.history.jph_by_hour[:24])


def place_table(prefix: str) -> Table:
    """An empty table of places with prim paths under a prefix."""
    title = f"Places under {prefix}; shares in %" if prefix else "Places; shares in %"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    table.add_column("place", no_wrap=True)
    return table


def _places(report: Report, prefix: str, width: int) -> Table:
    table = place_table(prefix)
    table.add_column("states", no_wrap=True)
    figures = ("OEE", "A", "P", "Q", "passed", "now") if width >= NARROW else ("OEE",)
    for name in (*STATES[:4], *figures):
        table.add_column(name, justify="right", no_wrap=True)
    for place in report.places:
        first = report.bottleneck is not None and report.bottleneck.path == place.path
        table.add_row(
            Text(place.path.removeprefix(prefix), style="bold" if first else ""),
            bar(place.shares, bar_cells(width)),
            *(f"{100 * place.shares[state]:.1f}" for state in STATES[:4]),
            *[*_oee(place), str(place.passed), str(place.level)][: len(figures)],
        )
    return table


def _oee(place: PlaceReport) -> list[str]:
    oee = place.oee
    if oee is None:
        return [""] * 4
    factors = (oee.oee, oee.availability, oee.performance, oee.quality)
    return [f"{100 * factor:.1f}" for factor in factors]


def bar_cells(width: int) -> int:
    """How long a bar may be in lines of `width` characters."""
    if width < NARROW:
        return 10
    return 32 if width >= WIDE else 20


def bar(shares: Mapping[str, float], cells: int) -> Text:
    """The shares of the states as a bar of letters on their colours."""
    counts = apportion([round(shares[state] * MILLION) for state in STATES], cells)
    text = Text()
    for count, (color, letter) in zip(counts, LOOKS, strict=True):
        text.append(letter * count, style=f"{color} on {color}" if count else "")
    return text


def legend(shares: Iterable[Mapping[str, float]]) -> Text:
    """What the letters and colours of the bars mean, for the states that occur."""
    rows = list(shares)
    text = Text()
    for state, (color, letter) in zip(STATES, LOOKS, strict=True):
        if any(row[state] > 0 for row in rows):
            text.append(f" {letter} ", style=f"black on {color}").append(f" {state}   ")
    return text


def _bottleneck(bottleneck: Bottleneck | None) -> RenderableType:
    if bottleneck is None:
        return Text("No machine has done anything yet.")
    return Group(Text("Bottleneck", style="bold"), Text(bottleneck.why))


def common_prefix(paths: Iterable[str]) -> str:
    """The prim path, with its last slash, that all paths lie under; empty for the root alone."""
    split = [path.split("/")[:-1] for path in paths]
    shared: list[str] = []
    for words in zip(*split, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return "/".join([*shared, ""]) if len(shared) > 1 else ""
