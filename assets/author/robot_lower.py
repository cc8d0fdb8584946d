"""Base, turret and lower arm of the robot, in robot space at the home pose."""

import numpy as np

from assets.author.robot_parts import X1, Z1, Z2, bolts, hose, motor, paint
from assets.author.solids import box, extrude, join, loft, move, rectangle, rod, turn, turned
from assets.author.surface import Piece, made

__all__ = ["base", "link_1", "link_2"]


def base() -> list[Piece]:
    """Foot plate with bolted feet, pedestal casting, connector box."""
    outline = [
        (0.72, 0.62, 0.08, 0.0), (0.72, 0.62, 0.08, 0.035), (0.60, 0.54, 0.12, 0.05),
        (0.56, 0.52, 0.17, 0.10), (0.53, 0.52, 0.22, 0.18), (0.54, 0.54, 0.269, 0.25),
        (0.60, 0.60, 0.299, 0.262), (0.60, 0.60, 0.299, 0.292),
    ]  # fmt: skip
    rows = [np.column_stack([rectangle(w, d, r, 6), np.full(28, z)]) for w, d, r, z in outline]
    feet = [
        box((0.16, 0.15, 0.06), at=(sx * 0.31, sy * 0.27, 0.03), bevel=0.014)
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    anchors = [
        turned([(0.030, 0), (0.030, 0.006), (0.021, 0.007), (0.021, 0.028)], (x, y, 0.06),
            (x, y, 1), sides=6)
        for x in (-0.34, -0.28, 0.28, 0.34) for y in (-0.27, 0.27)
    ]  # fmt: skip
    plugs = [rod(0.028, (-0.48, y, 0.17), (-0.53, y, 0.17), sides=14) for y in (-0.075, 0.0, 0.075)]
    return [
        paint(loft(rows)),
        paint(join(*feet)),
        made("BareSteel", *anchors),
        made("RobotGrey", box((0.22, 0.28, 0.17), at=(-0.37, 0, 0.16), bevel=0.012)),
        made("DarkSteel", box((0.012, 0.24, 0.13), at=(-0.483, 0, 0.16), bevel=0.004), *plugs),
        made("DarkSteel", bolts((0, 0, 0.262), "z", 0.284, 16)),
    ]


def link_1() -> list[Piece]:
    """Slewing turret: ring, casting that carries the shoulder, shoulder and slewing motors."""
    side = [
        (-0.27, 0.34), (0.27, 0.34), (0.34, 0.39), (0.50, 0.49), (0.535, 0.56), (0.54, 0.63),
        (0.51, 0.72), (0.44, 0.80), (0.35, 0.835), (0.24, 0.825), (0.12, 0.76), (-0.02, 0.67),
        (-0.18, 0.62), (-0.27, 0.55), (-0.29, 0.44),
    ]  # fmt: skip
    casting = turn(extrude(side, 0.31, bevel=0.03), "x", 90)
    ring = [(0.27, 0.295), (0.305, 0.30), (0.31, 0.345), (0.27, 0.375)]
    rib = [(-0.24, 0.36), (0.30, 0.36), (0.40, 0.46), (0.30, 0.56), (-0.10, 0.52), (-0.24, 0.46)]
    ribs = move(turn(extrude(rib, 0.46, bevel=0.035), "x", 90), 0, 0.23, 0)
    return [
        paint(turned(ring, (0, 0, 0), (0, 0, 1), sides=40)),
        paint(move(casting, 0, 0.125, 0)),
        paint(ribs),
        paint(turned([(0.215, 0), (0.215, 0.05), (0.19, 0.085), (0.15, 0.09)], (X1, -0.17, Z1),
            (X1, -1, Z1), sides=32)),
        made("DarkSteel", turned([(0.225, 0), (0.225, 0.04)], (X1, 0.115, Z1), (X1, 1, Z1),
            sides=36)),
        made("DarkSteel", bolts((X1, -0.222, Z1), "-y", 0.196, 14)),
        *motor((X1, -0.255, Z1), (X1, -0.50, Z1), 0.19),
        *motor((-0.16, -0.02, 0.60), (-0.16, -0.02, 0.86), 0.17),
        made("RobotGrey", box((0.10, 0.20, 0.12), at=(-0.285, 0.0, 0.50), bevel=0.012)),
        hose(
            [(-0.30, 0.10, 0.50), (-0.36, 0.24, 0.60), (-0.20, 0.40, 0.86), (0.10, 0.43, 0.84),
                (X1, 0.41, Z1 + 0.02)],
            radius=0.036,
        ),
        hose([(-0.33, -0.05, 0.5), (-0.42, -0.1, 0.62), (-0.30, -0.06, 0.86),
            (-0.16, -0.02, 0.83)], radius=0.014),
    ]  # fmt: skip


def link_2() -> list[Piece]:
    """Tapered lower arm beside the turret, with its hubs, gas spring and hoses."""
    shape = [
        (0.40, 0.185, Z1 - 0.10), (0.40, 0.19, Z1 + 0.04), (0.365, 0.185, Z1 + 0.16),
        (0.315, 0.175, Z1 + 0.34),
        (0.275, 0.165, Z1 + 0.58), (0.26, 0.16, Z1 + 0.80), (0.29, 0.16, Z1 + 0.98),
        (0.30, 0.155, Z2 + 0.06),
    ]  # fmt: skip
    rows = [
        np.column_stack([rectangle(w, d, 0.055, 4) + (X1, 0.245), np.full(20, z)])
        for w, d, z in shape
    ]
    low = [(0.20, 0), (0.232, 0.012), (0.232, 0.195), (0.20, 0.215), (0.15, 0.22)]
    high = [(0.16, 0), (0.178, 0.012), (0.178, 0.185), (0.15, 0.205), (0.11, 0.21)]
    pocket = [box((0.15, 0.012, 0.50), at=(X1, 0.326, Z1 + 0.53), bevel=0.004)]
    x = X1 - 0.245
    spring = [
        rod(0.062, (x, 0.235, Z1 + 0.12), (x + 0.02, 0.235, Z1 + 0.60), sides=22, bevel=0.012),
        turned(
            [(0.068, 0), (0.068, 0.05)],
            (x, 0.235, Z1 + 0.13),
            (x + 0.02, 0.235, Z1 + 0.60),
            sides=22,
        ),
        turned(
            [(0.068, 0), (0.068, 0.04)],
            (x + 0.018, 0.235, Z1 + 0.56),
            (x + 0.02, 0.235, Z1 + 0.60),
            sides=22,
        ),
    ]
    lug = box((0.16, 0.075, 0.12), at=(X1 - 0.19, 0.235, Z1 + 0.09), bevel=0.02)
    eye = box((0.14, 0.06, 0.09), at=(X1 - 0.165, 0.235, Z1 + 0.86), bevel=0.02)
    clamps = [
        box((0.11, 0.10, 0.035), at=(X1 + 0.05, 0.375, z), bevel=0.008)
        for z in (Z1 + 0.30, Z1 + 0.86)
    ]
    y = 0.405
    return [
        paint(loft(rows)),
        paint(turned(low, (X1, 0.135, Z1), (X1, 1, Z1), sides=36)),
        paint(turned(high, (X1, 0.145, Z2), (X1, 1, Z2), sides=32)),
        paint(join(lug, eye)),
        made("RobotGrey", *pocket, *spring),
        made("BareSteel", rod(0.026, (x + 0.02, 0.235, Z1 + 0.58), (X1 - 0.22, 0.235, Z1 + 0.87),
            sides=14)),
        made("DarkSteel", bolts((X1, 0.352, Z1), "y", 0.175, 14),
            bolts((X1, 0.352, Z2), "y", 0.128, 10), *clamps),
        made("DarkSteel", rod(0.085, (X1, 0.35, Z1), (X1, 0.45, Z1), bevel=0.02),
            rod(0.065, (X1, 0.35, Z2), (X1, 0.445, Z2), bevel=0.02)),
        hose([(X1, y, Z1), (X1 + 0.06, y, Z1 + 0.16), (X1 + 0.06, y - 0.02, Z1 + 0.5),
            (X1 + 0.05, y, Z1 + 0.86),
              (X1, y, Z2)], radius=0.036),
        hose([(X1 - 0.03, y - 0.02, Z1), (X1 + 0.01, y - 0.03, Z1 + 0.2),
            (X1 + 0.005, y - 0.03, Z1 + 0.85),
              (X1 - 0.04, y - 0.02, Z2)], radius=0.016),
    ]  # fmt: skip
