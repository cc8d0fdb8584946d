"""A standing worker with helmet, high-visibility vest and safety shoes."""

import numpy as np
import trimesh

from assets.author.package import Asset
from assets.author.sheet import pair
from assets.author.solids import circle, join, loft, move, rectangle, solid, tube, turned
from assets.author.surface import Piece, made

__all__ = ["worker"]


def _oval(rows: list[tuple[float, float, float, float]], sides: int = 18) -> trimesh.Trimesh:
    """Skin ellipses (z, x, depth, width): middle and half axes."""
    unit = circle(1.0, sides)
    return loft(
        [
            np.column_stack([x + d * unit[:, 0], w * unit[:, 1], np.full(sides, z)])
            for z, x, d, w in rows
        ]
    )


def worker() -> Asset:
    """Build the figure."""
    return Asset(
        folder="people",
        name="worker",
        prim="Worker",
        about="A worker, 1.80 m with helmet, facing +X. Variant pose = standing, reaching "
        "(at something 0.5 m ahead, 1.25 m high).",
        groups={
            "geometry": [*_head(), *_body(), *_legs()],
            "geometry/standing": _arms(
                [
                    (-0.01, 0.235, 1.30),
                    (0.0, 0.262, 1.12),
                    (0.05, 0.272, 0.98),
                    (0.10, 0.268, 0.88),
                ],
                [(0.115, 0.266, 0.84), (0.125, 0.26, 0.79), (0.125, 0.255, 0.765)],
            ),
            "geometry/reaching": _arms(
                [(0.05, 0.235, 1.31), (0.15, 0.25, 1.18), (0.28, 0.225, 1.19), (0.40, 0.185, 1.24)],
                [(0.44, 0.172, 1.255), (0.49, 0.155, 1.27), (0.515, 0.148, 1.275)],
            ),
        },
        variants={
            "pose": (
                "standing",
                {"standing": ["geometry/standing"], "reaching": ["geometry/reaching"]},
            )
        },
    )


def _head() -> list[Piece]:
    skull = _oval(
        [
            (1.50, 0.0, 0.05, 0.052),
            (1.545, 0.005, 0.054, 0.056),
            (1.56, 0.02, 0.07, 0.06),
            (1.60, 0.018, 0.088, 0.07),
            (1.66, 0.01, 0.095, 0.077),
            (1.71, 0.005, 0.096, 0.077),
            (1.75, 0.0, 0.08, 0.065),
            (1.765, 0, 0.04, 0.03),
        ]
    )
    shell = _oval(
        [
            (1.675, 0.012, 0.135, 0.112),
            (1.684, 0.012, 0.136, 0.113),
            (1.690, 0.0, 0.117, 0.102),
            (1.74, -0.005, 0.112, 0.098),
            (1.785, -0.005, 0.088, 0.076),
            (1.807, -0.005, 0.05, 0.04),
            (1.811, -0.005, 0.0, 0.0),
        ]
    )
    nose = move(
        turned([(0.014, 0), (0.004, 0.028)], (0, 0, 0), (1, 0, -0.25), sides=8), 0.092, 0, 1.645
    )
    band = _oval([(1.645, 0.01, 0.098, 0.081), (1.665, 0.01, 0.100, 0.082)])
    return [
        made("Skin", skull, nose, crease=70),
        made("WhitePaint", shell, crease=50),
        made("Glass", band),
    ]  # fmt: skip


def _body() -> list[Piece]:
    trunk = [
        (0.86, 0, 0.10, 0.155),
        (0.93, 0, 0.115, 0.175),
        (1.02, 0.005, 0.108, 0.162),
        (1.14, 0.01, 0.112, 0.168),
        (1.28, 0.01, 0.125, 0.19),
        (1.38, 0.0, 0.118, 0.20),
        (1.44, -0.008, 0.095, 0.165),
        (1.49, -0.01, 0.062, 0.085),
        (1.515, -0.005, 0.055, 0.06),
    ]
    vest = [(z, x, d + 0.014, w + 0.012) for z, x, d, w in trunk[1:7]]
    bands = [
        _oval([(z, x, d + 0.017, w + 0.015), (z + 0.05, x, d + 0.018, w + 0.016)])
        for z, x, d, w in ((1.03, 0.006, 0.108, 0.163), (1.17, 0.01, 0.114, 0.172))
    ]
    return [
        made("WorkBlue", _oval(trunk), crease=70),
        made("VestYellow", _oval(vest), crease=60),
        made("Reflective", *bands),
    ]  # fmt: skip


def _legs() -> list[Piece]:
    leg = tube(
        [
            (0.0, 0.085, 0.92),
            (0.012, 0.098, 0.70),
            (0.015, 0.10, 0.48),
            (0.0, 0.105, 0.28),
            (-0.01, 0.108, 0.09),
        ],
        (0.092, 0.085, 0.066, 0.060, 0.056),
        sides=12,
        per_span=3,
    )
    rows = [(0.0, 0.24, 0.095), (0.045, 0.255, 0.10), (0.08, 0.20, 0.085), (0.115, 0.13, 0.08)]
    shoe = loft(
        [
            np.column_stack(
                [rectangle(w, d, 0.04, 4) + (0.045 - 0.18 * (0.25 - w), 0.11), np.full(20, z)]
            )
            for z, w, d in rows
        ]
    )
    sole = loft(
        [
            np.column_stack([rectangle(0.265, 0.105, 0.045, 4) + (0.046, 0.11), np.full(20, z)])
            for z in (0.0, 0.02)
        ]
    )
    ankles = solid(sole.vertices, sole.faces)
    return [
        made("WorkBlue", pair(leg), crease=70),
        made("DarkSteel", pair(join(shoe)), crease=50),
        made("Rubber", pair(ankles)),
    ]  # fmt: skip


def _arms(
    elbow: list[tuple[float, float, float]], fingers: list[tuple[float, float, float]]
) -> list[Piece]:
    """Both arms: below the shoulder along `elbow` to the wrist, then the hand along `fingers`."""
    shoulder = [(-0.008, 0.13, 1.445), (-0.008, 0.195, 1.415)]
    radii = (0.05, 0.062, 0.056, 0.046, 0.042, 0.038)
    arm = tube([*shoulder, *elbow], radii, sides=10, per_span=3)
    hand = tube([elbow[-1], *fingers], (0.034, 0.042, 0.034, 0.016), sides=8, per_span=2)
    return [
        made("WorkBlue", pair(arm), crease=70),
        made("MachineGrey", pair(hand), crease=70),
    ]
