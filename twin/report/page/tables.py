"""The tables of a page: as plain HTML that reads without scripts."""

from collections.abc import Iterable, Sequence
from html import escape

from twin.core.state import STARVED, STATES
from twin.report.because import NAMED
from twin.report.chains import Cause
from twin.report.history import QUANTILES, History
from twin.report.page.axis import COLORS
from twin.report.report import PlaceReport, Report
from twin.report.takt import Takt
from twin.report.words import percent

__all__ = ["cycles_table", "kpi_table", "table", "takt_table", "waits_table"]

MOST_WAITS = 24
OTHERS = "var(--others)"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """Rows of ready HTML under heads; the first `left` columns are words, the others numbers."""
    head = "".join(f"<th{_side(k, left)}>{escape(name)}</th>" for k, name in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(f"<td{_side(k, left)}>{cell}</td>" for k, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    inner = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="scroll"><table>{inner}</table></div>'


def _side(column: int, left: int) -> str:
    return "" if column < left else ' class="n"'


def kpi_table(report: Report, rows: Sequence[int], names: Sequence[str]) -> str:
    """OEE and the figures of ISO 22400-2 of stations."""
    heads = (
        "station", "OEE", "availability", "performance", "quality", "NEE", "allocation",
        "utilisation", "technical", "setup", "scrap", "parts", "failures", "MTBF", "MTTR",
    )  # fmt: skip
    return table(heads, (_kpis(report.places[row], names[row]) for row in rows))


def _kpis(place: PlaceReport, name: str) -> list[str]:
    oee, iso = place.oee, place.iso22400
    if oee is None or iso is None:
        return [escape(name)]
    shares = (
        oee.oee, oee.availability, oee.performance, oee.quality, iso.nee,
        iso.allocation_efficiency, iso.utilisation_efficiency, iso.technical_efficiency,
        iso.setup_ratio, iso.scrap_ratio,
    )  # fmt: skip
    return [
        f'<span title="{escape(place.path)}">{escape(name)}</span>',
        *(f"{100 * share:.1f}" for share in shares),
        str(oee.passed),
        str(place.failures),
        *("" if each is None else f"{each / 60:.1f} min" for each in (iso.mtbf, iso.mttr)),
    ]


def waits_table(report: Report, history: History, names: Sequence[str]) -> str:
    """Why machines wait: a bar of causes and the words to it, the longest waits first."""
    causes: dict[tuple[int, int], list[Cause]] = {}
    for each in history.causes:
        causes.setdefault((each.place, each.waiting), []).append(each)
    share = {key: report.places[key[0]].shares[STATES[key[1]]] for key in history.waits}
    chosen = sorted(history.waits, key=lambda key: (-share[key], key))[:MOST_WAITS]
    rows: list[list[str]] = []
    for place, waiting in chosen:
        mine = share[place, waiting]
        verb = "starved" if waiting == STARVED else "blocked"
        because = escape(history.waits[place, waiting].partition(": ")[2])
        chain = _chain(causes[place, waiting], mine / share[chosen[0]])
        rows.append([escape(names[place]), f"{verb} {percent(mine)}", f"{chain}{because}"])
    used = {STATES[each.doing] for key in chosen for each in causes[key][:NAMED]}
    return _legend(used) + table(("machine", "waits", "because"), rows, left=3)


def _legend(used: set[str]) -> str:
    keys = [(COLORS[state], state) for state in STATES if state in used]
    items = (
        f'<span><i style="background:{color}"></i>{name}</span>'
        for color, name in (*keys, (OTHERS, "others"))
    )
    return f'<div class="key">The other was: {"".join(items)}</div>'


def _chain(causes: Sequence[Cause], width: float) -> str:
    """A bar as long as the wait, a piece for each named cause in the colour of what it did."""
    total = sum(each.ticks for each in causes)
    pieces = [(each.ticks, COLORS[STATES[each.doing]]) for each in causes[:NAMED]]
    pieces.append((sum(each.ticks for each in causes[NAMED:]), OTHERS))
    inner = "".join(
        f'<i style="width:{100 * width * ticks / total:.2f}%;background:{color}"></i>'
        for ticks, color in pieces
        if ticks
    )
    return f'<div class="chain">{inner}</div>'


def takt_table(history: History, names: Sequence[str]) -> str:
    """The takt of each sink, in seconds."""
    heads = ("sink", "parts", "target", "median", "95 %", "longest", "adherence", "variation")
    return table(heads, (_takt(each, names) for each in history.takts))


def _takt(takt: Takt, names: Sequence[str]) -> list[str]:
    times = takt.intervals
    median, late = (times.quantiles[QUANTILES.index(share)] for share in (0.5, 0.95))
    seconds = (takt.target, median, late, times.longest)
    return [
        escape(names[takt.place]),
        str(times.count + 1),
        *(f"{each:.1f}" for each in seconds),
        percent(takt.adherence),
        f"{takt.variation:.2f}",
    ]


def cycles_table(report: Report, history: History, names: Sequence[str]) -> str:
    """Lead times of products through the plant, then cycle times of machines, in seconds."""
    heads = (
        "through",
        "product",
        "parts",
        "mean",
        *(_share(each) for each in QUANTILES),
        "longest",
    )
    rows = [("the plant", each.product, each.times) for each in history.lead_times]
    rows += [(names[each.place], each.product, each.times) for each in history.cycle_times]
    cells = (
        [
            escape(name), escape(report.products[product].name), str(times.count),
            *(f"{each:.1f}" for each in (times.mean, *times.quantiles, times.longest)),
        ]
        for name, product, times in rows
    )  # fmt: skip
    return table(heads, cells, left=2)


def _share(quantile: float) -> str:
    return "median" if quantile == 0.5 else f"{100 * quantile:.0f} %"
