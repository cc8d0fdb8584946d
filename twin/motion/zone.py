"""Zones: how near a waypoint the tool must pass, as shares of the lines before and after it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.motion.arm import Arm
from twin.motion.lever import bend, levers, tool_rows

__all__ = ["WIDEST", "zone_shares"]

Array = NDArray[np.float64]

WIDEST = 0.5  # a zone takes at most half of a line, so two never meet


def zone_shares(
    arm: Arm, waypoints: ArrayLike, radius: ArrayLike, *, tool: ArrayLike | None = None
) -> Array:
    """Turn zone radii of the tool into shares of the lines before and after each waypoint.

    While the robot is in a zone, its tool centre is never further than the radius from where it is
    at the waypoint. That holds by the levers of the joints, not by samples.

    Args:
        arm: Gives the joints.
        waypoints: Joint positions [rad], shape [n, J].
        radius: Of each zone [m], shape [n] or one for all.
        tool: Pose of the tool in the flange, shape [4, 4]; None: the flange.

    Returns:
        Shares in [0, 0.5], shape [n, 2].
    """
    points = np.asarray(waypoints, dtype=np.float64)
    radius = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(points))[:, None]
    ways = np.zeros((len(points), 2, points.shape[1]))
    ways[1:, 0] = ways[:-1, 1] = np.diff(points, axis=0)
    straight = np.einsum("nij,nkj->nki", tool_rows(arm, points, tool), ways)
    one = np.linalg.norm(straight, axis=2)
    two = bend(levers(arm, tool), ways)
    root = one + np.sqrt(one * one + 4 * two * radius)  # of one z + two z^2 = radius
    return np.minimum(2 * radius / np.where(root > 0, root, np.inf), WIDEST)
