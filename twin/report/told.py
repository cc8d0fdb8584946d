"""What every view of a journal begins with, told from it once: moves, parts and states.

Kept for as long as the journal lives and nothing is added to it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from twin.journal import Journal

__all__ = ["told_once"]

Told = TypeVar("Told")


def told_once(tell: Callable[[Journal], Told]) -> Callable[[Journal], Told]:
    """Make a function of a journal remember what it has told, until the journal goes on."""
    kept: WeakKeyDictionary[Journal, tuple[tuple[int, int, int], Any]] = WeakKeyDictionary()

    @wraps(tell)
    def remembering(journal: Journal) -> Told:
        now = (len(journal.events), len(journal.commands), journal.until)
        stage, told = kept.get(journal, (None, None))
        if stage != now:
            told = tell(journal)
            kept[journal] = now, told
        return told  # pyright: ignore[reportReturnType]

    return remembering
