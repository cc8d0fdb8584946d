"""The table of places: all of a small plant, kinds and the worst stations of a large one."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from twin.core.state import STATES
from twin.report.bars import NARROW, bar, bar_cells, legend
from twin.report.report import PlaceReport, Report

__all__ = ["MANY", "common_prefix", "loss", "place_table", "places_view", "worst"]

MANY = 60  # places; more are told by kind, with the WORST stations
WORST = 20
SHORT = 12  # letters of a name; longer ones leave less room for the rest


def places_view(report: Report, width: int, *, everything: bool = False) -> RenderableType:
    """The places, in lines of `width` characters."""
    places = report.places
    prefix = common_prefix(place.path for place in places)
    if everything or len(places) <= MANY:
        table = _table(report, places, prefix, width)
        return Group(table, legend(place.shares for place in places))
    chosen = worst(report, WORST)
    table = _table(report, chosen, prefix, width)
    table.title = f"The {len(chosen)} stations that lose most, under {prefix}; shares in %"
    return Group(
        _kinds(places, width),
        table,
        legend(place.shares for place in places),
        Text(f"{len(places)} places in all; --all shows each", "dim"),
    )


def loss(place: PlaceReport) -> float:
    """Share of the planned time of a station that its OEE loses; 0 for other places."""
    return 0.0 if place.oee is None else 1.0 - place.oee.oee


def worst(report: Report, most: int) -> list[PlaceReport]:
    """The bottleneck and the stations that lose most, at most so many, the worst first."""
    first = report.bottleneck.path if report.bottleneck else ""
    stations = [place for place in report.places if place.oee is not None]
    ranked = sorted(stations, key=lambda place: (place.path != first, -loss(place)))
    return ranked[:most]


def place_table(prefix: str) -> Table:
    """An empty table of places with prim paths under a prefix."""
    title = f"Places under {prefix}; shares in %" if prefix else "Places; shares in %"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    table.add_column("place", no_wrap=True)
    return table


def _table(report: Report, places: Sequence[PlaceReport], prefix: str, width: int) -> Table:
    longest = max((len(place.path) - len(prefix) for place in places), default=0)
    width -= max(0, longest - SHORT)
    table = place_table(prefix)
    table.add_column("states", no_wrap=True)
    figures = ("OEE", "A", "P", "Q", "passed", "now") if width >= NARROW else ("OEE",)
    for name in (*STATES[:4], *figures):
        table.add_column(name, justify="right", no_wrap=True)
    for place in places:
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


def _kinds(places: Sequence[PlaceReport], width: int) -> Table:
    """Mean shares of all places of each kind, in the order in which kinds occur."""
    table = place_table("")
    table.title = "Kinds; mean shares in %"
    table.columns[0].header = "kind"
    table.add_column("places", justify="right", no_wrap=True)
    table.add_column("states", no_wrap=True)
    for name in STATES[:4]:
        table.add_column(name, justify="right", no_wrap=True)
    for kind in dict.fromkeys(place.kind for place in places):
        mine = [place for place in places if place.kind == kind]
        mean = {state: sum(each.shares[state] for each in mine) / len(mine) for state in STATES}
        table.add_row(
            kind,
            str(len(mine)),
            bar(mean, bar_cells(width)),
            *(f"{100 * mean[state]:.1f}" for state in STATES[:4]),
        )
    return table


def common_prefix(paths: Iterable[str]) -> str:
    """The prim path, with its last slash, that all paths lie under; empty for the root alone."""
    split = [path.split("/")[:-1] for path in paths]
    shared: list[str] = []
    for words in zip(*split, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return "/".join([*shared, ""]) if len(shared) > 1 else ""
