"""The mobile robot that brings parts, and the robots that park finished cars."""

import trimesh

from assets.author.body_agv import scanner, tread
from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import box, extrude, join, move, rectangle, rod
from assets.author.surface import Piece, made

__all__ = ["parking_robot", "part_amr", "tote"]

BEHIND = -0.42  # middle of a parking robot, from the axle that it lifts [m]
DECK = 0.30  # what the mobile robot carries stands here [m]


def tote(x: float, y: float, z: float, material: str = "ToteBlue") -> list[Piece]:
    """A small load carrier, 0.40 x 0.60 x 0.22 m, filled."""
    walls = [box((0.39, 0.02, 0.22), at=(x, y + s * 0.285, z + 0.11), bevel=0.004) for s in (-1, 1)]
    walls += [
        box((0.02, 0.55, 0.22), at=(x + s * 0.185, y, z + 0.11), bevel=0.004) for s in (-1, 1)
    ]
    rim = [box((0.40, 0.03, 0.03), at=(x, y + s * 0.285, z + 0.20), bevel=0.004) for s in (-1, 1)]
    fill = box((0.36, 0.55, 0.15), at=(x, y, z + 0.08), bevel=0)
    return [made(material, *walls, *rim), made("MachineGrey", fill)]


def part_amr() -> Asset:
    """Build the robot with its rack."""
    choices = {
        "rack": ["geometry/rack", "geometry/totes"],
        "empty_rack": ["geometry/rack"],
        "pallet": ["geometry/pallet"],
        "none": [],
    }
    return Asset(
        folder="vehicles",
        name="part_amr",
        prim="PartAmr",
        about="Mobile robot for parts, 1.40 x 0.90 x 0.30 m (sizes are a proposal), of the class "
        "that drives 1.8 m/s and charges below 20 % (source: press texts on Hyundai's Innovation "
        "Center Singapore, confidence C). Drives along +X, origin on the floor in the middle; "
        "loads stand on the frame `load` at z = 0.30. Variant load = rack, empty_rack, pallet, "
        "none.",
        groups={
            "geometry/robot": _robot(),
            "geometry/rack": _rack(),
            "geometry/totes": _totes(),
            "geometry/pallet": _pallet(),
        },
        frames={"load": Frame(xyz=(0.0, 0.0, DECK))},
        variants={"load": ("rack", choices)},
    )


def _robot() -> list[Piece]:
    def slab(inset: float, height: float, z: float, bevel: float = 0.006) -> trimesh.Trimesh:
        shape = rectangle(1.40 - 2 * inset, 0.90 - 2 * inset, 0.16 - inset, 4)
        return move(extrude(shape, height, bevel=bevel), 0, 0, z)

    lift = box((0.80, 0.56, 0.03), at=(0, 0, DECK - 0.015), bevel=0.006)
    screen = box((0.10, 0.24, 0.012), at=(0.56, 0, 0.268), bevel=0.002)
    stops = [
        rod(0.022, (-0.56, s * 0.30, 0.26), (-0.56, s * 0.30, 0.295), sides=12) for s in (-1, 1)
    ]
    eyes = box((0.012, 0.30, 0.035), at=(0.695, 0, 0.20), bevel=0.003)
    return [
        made("Rubber", slab(0.0, 0.07, 0.03)),
        made("WhitePaint", slab(0.02, 0.125, 0.105, 0.02)),
        made("LampBlue", slab(0.012, 0.016, 0.098, 0.003), name="strip"),
        made("DarkSteel", slab(0.05, 0.04, 0.225), lift),
        made("Screen", screen),
        made("SignalOrange", *stops, name="stops"),
        made("Glass", eyes),
        *scanner(0.60, 0.36, 0.14),
        *scanner(-0.60, -0.36, 0.14),
        tread(0, 0.33, 0.09, 0.06),
        tread(0, -0.33, 0.09, 0.06),
    ]


def _rack() -> list[Piece]:
    """A flow rack of three shelves on castors' feet, beside and over the robot."""
    posts = [pair(box((0.04, 0.04, 1.42), at=(x, 0.44, 0.81), bevel=0.006)) for x in (-0.64, 0.64)]
    shelves, rails = [], []
    for z in (0.36, 0.82, 1.28):
        shelves.append(box((1.28, 0.86, 0.02), at=(0, 0, z), bevel=0.004))
        rails.append(pair(box((1.30, 0.03, 0.05), at=(0, 0.44, z + 0.02), bevel=0.005)))
    rails.append(pair(box((1.30, 0.03, 0.04), at=(0, 0.44, 1.50), bevel=0.005)))
    feet = [tread(x, s * 0.44, 0.05, 0.03) for x in (-0.64, 0.64) for s in (-1, 1)]
    card = box((0.012, 0.22, 0.15), at=(0.66, 0, 1.40), bevel=0.002)
    bar = box((0.03, 0.86, 0.03), at=(0.645, 0, 1.40), bevel=0.004)
    return [
        made("LightGrey", *posts, *rails, bar),
        made("Zinc", *shelves),
        made("WhitePaint", card),
        *feet,
    ]


def _totes() -> list[Piece]:
    pieces = []
    for level, z in enumerate((0.37, 0.83, 1.29)):
        for k, x in enumerate((-0.42, 0.0, 0.42)):
            if (level, k) == (2, 1):
                continue
            look = ("ToteBlue", "LightGrey", "ToteBlue", "SafetyYellow")[(2 * level + k) % 4]
            pieces += tote(x, 0.0, z, look)
    return pieces


def _pallet() -> list[Piece]:
    """A pallet with two stacks of cardboard boxes."""
    slats = [
        box((1.20, 0.10, 0.022), at=(0, y, DECK + 0.13), bevel=0.003)
        for y in (-0.35, -0.175, 0.0, 0.175, 0.35)
    ]
    blocks = [
        box((0.10, 0.10, 0.12), at=(x, y, DECK + 0.06), bevel=0.004)
        for x in (-0.5, 0.0, 0.5)
        for y in (-0.33, 0.0, 0.33)
    ]
    cartons = [
        box((0.57, 0.78, 0.36), at=(x, 0, DECK + 0.325 + 0.37 * k), bevel=0.006)
        for x in (-0.295, 0.295)
        for k in range(2)
    ]
    tape = [
        box((0.06, 0.785, 0.363), at=(x, 0, DECK + 0.325 + 0.37 * k), bevel=0)
        for x in (-0.295, 0.295)
        for k in range(2)
    ]
    return [
        made("Cardboard", *slats, *blocks, *cartons),
        made("WhitePaint", *tape),
    ]


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
            "geometry/robot": _parking_body(),
            "geometry/arms_out": _arms(out=True),
            "geometry/arms_in": _arms(out=False),
        },
        variants={"arms": ("out", {"out": ["geometry/arms_out"], "in": ["geometry/arms_in"]})},
    )


def _parking_body() -> list[Piece]:
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
