"""Automated storage: bays of racks for pallets and for bodies, and the crane of an aisle."""

import trimesh

from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import box, join, move, rod
from assets.author.surface import Piece, made

__all__ = ["asrs_rack", "body_rack", "stacker_crane"]

Solid = trimesh.Trimesh
HEIGHT = 12.0
SHALLOW, DEEP = (0.86, 1.98), (1.55, 3.75)  # |y| of the posts of pallet and body racks [m]


def _frame(x: float, rows: tuple[float, float], size: float) -> tuple[Solid, Solid, Solid]:
    """Posts, bracing with feet, and the tie over the aisle, in the plane at x."""
    posts = [box((size, size, HEIGHT), at=(x, y, HEIGHT / 2), bevel=0.008) for y in rows]
    braces = [box((size + 0.1, size + 0.1, 0.02), at=(x, y, 0.01), bevel=0.003) for y in rows]
    for k in range(6):
        a, b = rows if k % 2 else rows[::-1]
        low, high = HEIGHT * k / 6 + 0.1, HEIGHT * (k + 1) / 6
        braces.append(rod(0.018, (x, a, low), (x, b, high), sides=5, bevel=0))
    tie = box((size, 2 * rows[1] + size, 0.14), at=(x, 0, HEIGHT - 0.05), bevel=0.008)
    return pair(join(*posts)), pair(join(*braces)), tie


def _end(x: float, rows: tuple[float, float], size: float, look: str) -> list[Piece]:
    """The frame that closes the last bay."""
    posts, braces, tie = _frame(x, rows, size)
    return [made(look, posts), made("Zinc", braces), made("LightGrey", tie)]


def asrs_rack() -> Asset:
    """Build both sides of an aisle, one bay long, with pallets."""
    levels = [0.35 + 1.62 * k for k in range(7)]
    beam = pair(join(*(box((2.96, 0.06, 0.12), at=(0, y, -0.06), bevel=0.006) for y in SHALLOW)))
    beams = [move(beam, 0, 0, z) for z in levels]
    decks, load, boxes, straps = [], [], [], []
    for number, z in enumerate(levels):
        decks += [
            pair(box((0.08, 1.16, 0.03), at=(x, 1.42, z + 0.0), bevel=0))
            for x in (-1.1, -0.3, 0.3, 1.1)
        ]
        for s in (-1, 1):
            for k, x in enumerate((-0.70, 0.70)):
                fill = (number * 5 + k * 3 + (s > 0) * 2) % 7
                if fill in {2, 5}:
                    continue
                tall = (0.95, 1.15, 0.80)[fill % 3]
                load.append(box((1.20, 1.0, 0.14), at=(x, s * 1.42, z + 0.085), bevel=0.006))
                target = boxes if fill in {0, 3, 6} else straps
                target.append(
                    box((1.16, 0.96, tall), at=(x, s * 1.42, z + 0.155 + tall / 2), bevel=0.02)
                )
    posts, braces, tie = _frame(-1.5, SHALLOW, 0.10)
    floor = [box((3.0, 0.10, 0.06), at=(0, 0, 0.03), bevel=0.006)]
    head = [box((3.0, 0.10, 0.12), at=(0, 0, HEIGHT - 0.14), bevel=0.008)]
    guard = [pair(box((0.14, 0.14, 0.6), at=(-1.5, 0.86, 0.3), bevel=0.01))]
    return Asset(
        folder="storage",
        name="asrs_rack",
        prim="AsrsRack",
        about="One bay of an automated pallet store: both sides of an aisle along X, 3.0 m long, "
        "4.1 m wide, 12 m high, 7 levels of 4 pallets (sizes are a proposal); repeat every 3 m. "
        "Origin on the floor in the middle of the aisle; the crane runs at y = 0. Variants: load = "
        "pallets, empty; end = open, closed (for the last bay).",
        groups={
            "geometry/rack": [
                made("FixtureBlue", posts),
                made("Zinc", braces, *decks),
                made("SignalOrange", *beams),
                made("BareSteel", *floor, *head),
                made("LightGrey", tie),
                made("SafetyYellow", *guard),
            ],
            "geometry/end": _end(1.5, SHALLOW, 0.10, "FixtureBlue"),
            "geometry/pallets": [
                made("Cardboard", *load, *boxes),
                made("ToteBlue", *straps),
            ],
        },
        variants={
            "load": ("pallets", {"pallets": ["geometry/pallets"], "empty": []}),
            "end": ("open", {"open": [], "closed": ["geometry/end"]}),
        },
    )


