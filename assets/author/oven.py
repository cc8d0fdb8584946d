"""A curing oven in segments of 6 m, and the track on which skids run through a paint shop."""

from assets.author.layout import PITCH_ASSEMBLY
from assets.author.package import Asset
from assets.author.sheet import pair
from assets.author.solids import box, rod, tube
from assets.author.surface import Piece, made

__all__ = ["oven", "skid_track"]

HALF = PITCH_ASSEMBLY / 2


def skid_track(z: float = 0.40) -> list[Piece]:
    """Two rails on low frames that skids run on."""
    beams = [
        box((PITCH_ASSEMBLY, 0.12, 0.10), at=(0, s * 0.5, z - 0.05), bevel=0.008) for s in (-1, 1)
    ]
    legs = [
        pair(box((0.10, 0.10, z - 0.10), at=(x, 0.5, (z - 0.10) / 2), bevel=0.006))
        for x in (-2.4, -0.8, 0.8, 2.4)
    ]
    ties = [
        box((0.08, 1.0, 0.06), at=(x, 0, z - 0.16), bevel=0.006) for x in (-2.4, -0.8, 0.8, 2.4)
    ]
    return [made("ZincDark", *beams), made("DarkSteel", *legs, *ties)]


def oven() -> Asset:
    """Build a segment of a curing oven."""
    return Asset(
        folder="stations",
        name="oven",
        prim="Oven",
        about="Segment of a curing oven, 6.0 m along X, 4.4 m wide, 4.9 m high (sizes are a "
        "proposal); repeat every 6 m. Origin on the floor in the middle; skids run at z = 0.40, "
        "the inside is 3.0 m wide and 2.9 m high. Variants: side = window, closed (towards -Y); "
        "roof = closed, none (to look in); end = none, front, rear, which adds a portal with a "
        "curtain.",
        groups={
            "geometry/tunnel": _tunnel(),
            "geometry/roof": _oven_roof(),
            "geometry/window": _oven_side(window=True),
            "geometry/closed": _oven_side(window=False),
            "geometry/front": _portal(HALF),
            "geometry/rear": _portal(-HALF),
        },
        variants={
            "side": ("window", {"window": ["geometry/window"], "closed": ["geometry/closed"]}),
            "roof": ("closed", {"closed": ["geometry/roof"], "none": []}),
            "end": ("none", {"none": [], "front": ["geometry/front"], "rear": ["geometry/rear"]}),
        },
    )


def _tunnel() -> list[Piece]:
    """Far wall with heat panels and nozzles, floor, track."""
    long = PITCH_ASSEMBLY
    wall = box((long, 0.50, 3.3), at=(0, 1.85, 1.65), bevel=0.012)
    seams = [box((0.05, 0.03, 3.2), at=(x, 2.105, 1.65), bevel=0.004) for x in (-2.95, -1.0, 1.0)]
    floor = box((long, 3.3, 0.03), at=(0, 0, 0.015), bevel=0)
    nozzles = [box((long, 0.16, 0.16), at=(0, s * 1.42, 0.45), bevel=0.02) for s in (-1, 1)]
    nozzles.append(box((long, 0.30, 0.20), at=(0, 1.45, 2.95), bevel=0.02))
    glow = [
        box((1.7, 0.04, 0.42), at=(x, 1.585, z), bevel=0.006)
        for x in (-2.0, 0.0, 2.0)
        for z in (1.05, 1.75)
    ]
    return [
        made("LightGrey", wall),
        made("ZincDark", *seams, floor),
        made("Zinc", *nozzles),
        made("HeatGlow", *glow),
        *skid_track(),
    ]


