"""Bars of states for a terminal: letters on the colours that the viewer uses."""

from collections.abc import Iterable, Mapping

from rich.text import Text

from twin.core.state import STATES
from twin.report.shares import MILLION, apportion

__all__ = ["LOOKS", "NARROW", "WIDE", "bar", "bar_cells", "legend"]

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
