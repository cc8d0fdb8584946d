"""Mass properties of bodies that are rigidly joined, and whether an arm has any."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem
from twin.motion.arm import Arm
from twin.motion.joint import Link

__all__ = ["joined", "missing_masses"]

Matrix = NDArray[np.float64]


def joined(parts: Iterable[tuple[Link, ArrayLike]], name: str = "") -> Link:
    """One link of several that never move against each other.

    Inertias are carried to the common centre of mass by Steiner's theorem.

    Args:
        parts: Links, each with its frame in the new link, shape [4, 4].
        name: Of the new link.
    """
    known = [(link, np.asarray(frame, dtype=np.float64)) for link, frame in parts if link.mass > 0]
    if not known:
        return Link(name=name)
    mass = np.array([link.mass for link, _ in known])
    centres = np.stack([frame[:3, :3] @ link.com + frame[:3, 3] for link, frame in known])
    com: Matrix = mass @ centres / mass.sum()
    inertia = np.zeros((3, 3))
    for (link, frame), centre in zip(known, centres, strict=True):
        turn, arm = frame[:3, :3], centre - com
        own = turn @ np.array(link.inertia) @ turn.T
        inertia += own + link.mass * (arm @ arm * np.eye(3) - np.outer(arm, arm))
    inertia = (inertia + inertia.T) / 2
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = inertia.tolist()
    x, y, z = com.tolist()
    return Link(
        name=name,
        mass=float(mass.sum()),
        com=(x, y, z),
        inertia=((xx, xy, xz), (yx, yy, yz), (zx, zy, zz)),
    )


def missing_masses(arm: Arm, where: str = "arm") -> list[Problem]:
    """Say which moving links have no mass, as torque and energy need it."""
    return [
        Problem(
            f"{where}/{name or f'link_{number}'}",
            "must have a mass for torque and energy",
            "none",
            "apply PhysicsMassAPI and give physics:mass",
        )
        for number, (name, mass) in enumerate(zip(arm.link_names, arm.mass.tolist(), strict=True))
        if number and not mass > 0
    ]
