"""Parameters of things in a scene that are not places: robots' programs, joints, and products."""

from dataclasses import dataclass

from twin.core.parameters import Params, param

__all__ = ["JointParams", "ProductParams", "ProgramParams", "RobotParams"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotParams(Params):
    """A robot that stands at the station above it; its joints are those of its asset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JointParams(Params):
    """What the drive of a robot's joint can do, beyond its limits of position."""

    max_speed: float = param(
        unit="deg/s", gt=0, doc="Largest speed of the joint; m/s where it slides."
    )
    max_acceleration: float = param(unit="deg/s2", gt=0, doc="Largest acceleration; m/s2.")
    max_jerk: float = param(unit="deg/s3", gt=0, doc="Largest change of it; m/s3.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramParams(Params):
    """What a robot does to a product: joint positions one after another, each with a wait."""

    products: tuple[str, ...] = param((), doc="Names of the products it is for; empty is all.")
    waypoints: tuple[float, ...] = param(
        unit="deg", doc="Joint positions, all joints of the first waypoint, then of the next."
    )
    dwells: tuple[float, ...] = param(
        unit="s", ge=0, doc="Wait at each waypoint, such as the time of one weld spot."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductParams(Params):
    """What flows through the plant; its child prims show the forms that it takes on its way."""

    forms: tuple[str, ...] = param(
        (), doc="Names of the child prims that show it, first to last; empty is the prim itself."
    )
    carrier: bool = param(
        False, doc="Whether it carries others, as a skid does, and is no work in process."
    )
