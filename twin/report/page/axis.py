"""Time axes and colours that the plots of a page share; a figure is plain data for Plotly."""

from typing import Any

from twin.core.state import STATES
from twin.report.bars import LOOKS

__all__ = ["COLORS", "Figure", "clock_axis", "figure", "reduced"]

Figure = dict[str, Any]

COLORS = {state: color for state, (color, _) in zip(STATES, LOOKS, strict=True)}
STEPS = (1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)  # s
MOST_TICKS = 9


def clock_axis(start: float, end: float) -> dict[str, Any]:
    """An axis over seconds of the run, marked h:mm, or h:mm:ss where marks are close."""
    length = max(end - start, 1e-6)
    step = next((each for each in STEPS if length / each <= MOST_TICKS), 0)
    step = step or 86400 * (1 + int(length / 86400 / MOST_TICKS))
    first = -(-start // step) * step
    marks = [first + k * step for k in range(int((end - first) // step) + 1)]
    return {
        "range": [start, end],
        "tickvals": marks,
        "ticktext": [_clock(mark, seconds=step < 60) for mark in marks],
    }


def _clock(mark: float, *, seconds: bool) -> str:
    whole = round(mark)
    text = f"{whole // 3600}:{whole // 60 % 60:02d}"
    return f"{text}:{whole % 60:02d}" if seconds else text


def figure(name: str, data: list[dict[str, Any]], *, height: int, **layout: Any) -> Figure:
    """A figure of a page: the name of its place there, its traces, its height [px], its layout."""
    return {"name": name, "data": data, "layout": {"height": height} | layout}


def reduced(values: list[float], decimals: int = 3) -> list[float]:
    """Numbers with as many decimals as can be seen."""
    return [round(value, decimals) + 0.0 for value in values]
