"""What a vehicle can do on the road: speeds, turns and size."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.core.directory import Directory, Surroundings
from twin.core.lane_shape import DIFFERENTIAL, KEEP_HEADING, heading_at
from twin.core.parameters import Params, param
from twin.core.road_map import road_map
from twin.core.world import LATER
from twin.errors import Problem

__all__ = ["CHASSIS_COLUMNS", "DRIVES", "Chassis", "chassis_problems", "load_chassis"]
__all__ += ["place_chassis"]

DRIVES = (DIFFERENTIAL, *KEEP_HEADING)
CHASSIS_COLUMNS: list[tuple[str, Any]] = [
    ("drive", "i8"),
    ("at", "i8"),  # waypoint that it stands at, or has passed last
    ("front", "i8"),  # last waypoint that it has reserved
    ("front_lane", "i8"),  # that leads to its front
    ("destination", "i8"),
    ("detour", "i8"),  # 1 while it keeps to a way of its own
    ("detour_first", "i8"),  # numbers: its own lane from each waypoint
    ("lane", "i8"),  # that it drives on, or waits for
    ("stopping", "i8"),  # 1 if it will stop at its front
    ("reserved", "i8"),  # from `at` to its front [um]
    ("tail", "i8"),  # 1 until it has left `at`
    ("rest", "i8"),  # 1 if it began its lane from rest
    ("run_from", "i8"),  # tick at which it would have begun its lane at full speed
    ("clear_at", "i8"),  # tick at which its tail leaves `at`; LATER: with its lane
    ("decide_at", "i8"),  # tick at which it must brake or reserve; LATER for none on this lane
    ("halted_at", "i8"),
    ("pace", "i8"),  # ticks of all lanes of a circle that it frees, or 0
    ("pace_turn", "i8"),  # ticks of all turns before that
    ("drawn_at", "i8"),  # its motion on its lane since this tick, as in a motion segment
    ("drawn_ticks", "i8"),
    ("drawn_from", "f8"),  # m
    ("drawn_to", "f8"),
    ("drawn_ramp", "f8"),  # s
    ("next_waiting", "i8"),
    ("heading", "i8"),  # with which it stands [urad]
    ("arrival", "i8"),  # its number among the headings at its waypoint
    ("style", "i8"),  # 0 if it looks along its lanes, else which of the fixed headings it keeps
    ("speed", "f8"),  # m/s, which is um per tick
    ("acceleration", "f8"),
    ("lateral", "f8"),  # largest acceleration on curves [m/s2], or 0
    ("turn_speed", "f8"),  # rad/s, or 0 if it needs no time to turn
    ("creep_speed", "f8"),  # m/s, or 0
    ("vehicle_length", "f8"),  # um
]


@dataclass(frozen=True, kw_only=True)
class Chassis(Params):
    """The parameters of something that drives."""

    speed: float = param(1.5, unit="m/s", gt=0, le=100, doc="Speed on lanes without a lower limit.")
    acceleration: float = param(
        0.0, unit="m/s2", ge=0, le=100, doc="Of starts and stops; 0: they take no time."
    )
    lateral_acceleration: float = param(
        0.0, unit="m/s2", ge=0, le=100, doc="Limit on curves, v^2 / r; 0: none."
    )
    creep_speed: float = param(
        0.0, unit="m/s", ge=0, le=100, doc="Speed on the last metre to a dock; 0: no creeping."
    )
    drive: str = param(
        DIFFERENTIAL,
        choices=DRIVES,
        doc="Whether it looks along its lane and turns on the spot, or never turns.",
    )
    turn_speed: float = param(
        0.0, unit="rad/s", ge=0, le=100, doc="Of a turn on the spot; 0: it takes no time."
    )
    turning_radius: float = param(
        0.0, unit="m", ge=0, le=1000, doc="Least radius of a curve that it can take."
    )
    length: float = param(
        0.0, unit="m", ge=0, le=100, doc="How far it must leave a waypoint to give it free."
    )
    width: float = param(
        0.0, unit="m", ge=0, le=100,
        doc="Of its outline, as long as its length; then no vehicles ever touch, or `twin check` "
        "says where they could. 0: unknown.",
    )  # fmt: skip


def load_chassis(row: Any, params: Chassis) -> None:
    """Write the parameters into a place's row."""
    row.speed = params.speed
    row.acceleration = params.acceleration
    row.lateral = params.lateral_acceleration
    row.creep_speed = params.creep_speed
    row.turn_speed = params.turn_speed if params.drive == DIFFERENTIAL else 0.0
    row.vehicle_length = params.length * 1e6
    row.clear_at = row.decide_at = LATER
    row.next_waiting = -1


def place_chassis(row: Any, params: Chassis, home: str, directory: Directory) -> None:
    """Let it stand at a waypoint, looking along the first lane from there."""
    around = directory.around
    row.at = row.front = row.destination = directory.row(home)
    row.heading = heading_at(home, around.params, around.xyz)
    if params.drive != DIFFERENTIAL:
        row.style = 1 + around.once(road_map).fixed.index(row.heading)
    row.detour_first = directory.keep([-1] * len(around.once(road_map).knots))


def chassis_problems(params: Chassis, around: Surroundings) -> Iterator[Problem]:
    """It turns only if it can, and creeps only as fast as it drives; its outline is whole."""
    if params.width > 0.0 and params.length == 0.0:
        yield Problem(f"{around.path} twin:length", "must be > 0 where twin:width is", "0")
    if params.drive != DIFFERENTIAL and params.turn_speed > 0.0:
        where, rule = f"{around.path} twin:turnSpeed", f"must be 0 for {params.drive} drive"
        yield Problem(where, rule, f"{params.turn_speed:g}")
    if params.creep_speed > params.speed:
        rule = f"must be <= {params.speed:g} m/s, its speed"
        yield Problem(f"{around.path} twin:creepSpeed", rule, f"{params.creep_speed:g}")
