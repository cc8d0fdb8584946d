"""The bottleneck as the turning point of a line, from blocked and starved times alone.

After Li, Chang and Ni, "Data driven bottleneck detection of manufacturing systems" (International
Journal of Production Research 47, 2009): before the bottleneck machines are blocked more than
starved, after it they are starved more than blocked, and it waits less than its neighbours. Here
the neighbours of a station are the nearest stations, past conveyors and buffers, on every branch. A
station without one on either side is no turning point; at one end of a line the other side decides.
"""

from twin.core.state import BLOCKED, STARVED
from twin.plant import Plant
from twin.report.neighbours import Neighbours
from twin.report.totals import Totals

__all__ = ["turning_points"]


def turning_points(plant: Plant, totals: Totals) -> list[int]:
    """Rows of the stations that are turning points, the one that waits least first."""
    blocked, starved = totals.times[:, BLOCKED].tolist(), totals.times[:, STARVED].tolist()
    waits = [b + s for b, s in zip(blocked, starved, strict=True)]
    near = Neighbours(plant)
    stations = set(near.stations)
    found: list[int] = []
    for row in near.stations:
        before = [each for each in near.before(row) if each in stations]
        after = [each for each in near.after(row) if each in stations]
        turns = all(blocked[each] > starved[each] for each in before) and all(
            starved[each] > blocked[each] for each in after
        )
        others = [*before, *after]
        if others and turns and all(waits[each] > waits[row] for each in others):
            found.append(row)
    return sorted(found, key=lambda row: (waits[row], row))
