"""A 7 m station of the line: floor, roller bed and fixtures, equipped for one of five jobs."""

import math
from collections.abc import Sequence

from assets.author.conveyor import roller_bed
from assets.author.layout import PEDESTAL, PITCH_STATION, SKID_TOP, STATION_HALF_WIDTH
from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import box, extrude, join, move, rod, turn
from assets.author.station_equipment import framing_buck, load_posts, roof_portal, vision_portal
from assets.author.surface import Piece, made

__all__ = ["pedestal", "robot_pedestal", "station"]

Spots = Sequence[tuple[float, float]]
ROBOTS: dict[str, Spots] = {  # x, y of the robots' bases [m]
    "load": (),
    "respot": tuple((x, y) for y in (2.8, -2.8) for x in (2.2, 0.0, -2.2)),
    "framing": tuple((x, y) for y in (2.9, -2.9) for x in (2.7, 0.9, -0.9, -2.7)),
    "roof": tuple((x, y) for y in (2.8, -2.8) for x in (1.7, -1.7)),
    "vision": (),
}
HALF = math.sqrt(0.5)
LEFT, RIGHT = (HALF, 0.0, 0.0, -HALF), (HALF, 0.0, 0.0, HALF)  # face the line from y > 0, y < 0


def pedestal(x: float = 0.0, y: float = 0.0) -> list[Piece]:
    """A welded robot pedestal with foot plate and gussets."""
    foot = box((0.95, 0.95, 0.025), at=(x, y, 0.0125), bevel=0.004)
    top = box((0.80, 0.72, 0.035), at=(x, y, PEDESTAL - 0.0175), bevel=0.006)
    column = box((0.60, 0.56, PEDESTAL - 0.05), at=(x, y, PEDESTAL / 2 - 0.005), bevel=0.03)
    gusset = turn(extrude([(0, 0), (0.15, 0), (0.02, 0.22), (0, 0.22)], 0.016, bevel=0), "x", 90)
    gussets = [turn(move(gusset, 0.29, 0.008, 0.024), "z", angle) for angle in (0, 90, 180, 270)]
    bolts = [rod(0.016, (x + sx * 0.42, y + sy * 0.42, 0.025),
        (x + sx * 0.42, y + sy * 0.42, 0.055), sides=6, bevel=0)
             for sx in (-1, 1) for sy in (-1, 1)]  # fmt: skip
    return [
        made("MachineGrey", foot, top, column, *(move(g, x, y) for g in gussets)),
        made("BareSteel", *bolts),
    ]


def robot_pedestal() -> Asset:
    """Build the pedestal as an asset of its own."""
    return Asset(
        folder="robots",
        name="robot_pedestal",
        prim="RobotPedestal",
        about="Steel pedestal; a robot stands on it at z = 0.30.",
        groups={"geometry": pedestal()},
    )


def station() -> Asset:
    """Build the station with its variants."""
    equipment = {
        "load": load_posts(),
        "respot": [],
        "framing": framing_buck(),
        "roof": roof_portal(),
        "vision": vision_portal(),
    }
    groups = {"geometry/bed": [*_floor(), *roller_bed(PITCH_STATION, 0.58), *_fixtures()]}
    frames = {
        "mounts/light_mast": Frame(xyz=(3.15, 1.55, 0.0)),
        "mounts/cabinet": Frame(xyz=(0.0, 4.1, 0.0), wxyz=LEFT),
    }
    choices = {}
    for name, spots in ROBOTS.items():
        pieces = [
            *equipment[name],
            *(piece for spot in spots for piece in pedestal(*spot)),
            *_zones(spots),
        ]
        groups[f"geometry/{name}"] = pieces
        for number, (x, y) in enumerate(spots, start=1):
            frames[f"mounts/{name}/robot_{number}"] = Frame(
                xyz=(x, y, PEDESTAL), wxyz=LEFT if y > 0 else RIGHT
            )
        choices[name] = [f"geometry/{name}", *([f"mounts/{name}"] if spots else [])]
    return Asset(
        folder="stations",
        name="station",
        prim="Station",
        about="One station of a body line, 7.0 m along X, origin on the floor in its middle; "
        "rollers carry at z = 0.40. Robots go to the frames under mounts.",
        groups=groups,
        frames=frames,
        variants={"equipment": ("respot", choices)},
    )


