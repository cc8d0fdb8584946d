"""A servo spot-weld gun of the C type; the flange is at the origin, +X points out of it."""

import trimesh

from assets.author.package import Asset, Frame
from assets.author.solids import box, extrude, join, move, rod, tube, turn, turned
from assets.author.surface import Piece, made

__all__ = ["TCP", "weld_gun"]

TCP = (0.62, 0.0, -0.12)  # tip of the fixed electrode [m]
OPENING = 0.06  # between the tips, as drawn [m]
THROAT = [
    (0.17, 0.17), (0.12, 0.10), (0.12, -0.28), (0.17, -0.40), (0.28, -0.475), (0.50, -0.485),
    (0.655, -0.44), (0.675, -0.40), (0.655, -0.365), (0.58, -0.37), (0.38, -0.375), (0.30, -0.33),
    (0.268, -0.22), (0.272, -0.04), (0.34, 0.04), (0.56, 0.05), (0.57, 0.17),
]  # fmt: skip


def weld_gun() -> Asset:
    """Build the gun with its tool frame."""
    return Asset(
        folder="tools",
        name="weld_gun",
        prim="WeldGun",
        about="Servo spot-weld gun, C type, 340 mm throat. Mounts on a flange looking along +X. "
        "The frame tcp is the tip of the fixed electrode; the moving tip closes along -Z.",
        groups={"geometry": [*_frame(), *_transformer(), *_actuator(), *_electrodes()]},
        frames={"tcp": Frame(xyz=TCP)},
    )


def _plate(
    outline: list[tuple[float, float]], width: float, y: float, bevel: float
) -> trimesh.Trimesh:
    return move(turn(extrude(outline, width, bevel=bevel), "x", 90), 0, y + width / 2, 0)


def _frame() -> list[Piece]:
    bar = [
        (0.20, -0.30),
        (0.34, -0.425),
        (0.62, -0.415),
        (0.62, -0.395),
        (0.35, -0.40),
        (0.22, -0.29),
    ]
    bolts = [rod(0.009, (x, -0.052, z), (x, 0.052, z), sides=8) for x, z in
             ((0.16, 0.10), (0.16, -0.02), (0.16, -0.14), (0.16, -0.26), (0.24, -0.40),
                 (0.40, 0.11), (0.50, 0.11))]  # fmt: skip
    return [
        made("Aluminium", rod(0.1, (0, 0, 0), (0.022, 0, 0), sides=32),
            rod(0.085, (0.022, 0, 0), (0.05, 0, 0), sides=28)),
        made("DarkSteel", box((0.10, 0.17, 0.19), at=(0.095, 0, 0), bevel=0.012), *bolts),
        made("FixtureBlue", _plate(THROAT, 0.07, 0, 0.012)),
        made("Copper", _plate(bar, 0.085, 0, 0.006)),
    ]  # fmt: skip


def _transformer() -> list[Piece]:
    ribs = [
        box((0.008, 0.178, 0.15), at=(x, 0, 0.265), bevel=0.002)
        for x in (0.16, 0.20, 0.24, 0.28, 0.32)
    ]
    straps = [
        tube(
            [
                (0.38, y, 0.29),
                (0.46, y, 0.32),
                (0.53, y * 0.8, 0.25),
                (0.55, y * 0.6, 0.10),
                (0.60, y * 0.4, 0.015),
            ],
            0.015,
            sides=8,
        )
        for y in (-0.05, 0.05)
    ]
    hoses = [
        made(
            colour,
            tube(
                [
                    (0.13, y, 0.30),
                    (0.06, y * 1.6, 0.26),
                    (0.02, y * 1.8, 0.12),
                    (-0.06, y * 1.3, 0.10),
                ],
                0.011,
                sides=6,
                per_span=4,
            ),
        )
        for colour, y in (("HoseBlue", -0.05), ("HoseRed", 0.05))
    ]
    run = [
        (0.20, 0.055, 0.18),
        (0.16, 0.06, 0.0),
        (0.17, 0.055, -0.30),
        (0.30, 0.05, -0.45),
        (0.56, 0.045, -0.43),
        (0.61, 0.025, -0.33),
    ]
    return [
        made("MachineGrey", box((0.26, 0.17, 0.17), at=(0.25, 0, 0.265), bevel=0.012)),
        made("DarkSteel", *ribs, box((0.05, 0.12, 0.10), at=(0.135, 0, 0.28), bevel=0.008)),
        made("SafetyYellow", box((0.10, 0.004, 0.06), at=(0.26, 0.0865, 0.27), bevel=0.001)),
        made("Copper", box((0.05, 0.13, 0.05), at=(0.385, 0, 0.285), bevel=0.006), *straps,
            crease=60),
        *hoses,
        made("HoseBlue", tube(run, 0.008, sides=6, per_span=4)),
        made("HoseRed", tube([(x, -y, z) for x, y, z in run], 0.008, sides=6, per_span=4)),
    ]  # fmt: skip


def _actuator() -> list[Piece]:
    x = TCP[0]
    barrel = [
        (0.05, 0),
        (0.058, 0.01),
        (0.058, 0.05),
        (0.05, 0.06),
        (0.05, 0.19),
        (0.058, 0.2),
        (0.058, 0.225),
    ]
    return [
        made("FixtureBlue", box((0.14, 0.12, 0.14), at=(x, 0, 0.115), bevel=0.014)),
        made("Aluminium", turned(barrel, (x, 0, 0.18), (x, 0, 1), sides=24)),
        made("DarkSteel", box((0.105, 0.105, 0.13), at=(x, 0, 0.47), bevel=0.012),
            box((0.085, 0.085, 0.04), at=(x, 0, 0.55), bevel=0.01)),
        made("DarkSteel", rod(0.018, (x - 0.05, 0, 0.48), (x - 0.11, 0, 0.48), sides=12)),
        made("Rubber", tube([(x - 0.10, 0, 0.48), (x - 0.20, 0, 0.46), (0.36, 0, 0.40),
            (0.25, 0, 0.36), (0.18, 0, 0.33)], 0.014, sides=8, per_span=4)),
        made("BareSteel", rod(0.026, (x, 0, 0.0), (x, 0, 0.06), sides=18)),
    ]  # fmt: skip


def _electrodes() -> list[Piece]:
    x, _, z = TCP
    cap = [(0.004, 0), (0.0075, 0.003), (0.0095, 0.012), (0.0095, 0.026)]
    shank = [(0.0125, 0.024), (0.0125, 0.06), (0.019, 0.075)]
    fixed = turned(
        [*cap, *shank, (0.019, 0.20), (0.03, 0.215), (0.03, 0.26)], (x, 0, z), (x, 0, -1), sides=18
    )
    moving_at = z + OPENING
    moving = turned([*cap, *shank, (0.019, 0.10)], (x, 0, moving_at), (x, 0, 1), sides=18)
    return [
        made("Copper", fixed),
        made("Copper", moving, name="moving_electrode"),
        made("BareSteel", join(rod(0.03, (x, 0, -0.42), (x, 0, -0.36), sides=18))),
    ]
