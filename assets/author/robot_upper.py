"""Elbow, forearm, wrist and flange of the robot, in robot space at the home pose."""

import numpy as np

from assets.author.robot_parts import FLANGE, WRIST, X1, Z2, Z3, bolts, hose, motor, paint
from assets.author.solids import box, extrude, join, loft, move, rectangle, rod, tube, turn, turned
from assets.author.surface import Piece, made

__all__ = ["link_3", "link_4", "link_5", "link_6"]


def link_3() -> list[Piece]:
    """Elbow housing with its motor, three wrist motors at the rear, hose loop and guide ring."""
    side = [
        (X1 - 0.13, Z2 - 0.15), (X1 + 0.06, Z2 - 0.175), (X1 + 0.16, Z2 - 0.10),
        (X1 + 0.25, Z2 + 0.06),
        (X1 + 0.29, Z3 - 0.10), (X1 + 0.29, Z3 + 0.11), (X1 + 0.22, Z3 + 0.165),
        (X1 - 0.16, Z3 + 0.165),
        (X1 - 0.225, Z3 + 0.11), (X1 - 0.23, Z3 - 0.11), (X1 - 0.20, Z2 - 0.02),
    ]  # fmt: skip
    casting = move(turn(extrude(side, 0.335, bevel=0.045), "x", 90), 0, 0.155, 0)
    neck = turned(
        [(0.165, 0), (0.178, 0.02), (0.178, 0.12), (0.16, 0.145)],
        (X1 + 0.24, 0, Z3),
        (2, 0, Z3),
        sides=32,
    )
    hub = turned([(0.17, 0), (0.17, 0.035), (0.15, 0.06)], (X1, -0.16, Z2), (X1, -1, Z2), sides=28)
    back = X1 - 0.225
    plate = turned(
        [(0.185, 0), (0.185, 0.03), (0.17, 0.04)], (back + 0.01, 0, Z3), (-1, 0, Z3), sides=30
    )
    wrist_motors: list[Piece] = []
    for y, z in ((-0.085, Z3 + 0.062), (0.085, Z3 + 0.062), (0.0, Z3 - 0.085)):
        wrist_motors += motor((back - 0.02, y, z), (back - 0.28, y, z), 0.135)
    turn_of = np.linspace(0, 2 * np.pi, 19)
    ring = np.column_stack(
        [np.full(19, X1 + 0.36), 0.235 * np.sin(turn_of), Z3 + 0.235 * np.cos(turn_of)]
    )
    guide = [tube(ring, 0.016, sides=5, per_span=1)]
    guide += [
        rod(0.014, (X1 + 0.22, y, Z3 + z), (X1 + 0.36, 1.30 * y, Z3 + 1.33 * z), sides=6, bevel=0)
        for y, z in ((0.12, 0.13), (-0.12, 0.13), (0.0, -0.176))
    ]
    stand = box((0.10, 0.09, 0.16), at=(X1 + 0.10, 0.10, Z3 + 0.21), bevel=0.012)
    return [
        paint(casting),
        paint(neck),
        paint(hub),
        made("DarkSteel", plate, stand, *guide, bolts((X1, -0.197, Z2), "-y", 0.156, 12)),
        *motor((X1, -0.215, Z2), (X1, -0.44, Z2), 0.165),
        *wrist_motors,
        hose(
            [(X1, 0.405, Z2), (X1 - 0.16, 0.42, Z2 + 0.15), (X1 - 0.18, 0.34, Z3 + 0.20),
                (X1 - 0.02, 0.16, Z3 + 0.30),
             (X1 + 0.14, 0.10, Z3 + 0.285), (X1 + 0.36, 0.05, Z3 + 0.235)],
            radius=0.036,
        ),
        hose(
            [(X1 - 0.04, 0.385, Z2), (X1 - 0.22, 0.36, Z2 + 0.12),
                (back - 0.10, 0.20, Z3 + 0.12), (back - 0.12, 0.10, Z3 + 0.13)],
            [(X1 - 0.04, 0.37, Z2 - 0.01), (X1 - 0.25, 0.33, Z2 + 0.06),
                (back - 0.12, 0.10, Z3 - 0.04), (back - 0.14, 0.02, Z3 - 0.05)],
            radius=0.014,
        ),
    ]  # fmt: skip


