"""`serve`: what a live run needs: many clients, hours of service, a journal that lasts."""

from collections.abc import Iterator

from tests.bench import fanout, journal_reopen, soak, wire_poses
from tests.bench.measure import Measure

__all__ = ["measures"]


def measures() -> Iterator[Measure]:
    """What clients cost, and the journal's speed."""
    yield from fanout.measures()
    yield from soak.measures()
    yield from wire_poses.measures()
    yield from journal_reopen.measures()
