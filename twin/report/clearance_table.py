"""Clearances for people and for machines: a table, and rows for JSON."""

from collections.abc import Collection, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from twin.report.clearance import Nearness
from twin.units import to_seconds

__all__ = ["clearance_rows", "clearance_view", "headline", "summary"]

MOST = 25  # rows of a table
CLOSE = 0.05  # m: coloured


def headline(rows: Sequence[Nearness], margin: float) -> str:
    """The worst in a sentence."""
    free = [each for each in rows if not each.at_work]
    if not free:
        return f"nothing but tools at work came within {margin * 1000:.0f} mm of anything"
    worst = free[0]
    if worst.contact:
        return f"{worst.one} touched {worst.other} at {_clock(worst.tick)} near {worst.place}"
    return (
        f"closest: {worst.lower * 1000:.0f} mm between {worst.one} and {worst.other} "
        f"at {_clock(worst.tick)} near {worst.place}"
    )


def clearance_view(
    rows: Sequence[Nearness],
    margin: float,
    *,
    unseen: Sequence[str] = (),
    everything: bool = False,
) -> RenderableType:
    """The closest first, then what was not looked at.

    Tools that touch the body that they work on are counted only.
    """
    told = [each for each in rows if not each.at_work]
    at_work = sum(each.at_work and each.contact for each in rows)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("clearance", justify="right", no_wrap=True)
    for title in ("who", "one", "other"):
        table.add_column(title, overflow="fold")
    table.add_column("when", justify="right", no_wrap=True)
    table.add_column("near", no_wrap=True)
    shown = told if everything else told[:MOST]
    for each in shown:
        color = "red" if each.contact else "yellow" if each.lower < CLOSE else ""
        table.add_row(
            Text(f"{each.lower * 1000:.0f} mm", style=color), each.kind, each.one, each.other,
            _clock(each.tick), each.place.rpartition("/")[2],
        )  # fmt: skip
    lines: list[RenderableType] = [Text(headline(rows, margin), style="bold")]
    lines += [*(Text(each) for each in summary(rows)), Text()]
    lines += [table] if shown else []
    if len(told) > len(shown):
        lines.append(Text(f"and {len(told) - len(shown)} more; --all shows them"))
    if at_work:
        lines.append(
            Text(f"{at_work} times a tool touched the body that stood at its robot, as it has to")
        )
    lines += [Text(f"not looked at: {each}", style="dim") for each in unseen]
    return Group(*lines)


def summary(rows: Sequence[Nearness]) -> tuple[str, ...]:
    """What came close, kind by kind: how many pairs at how many places, contacts, the closest.

    A pair is two things, whenever and however often they came close.
    """
    found: list[str] = []
    for kind in dict.fromkeys(each.kind for each in rows if not each.at_work):
        own = [each for each in rows if each.kind == kind]
        pairs = {(each.one, each.other) for each in own}
        hit = {(each.one, each.other) for each in own if each.contact}
        places = {each.place for each in own}
        closest = min(each.lower for each in own) * 1000
        told = f"{len(hit)} touched" if hit else f"closest {closest:.0f} mm"
        found.append(f"{kind}: {_many(pairs, 'pair')} at {_many(places, 'place')}, {told}")
    return tuple(found)


def _many(things: Collection[object], name: str) -> str:
    return f"{len(things)} {name}{'s' * (len(things) != 1)}"


def clearance_rows(rows: Sequence[Nearness]) -> list[dict[str, Any]]:
    """All of it for machines: metres, seconds, prim paths."""
    return [
        {
            "kind": each.kind,
            "one": each.one,
            "other": each.other,
            "lower": each.lower,
            "upper": each.upper,
            "time": to_seconds(each.tick),
            "near": each.place,
            "points": each.points.tolist(),
            "atWork": each.at_work,
            "part": each.part,
        }
        for each in rows
    ]


def _clock(tick: int) -> str:
    """Minutes and seconds of the run."""
    seconds = to_seconds(tick)
    return f"{int(seconds // 60)}:{seconds % 60:06.3f}"
