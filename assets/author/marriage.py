"""The station where a body is held while its chassis unit is screwed on from below."""

import trimesh

from assets.author.layout import PITCH_ASSEMBLY, SKID_TOP
from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import (
    box,
    join,
    rod,
    turn,
)
from assets.author.surface import Piece, made

__all__ = ["marriage_station"]


def marriage_station() -> Asset:
    """Build the station that holds a body while the chassis unit is screwed on from below."""
    return Asset(
        folder="stations",
        name="marriage_station",
        prim="MarriageStation",
        about="Marriage of body and chassis: four columns hold the body, a scissor lift brings the "
        "unit, screwdrivers follow; 6.0 m along X, 5.4 m wide, 4.1 m high (sizes are a proposal). "
        "Origin on the floor in the middle. Frames: `body` is the body's datum at z = 0.60, `unit` "
        "the underside of a chassis pallet on the lift. Variant table = down, up.",
        groups={
            "geometry/cell": [*_columns(), *_portal(), *_spindles()],
            "geometry/table_down": _table(0.14),
            "geometry/table_up": _table(0.18),
        },
        frames={
            "body": Frame(xyz=(0.0, 0.0, SKID_TOP)),
            "unit": Frame(xyz=(0.0, 0.0, SKID_TOP - 0.42)),
        },
        variants={
            "table": ("down", {"down": ["geometry/table_down"], "up": ["geometry/table_up"]}),
        },
    )


def _four(part: trimesh.Trimesh) -> trimesh.Trimesh:
    both = pair(part)
    return join(both, turn(both, "z", 180))


def _columns() -> list[Piece]:
    """Lifting columns with carriages and arms whose pads hold the rockers."""
    x, y = 1.15, 1.75
    mast = _four(box((0.34, 0.34, 3.9), at=(x, y, 1.95), bevel=0.016))
    foot = _four(box((0.70, 0.60, 0.04), at=(x, y, 0.02), bevel=0.005))
    guide = _four(box((0.10, 0.04, 3.5), at=(x, y - 0.185, 1.95), bevel=0.004))
    carriage = _four(box((0.44, 0.16, 0.56), at=(x, y - 0.27, 0.62), bevel=0.016))
    arm = _four(box((0.16, 0.72, 0.14), at=(x - 0.05, y - 0.60, 0.50), bevel=0.016))
    pad = _four(box((0.20, 0.16, 0.05), at=(x - 0.05, 0.82, 0.595), bevel=0.01))
    edge = _four(box((0.36, 0.36, 0.12), at=(x, y, 0.42), bevel=0.008))
    drive = _four(rod(0.13, (x, y, 3.9), (x, y, 4.12), sides=16, bevel=0.02))
    chain = _four(box((0.12, 0.10, 2.2), at=(x, y + 0.22, 2.6), bevel=0.01))
    return [
        made("MachineGrey", mast, foot, drive),
        made("BareSteel", guide),
        made("SafetyYellow", carriage, arm, edge),
        made("Rubber", pad, chain),
    ]


def _portal() -> list[Piece]:
    """Frame over the columns with lights, screens and lamps."""
    beams = [pair(box((5.6, 0.22, 0.26), at=(0, 1.75, 3.72), bevel=0.014))]
    beams += [
        box((0.22, 3.7, 0.24), at=(x, 0, 3.72), bevel=0.014) for x in (-2.7, -1.15, 1.15, 2.7)
    ]
    lights = [pair(box((2.0, 0.22, 0.07), at=(x, 0.95, 3.50), bevel=0.012)) for x in (-1.3, 1.3)]
    panels = [pair(box((1.92, 0.16, 0.012), at=(x, 0.95, 3.462), bevel=0.002)) for x in (-1.3, 1.3)]
    board = box((0.10, 1.5, 0.50), at=(-2.7, 0, 3.30), bevel=0.014)
    screen = box((0.006, 0.9, 0.38), at=(-2.648, -0.22, 3.30), bevel=0.001)
    lamps = [
        made(look, box((0.13, 0.12, 0.28), at=(-2.7, y, 3.30), bevel=0.02))
        for look, y in (("LampGreen", 0.34), ("LampAmber", 0.49), ("LampRed", 0.64))
    ]
    floor = box((PITCH_ASSEMBLY, 5.3, 0.010), at=(0, 0, 0.005), bevel=0)
    lines = [pair(box((PITCH_ASSEMBLY, 0.12, 0.006), at=(0, 2.55, 0.013), bevel=0))]
    return [
        made("LightGrey", *beams),
        made("WhitePaint", *lights),
        made("LedWhite", *panels),
        made("DarkSteel", board),
        made("Screen", screen),
        made("FloorPaint", floor),
        made("SafetyYellow", *lines),
        *lamps,
    ]


def _spindles() -> list[Piece]:
    """Screwdriver units on cross slides beside the lift."""
    bases, slides, tools, heads = [], [], [], []
    for x in (-2.0, -0.35, 0.35, 2.0):
        bases.append(pair(box((0.40, 0.34, 0.20), at=(x, 1.02, 0.11), bevel=0.012)))
        slides.append(pair(box((0.14, 0.50, 0.06), at=(x, 0.92, 0.24), bevel=0.008)))
        tools.append(pair(rod(0.045, (x, 0.74, 0.20), (x, 0.74, 0.42), sides=12)))
        heads.append(pair(rod(0.018, (x, 0.74, 0.42), (x, 0.74, 0.52), sides=8)))
    return [
        made("FixtureBlue", *bases),
        made("BareSteel", *slides, *heads),
        made("SignalOrange", *tools),
    ]


def _table(top: float) -> list[Piece]:
    """The lift's table over its scissors; `top` is its upper face."""
    plate = box((3.7, 0.90, 0.05), at=(0, 0, top - 0.025), bevel=0.008)
    edge = [pair(box((3.7, 0.05, 0.06), at=(0, 0.45, top - 0.03), bevel=0.006))]
    bars = [
        pair(rod(0.022, (-s * 1.5, 0.36, 0.04), (s * 1.5, 0.36, top - 0.05), sides=8))
        for s in (-1, 1)
    ]
    rollers = [rod(0.025, (x, -0.42, top), (x, 0.42, top), sides=8) for x in (-1.5, -0.5, 0.5, 1.5)]
    return [
        made("MachineGrey", plate),
        made("SafetyYellow", *edge),
        made("DarkSteel", *bars),
        made("BareSteel", *rollers),
    ]
