"""Plots of what came out and what was under way: by hour, lead times, work in process, levels."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from twin.journal import Journal
from twin.report.flow import levels, work_in_process
from twin.report.history import History
from twin.report.page.axis import Figure, clock_axis, figure, reduced
from twin.report.parts import NEVER, work_of
from twin.report.report import Report
from twin.report.roles import Role, role_of
from twin.report.sankey import Flow
from twin.report.steps import Steps, counted
from twin.report.takt import QUANTILES
from twin.report.words import unit_of
from twin.units import TICKS_PER_SECOND, to_seconds

__all__ = ["flow_figure", "hours_figure", "lead_figure", "levels_figure", "wip_figure"]

MOST_POINTS = 600  # of a curve; where more happened, means over equal stretches are shown
MOST_CURVES = 6
INK = "#3b76c4"
MEAN = "#c0608f"
CURVES = ("#3b76c4", "#8a63b8", "#3fa7b8", "#c0608f", "#9a8443", "#7d8996")  # no state's


def hours_figure(report: Report, history: History) -> Figure:
    """Output of each hour, and the mean of the run."""
    count = len(history.jph_by_hour)
    bars: dict[str, Any] = {
        "type": "bar",
        "x": [str(k + 1) for k in range(count)],
        "y": reduced(list(history.jph_by_hour), 2),
        "marker": {"color": INK},
        "hovertemplate": "hour %{x}: %{y:.1f} JPH<extra></extra>",
        "showlegend": False,
    }
    mean: dict[str, Any] = {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": report.jph, "y1": report.jph,
        "line": {"width": 1.5, "dash": "dot", "color": MEAN},
    }  # fmt: skip
    return figure(
        "hours", [bars], height=260, shapes=[mean], bargap=0.35,
        xaxis={"title": "hour", "type": "category", "nticks": 12},
        yaxis={"title": "jobs per hour", "rangemode": "tozero"},
    )  # fmt: skip


def lead_figure(report: Report, history: History, journal: Journal, *, since: int) -> Figure:
    """How lead times spread, by product."""
    parts = work_of(journal)
    done = (parts.finished != NEVER) & counted(parts.finished, since)
    unit, size = unit_of(report.lead_mean or 0.0)
    lead = (parts.finished - parts.created)[done] / TICKS_PER_SECOND / size
    product = parts.product[done]
    edges = np.histogram_bin_edges(lead, bins=min(40, max(5, int(len(lead) ** 0.5))))
    middles = (edges[:-1] + edges[1:]) / 2
    found: list[int] = np.unique(product).tolist()
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "name": report.products[row].name,
            "x": reduced(middles.tolist()),
            "y": np.histogram(lead[product == row], bins=edges)[0].tolist(),
            "width": float(edges[1] - edges[0]) * 0.92,
            "marker": {"color": CURVES[k % len(CURVES)]},
            "hovertemplate": "about %{x:.1f} " + unit + ": %{y} parts<extra></extra>",
        }
        for k, row in enumerate(found)
    ]
    marks = {QUANTILES.index(0.5): "median", QUANTILES.index(0.95): "95 %"}
    lines = [(history.lead_quantiles[row] / size, name) for row, name in marks.items()]
    return figure(
        "lead", data, height=260, barmode="stack",
        xaxis={"title": f"lead time, {unit}"}, yaxis={"title": "parts", "rangemode": "tozero"},
        shapes=[
            {"type": "line", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
             "line": {"width": 1.5, "dash": "dot", "color": MEAN}}
            for at, _ in lines
        ],
        annotations=[
            {"x": at, "yref": "paper", "y": 1, "text": name, "showarrow": False,
             "xanchor": "left", "yanchor": "top", "xshift": 4}
            for at, name in lines
        ],
    )  # fmt: skip


def wip_figure(journal: Journal, *, since: int) -> Figure:
    """Parts in the plant over time."""
    curve = _curve(work_in_process(journal, since=since), "in the plant", INK)
    curve |= {"fill": "tozeroy", "fillcolor": "rgba(59, 118, 196, 0.14)", "showlegend": False}
    return _over_time("wip", [curve], journal, since)


def levels_figure(journal: Journal, names: Sequence[str], *, since: int) -> Figure:
    """Parts in the stores and on the carriers that hold most."""
    steps = levels(journal, since=since)
    mean = steps.mean()
    plant = journal.plant
    roles = [role_of(plant, row) for row in range(len(plant.places))]
    holders = [row for row, role in enumerate(roles) if role in (Role.STORE, Role.CARRIER)]
    most = sorted(holders, key=lambda row: (-mean[row], row))[:MOST_CURVES]
    curves = [
        _curve(steps.of(row), names[row], color) for row, color in zip(most, CURVES, strict=False)
    ]
    return _over_time("levels", curves, journal, since)


def _over_time(name: str, curves: list[dict[str, Any]], journal: Journal, since: int) -> Figure:
    return figure(
        name, curves, height=260,
        xaxis=clock_axis(to_seconds(since), to_seconds(journal.until)),
        yaxis={"title": "parts", "rangemode": "tozero"},
    )  # fmt: skip


def _curve(steps: Steps, name: str, color: str) -> dict[str, Any]:
    """A step function as it is, or its means over equal stretches where it has too many steps."""
    if len(steps.place) <= MOST_POINTS:
        at = [*(steps.start / TICKS_PER_SECOND).tolist(), to_seconds(steps.until)]
        values: list[float] = [*steps.value.tolist(), *steps.value[-1:].tolist()]
    else:
        edges = np.linspace(steps.since, steps.until, MOST_POINTS + 1).astype(np.int64)
        area = np.append(0, np.cumsum(steps.value * steps.ticks))
        ends = np.append(steps.since, steps.end)
        values = (np.diff(np.interp(edges, ends, area)) / np.diff(edges)).tolist()
        values.append(values[-1])
        at = (edges / TICKS_PER_SECOND).tolist()
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": reduced(at, 1),
        "y": reduced(values, 2),
        "line": {"shape": "hv", "width": 1.5, "color": color},
        "hovertemplate": f"{name}: %{{y:.1f}}<extra></extra>",
    }


def flow_figure(flows: Sequence[Flow], names: Sequence[str]) -> Figure:
    """Parts from place to place."""
    nodes = sorted({row for flow in flows for row in (flow.giver, flow.taker)})
    index = {row: k for k, row in enumerate(nodes)}
    data = [
        {
            "type": "sankey",
            "arrangement": "snap",
            "node": {"label": [names[row] for row in nodes], "pad": 14, "thickness": 12,
                     "color": INK, "line": {"width": 0},
                     "hovertemplate": "%{label}: %{value} parts<extra></extra>"},
            "link": {"source": [index[flow.giver] for flow in flows],
                     "target": [index[flow.taker] for flow in flows],
                     "value": [flow.parts for flow in flows],
                     "hovertemplate": "%{source.label} to %{target.label}: %{value} parts"
                     "<extra></extra>"},
        }
    ]  # fmt: skip
    return figure("flow", data, height=min(760, max(260, 24 * len(nodes))))
