"""Automated storage: rack bays for pallets and for bodies, the crane, and a charger for vehicles."""

from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import box, join, move, rod
from assets.author.surface import Piece, made

__all__ = ["asrs_rack", "body_rack", "charger", "stacker_crane"]

HEIGHT = 12.0


def _uprights(xs: tuple[float, ...], ys: tuple[float, float], height: float, size: float) -> list:
    """Posts of one side with diagonal bracing across the depth."""
    y0, y1 = ys
    posts = [box((size, size, height), at=(x, y, height / 2), bevel=0.008) for x in xs for y in ys]
    feet = [
        box((size + 0.1, size + 0.1, 0.02), at=(x, y, 0.01), bevel=0.003) for x in xs for y in ys
    ]
    steps = round(height / 2.0)
    rods = []
    for x in xs:
        for k in range(steps):
            a, b = (y0, y1) if k % 2 else (y1, y0)
            rods.append(
                rod(
                    0.018,
                    (x, a, height * k / steps + 0.1),
                    (x, b, height * (k + 1) / steps),
                    sides=5,
                    bevel=0,
                )
            )
    return [join(*posts), join(*feet, *rods)]


def asrs_rack() -> Asset:
    """Build both sides of an aisle, one bay long, with pallets."""
    levels = [0.35 + 1.62 * k for k in range(7)]
    beams, decks, load, boxes, straps = [], [], [], [], []
    for number, z in enumerate(levels):
        for y in (0.86, 1.98):
            beams.append(pair(box((2.96, 0.06, 0.12), at=(0, y, z - 0.06), bevel=0.006)))
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
    posts, braces = _uprights((-1.48,), (0.86, 1.98), HEIGHT, 0.10)
    floor = [box((3.0, 0.10, 0.06), at=(0, 0, 0.03), bevel=0.006)]
    head = [box((3.0, 0.10, 0.12), at=(0, 0, HEIGHT - 0.14), bevel=0.008)]
    ties = [box((0.10, 4.06, 0.12), at=(-1.48, 0, HEIGHT - 0.02), bevel=0.008)]
    guard = [pair(box((0.14, 0.14, 0.6), at=(-1.48, 0.86, 0.3), bevel=0.01))]
    return Asset(
        folder="storage",
        name="asrs_rack",
        prim="AsrsRack",
        about="One bay of an automated pallet store: both sides of an aisle along X, 3.0 m long, "
        "4.1 m wide, 12 m high, 7 levels of 4 pallets (sizes are a proposal); repeat every 3 m. "
        "Origin on the floor in the middle of the aisle; the crane runs at y = 0. Variant load = "
        "pallets, empty.",
        groups={
            "geometry/rack": [
                made("FixtureBlue", pair(posts)),
                made("Zinc", pair(braces), *decks),
                made("SignalOrange", *beams),
                made("BareSteel", *floor, *head),
                made("LightGrey", *ties),
                made("SafetyYellow", *guard),
            ],
            "geometry/pallets": [
                made("Cardboard", *load, *boxes),
                made("ToteBlue", *straps),
            ],
        },
        variants={"load": ("pallets", {"pallets": ["geometry/pallets"], "empty": []})},
    )


def body_rack() -> Asset:
    """Build both sides of an aisle of the store for painted bodies, one bay long."""
    levels = [0.60 + 2.35 * k for k in range(5)]
    beams, rails = [], []
    for z in levels:
        for y in (1.55, 3.75):
            beams.append(pair(box((5.9, 0.10, 0.18), at=(0, y, z - 0.29), bevel=0.008)))
        for y in (2.15, 3.15):
            rails.append(pair(box((5.9, 0.12, 0.10), at=(0, y, z - 0.25), bevel=0.008)))
        beams += [
            pair(box((0.10, 2.2, 0.12), at=(x, 2.65, z - 0.36), bevel=0.006)) for x in (-1.5, 1.5)
        ]
    posts, braces = _uprights((-2.95,), (1.55, 3.75), HEIGHT, 0.16)
    floor = [pair(box((6.0, 0.10, 0.06), at=(0, 0.6, 0.03), bevel=0.006))]
    ties = [box((0.14, 7.6, 0.16), at=(-2.95, 0, HEIGHT - 0.02), bevel=0.008)]
    guard = [pair(box((0.22, 0.22, 0.8), at=(-2.95, 1.55, 0.4), bevel=0.01))]
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
        "datum of a body is.",
        groups={
            "geometry": [
                made("LightGrey", pair(posts), *ties),
                made("Zinc", pair(braces)),
                made("FixtureBlue", *beams),
                made("BareSteel", *rails, *floor),
                made("SafetyYellow", *guard),
            ]
        },
        frames=cells,
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


def charger() -> Asset:
    """Build a charging station with floor contacts."""
    case = box((0.42, 0.66, 1.35), at=(-0.25, 0, 0.72), bevel=0.04)
    base = box((0.50, 0.74, 0.05), at=(-0.25, 0, 0.025), bevel=0.006)
    band = box((0.43, 0.67, 0.05), at=(-0.25, 0, 1.28), bevel=0.008)
    screen = box((0.008, 0.30, 0.20), at=(-0.036, 0, 1.06), bevel=0.001)
    plate = box((0.012, 0.40, 0.34), at=(-0.036, 0, 0.62), bevel=0.004)
    bolt = [
        move(box((0.012, 0.05, 0.16), bevel=0.002), -0.030, y, z)
        for y, z in ((0.025, 0.68), (-0.025, 0.57))
    ]
    arm = box((0.20, 0.30, 0.12), at=(0.05, 0, 0.22), bevel=0.012)
    contacts = [box((0.05, 0.05, 0.05), at=(0.165, y, 0.22), bevel=0.006) for y in (-0.08, 0.08)]
    pad = box((1.6, 1.1, 0.006), at=(0.95, 0, 0.003), bevel=0)
    lines = [box((1.7, 0.08, 0.008), at=(1.0, s * 0.60, 0.004), bevel=0) for s in (-1, 1)]
    lines.append(box((0.08, 1.28, 0.008), at=(1.85, 0, 0.004), bevel=0))
    vents: list[Piece] = [
        made(
            "DarkSteel",
            *(
                box((0.20, 0.68, 0.012), at=(-0.25, 0, 0.30 + 0.04 * k), bevel=0.002)
                for k in range(4)
            ),
        )
    ]
    return Asset(
        folder="vehicles",
        name="charger",
        prim="Charger",
        about="Charging station for vehicles, 0.5 x 0.75 x 1.4 m (a proposal). Origin on the floor "
        "at its front face; a vehicle stands in front of it, towards +X, on the marked bay.",
        groups={
            "geometry": [
                made("WhitePaint", case),
                made("DarkSteel", base, arm),
                made("LampGreen", band, name="strip"),
                made("Screen", screen),
                made("WalkwayGreen", plate, pad),
                made("SafetyYellow", *bolt, *lines),
                made("Copper", *contacts),
                *vents,
            ]
        },
    )
