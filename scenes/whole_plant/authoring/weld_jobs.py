"""Robot programs of weld cells: the rounds of the body shop's robots, cut to fewer spots.

The cells stand as the stations of the scene body_shop do. So their robots begin the rounds that
`twin weld` planned there, turn back after some spots, and keep apart by what the planner says then.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pxr import Usd

from twin.errors import Problem, SceneError
from twin.plant import Task
from twin.plant.declared import ProgramParams
from twin.scene import open_stage
from twin.scene.values import read_values
from twin.scene.welds import WeldLine, read_weld_line
from twin.welding import Settings, Spots, Welder
from twin.welding.body import Bodies
from twin.welding.plan import Line
from twin.welding.visits import Visits

__all__ = ["Weld", "welds"]

Array = NDArray[np.float64]

BODY_SHOP = Path(__file__).parents[2] / "body_shop" / "body_shop.usda"
LINE = "/BodyShop/Line"
PATIENCE = 8.0  # s, longest that a robot waits for its neighbours


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weld:
    """A program by joint positions."""

    waypoints: Array  # shape [n, 6] [rad]
    dwells: Array  # shape [n] [s]


@cache
def _shop() -> tuple[Usd.Stage, WeldLine]:
    stage = open_stage(BODY_SHOP)
    return stage, read_weld_line(stage)


@cache
def welds(station: str, numbers: tuple[int, ...], product: str, most: int) -> tuple[Weld, ...]:
    """What robots of a cell do to a product.

    Args:
        station: of the body shop, whose rounds they begin.
        numbers: of the robots that the cell has.
        product: name of the product.
        most: spots of a robot.

    Raises:
        SceneError: they would come too near to the body, or wait too long for each other.
    """
    _, line = _shop()
    paths = [f"{LINE}/{station}/Robot_{number}" for number in numbers]
    known = {welder.path: welder for welder in line.welders}
    team, spots = [known[path] for path in paths], line.spots[product]
    visits = [_cut(_visits(welder, product, spots), most) for welder in team]
    bodies = Bodies(line.bodies[product])
    crowd = Line(spots, team, Settings(), bodies).run(visits)[team[0].station]
    if crowd.stuck or crowd.hit or crowd.waiting > PATIENCE:
        rule = f"must suit cells of {most} spots, with waits of at most {PATIENCE:g} s"
        value = f"{crowd.waiting:.1f} s" + " and the body in the way" * crowd.hit
        raise SceneError([Problem(f"{LINE}/{station} {product}", rule, value, "take another")])
    return tuple(_laid(task) for task in crowd.tasks)


def _visits(welder: Welder, product: str, spots: Spots) -> Visits:
    """What a robot of the body shop does, from its program."""
    stage, _ = _shop()
    prim = stage.GetPrimAtPath(f"{welder.path}/Programs/{product}")
    params = cast("ProgramParams", read_values(prim, ProgramParams).params)
    row = {name: k for k, name in enumerate(spots.names)}
    spot = [row[params.targets[number - 1]] for number in params.visits]
    return Visits(
        spot=np.array(spot, np.int64),
        turn=np.radians(params.turns),
        back=0.0 - np.array(params.offsets).reshape(-1, 3)[:, 0],
        branch=np.array(params.branches, np.int64),
    )


def _cut(visits: Visits, most: int) -> Visits:
    """The first visits, with so many spots; then the gun draws back."""
    spots = np.flatnonzero(visits.welds)
    if len(spots) <= most:
        return visits
    rows = np.arange(spots[most - 1] + 1)
    rows = np.append(rows, rows[-1])
    back = visits.back[rows]
    back[-1] = visits.back.max()
    return Visits(
        spot=visits.spot[rows], turn=visits.turn[rows], back=back, branch=visits.branch[rows]
    )


def _laid(task: Task) -> Weld:
    """A planned program as waypoints, and how long the robot stays at each."""
    planned = task.planned
    moving = np.any(planned.joints_from != planned.joints_to, axis=1)
    waypoints, dwells = [planned.joints_from[0]], [0.0]
    for moves, end, duration in zip(moving, planned.joints_to, planned.duration, strict=True):
        if moves:
            waypoints.append(end)
            dwells.append(0.0)
        else:
            dwells[-1] += float(duration)
    return Weld(waypoints=np.array(waypoints), dwells=np.array(dwells).round(6))
