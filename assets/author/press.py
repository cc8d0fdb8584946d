"""A servo press for body panels: crown, uprights, slide with upper die, bolster with lower die."""

import trimesh

from assets.author.package import Asset
from assets.author.sheet import pair
from assets.author.solids import box, join, move, rod, turn
from assets.author.surface import Piece, made

__all__ = ["press"]

LENGTH, WIDTH, TOP = 5.2, 6.4, 9.2  # along X, along Y, height [m]
BED = 0.90  # top of the bolster
POST = (2.05, 2.65)  # |x|, |y| of the uprights' middle
STROKE = 0.9


def press() -> Asset:
    """Build the press with its slide open or closed."""
    return Asset(
        folder="stations",
        name="press",
        prim="Press",
        about="Servo press of a panel line, class of 6,800 t (source: Hyundai Motor Group on the "
        "Metaplant's press shop, confidence C2); 5.2 x 6.4 m, 9.2 m over the floor (a proposal). "
        "Panels travel along +X, origin on the floor in the middle, panels lie at z = 1.30. "
        "Variants: slide = open, closed; die = panel, none.",
        groups={
            "geometry/frame": [*_frame(), *_services()],
            "geometry/slide_open": _slide(2.95),
            "geometry/slide_closed": _slide(2.95 - STROKE),
            "geometry/die": _lower_die(),
        },
        variants={
            "slide": (
                "open",
                {"open": ["geometry/slide_open"], "closed": ["geometry/slide_closed"]},
            ),
            "die": ("panel", {"panel": ["geometry/die"], "none": []}),
        },
    )


def _quad(part: trimesh.Trimesh) -> trimesh.Trimesh:
    """Repeat in all four corners."""
    both = pair(part)
    return join(both, turn(both, "z", 180))


