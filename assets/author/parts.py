"""What press lines take and give: coils of steel, and pressed panels in a stillage."""

import numpy as np
import shapely

from assets.author.package import Asset
from assets.author.sheet import pair, pressing
from assets.author.solids import box, extrude, hoop, join, move, turn
from assets.author.surface import made

__all__ = ["coil", "panel_rack"]

LEAVES = ("front_left", "rear_left", "front_right", "rear_right")


def panel_rack() -> Asset:
    """Build a stillage with pressed outer panels."""
    wide, deep = 1.9, 1.3
    base = [pair(box((wide, 0.09, 0.09), at=(0, deep / 2, 0.16), bevel=0.008))]
    base += [box((0.09, deep, 0.09), at=(x, 0, 0.16), bevel=0.008) for x in (-0.9, -0.3, 0.3, 0.9)]
    feet = [
        pair(box((0.14, 0.14, 0.12), at=(x, deep / 2 - 0.03, 0.06), bevel=0.01))
        for x in (-0.87, 0.87)
    ]
    posts = [
        pair(box((0.08, 0.08, 1.36), at=(x, deep / 2, 0.86), bevel=0.008)) for x in (-0.91, 0.91)
    ]
    braces = [box((wide, 0.05, 0.05), at=(0, deep / 2, z), bevel=0.006) for z in (0.86, 1.50)]
    braces += [
        box((0.05, deep, 0.05), at=(s * 0.91, 0, z), bevel=0.006)
        for s in (-1, 1)
        for z in (0.86, 1.50)
    ]
    combs = [box((0.06, deep - 0.1, 0.05), at=(x, 0, 0.235), bevel=0.006) for x in (-0.5, 0.5)]

    def bend(flat: np.ndarray) -> np.ndarray:
        x, z = flat.T
        crown = 0.10 * (1 - (x / 0.72) ** 2) + 0.05 * np.sin(np.pi * z / 1.15)
        return np.column_stack(
            [x, crown - 0.06 * np.exp(-(((np.abs(x) - 0.42) / 0.06) ** 2)) * 0.4, z]
        )

    shape = shapely.Polygon(
        [(-0.72, 0), (0.72, 0), (0.66, 0.75), (0.52, 1.08), (-0.52, 1.08), (-0.66, 0.75)]
    )
    panel = pressing(shape, bend, thickness=np.array([0, -0.006, 0]), cell=(0.16, 0.27))
    panels = [move(panel, 0, -0.58 + 0.085 * k, 0.26) for k in range(13)]
    return Asset(
        folder="parts",
        name="panel_rack",
        prim="PanelRack",
        about="Stackable stillage with pressed outer panels, 1.9 x 1.4 x 1.54 m (a proposal). "
        "Origin on the floor in the middle. Variant load = panels, empty.",
        groups={
            "geometry/rack": [
                made("FixtureBlue", *base, *feet, *posts, *braces),
                made("Rubber", *combs),
            ],
            "geometry/panels": [made("Zinc", *panels)],
        },
        variants={"load": ("panels", {"panels": ["geometry/panels"], "empty": []})},
    )


def coil() -> Asset:
    """Build a strapped coil of sheet steel on its saddle."""
    radius, half, z = 0.90, 0.75, 1.06
    ring = [(0.30, -half), (radius, -half), (radius, half), (0.30, half)]
    body = move(turn(hoop(ring, 40), "x", 90), 0, 0, z)
    steps = [
        move(
            turn(
                hoop(
                    [
                        (r, -half - 0.004),
                        (r + 0.012, -half - 0.004),
                        (r + 0.012, half + 0.004),
                        (r, half + 0.004),
                    ],
                    40,
                ),
                "x",
                90,
            ),
            0,
            0,
            z,
        )
        for r in (0.42, 0.55, 0.67, 0.78)
    ]
    strap = [
        (radius - 0.002, -0.02),
        (radius + 0.006, -0.02),
        (radius + 0.006, 0.02),
        (radius - 0.002, 0.02),
    ]
    straps = [move(turn(hoop(strap, 40), "x", 90), 0, y, z) for y in (-0.4, 0, 0.4)]
    wedge = extrude([(0.28, 0.0), (0.92, 0.0), (0.92, 0.40), (0.72, 0.44)], 1.5, bevel=0.01)
    saddle = move(turn(wedge, "x", 90), 0, 0.75, 0.10)
    other = turn(saddle, "z", 180)
    skids = [box((1.9, 0.16, 0.10), at=(0, y, 0.05), bevel=0.01) for y in (-0.6, 0, 0.6)]
    label = box((0.30, 0.004, 0.22), at=(0.0, -half - 0.006, z + 0.60), bevel=0)
    return Asset(
        folder="parts",
        name="coil",
        prim="Coil",
        about="Coil of sheet steel on a saddle, 1.8 m across and 1.5 m wide, about 26 t (a "
        "proposal). Origin on the floor in the middle, its axis along Y.",
        groups={
            "geometry": [
                made("Zinc", body),
                made("ZincDark", *steps),
                made("FixtureBlue", *straps),
                made("MachineGrey", join(saddle, other), *skids),
                made("WhitePaint", label),
            ]
        },
    )