def link_4() -> list[Piece]:
    """Forearm tube tapering into the wrist fork, with the dress pack on top."""
    start = X1 + 0.385
    tube_rim = [
        (0.15, 0),
        (0.165, 0.015),
        (0.165, 0.06),
        (0.142, 0.10),
        (0.118, 0.42),
        (0.112, 0.60),
        (0.118, 0.66),
    ]
    fork = []
    for s in (-1, 1):
        rows = []
        for x, w, h in (
            (1.30, 0.10, 0.20),
            (1.36, 0.075, 0.215),
            (1.46, 0.05, 0.205),
            (WRIST, 0.045, 0.19),
        ):
            section = rectangle(w, h, 0.02, 3) + (s * (0.152 - w / 2), Z3)
            rows.append(np.column_stack([np.full(16, x), section]))
        fork.append(loft(rows))
        fork.append(rod(0.1, (WRIST, s * 0.105, Z3), (WRIST, s * 0.155, Z3), sides=28, bevel=0.01))
    web = [
        np.column_stack([np.full(20, x), rectangle(w, h, r, 4) + (0, Z3)])
        for x, w, h, r in (
            (1.25, 0.22, 0.22, 0.105),
            (1.31, 0.29, 0.215, 0.07),
            (1.385, 0.30, 0.20, 0.05),
            (1.40, 0.28, 0.17, 0.04),
        )
    ]
    caps = [rod(0.072, (WRIST, s * 0.15, Z3), (WRIST, s * 0.168, Z3), sides=20) for s in (-1, 1)]
    top = Z3 + 0.205
    return [
        paint(turned(tube_rim, (start, 0, Z3), (3, 0, Z3), sides=32)),
        paint(join(*fork)),
        paint(loft(web)),
        made("DarkSteel", *caps,
            turned([(0.15, 0), (0.15, 0.03)], (start - 0.025, 0, Z3), (3, 0, Z3), sides=32)),
        made("DarkSteel", box((0.05, 0.11, 0.11), at=(start + 0.08, 0.04, top - 0.005), bevel=0.01),
             box((0.05, 0.11, 0.14), at=(1.24, 0.04, top - 0.05), bevel=0.01)),
        hose([(start - 0.03, 0.05, Z3 + 0.235), (start + 0.08, 0.04, top + 0.01),
            (1.0, 0.03, top - 0.015), (1.24, 0.04, top - 0.02),
              (1.42, 0.13, top - 0.02), (1.54, 0.215, Z3 + 0.10), (WRIST + 0.02, 0.21, Z3)],
              radius=0.034),
        hose([(start - 0.03, 0.0, Z3 + 0.225), (start + 0.08, 0.0, top - 0.01),
            (1.24, 0.0, top - 0.05), (1.42, -0.06, top - 0.07),
              (1.50, -0.175, Z3 + 0.08), (WRIST, -0.175, Z3)], radius=0.015),
    ]  # fmt: skip


def link_5() -> list[Piece]:
    """Wrist block between the fork's cheeks, with a nose towards the flange."""
    nose = [(0.098, 0), (0.098, 0.07), (0.09, 0.10), (0.088, 0.155)]
    return [
        paint(rod(0.096, (WRIST, -0.1, Z3), (WRIST, 0.1, Z3), sides=28, bevel=0.012)),
        paint(turned(nose, (WRIST, 0, Z3), (3, 0, Z3), sides=28)),
        made("RobotGrey", box((0.09, 0.11, 0.06), at=(WRIST + 0.02, 0, Z3 + 0.10), bevel=0.014)),
        hose([(WRIST + 0.02, 0.21, Z3), (WRIST + 0.08, 0.20, Z3 - 0.06),
            (WRIST + 0.15, 0.15, Z3 - 0.05), (FLANGE - 0.05, 0.12, Z3)],
             radius=0.032),
    ]  # fmt: skip


def link_6() -> list[Piece]:
    """Tool flange: dark ring, bright bolt face, centring bore."""
    rim = [
        (0.084, 0),
        (0.084, 0.02),
        (0.1, 0.024),
        (0.1, 0.058),
        (0.094, 0.064),
        (0.05, 0.064),
        (0.046, 0.054),
    ]
    clamp = box((0.05, 0.08, 0.07), at=(FLANGE - 0.04, 0.12, Z3), bevel=0.01)
    return [
        made("DarkSteel", turned([(0.07, 0), (0.07, 0.03)], (FLANGE - 0.085, 0, Z3), (3, 0, Z3)),
            clamp),
        made("BareSteel", turned(rim, (FLANGE - 0.064, 0, Z3), (3, 0, Z3), sides=36)),
        made("DarkSteel", bolts((FLANGE - 0.012, 0, Z3), "x", 0.078, 10),
            rod(0.045, (FLANGE - 0.02, 0, Z3), (FLANGE - 0.008, 0, Z3))),
    ]  # fmt: skip
