"""`flow`: the engine against its peers, each on the same work in the same run.

The reference line against SimPy and cimba, a line of 5,000 stations against one of 10, and a whole
plant against the same plant in SimPy.
"""

from collections.abc import Iterator

from tests.bench import line_contest, long_line, whole_plant
from tests.bench.measure import Measure

__all__ = ["measures"]


def measures() -> Iterator[Measure]:
    """The line, its growth, the plant."""
    yield from line_contest.measures()
    yield from long_line.measures()
    yield from whole_plant.measures()
