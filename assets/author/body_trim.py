"""What general assembly adds to a painted body: glass, lamps, bumpers, mirrors, seats, cockpit."""

from collections.abc import Callable

import numpy as np
import shapely
import trimesh
from numpy.typing import NDArray

from assets.author.body_surface import BodySurface
from assets.author.sheet import pair, pressing
from assets.author.solids import box, extrude, hoop, join, move, turn
from assets.author.surface import Piece, made

__all__ = ["bumpers", "door_trim", "glazing", "interior", "liners"]

Bend = Callable[[NDArray[np.float64]], NDArray[np.float64]]
PANE = 0.006  # [m]
PANE_DROP = 0.010  # of windscreen and rear window below roof and hood [m]
INSET = 0.012  # of glass behind the skin [m]
STRIP = shapely.box(0.0, -0.965, 1.0, 0.965)


def glazing(body: BodySurface) -> list[Piece]:
    """Windscreen, rear window and quarter windows."""
    style = body.style
    hood, crown = style.crowns
    cowl, (front, rear) = style.cowl, style.roof
    bend = body.across(
        (cowl - 0.25, front + 0.125), crown=(hood, crown), bow=(0.11, 0.07), drop=PANE_DROP
    )
    panes = [pressing(STRIP, bend, thickness=PANE, cell=(0.17, 0.14))]
    if style.window_lid:
        bend = body.across(style.lid, crown=(crown, 0.0), bow=(-0.06, -0.085), drop=0.012)
        panes.append(
            pressing(shapely.box(0.10, -0.86, 0.48, 0.86), bend, thickness=PANE, cell=(0.1, 0.14))
        )
        side = _inside(body, body.quarter().buffer(0.012))
        panes.append(pair(side))
    else:
        bend = body.across(
            (rear - 0.2, style.lid[0] + 0.1),
            crown=(crown, 0.03),
            bow=(-0.06, -0.07),
            drop=PANE_DROP,
        )
        panes.append(pressing(STRIP, bend, thickness=PANE, cell=(0.17, 0.14)))
    foot = body.across(
        (cowl - 0.5, cowl - 0.125), crown=(hood, hood), bow=(0.10, 0.115), drop=0.018
    )
    cowl_cover = pressing(STRIP, foot, thickness=0.02, cell=(0.4, 0.14))
    return [made("Glass", *panes, crease=60), made("Plastic", cowl_cover)]


def _inside(body: BodySurface, shape: shapely.Geometry) -> trimesh.Trimesh:
    """A pane on the left side, just behind the skin."""
    depth = np.array([0, -PANE, 0])
    return pressing(shape, body.side(INSET), thickness=depth, cell=(0.2, 0.07))


def door_trim(body: BodySurface) -> list[Piece]:
    """The glass of the left and right doors, and the mirrors."""
    panes = [
        _inside(body, body.window(door, 0.045).buffer(0.012))
        for door in body.doors(margin=0.030, gap=0.010)
    ]
    style = body.style
    x = style.hinge - 0.22
    z = float(body.belt(np.array(x))) + 0.075
    y = float(body.half_width(np.array(x), np.array(z)))
    mirror = box((0.13, 0.22, 0.15), at=(x, y + 0.12, z + 0.02), bevel=0.045)
    stalk = box((0.07, 0.14, 0.035), at=(x + 0.01, y + 0.03, z - 0.035), bevel=0.012)
    return [
        made("Glass", *(pair(pane) for pane in panes), crease=60),
        made("Plastic", pair(join(mirror, stalk))),
    ]


def bumpers(body: BodySurface) -> list[Piece]:
    """Front and rear bumper in body colour, grille, sills, head and tail lamps."""
    style = body.style
    last = len(style.edge) - 1
    nose = body.across((0.0, 1.45), crown=(0, 0), bow=(0.10, 0.165))
    face = pressing(shapely.box(0, -0.995, 1, 0.995), nose, thickness=0.02, cell=(0.25, 0.09))
    lip = style.axles[0] + 0.5 * style.wheel[1] - 0.02
    whole = body.outline.difference(body.lamps())
    corner = whole.intersection(shapely.box(lip, -1, 9, style.wheel[0] + 0.145))
    skin = np.array([0, -0.016, 0])
    cheek = pressing(corner, body.side(), thickness=skin, cell=(0.09, 0.07))
    tail = body.across((last - 1.9, last), crown=(0, 0), bow=(-0.095, -0.075))
    back = pressing(shapely.box(0, -0.995, 1, 0.995), tail, thickness=0.02, cell=(0.25, 0.09))
    grille = pressing(
        shapely.box(0.06, -0.62, 0.34, 0.62), _ahead(nose, 0.007), thickness=0.012, cell=(0.3, 0.1)
    )
    lamps = body.outline.intersection(body.lamps().buffer(0.004))
    left, right = shapely.box(0, -9, 9, 9), shapely.box(-9, -9, 0, 9)
    head = _lamp(body, lamps.intersection(left))
    rear = _lamp(body, lamps.intersection(right))
    light = pressing(
        shapely.box(0.86, -0.90, 0.90, 0.90), _ahead(nose, 0.004), thickness=0.01, cell=(0.3, 0.1)
    )
    return [
        made("Zinc", face, back, pair(cheek)),
        made("Plastic", grille, *_sills(body), *_plates(nose, tail)),
        made("HeadLamp", pair(head), light),
        made("TailLamp", pair(rear), _tail_bar(body)),
    ]


