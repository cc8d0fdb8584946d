"""Replications for people: means with 95 % half-widths, and how often who was the bottleneck."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from twin.core.state import STATES
from twin.report.tables import (
    NARROW,
    WIDE,
    bar,
    bar_cells,
    common_prefix,
    legend,
    pairs,
    place_table,
    what_if_rows,
)
from twin.report.words import span, unit_of
from twin.study.estimate import Estimate
from twin.study.replications import Replications

__all__ = ["replications_view"]


def replications_view(many: Replications, width: int = WIDE) -> RenderableType:
    """Everything that a planner asks of many runs, in lines of `width` characters."""
    first = many.reports[0]
    return Group(
        pairs(f"{first.plant}, {len(many.reports)} replications", _summary(many)),
        Text(),
        _places(many, width),
        legend(place.shares for report in many.reports for place in report.places),
        Text("Means, +- the half-width of their 95 % interval.", "dim"),
        Text(),
        *_bottleneck(many),
    )


def _summary(many: Replications) -> Iterable[tuple[str, str]]:
    first = many.reports[0]
    yield "simulated", f"{span(first.elapsed)} each (seed {first.seed})"
    yield from what_if_rows(first.what_if)
    yield "throughput", f"{_plain(many.jph, 2)} JPH"
    if len(first.products) > 1:
        for k, each in enumerate(first.products):
            jph = many.estimate(lambda report, k=k: report.products[k].jph)
            yield f"  {each.name}", f"{_plain(jph, 2)} JPH"
    if many.lead_mean is not None:
        unit, size = unit_of(many.lead_mean.mean)
        yield "lead time", f"mean {_plain(many.lead_mean, 1, 1 / size)} {unit}"
    yield "work in process", f"mean {_plain(many.wip_mean, 2)}"


def _places(many: Replications, width: int) -> Table:
    places = many.reports[0].places
    prefix = common_prefix(place.path for place in places)
    table = place_table(prefix)
    if width >= NARROW:
        table.add_column("states", no_wrap=True)
    names = STATES[:4] if width >= NARROW else STATES[1:4]
    for name in (*names, "OEE"):
        table.add_column(name, justify="right", no_wrap=True)
    for row, place in enumerate(places):
        table.add_row(
            place.path.removeprefix(prefix),
            *([_bar(many, row, width)] if width >= NARROW else []),
            *(_plain(many.share(row, state), 1, 100) for state in names),
            _plain(many.oee(row), 1, 100) if place.oee else "",
        )
    return table


def _bar(many: Replications, row: int, width: int) -> Text:
    shares = {state: _mean(many.share(row, state)) for state in STATES}
    return bar(shares, bar_cells(width))


def _mean(found: Estimate | None) -> float:
    return 0.0 if found is None else found.mean


def _plain(found: Estimate | None, decimals: int, scale: float = 1.0) -> str:
    if found is None:
        return "none"
    mean = f"{found.mean * scale:.{decimals}f}"
    if found.half_width is None:
        return mean
    return f"{mean} +- {found.half_width * scale:.{decimals}f}"


def _bottleneck(many: Replications) -> Iterable[RenderableType]:
    if many.bottleneck is None:
        yield Text("No machine has done anything yet.")
        return
    runs = len(many.reports)
    yield Text("Bottleneck", style="bold")
    yield Text(many.bottleneck.why)
    for path, count in many.bottlenecks:
        yield Text(f"{path} in {count} of {runs} replications", "dim")
