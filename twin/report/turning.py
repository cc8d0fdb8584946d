"""The bottleneck as the turning point of a line, from blocked and starved times alone.

After Li, Chang and Ni, "Data driven bottleneck detection of manufacturing systems" (International
Journal of Production Research 47, 2009): before the bottleneck machines are blocked more than
starved, after it they are starved more than blocked, and it waits less than its neighbours. Here
the neighbours of a station are the nearest stations, past conveyors and buffers, on every branch. A
station without one on either side is no turning point; at one end of a line the other side decides.
"""

import numpy as np

from twin.core.state import BLOCKED, STARVED
from twin.plant import Plant
from twin.report.reason import machines_after, machines_before
from twin.report.roles import Role, role_of
from twin.report.totals import Totals

__all__ = ["turning_points"]


def turning_points(plant: Plant, totals: Totals) -> list[int]:
    """Rows of the stations that are turning points, the one that waits least first."""
    tends = totals.times[:, BLOCKED] - totals.times[:, STARVED]  # > 0: blocked more than starved
    waits = totals.times[:, BLOCKED] + totals.times[:, STARVED]
    stations = [row for row in range(len(plant.places)) if role_of(plant, row) is Role.MACHINE]
    found: list[int] = []
    for row in stations:
        before = np.intersect1d(machines_before(plant, row), stations)
        after = np.intersect1d(machines_after(plant, row), stations)
        near = np.concatenate([before, after]).astype(np.int64)
        if (
            len(near)
            and (tends[before.astype(np.int64)] > 0).all()
            and (tends[after.astype(np.int64)] < 0).all()
            and (waits[near] > waits[row]).all()
        ):
            found.append(row)
    return sorted(found, key=lambda row: (int(waits[row]), row))
