"""What it takes to drive a conveyor: friction, slope, and getting the load up to speed.

The force at the drive is the main resistance of the moved mass, its lift, and its acceleration:

    F = f g m cos(b) + g l sin(b) + m a

with f the friction coefficient of the rollers or slide bed, l the load, m the load and what moves
with it (the belt of both strands, rollers reduced to the belt), and b the slope. These are the
resistances of ISO 5048:1989 and DIN 22101:2011, secondary ones left to f. Usual values of f are
0.02 to 0.03 for rollers (DIN 22101) and 0.2 to 0.35 for a belt on a slide bed.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, SceneError
from twin.physics.dynamics import GRAVITY

__all__ = ["ConveyorEnergy", "conveyor_energy", "conveyor_force"]

Array = NDArray[np.float64]


class ConveyorEnergy(NamedTuple):
    """Where the energy of a conveyor goes; all [J], all of one shape."""

    friction: Array
    lift: Array  # below 0 when the load goes down
    motion: Array  # to get up to speed; lost when it stops
    supply: Array  # from the mains: what the drive takes, over its efficiency


def conveyor_force(
    load: ArrayLike,
    *,
    friction: ArrayLike,
    slope: ArrayLike = 0.0,
    acceleration: ArrayLike = 0.0,
    moved: ArrayLike = 0.0,
) -> Array:
    """Force at the drive [N]; all arguments broadcast.

    Args:
        load: on the conveyor [kg].
        friction: coefficient f.
        slope: rise of the way [rad]; below 0 it goes down.
        acceleration: of load and belt [m/s2].
        moved: mass that moves with the load, such as the belt [kg].
    """
    load, moved, slope = (np.asarray(x, dtype=np.float64) for x in (load, moved, slope))
    mass = load + moved
    resisting = np.asarray(friction, dtype=np.float64) * GRAVITY * mass * np.cos(slope)
    lifting = GRAVITY * load * np.sin(slope)
    return resisting + lifting + mass * np.asarray(acceleration, dtype=np.float64)


def conveyor_energy(
    load: ArrayLike,
    distance: ArrayLike,
    speed: ArrayLike,
    *,
    friction: ArrayLike,
    slope: ArrayLike = 0.0,
    moved: ArrayLike = 0.0,
    starts: ArrayLike = 0,
    efficiency: float = 0.85,
    regenerative: float = 0.0,
) -> ConveyorEnergy:
    """Energy to carry loads over a distance; all arguments but the last two broadcast.

    Args:
        load: on the conveyor [kg].
        distance: along the way [m].
        speed: [m/s].
        friction: coefficient f.
        slope: rise of the way [rad]; below 0 it goes down.
        moved: mass that moves with the load, such as the belt [kg].
        starts: how often it starts from rest; what it had is lost at every stop.
        efficiency: of gear, motor and inverter, in (0, 1].
        regenerative: share of what a falling load drives that returns to the mains, in [0, 1].

    Raises:
        SceneError: efficiency or regenerative share can't be.
    """
    if not (0 < efficiency <= 1 and 0 <= regenerative <= 1):
        rule = "must have an efficiency in (0, 1] and a regenerative share in [0, 1]"
        raise SceneError([Problem("conveyor", rule, f"{efficiency:g}, {regenerative:g}")])
    distance, speed = np.asarray(distance, np.float64), np.asarray(speed, np.float64)
    rubbing = conveyor_force(load, friction=friction, slope=slope, moved=moved) * distance
    lift = GRAVITY * np.asarray(load, np.float64) * np.sin(np.asarray(slope, np.float64)) * distance
    mass = np.asarray(load, np.float64) + np.asarray(moved, np.float64)
    motion = np.asarray(starts) * mass * speed**2 / 2
    driven = np.where(rubbing > 0, rubbing / efficiency, rubbing * efficiency * regenerative)
    return ConveyorEnergy(rubbing - lift, lift, motion, driven + motion / efficiency)
