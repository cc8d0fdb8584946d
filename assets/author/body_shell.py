"""Body sides, roof and closures of a body in white."""

import numpy as np
import shapely
import trimesh

from assets.author.body_surface import BodySurface
from assets.author.sheet import pair, pressing
from assets.author.solids import box, join, loft, rectangle
from assets.author.surface import Piece, made

__all__ = ["closures", "door_skins", "doors", "framed"]

SKIN = 0.02  # thickness of the outer layer [m]
FRAME = 0.065  # depth of the pillars behind it [m]


def framed(body: BodySurface) -> list[Piece]:
    """Both body sides, the cowl, roof headers and the rear panel."""
    style = body.style
    doors, openings = body.doors(margin=0.030, gap=0.010), body.doors(margin=0.085, gap=0.11)
    outer = body.ring.difference(body.lamps())
    inner = outer.buffer(-0.004)
    for door, opening in zip(doors, openings, strict=True):
        outer, inner = outer.difference(door.buffer(0.005)), inner.difference(opening)
    if style.quarter_window:
        glass = body.quarter()
        outer, inner = outer.difference(glass), inner.difference(glass.buffer(-0.02))
    skin = pressing(outer, body.side(), thickness=np.array([0, -SKIN, 0]), cell=(0.13, 0.085))
    depth = np.array([0, -FRAME, 0])
    frame = pressing(inner, body.side(SKIN), thickness=depth, cell=(0.24, 0.13))
    return [
        made("Zinc", pair(skin)),
        made("ZincDark", pair(frame)),
        made("ZincDark", *_across(body)),
    ]


def _across(body: BodySurface) -> list:
    style = body.style
    hood, roof = style.crowns
    cowl, (front, rear) = style.cowl, style.roof
    strip = shapely.box(0, -1, 1, 1)
    cell = (0.5, 0.12)
    parts = [
        pressing(
            strip, body.across((cowl - 0.375, cowl + 0.125), crown=(hood, hood),
                bow=(0.10, 0.12), drop=0.02),
            thickness=0.05, cell=cell,
        ),
        pressing(
            strip, body.across((front - 0.125, front + 0.25), crown=(roof, roof),
                bow=(0.07, 0.07), drop=0.014),
            thickness=0.035, cell=cell,
        ),
        pressing(
            strip, body.across((rear - 0.375, rear + 0.0), crown=(roof, roof),
                bow=(-0.05, -0.05), drop=0.014),
            thickness=0.035, cell=cell,
        ),
    ]  # fmt: skip
    for k in (0.33, 0.62):
        at = round((front + k * (rear - front)) * 8) / 8
        bend = body.across((at, at + 0.125), crown=(roof, roof), bow=(0, 0), drop=0.03)
        parts.append(pressing(shapely.box(0, -0.97, 1, 0.97), bend, thickness=0.03, cell=cell))
    last = len(style.edge) - 1
    bend = body.across((last - 1.25, last), crown=(0, 0), bow=(-0.06, -0.06))
    parts.append(pressing(strip, bend, thickness=0.045, cell=(0.3, 0.12)))
    if not style.window_lid:
        shelf = shapely.box(0, -0.98, 1, 0.98)
        bend = body.across(
            (style.lid[0] - 0.5, style.lid[0]), crown=(0.01, 0.03), bow=(-0.04, -0.08), drop=0.03
        )
        parts.append(pressing(shelf, bend, thickness=0.03, cell=(0.3, 0.12)))
    return parts + _dashboard(body)


def _dashboard(body: BodySurface) -> list:
    """The beam between the A-pillars."""
    x, z = body.style.hinge - 0.16, body.style.belt[0] - 0.16
    y = float(body.half_width(np.array(x), np.array(z))) - 0.07
    section = rectangle(0.07, 0.07, 0.03, 4)
    rows = [
        np.column_stack([x + section[:, 0], np.full(20, side), z + section[:, 1]])
        for side in (y, -y)
    ]
    return [loft(rows)]


def closures(body: BodySurface) -> list[Piece]:
    """Roof skin, fenders, hood and tailgate."""
    style = body.style
    hood, crown = style.crowns
    roof = pressing(
        shapely.box(-0.02, -0.985, 1.02, 0.985),
        body.across(style.roof, crown=(crown, crown), bow=(0.075, -0.06)),
        thickness=0.012, cell=(0.07, 0.16),
    )  # fmt: skip
    bonnet = pressing(
        shapely.box(0.0, -0.985, 1.0, 0.985),
        body.across((1.5, style.cowl - 0.4), crown=(hood * 0.7, hood), bow=(0.17, 0.10)),
        thickness=0.016, cell=(0.075, 0.14),
    )  # fmt: skip
    fender = pressing(
        body.under_edge(body.fender),
        body.side_under_edge(),
        thickness=np.array([0, -0.014, 0]),
        cell=(0.08, 0.038),
    )
    return [made("Zinc", roof, bonnet, _lid(body), pair(fender))]


def doors(body: BodySurface) -> list[Piece]:
    """All doors."""
    return [made("Zinc", *(pair(part) for part in door_skins(body)))]


def door_skins(body: BodySurface, *, coarse: bool = False) -> list[trimesh.Trimesh]:
    """The left doors with their handles, front door first."""
    style = body.style
    found = []
    for door in body.doors(margin=0.030, gap=0.010):
        shape = door.difference(body.window(door, 0.045))
        cell = (0.34, 0.11) if coarse else (0.17, 0.055)
        shape = shape.simplify(0.006) if coarse else shape
        skin = pressing(shape, body.side(), thickness=np.array([0, -SKIN, 0]), cell=cell)
        x = door.bounds[0] + (0.13 if door.bounds[0] > style.pillar else 0.30)
        z = float(body.belt(np.array(x))) - 0.085
        y = float(body.half_width(np.array(x), np.array(z)))
        handle = box((0.19, 0.035, 0.026), at=(x, y + 0.006, z), bevel=0.008)
        found.append(join(skin, handle))
    return found


def _lid(body: BodySurface) -> trimesh.Trimesh:
    """Boot lid, or tailgate with its window."""
    style = body.style
    shape = shapely.box(0.012, -0.975, 0.99, 0.975)
    crown = (style.crowns[1], 0.0) if style.window_lid else (0.03, 0.0)
    bow = (-0.06, -0.085) if style.window_lid else (-0.08, -0.07)
    if style.window_lid:
        glass = shapely.box(0.11, -0.84, 0.46, 0.84)
        shape = shape.difference(glass.buffer(-0.04).buffer(0.04))
    bend = body.across(style.lid, crown=crown, bow=bow)
    return pressing(shape, bend, thickness=0.022, cell=(0.075, 0.14))