def _tail_bar(body: BodySurface) -> trimesh.Trimesh:
    """The lamp across the lid."""
    style = body.style
    high = style.window_lid
    crown = (style.crowns[1], 0.0) if high else (0.03, 0.0)
    lid = body.across(style.lid, crown=crown, bow=(-0.06, -0.085) if high else (-0.08, -0.07))
    strip = shapely.box(0.66, -0.94, 0.74, 0.94) if high else shapely.box(0.60, -0.94, 0.70, 0.94)
    return pressing(strip, _ahead(lid, -0.008), thickness=0.012, cell=(0.05, 0.12))


def _lamp(body: BodySurface, shape: shapely.Geometry) -> trimesh.Trimesh:
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    return pressing(largest, body.side(0.006), thickness=np.array([0, -0.03, 0]), cell=(0.06, 0.05))


def _ahead(bend: Bend, way: float) -> Bend:
    """The same bend, moved along X."""
    return lambda flat: bend(flat) + (way, 0, 0)


def _plates(nose: Bend, tail: Bend) -> list[trimesh.Trimesh]:
    """The lower, unpainted edges of both bumpers."""
    low = shapely.box(0.0, -0.80, 0.10, 0.80)
    high = shapely.box(0.72, -0.80, 1.0, 0.80)
    return [
        pressing(low, _ahead(nose, 0.006), thickness=0.012, cell=(0.3, 0.1)),
        pressing(high, _ahead(tail, -0.006), thickness=0.012, cell=(0.3, 0.1)),
    ]


def _sills(body: BodySurface) -> list[trimesh.Trimesh]:
    """Dark strips under the doors, and arch mouldings."""
    style = body.style
    z, radius = style.wheel
    front, rear = style.axles
    strip = shapely.box(rear + radius + 0.03, 0.02, front - radius - 0.03, 0.10)
    depth = np.array([0, -0.02, 0])
    parts = [pressing(strip, body.side(-0.006), thickness=depth, cell=(0.4, 0.05))]
    for x in style.axles:
        arch = shapely.Point(x, z).buffer(radius + 0.035, 12)
        arch = arch.difference(shapely.Point(x, z).buffer(radius, 12))
        arch = arch.intersection(shapely.box(-9, 0.06, 9, 9)).intersection(body.outline)
        parts.append(pressing(arch, body.side(-0.006), thickness=depth, cell=(0.12, 0.09)))
    return [pair(part) for part in parts]


def liners(body: BodySurface) -> list[Piece]:
    """Dark wheel arch liners and floor cover: all that is seen of the inside of a closed car."""
    style = body.style
    z, radius = style.wheel
    outer = style.width / 2 - 0.04
    arc = np.linspace(-0.25, np.pi + 0.25, 15)
    curve = np.column_stack([np.cos(arc), np.sin(arc)])
    section = np.concatenate([(radius + 0.02) * curve, (radius + 0.004) * curve[::-1]])
    shell = turn(extrude(section, outer - 0.52, bevel=0), "x", 90)
    wall = turn(extrude((radius + 0.01) * curve, 0.02, bevel=0), "x", 90)
    houses = [
        move(each, x, y, z) for x in style.axles for each, y in ((shell, outer), (wall, 0.53))
    ]
    front, rear = style.edge[0][0] - 0.25, style.edge[-1][0] + 0.25
    floor = box((front - rear, 1.0, 0.02), at=((front + rear) / 2, 0, 0.10), bevel=0)
    return [made("Plastic", *(pair(each) for each in houses), floor)]


def interior(body: BodySurface) -> list[Piece]:
    """Seats, cockpit beam and steering wheel."""
    style = body.style
    dash, z = style.hinge - 0.20, style.belt[0] - 0.12
    seats = []
    for x, width, y in ((-0.12, 0.50, 0.38), (style.axles[1] + 0.72, 0.58, 0.34)):
        cushion = box((0.52, width, 0.16), at=(x, y, 0.31), bevel=0.05)
        back = turn(box((0.14, width, 0.58), at=(0, 0, 0.29), bevel=0.05), "y", -16)
        rest = turn(box((0.09, 0.24, 0.15), at=(0, 0, 0.67), bevel=0.035), "y", -16)
        seats.append(pair(join(cushion, move(join(back, rest), x - 0.25, y, 0.30))))
    rim = [(0.17, -0.012), (0.19, -0.012), (0.19, 0.012), (0.17, 0.012)]
    wheel = move(turn(hoop(rim, 20), "y", -65), dash - 0.34, 0.38, z + 0.05)
    half = style.width / 2 - 0.14
    cockpit = box((0.34, 2 * half, 0.20), at=(dash - 0.02, 0, z), bevel=0.07)
    console = box((0.85, 0.22, 0.20), at=(0.20, 0, 0.26), bevel=0.04)
    screen = turn(box((0.012, 0.62, 0.12), bevel=0.003), "y", -12)
    return [
        made("SeatGrey", *seats),
        made("Plastic", wheel, cockpit, console),
        made("Screen", move(screen, dash - 0.19, 0.12, z + 0.13)),
    ]
