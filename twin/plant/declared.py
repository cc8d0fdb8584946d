"""Parameters of things in a scene that are not places: robots' programs, joints, and products."""

from dataclasses import dataclass

from twin.core.parameters import Params, param, relation

__all__ = ["ACTIONS", "MOVES", "CellParams", "JointParams", "ProductParams"]
__all__ += ["ProgramParams", "RobotParams", "WelderParams"]

MOVES = ("joint", "line", "arc")
ACTIONS = ("none", "weld", "seal", "pick", "place", "wait", "set")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotParams(Params):
    """A robot that stands at the station above it; its joints are those of its asset."""

    home: tuple[float, ...] = param(
        (),
        unit="deg",
        doc="Joint positions where programs of targets begin and end; m where a joint slides.",
    )


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
    """What a robot does to a product: waypoints of its joints, or targets of its tool.

    A list with an entry for each visit of a target may also have one for all, or none.
    """

    products: tuple[str, ...] = param((), doc="Names of the products it is for; empty is all.")
    waypoints: tuple[float, ...] = param(
        (),
        unit="deg",
        doc="Positions of all joints at the first waypoint, then the next; m where a joint slides.",
    )
    dwells: tuple[float, ...] = param(
        (), unit="s", ge=0, doc="Wait at each waypoint, such as the time of one weld spot."
    )
    targets: tuple[str, ...] = relation(
        doc="Frames where the tool must be, Z its approach; below a product, on the part worked on."
    )
    visits: tuple[int, ...] = param(
        (), ge=1, doc="Numbers of the targets in the order of visits; empty is each once."
    )
    moves: tuple[str, ...] = param(
        (), choices=MOVES, doc="How to come to each visit; arcs in pairs: through one, to the next."
    )
    speeds: tuple[float, ...] = param(
        (), gt=0, doc="Share of the axes' speed (joint, else 1) or m/s (line and arc, else 0.5)."
    )
    zones: tuple[float, ...] = param(
        (), unit="m", ge=0, doc="How near to pass each without a stop; 0 stops. Not where it acts."
    )
    turns: tuple[float, ...] = param(
        (), unit="deg", doc="Turn of the tool about each target's Z, such as of a gun about a spot."
    )
    offsets: tuple[float, ...] = param(
        (), unit="m", doc="Where the tool is in the turned target: x, y and z of each visit."
    )
    branches: tuple[int, ...] = param(
        (), ge=0, le=8, doc="Of the eight poses of the arm that reach a visit, which; 0 is any."
    )
    actions: tuple[str, ...] = param((), choices=ACTIONS, doc="What to do at each visit.")
    durations: tuple[float, ...] = param((), unit="s", ge=0, doc="How long each action takes.")
    signals: tuple[str, ...] = param(
        (), doc="Name of the signal to wait for or to set, among the robots of the station."
    )
    tool: tuple[str, ...] = relation(
        most=1, doc="The frame of the tool below the robot's last link; none is the flange."
    )
    interlocks: tuple[str, ...] = relation(
        doc="Zones, any prims, that only one robot of the station may be in at a time."
    )
    interlock_first: tuple[int, ...] = param(
        (),
        ge=1,
        doc="For each the visit before whose move the robot must have it; after the last, home.",
    )
    interlock_last: tuple[int, ...] = param(
        (), ge=1, doc="For each the visit after which it gives it back; after the last, home."
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CellParams(Params):
    """A cell in which parts slide, tip and pile as bodies, where the extra hifi simulates it."""

    holds: tuple[str, ...] = relation(
        most=1, doc="The place whose parts lie in the cell; a part that comes into it drops in."
    )
    drop: tuple[str, ...] = relation(
        most=1, doc="The prim in whose frame a part that comes in begins, at rest."
    )
    bodies: tuple[str, ...] = relation(
        doc="Prims that stand in the cell; every shape below them is one convex body."
    )
    robots: tuple[str, ...] = relation(
        doc="Robots whose links push parts; they move as the plant moves them."
    )
    picker: tuple[str, ...] = relation(
        most=1, doc="The robot of the station after the cell's place, if it picks the parts."
    )
    tool: tuple[str, ...] = relation(
        most=1, doc="The prim below the picking robot whose origin is the tip of its tool."
    )
    volume: tuple[str, ...] = relation(
        most=1, doc="The prim within whose bounds the tip may take hold of a part."
    )
    pick: int = param(
        1, ge=1, doc="Number of the waypoint, from 1, where the picking robot takes a part."
    )
    place: int = param(1, ge=1, doc="Number of the waypoint where it lets the part go.")
    step: float = param(
        0.002, unit="s", gt=0, le=0.1, doc="Time step of the bodies; thin parts need short ones."
    )
    capacity: int = param(
        32, ge=1, le=1000, doc="How many parts of each product can be in the cell at once."
    )
    friction: float = param(0.5, ge=0, le=5, doc="Coefficient of friction between all bodies.")
    density: float = param(7850.0, unit="kg/m3", gt=0, doc="Of the parts.")
    scatter: float = param(
        0.0, unit="deg", ge=0, le=180, doc="Largest turn of a part that comes in, about each axis."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WelderParams(Params):
    """A robot with a spot-weld gun: what a planner may let it weld."""

    guns: tuple[str, ...] = param((), doc="Classes of spots that its gun can weld.")
    steps: tuple[str, ...] = param((), doc="Steps of the work in which it welds.")
    gun_tip: tuple[str, ...] = relation(
        most=1, doc="The gun's tool frame: Z is the electrodes' axis, X the way in."
    )