def _frame() -> list[Piece]:
    """Bed, uprights, crown with drive housings, and the rods that tie them."""
    x, y = POST
    bed = box((4.9, 5.9, 0.55), at=(0, 0, 0.275), bevel=0.03)
    bolster = box((3.4, 4.5, 0.33), at=(0, 0, BED - 0.175), bevel=0.02)
    slots = [box((3.3, 0.05, 0.012), at=(0, k * 0.55, BED - 0.004), bevel=0) for k in range(-3, 4)]
    uprights = _quad(box((1.0, 1.05, 5.35), at=(x, y, 3.15), bevel=0.04))
    gibs = _quad(box((0.20, 0.30, 3.6), at=(x - 0.40, y - 0.62, 4.0), bevel=0.012))
    crown = box((LENGTH, WIDTH, 2.3), at=(0, 0, 6.95), bevel=0.05)
    belt = [
        box((LENGTH + 0.05, WIDTH + 0.05, 0.16), at=(0, 0, z), bevel=0.012) for z in (5.92, 7.98)
    ]
    ribs = _quad(box((0.10, 0.06, 1.8), at=(1.3, WIDTH / 2 + 0.01, 6.95), bevel=0.006))
    tops = _quad(box((1.5, 1.9, 0.55), at=(1.2, 1.6, 8.36), bevel=0.05))
    motors = [
        rod(
            0.36,
            (sx * 1.2, sy * 1.6 - 0.55, 8.86),
            (sx * 1.2, sy * 1.6 + 0.55, 8.86),
            sides=18,
            bevel=0.03,
        )
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    nuts = _quad(rod(0.24, (x, y, 8.08), (x, y, 8.62), sides=6, bevel=0.02))
    stripe = _quad(box((1.02, 1.07, 0.22), at=(x, y, 0.80), bevel=0.01))
    return [
        made("PressGreen", uprights, tops),
        made("WhitePaint", crown),
        made("LightGrey", *belt, ribs),
        made("MachineGrey", bed, *motors),
        made("BareSteel", bolster, gibs, nuts),
        made("DarkSteel", *slots),
        made("SafetyYellow", stripe),
    ]


def _slide(low: float) -> list[Piece]:
    """The slide, its connecting rods and the upper die; `low` is the die's lower face."""
    ram = box((3.1, 4.1, 1.15), at=(0, 0, low + 1.30), bevel=0.04)
    band = box((3.13, 4.13, 0.10), at=(0, 0, low + 0.86), bevel=0.01)
    shoes = _quad(box((0.5, 0.36, 0.9), at=(1.45, 2.02, low + 1.35), bevel=0.02))
    rods = _quad(rod(0.26, (1.0, 1.4, low + 1.85), (1.0, 1.4, 6.2), sides=16, bevel=0.02))
    die = box((2.3, 3.2, 0.62), at=(0, 0, low + 0.42), bevel=0.04)
    step = box((1.8, 2.6, 0.13), at=(0, 0, low + 0.06), bevel=0.03)
    return [
        made("WhitePaint", ram),
        made("SafetyYellow", band),
        made("MachineGrey", shoes),
        made("BareSteel", rods, step),
        made("CastIron", die),
    ]


def _lower_die() -> list[Piece]:
    base = box((2.4, 3.3, 0.24), at=(0, 0, BED + 0.12), bevel=0.03)
    punch = box((1.7, 2.5, 0.14), at=(0, 0, BED + 0.30), bevel=0.05)
    guides = _quad(rod(0.07, (1.0, 1.5, BED + 0.2), (1.0, 1.5, BED + 0.55), sides=12))
    panel = box((1.55, 2.2, 0.02), at=(0, 0, BED + 0.39), bevel=0.008)
    return [
        made("CastIron", base),
        made("BareSteel", punch, guides),
        made("Zinc", panel),
    ]


def _services() -> list[Piece]:
    """Die-change doors at the sides, platform with rail on the crown, ladder, signs, lamps."""
    y = WIDTH / 2
    doors = [box((2.6, 0.08, 3.3), at=(0, s * (y - 0.12), 2.45), bevel=0.012) for s in (-1, 1)]
    panes = [
        box((0.72, 0.02, 1.3), at=(x, s * (y - 0.07), 2.75), bevel=0.004)
        for s in (-1, 1)
        for x in (-0.8, 0.0, 0.8)
    ]
    tracks = [box((2.9, 0.16, 0.16), at=(0, s * (y - 0.12), 4.22), bevel=0.012) for s in (-1, 1)]
    rails = []
    for z in (8.55, 8.85, 9.15):
        rails += [
            rod(0.022, (-2.5, s * 3.1, z), (2.5, s * 3.1, z), sides=6, bevel=0) for s in (-1, 1)
        ]
        rails += [
            rod(0.022, (s * 2.5, -3.1, z), (s * 2.5, 3.1, z), sides=6, bevel=0) for s in (-1, 1)
        ]
    rails += [
        rod(0.022, (x, s * 3.1, 8.1), (x, s * 3.1, 9.15), sides=6, bevel=0)
        for s in (-1, 1)
        for x in (-2.5, -1.25, 0, 1.25, 2.5)
    ]
    ladder = [
        rod(0.022, (2.72, 2.0 + d, 0.1), (2.72, 2.0 + d, 9.15), sides=6, bevel=0)
        for d in (-0.22, 0.22)
    ]
    ladder += [
        rod(0.014, (2.72, 1.78, 0.4 + 0.35 * k), (2.72, 2.22, 0.4 + 0.35 * k), sides=5, bevel=0)
        for k in range(25)
    ]
    tag = [box((1.5, 0.02, 0.42), at=(0, s * (y + 0.05), 7.2), bevel=0.003) for s in (-1, 1)]
    bars = [box((1.1, 0.024, 0.10), at=(0, s * (y + 0.056), 7.2), bevel=0) for s in (-1, 1)]
    desk = [box((0.5, 0.35, 1.25), at=(2.05, -y - 0.35, 0.625), bevel=0.02)]
    screen = move(turn(box((0.36, 0.02, 0.26), bevel=0.004), "x", 18), 2.05, -y - 0.54, 1.12)
    lamps = []
    for look, z in (("LampGreen", 5.20), ("LampAmber", 5.34), ("LampRed", 5.48)):
        lamps.append(
            made(
                look,
                *(
                    rod(0.07, (2.62, s * 2.65, z), (2.62, s * 2.65, z + 0.13), sides=14)
                    for s in (-1, 1)
                ),
            )
        )
    feet = [rod(0.03, (2.62, s * 2.65, 4.95), (2.62, s * 2.65, 5.2), sides=8) for s in (-1, 1)]
    return [
        made("PressGreen", *doors),
        made("Glass", *panes),
        made("MachineGrey", *tracks, *desk),
        made("SafetyYellow", *rails, *ladder),
        made("FixtureBlue", *tag),
        made("WhitePaint", *bars),
        made("Screen", screen),
        made("DarkSteel", *feet),
        *lamps,
    ]
