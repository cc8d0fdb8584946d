"""A spray booth with glass sides, in segments of 6 m."""

import math

from assets.author.layout import PITCH_ASSEMBLY
from assets.author.oven import skid_track
from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import (
    box,
    move,
    tube,
    turn,
)
from assets.author.surface import Piece, made

__all__ = ["paint_booth"]

QUARTER = math.sqrt(0.5)
LEFT, RIGHT = (QUARTER, 0.0, 0.0, -QUARTER), (QUARTER, 0.0, 0.0, QUARTER)  # face the line


def paint_booth() -> Asset:
    """Build a segment of a spray booth."""
    mounts = {
        f"mounts/robot_{number}": Frame(xyz=(x, y, 0.30), wxyz=LEFT if y > 0 else RIGHT)
        for number, (x, y) in enumerate(
            ((1.5, 2.35), (-1.5, 2.35), (1.5, -2.35), (-1.5, -2.35)), start=1
        )
    }
    return Asset(
        folder="stations",
        name="paint_booth",
        prim="PaintBooth",
        about="Segment of a spray booth with glass sides, 6.0 m along X, 6.4 m wide, 5.2 m high "
        "(sizes are a proposal); repeat every 6 m. Origin on the floor in the middle; skids run at "
        "z = 0.40. Robots go to the frames under mounts. Variant roof = closed, none (to look in).",
        groups={
            "geometry/booth": [*_walls(), *_floor(), *skid_track()],
            "geometry/ceiling": _ceiling(),
        },
        frames=mounts,
        variants={"roof": ("closed", {"closed": ["geometry/ceiling"], "none": []})},
    )


def _walls() -> list[Piece]:
    long, y = PITCH_ASSEMBLY, 3.1
    sill = pair(box((long, 0.14, 0.50), at=(0, y, 0.25), bevel=0.01))
    header = pair(box((long, 0.16, 0.30), at=(0, y, 3.45), bevel=0.01))
    posts = [
        pair(box((0.12, 0.14, 3.1), at=(x, y, 1.75), bevel=0.01)) for x in (-2.94, -1, 1, 2.94)
    ]
    panes = [pair(box((1.86, 0.02, 2.76), at=(x, y, 1.90), bevel=0.003)) for x in (-2, 0, 2)]
    seals = [
        pair(box((0.02, 0.06, 2.78), at=(x + s * 0.93, y, 1.90), bevel=0.002))
        for x in (-2, 0, 2)
        for s in (-1, 1)
    ]
    handle = [pair(box((0.03, 0.05, 0.34), at=(0.80, y + 0.05, 1.5), bevel=0.006))]
    return [
        made("WhitePaint", sill, header, *posts),
        made("BoothGlass", *panes),
        made("DarkSteel", *seals, *handle),
        made("FixtureBlue", pair(box((long, 0.02, 0.09), at=(0, y + 0.085, 3.45), bevel=0.003))),
    ]


def _ceiling() -> list[Piece]:
    """Filter ceiling, inclined light bands, plenum, supply duct, exhaust."""
    long = PITCH_ASSEMBLY
    lights = [
        pair(move(turn(box((1.8, 0.45, 0.03), bevel=0.004), "x", -38), x, 2.72, 3.42))
        for x in (-2, 0, 2)
    ]
    filters = [
        box((1.94, 2.28, 0.05), at=(x, s * 1.18, 3.60), bevel=0.006)
        for x in (-2, 0, 2)
        for s in (-1, 1)
    ]
    grid = [box((0.06, 4.9, 0.09), at=(x, 0, 3.60), bevel=0.004) for x in (-2.97, -1, 1, 2.97)]
    grid += [box((long, 0.06, 0.09), at=(0, y, 3.60), bevel=0.004) for y in (-2.4, 0, 2.4)]
    skin = [pair(box((long, 0.06, 0.85), at=(0, 3.05, 4.0), bevel=0.006))]
    skin.append(box((long, 6.1, 0.06), at=(0, 0, 4.42), bevel=0.006))
    duct = box((long, 1.3, 0.75), at=(0, 1.2, 4.83), bevel=0.02)
    bands = [
        box((0.06, 1.36, 0.81), at=(x, 1.2, 4.83), bevel=0.008) for x in (-2.9, -1.45, 0, 1.45)
    ]
    pipe = [tube([(-3, y, 4.55), (3, y, 4.55)], 0.06, sides=10, per_span=1) for y in (-0.9, -1.15)]
    return [
        made("BoothLight", *lights),
        made("WhitePaint", *filters, *skin),
        made("BareSteel", *grid, *bands),
        made("Zinc", duct),
        made("FixtureBlue", pipe[0]),
        made("SignalOrange", pipe[1]),
    ]


def _floor() -> list[Piece]:
    """A grating over the wash-out, with the robots' plinths."""
    long = PITCH_ASSEMBLY
    slab = box((long, 6.3, 0.04), at=(0, 0, 0.02), bevel=0)
    bars = [box((long, 0.035, 0.03), at=(0, -1.5 + 0.15 * k, 0.055), bevel=0) for k in range(21)]
    ties = [box((0.04, 3.1, 0.035), at=(-2.8 + 0.7 * k, 0, 0.055), bevel=0) for k in range(9)]
    rails = [pair(box((long, 0.34, 0.20), at=(0, 2.35, 0.14), bevel=0.012))]
    plinths = [pair(box((0.7, 0.7, 0.10), at=(x, 2.35, 0.25), bevel=0.012)) for x in (-1.5, 1.5)]
    return [
        made("MachineGrey", slab),
        made("Zinc", *bars, *ties),
        made("LightGrey", *rails, *plinths),
    ]
