"""Clearances as a page: the closest pairs as bars, and where they were as seen from above."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from twin.journal import Journal
from twin.physics.shapes import Shapes
from twin.report.clearance import Nearness
from twin.report.clearance_table import headline
from twin.report.page.axis import Figure, figure, reduced
from twin.report.page.page import page_of
from twin.units import to_seconds

__all__ = ["clearance_page"]

MOST_BARS = 40
HOVER = "%{text}<extra></extra>"
COLORS = {
    "robots": "#3b76c4", "robot, fence": "#9a8443", "robot, body": "#b8472f",
    "robot, moving body": "#c0608f", "body, fence": "#8a63b8", "tool, body": "#7d8996",
}  # fmt: skip


def clearance_page(
    journal: Journal,
    shapes: Shapes,
    rows: Sequence[Nearness],
    *,
    margin: float,
    about: str,
    unseen: Sequence[str] = (),
) -> str:
    """One HTML file that needs no network.

    Args:
        journal: of the run.
        shapes: of its plant.
        rows: what came close, the closest first.
        margin: within which was looked [m].
        about: what was looked at, in a few words.
        unseen: what was not, in a few words each.
    """
    told = [each for each in rows if not each.at_work]
    figures = [_plan(journal, shapes, told), _bars(told[:MOST_BARS])]
    plots = {
        name: f'<div class="plots n1"><div class="plot" data-figure="{name}"></div></div>'
        for name in ("plan", "bars")
    }
    first = f"<p>{escape(headline(rows, margin))}.</p>"
    sections = [
        f"<section><h2>From above</h2>{first}{plots['plan']}</section>",
        f"<section><h2>The closest pairs</h2>{plots['bars']}</section>",
        f"<section><h2>All within {margin * 1000:.0f} mm</h2>{_table(told)}</section>",
    ]
    if unseen:
        items = "".join(f"<li>{escape(each)}</li>" for each in unseen)
        sections.append(f"<section><h2>Not looked at</h2><ul>{items}</ul></section>")
    closest = f"{told[0].lower * 1000:.0f} mm" if told else "none"
    cards = [
        ("closest", closest, f"of what is not at work; within {margin * 1000:.0f} mm"),
        ("contacts", str(sum(each.contact for each in told)), "not wanted"),
        ("pairs", str(len(told)), "came within the margin"),
        (
            "at work",
            str(sum(each.at_work and each.contact for each in rows)),
            "times a tool touched the body it works on",
        ),
    ]
    return page_of(
        title=f"{journal.plant.name}: clearance", about=escape(about), cards=cards,
        sections="".join(sections), figures=figures,
    )  # fmt: skip


def _plan(journal: Journal, shapes: Shapes, rows: Sequence[Nearness]) -> Figure:
    """Robots, fences and the closest points, as seen from above."""
    bases = journal.layout.bases[:, :2, 3]
    x: list[float | None] = []
    y: list[float | None] = []
    for thing in shapes.standing:
        corners = shapes.solids[thing.solid].triangles.reshape(-1, 3)
        low, high = corners.min(axis=0), corners.max(axis=0)
        ends = np.array([[low[0], 0, 0], [high[0], 0, 0]]) @ thing.frame[:3, :3].T
        ends += thing.frame[:3, 3]
        x += [*reduced(ends[:, 0].tolist()), None]
        y += [*reduced(ends[:, 1].tolist()), None]
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "name": "fences", "x": x, "y": y,
         "line": {"color": "#9a8443", "width": 1}, "hoverinfo": "skip"},
        {"type": "scatter", "mode": "markers", "name": "robots",
         "x": reduced(bases[:, 0].tolist()), "y": reduced(bases[:, 1].tolist()),
         "marker": {"color": "#7d8996", "size": 7, "symbol": "square"},
         "text": [robot.path for robot in journal.plant.robots], "hovertemplate": HOVER},
    ]  # fmt: skip
    for kind in dict.fromkeys(each.kind for each in rows):
        some = [each for each in rows if each.kind == kind]
        middle = [each.points.mean(axis=0) for each in some]
        data.append({
            "type": "scatter", "mode": "markers", "name": kind,
            "x": reduced([float(at[0]) for at in middle]),
            "y": reduced([float(at[1]) for at in middle]),
            "text": [_told(each) for each in some], "hovertemplate": HOVER,
            "marker": {"color": COLORS[kind], "line": {"width": 0},
                       "size": [max(6.0, 22.0 - 80.0 * each.lower) for each in some]},
        })  # fmt: skip
    return figure(
        "plan", data, height=460,
        xaxis={"title": "x, m"}, yaxis={"title": "y, m", "scaleanchor": "x"},
    )  # fmt: skip


def _bars(rows: Sequence[Nearness]) -> Figure:
    data: list[dict[str, Any]] = [
        {
            "type": "bar", "orientation": "h", "showlegend": False,
            "y": [
                f"{k}. {_short(each.one)} · {_short(each.other)}" for k, each in enumerate(rows, 1)
            ],
            "x": reduced([each.lower * 1000 for each in rows], 1),
            "marker": {"color": [COLORS[each.kind] for each in rows]},
            "text": [_told(each) for each in rows], "textposition": "none",
            "hovertemplate": HOVER,
        }
    ]  # fmt: skip
    return figure(
        "bars", data, height=max(200, 22 * len(rows) + 60),
        xaxis={"title": "clearance, mm", "rangemode": "tozero"}, yaxis={"autorange": "reversed"},
    )  # fmt: skip


def _short(path: str) -> str:
    return "/".join(path.split("/")[-3:])


def _told(row: Nearness) -> str:
    return (
        f"{row.lower * 1000:.1f} mm, {row.kind}<br>{row.one}<br>{row.other}<br>"
        f"at {to_seconds(row.tick):.3f} s near {row.place}"
    )


def _table(rows: Sequence[Nearness]) -> str:
    head = "".join(f"<th>{name}</th>" for name in ("mm", "who", "one", "other", "s", "near"))
    body = "".join(
        f"<tr><td>{row.lower * 1000:.1f}</td><td>{row.kind}</td><td>{escape(row.one)}</td>"
        f"<td>{escape(row.other)}</td><td>{to_seconds(row.tick):.3f}</td>"
        f"<td>{escape(row.place.rpartition('/')[2])}</td></tr>"
        for row in rows
    )
    inner = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="scroll"><table>{inner}</table></div>'
