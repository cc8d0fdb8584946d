"""The mobile robot that brings parts."""

import trimesh

from assets.author.body_agv import scanner, tread
from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import box, extrude, move, rectangle, rod
from assets.author.surface import Piece, made

__all__ = ["part_amr", "tote"]

DECK = 0.30  # what the mobile robot carries stands here [m]


def tote(x: float, y: float, z: float, material: str = "ToteBlue") -> list[Piece]:
    """A small load carrier, 0.40 x 0.60 x 0.22 m, filled."""
    walls = [box((0.39, 0.02, 0.22), at=(x, y + s * 0.285, z + 0.11), bevel=0) for s in (-1, 1)]
    walls += [box((0.02, 0.55, 0.22), at=(x + s * 0.185, y, z + 0.11), bevel=0) for s in (-1, 1)]
    rim = [box((0.40, 0.03, 0.03), at=(x, y + s * 0.285, z + 0.20), bevel=0) for s in (-1, 1)]
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
