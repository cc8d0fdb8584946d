"""What a URDF file says, after it was parsed: links with shapes and masses, joints between them.

The format is that of http://wiki.ros.org/urdf/XML. Frames are matrices; lengths are metres, angles
radians.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.motion import Link

__all__ = ["Description", "Shape", "UrdfJoint", "UrdfLink"]

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """A visual or a collision body of a link."""

    frame: Matrix  # in the link, shape [4, 4]
    form: str  # "box", "cylinder", "sphere" or "mesh"
    size: tuple[float, ...]  # edges; radius and length; radius; scale of a mesh
    mesh: str = ""  # the file's name, as the URDF has it
    colour: tuple[float, float, float] | None = None  # sRGB 0 to 1
    where: str = ""  # for messages


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UrdfLink:
    """A link: its mass in its own frame, and its shapes."""

    name: str
    body: Link
    visuals: tuple[Shape, ...]
    collisions: tuple[Shape, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UrdfJoint:
    """A joint between two links; limits are None where the file gives none."""

    name: str
    kind: str  # "revolute", "continuous", "prismatic" or "fixed"
    parent: str
    child: str
    frame: Matrix  # of the child in the parent at zero, shape [4, 4]
    axis: tuple[float, float, float]
    lower: float
    upper: float
    speed: float  # 0 where the file gives none
    effort: float  # the same

    @property
    def moves(self) -> bool:
        """Whether it is a joint at all."""
        return self.kind != "fixed"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Description:
    """A whole file."""

    file: Path
    name: str
    links: dict[str, UrdfLink]
    joints: tuple[UrdfJoint, ...]