def body_rack() -> Asset:
    """Build both sides of an aisle of the store for painted bodies, one bay long."""
    levels = [0.60 + 2.35 * k for k in range(5)]
    beam = join(*(box((5.9, 0.10, 0.18), at=(0, y, -0.29), bevel=0.008) for y in DEEP))
    cross = [box((0.10, 2.2, 0.12), at=(x, 2.65, -0.36), bevel=0.006) for x in (-1.5, 1.5)]
    rail = join(*(box((5.9, 0.12, 0.10), at=(0, y, -0.25), bevel=0.008) for y in (2.15, 3.15)))
    beams = [move(pair(join(beam, *cross)), 0, 0, z) for z in levels]
    rails = [move(pair(rail), 0, 0, z) for z in levels]
    posts, braces, tie = _frame(-3.0, DEEP, 0.16)
    floor = [pair(box((6.0, 0.10, 0.06), at=(0, 0.6, 0.03), bevel=0.006))]
    guard = [pair(box((0.22, 0.22, 0.8), at=(-3.0, 1.55, 0.4), bevel=0.01))]
    cells = {
        f"cells/{side}_{number}": Frame(xyz=(0.0, y, z))
        for number, z in enumerate(levels, start=1)
        for side, y in (("left", 2.65), ("right", -2.65))
    }
    return Asset(
        folder="storage",
        name="body_rack",
        prim="BodyRack",
        about="One bay of the store for painted bodies on skids: both sides of an aisle along X, "
        "6.0 m long, 7.7 m wide, 12 m high, 5 levels (sizes are a proposal); repeat every 6 m. "
        "Origin on the floor in the middle of the aisle. The frames under cells are where the "
        "datum of a body is. Variant end = open, closed (for the last bay).",
        groups={
            "geometry/end": _end(3.0, DEEP, 0.16, "LightGrey"),
            "geometry/rack": [
                made("LightGrey", posts, tie),
                made("Zinc", braces),
                made("FixtureBlue", *beams),
                made("BareSteel", *rails, *floor),
                made("SafetyYellow", *guard),
            ],
        },
        frames=cells,
        variants={"end": ("open", {"open": [], "closed": ["geometry/end"]})},
    )


def stacker_crane() -> Asset:
    """Build the crane of an aisle."""
    top = HEIGHT - 0.25
    base = box((2.9, 0.42, 0.36), at=(0, 0, 0.34), bevel=0.02)
    wheels = [rod(0.20, (x, -0.09, 0.26), (x, 0.09, 0.26), sides=20) for x in (-1.25, 1.25)]
    masts = [
        box((0.28, 0.34, top - 0.5), at=(x, 0, top / 2 + 0.25), bevel=0.014) for x in (-0.95, 0.95)
    ]
    head = box((2.3, 0.30, 0.26), at=(0, 0, top + 0.06), bevel=0.014)
    guide = [
        box((0.03, 0.05, top - 0.8), at=(s * 0.80, 0, top / 2 + 0.2), bevel=0) for s in (-1, 1)
    ]
    hoist = [box((0.55, 0.46, 0.60), at=(-1.36, 0, 1.0), bevel=0.02)]
    drum = [rod(0.17, (-1.36, -0.30, 1.0), (-1.36, 0.30, 1.0), sides=16)]
    cabinet = box((0.44, 0.60, 1.7), at=(1.36, 0, 1.37), bevel=0.014)
    ropes = [rod(0.010, (x, 0, 3.2), (x, 0, top), sides=5, bevel=0) for x in (-0.70, 0.70)]
    ladder = [rod(0.015, (-1.12, d, 1.4), (-1.12, d, top), sides=5, bevel=0) for d in (-0.18, 0.18)]
    ladder += [
        rod(0.010, (-1.12, -0.18, 1.6 + 0.5 * k), (-1.12, 0.18, 1.6 + 0.5 * k), sides=4, bevel=0)
        for k in range(20)
    ]
    z = 2.4
    carriage = [box((1.56, 0.70, 0.14), at=(0, 0, z), bevel=0.014)]
    carriage += [box((0.16, 0.44, 0.90), at=(s * 0.70, 0, z + 0.40), bevel=0.014) for s in (-1, 1)]
    forks = [box((0.16, 1.15, 0.06), at=(x, 0, z + 0.11), bevel=0.006) for x in (-0.3, 0.3)]
    load = box((1.16, 0.96, 0.85), at=(0, 0, z + 0.14 + 0.14 + 0.425), bevel=0.02)
    wood = box((1.20, 1.0, 0.14), at=(0, 0, z + 0.21), bevel=0.006)
    return Asset(
        folder="storage",
        name="stacker_crane",
        prim="StackerCrane",
        about="Crane of an automated store, 2.9 m along X, 11.9 m high (sizes are a proposal). Its "
        "origin is on the floor under the mast, in the middle of the aisle; it runs along X. The "
        "carriage is the prim geometry/carriage, to be moved along Z, drawn at z = 2.4. Variant "
        "load = pallet, none.",
        groups={
            "geometry/mast": [
                made("SafetyYellow", base, *masts, head),
                made("BareSteel", *guide, *wheels),
                made("MachineGrey", *hoist, *drum),
                made("LightGrey", cabinet),
                made("DarkSteel", *ropes, *ladder),
            ],
            "geometry/carriage": [
                made("SignalOrange", *carriage),
                made("BareSteel", *forks),
            ],
            "geometry/pallet": [made("Cardboard", wood), made("ToteBlue", load)],
        },
        variants={"load": ("pallet", {"pallet": ["geometry/pallet"], "none": []})},
    )
