"""The robots that park finished cars."""

from assets.author.body_agv import tread
from assets.author.package import Asset
from assets.author.sheet import pair
from assets.author.solids import (
    box,
    extrude,
    join,
    move,
    rectangle,
    rod,
)
from assets.author.surface import Piece, made

__all__ = ["parking_robot"]

BEHIND = -0.42  # middle of the robot, from the axle that it lifts [m]


def parking_robot() -> Asset:
    """Build one robot of a pair; its arms lift the two tyres of an axle."""
    return Asset(
        folder="vehicles",
        name="parking_robot",
        prim="ParkingRobot",
        about="One parking robot of a pair, 1.90 x 1.20 x 0.11 m (source: press texts on Hyundai "
        "Wia's robot, 1.2 m/s, lifts a tyre about 5 cm; confidence C; the arms are a proposal). "
        "Origin on the floor under the axle that it lifts, arms round the tyres, the middle of the "
        "robot 0.42 m behind it; the robot of the other axle is turned by 180 deg. "
        "Variant arms = out, in.",
        groups={
            "geometry/robot": _body(),
            "geometry/arms_out": _arms(out=True),
            "geometry/arms_in": _arms(out=False),
        },
        variants={"arms": ("out", {"out": ["geometry/arms_out"], "in": ["geometry/arms_in"]})},
    )


def _body() -> list[Piece]:
    shape = rectangle(1.90, 1.20, 0.20, 5)
    inner = rectangle(1.70, 1.00, 0.14, 5)
    lower = move(extrude(shape, 0.055, bevel=0.012), BEHIND, 0, 0.018)
    upper = move(extrude(shape * 0.985, 0.022, bevel=0.010), BEHIND, 0, 0.079)
    light = move(extrude(shape * 0.99, 0.008, bevel=0.002), BEHIND, 0, 0.072)
    plate = move(extrude(inner, 0.008, bevel=0.003), BEHIND, 0, 0.100)
    logo = box((0.46, 0.06, 0.002), at=(BEHIND, 0.0, 0.1085), bevel=0)
    bars = [box((0.06, 0.66, 0.002), at=(BEHIND + s * 0.68, 0, 0.1085), bevel=0) for s in (-1, 1)]
    wheels = [tread(BEHIND + x, s * 0.40, 0.035, 0.09) for x in (-0.6, 0.6) for s in (-1, 1)]
    eyes = [
        box((0.03, 0.30, 0.022), at=(BEHIND + s * 0.94, 0, 0.045), bevel=0.004) for s in (-1, 1)
    ]
    return [
        made("DarkSteel", lower),
        made("LampBlue", light, name="strip"),
        made("WhitePaint", upper),
        made("MachineGrey", plate),
        made("SafetyYellow", logo, *bars),
        made("Glass", *eyes),
        *wheels,
    ]


def _arms(*, out: bool) -> list[Piece]:
    """Four arms; out, they reach past the tyres."""
    parts, rollers = [], []
    for x in (-0.30, 0.30):
        if out:
            arm = box((0.085, 0.44, 0.045), at=(x, 0.72, 0.050), bevel=0.01)
            roller = rod(
                0.024,
                (x - (0.05 if x > 0 else -0.05), 0.62, 0.055),
                (x - (0.05 if x > 0 else -0.05), 0.93, 0.055),
                sides=10,
            )
        else:
            arm = box((0.40, 0.07, 0.045), at=(x * 1.5, 0.575, 0.050), bevel=0.01)
            roller = rod(
                0.02, (x * 1.5 - 0.15, 0.60, 0.055), (x * 1.5 + 0.15, 0.60, 0.055), sides=10
            )
        parts.append(pair(arm))
        rollers.append(pair(join(roller)))
    return [made("SafetyYellow", *parts), made("BareSteel", *rollers)]
