"""Draw the curves of `growth`, a column for each size.

Events per second are above, simulated time per second in the middle, and peak memory below.

The picture depends on nothing but the numbers, so that measuring again changes only them.
"""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.bench.growth import Curve

__all__ = ["draw"]

LABELS = {"parts": "parts in the plant", "hours": "hours simulated"}
INK, FAINT = "#333333", "#dddddd"
SPEED, TIME, MEMORY = "#1f6fb4", "#3a7d44", "#b4561f"


def draw(curves: Sequence[Curve], file: Path) -> None:
    """Write a picture, of the kind that the file's name ends with."""
    mpl.rcParams |= {"svg.hashsalt": "growth", "font.size": 9, "axes.edgecolor": INK}
    figure = Figure(figsize=(9.0, 6.2), layout="constrained", facecolor="white")
    axes = figure.subplots(3, len(curves), sharey="row", sharex="col", squeeze=False)
    for column, curve in enumerate(curves):
        millions = [speed / 1e6 for speed in curve.events_per_second]
        _line(axes[0, column], curve.values, millions, SPEED)
        days = [speedup / 86_400 for speedup in curve.speedups]
        _line(axes[1, column], curve.values, days, TIME, lowest=0.01)
        _line(axes[2, column], curve.values, curve.peak_megabytes, MEMORY)
        axes[2, column].set_xlabel(LABELS.get(curve.size, curve.size))
    axes[0, 0].set_ylabel("million events/s")
    axes[1, 0].set_ylabel("days/s")
    axes[2, 0].set_ylabel("peak memory [MB]")
    kind = file.suffix.lstrip(".")
    figure.savefig(file, dpi=150, metadata={"Date": None} if kind == "svg" else None)


def _line(
    axes: Axes, x: Sequence[float], y: Sequence[float], color: str, lowest: float = 0.0
) -> None:
    """One curve; the axis of values begins at `lowest`, and is logarithmic if that is not 0."""
    axes.semilogx(x, y, "o-", color=color, markersize=4, linewidth=1.5)
    if lowest > 0.0:
        axes.set_yscale("log")
    room = 4.0 if lowest > 0.0 else 1.25
    axes.set_ylim(lowest, room * max(*y, axes.get_ylim()[1] / room))
    axes.margins(x=0.12)
    axes.grid(color=FAINT, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    for where, value in zip(x, y, strict=True):
        text = (
            f"{value:.1f}" if 1 <= value < 100 else f"{value:.2g}" if value < 1 else f"{value:.0f}"
        )
        axes.annotate(text, (where, value), (0, 6), textcoords="offset points", ha="center",
                      fontsize=7.5, color=INK)  # fmt: skip
    axes.set_axisbelow(True)