def _floor() -> list[Piece]:
    """Painted floor, hazard stripes along the fence, borders, cable duct covers."""
    half, wide = PITCH_STATION / 2, STATION_HALF_WIDTH
    paint = box((PITCH_STATION, 2 * wide, 0.008), at=(0, 0, 0.004), bevel=0)
    yellow = [
        box((PITCH_STATION, 0.16, 0.008), at=(0, s * (wide - 0.12), 0.012), bevel=0)
        for s in (-1, 1)
    ]
    yellow += [box((0.08, 2 * wide - 0.4, 0.006), at=(half - 0.06, 0, 0.011), bevel=0)]
    stripe = extrude([(0, 0), (0.14, 0), (0.30, 0.16), (0.16, 0.16)], 0.004, bevel=0)
    black = [
        move(stripe, -half + 0.28 * k, s * (wide - 0.12) - 0.08, 0.0175)
        for k in range(25) for s in (-1, 1)
        if 0.28 * k + 0.30 <= PITCH_STATION
    ]  # fmt: skip
    duct = [
        box((PITCH_STATION, 0.34, 0.012), at=(0, s * 3.75, 0.010), bevel=0.002) for s in (-1, 1)
    ]
    return [
        made("FloorPaint", paint),
        made("SafetyYellow", *yellow),
        made("MarkingBlack", *black),
        made("DarkSteel", *duct),
    ]


def _zones(spots: Spots) -> list[Piece]:
    """A yellow frame on the floor round every robot."""
    bars = []
    for x, y in spots:
        for s in (-1, 1):
            bars.append(box((1.36, 0.06, 0.006), at=(x, y + s * 0.65, 0.0115), bevel=0))
            bars.append(box((0.06, 1.24, 0.006), at=(x + s * 0.65, y, 0.0115), bevel=0))
    return [made("SafetyYellow", *bars)] if bars else []


def _fixtures() -> list[Piece]:
    """Locating towers with clamps at the rockers, and lifters between the rollers."""
    towers, arms, clamps, pads = [], [], [], []
    for x in (0.86, -0.74):
        y = 1.22
        towers += [
            box((0.30, 0.26, 0.025), at=(x, y, 0.02), bevel=0.004),
            box((0.15, 0.15, 0.56), at=(x, y, 0.31), bevel=0.012),
        ]
        towers.append(box((0.20, 0.20, 0.03), at=(x, y, 0.60), bevel=0.006))
        arms.append(box((0.10, 0.30, 0.09), at=(x, y - 0.10, SKID_TOP + 0.02), bevel=0.012))
        arms.append(box((0.08, 0.10, 0.16), at=(x, y + 0.03, SKID_TOP + 0.10), bevel=0.012))
        clamps.append(
            rod(0.032, (x, y + 0.09, SKID_TOP - 0.18), (x, y + 0.09, SKID_TOP + 0.06), sides=14)
        )
        clamps.append(box((0.045, 0.20, 0.05), at=(x, y - 0.10, SKID_TOP + 0.15), bevel=0.01))
        pads.append(box((0.06, 0.05, 0.05), at=(x, y - 0.24, SKID_TOP + 0.035), bevel=0.008))
    lifters, pins = [], []
    for x in (1.16, -1.74):
        lifters.append(box((0.18, 0.18, 0.30), at=(x, 0.33, 0.15), bevel=0.012))
        pins.append(rod(0.035, (x, 0.33, 0.30), (x, 0.33, 0.40), sides=16))
    return [
        made("FixtureBlue", pair(join(*towers, *lifters))),
        made("SignalOrange", pair(join(*arms))),
        made("DarkSteel", pair(join(*clamps))),
        made("BareSteel", pair(join(*pads, *pins))),
    ]  # fmt: skip
