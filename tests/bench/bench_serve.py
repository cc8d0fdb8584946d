"""`serve`: what a live run needs: its journal written and open again, and few bytes on the wire."""

from collections.abc import Iterator

from tests.bench import journal_reopen, wire_poses
from tests.bench.measure import Measure

__all__ = ["measures"]


def measures() -> Iterator[Measure]:
    """The journal's speed, and bytes to a client."""
    yield from journal_reopen.measures()
    yield from wire_poses.measures()
