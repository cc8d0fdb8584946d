"""The charging station of the vehicles."""

from assets.author.package import Asset
from assets.author.solids import (
    box,
    move,
)
from assets.author.surface import Piece, made

__all__ = ["charger"]


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
