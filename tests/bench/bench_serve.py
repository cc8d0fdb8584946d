"""`serve`: what a live run needs that lasts: its journal written, and open again after a crash."""

from collections.abc import Iterator

from tests.bench import journal_reopen
from tests.bench.measure import Measure

__all__ = ["measures"]


def measures() -> Iterator[Measure]:
    """The journal's speed."""
    yield from journal_reopen.measures()