def _oven_roof() -> list[Piece]:
    """The roof with air duct, fan, exhaust and gas pipe."""
    long = PITCH_ASSEMBLY
    roof = box((long, 4.3, 0.40), at=(0, 0, 3.40), bevel=0.012)
    seams = [box((0.05, 4.3, 0.03), at=(x, 0, 3.605), bevel=0.004) for x in (-2.95, -1.0, 1.0)]
    duct = box((long, 0.95, 0.70), at=(0, 0.9, 3.97), bevel=0.02)
    bands = [
        box((0.06, 1.01, 0.76), at=(x, 0.9, 3.97), bevel=0.008) for x in (-2.9, -1.45, 0, 1.45)
    ]
    fan = box((1.5, 1.25, 1.10), at=(0.7, -0.95, 4.15), bevel=0.03)
    motor = rod(0.20, (1.45, -0.95, 4.25), (1.95, -0.95, 4.25), sides=16)
    elbow = box((0.6, 0.9, 0.45), at=(0.7, 0.1, 4.15), bevel=0.03)
    stack = rod(0.24, (-1.9, -0.9, 3.55), (-1.9, -0.9, 4.9), sides=18, bevel=0.01)
    pipe = tube(
        [(-3.0, -1.75, 3.75), (0.2, -1.75, 3.75), (0.2, -1.5, 4.0), (0.2, -1.2, 4.0)],
        0.045,
        sides=8,
        per_span=3,
    )
    return [
        made("LightGrey", roof),
        made("ZincDark", *seams),
        made("Zinc", duct, elbow, stack),
        made("BareSteel", *bands),
        made("MachineGrey", fan, motor),
        made("SafetyYellow", pipe),
    ]


def _oven_side(*, window: bool) -> list[Piece]:
    """The near wall; with windows one sees the bodies pass."""
    long, y = PITCH_ASSEMBLY, -1.85
    stripe = box((long, 0.02, 0.12), at=(0, -2.11, 0.42), bevel=0.003)
    tag = box((0.9, 0.02, 0.26), at=(-1.95, -2.11, 2.85), bevel=0.003)
    door = box((0.10, 0.02, 0.32), at=(0.0, -2.12, 1.2), bevel=0.004)
    if not window:
        wall = box((long, 0.50, 3.3), at=(0, y, 1.65), bevel=0.012)
        seams = [
            box((0.05, 0.03, 3.2), at=(x, -2.105, 1.65), bevel=0.004) for x in (-2.95, -1.0, 1.0)
        ]
        return [
            made("LightGrey", wall),
            made("ZincDark", *seams),
            made("SignalOrange", stripe, tag),
            made("DarkSteel", door),
        ]
    low = box((long, 0.50, 0.85), at=(0, y, 0.425), bevel=0.012)
    high = box((long, 0.50, 0.85), at=(0, y, 2.875), bevel=0.012)
    posts = [box((0.5, 0.50, 1.62), at=(x, y, 1.65), bevel=0.012) for x in (-2.75, 0.0, 2.75)]
    panes = [box((2.24, 0.03, 1.58), at=(x, -2.02, 1.65), bevel=0.004) for x in (-1.375, 1.375)]
    frames = [
        box((2.30, 0.05, 0.05), at=(x, -2.08, z), bevel=0.006)
        for x in (-1.375, 1.375)
        for z in (0.86, 2.44)
    ]
    return [
        made("LightGrey", low, high, *posts),
        made("BoothGlass", *panes),
        made("BareSteel", *frames),
        made("SignalOrange", stripe, tag),
    ]


def _portal(x: float) -> list[Piece]:
    """A frame round the tunnel's mouth, with a warning band and a short curtain."""
    side = pair(box((0.24, 0.72, 3.75), at=(x, 1.86, 1.875), bevel=0.02))
    top = box((0.24, 4.45, 0.62), at=(x, 0, 3.44), bevel=0.02)
    band = [box((0.26, 3.0, 0.10), at=(x, 0, 3.08), bevel=0.006)]
    band.append(pair(box((0.26, 0.10, 3.0), at=(x, 1.46, 1.55), bevel=0.006)))
    strips = [box((0.012, 0.17, 0.50), at=(x, -1.3 + 0.2 * k, 2.78), bevel=0) for k in range(14)]
    return [
        made("MachineGrey", side, top),
        made("SafetyYellow", *band),
        made("BoothGlass", *strips),
    ]
