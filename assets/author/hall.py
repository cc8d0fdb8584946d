"""The hall around the line: floor tile, roof steel, lights, cable tray, control cabinet."""

import trimesh

from assets.author.package import Asset
from assets.author.sheet import pair
from assets.author.solids import box, extrude, join, move, rod, tube, turn
from assets.author.surface import made

__all__ = ["cable_tray", "control_cabinet", "floor_tile", "hall_light", "steel_bay"]


def floor_tile() -> Asset:
    """Build a concrete slab whose edges leave a joint."""
    return Asset(
        folder="hall",
        name="floor_tile",
        prim="FloorTile",
        about="Concrete floor, 7 x 7 m, top at z = 0.",
        groups={
            "geometry": [made("Concrete", box((7.0, 7.0, 0.10), at=(0, 0, -0.05), bevel=0.012))]
        },
    )


def _profile(length: float, size: float, web: float = 0.014) -> trimesh.Trimesh:
    """An I-beam along +Z."""
    a, w, f = size / 2, web / 2, 0.018
    half = [(-a, -a), (a, -a), (a, -a + f), (w, -a + f), (w, a - f), (a, a - f), (a, a), (-a, a),
        (-a, a - f),
            (-w, a - f), (-w, -a + f), (-a, -a + f)]  # fmt: skip
    return extrude(half, length, bevel=0)


def steel_bay() -> Asset:
    """Build columns, truss and purlins of one bay."""
    columns = pair(
        join(
            move(_profile(8.2, 0.34), 0, 12, 0),
            box((0.6, 0.6, 0.04), at=(0, 12, 0.02), bevel=0.006),
        )
    )
    guard = [pair(box((0.40, 0.40, 1.0), at=(0, 12, 0.5), bevel=0.02))]
    chords = [box((0.18, 24.0, 0.18), at=(0, 0, z), bevel=0.012) for z in (7.0, 8.1)]
    web = []
    for k in range(8):
        y0, y1 = -12 + 3 * k, -12 + 3 * (k + 1)
        middle = (y0 + y1) / 2
        web.append(rod(0.05, (0, y0, 8.05), (0, middle, 7.05), sides=8, bevel=0))
        web.append(rod(0.05, (0, middle, 7.05), (0, y1, 8.05), sides=8, bevel=0))
    purlin = turn(_profile(14.0, 0.20, 0.010), "y", 90)
    purlins = [move(purlin, -7, y, 8.3) for y in (-12, -8, -4, 0, 4, 8, 12)]
    tie = [move(turn(_profile(14.0, 0.16, 0.010), "y", 90), -7, y, 6.86) for y in (-4, 4)]
    return Asset(
        folder="hall",
        name="steel_bay",
        prim="SteelBay",
        about="Roof steel of one bay: 14 m along X, 24 m span, columns at y = -12 and 12, truss at "
        "x = 0 between z = 7 and 8.2.",
        groups={
            "geometry": [
                made("LightGrey", columns, *chords, *web, *purlins, *tie),
                made("SafetyYellow", *guard),
            ]
        },
    )


def hall_light() -> Asset:
    """Build a hanging LED line light."""
    body = box((1.5, 0.22, 0.07), at=(0, 0, 0.045), bevel=0.012)
    wires = [rod(0.004, (x, 0, 0.07), (x, 0, 0.9), sides=6, bevel=0) for x in (-0.6, 0.6)]
    panel = box((1.44, 0.16, 0.012), at=(0, 0, 0.006), bevel=0.002)
    return Asset(
        folder="hall",
        name="hall_light",
        prim="HallLight",
        about="LED line light, 1.5 m; z = 0 is its glowing underside, hung 0.9 m below the steel.",
        groups={
            "geometry": [
                made("LightGrey", body),
                made("DarkSteel", *wires),
                made("LedWhite", panel),
            ]
        },
    )


def cable_tray() -> Asset:
    """Build a hung ladder tray with cables."""
    sides = [box((7.0, 0.012, 0.09), at=(0, s * 0.25, 0.045), bevel=0.002) for s in (-1, 1)]
    rungs = [box((0.03, 0.49, 0.016), at=(-3.325 + 0.35 * k, 0, 0.02), bevel=0) for k in range(20)]
    hangers = [
        rod(0.008, (x, s * 0.27, 0.0), (x, s * 0.27, 1.2), sides=6, bevel=0)
        for x in (-2.4, 0, 2.4)
        for s in (-1, 1)
    ]
    feet = [box((0.05, 0.60, 0.03), at=(x, 0, -0.005), bevel=0.004) for x in (-2.4, 0, 2.4)]

    def cable(y: float, radius: float) -> trimesh.Trimesh:
        path = [
            (-3.5, y, 0.03 + radius),
            (-1.2, y + 0.012, 0.03 + radius),
            (1.2, y - 0.012, 0.03 + radius),
            (3.5, y, 0.03 + radius),
        ]
        return tube(path, radius, sides=7, per_span=3)

    return Asset(
        folder="electrical",
        name="cable_tray",
        prim="CableTray",
        about="Cable ladder, 7 m along X, hung by rods; z = 0 is its underside.",
        groups={
            "geometry": [
                made("Zinc", *sides, *rungs, *feet, *hangers),
                made("Rubber", *(cable(y, r) for y,
                    r in ((-0.19, 0.022), (-0.13, 0.022), (-0.06, 0.03), (0.17, 0.025)))),
                made("HoseBlue", cable(0.02, 0.026)),
                made("SignalOrange", cable(0.095, 0.02)),
            ]
        },
    )  # fmt: skip


def control_cabinet() -> Asset:
    """Build a two-door cabinet with plinth, handles, vents, panel and a cooling unit."""
    doors = [box((0.022, 0.575, 1.92), at=(0.306, s * 0.295, 1.08), bevel=0.006) for s in (-1, 1)]
    vents = [
        box((0.008, 0.34, 0.016), at=(0.319, s * 0.295, 0.26 + 0.035 * k), bevel=0.002)
        for s in (-1, 1)
        for k in range(5)
    ]
    handles = [box((0.035, 0.03, 0.17), at=(0.33, s * 0.055, 1.1), bevel=0.008) for s in (-1, 1)]
    lamps = [
        made(look, rod(0.018, (0.315, y, 1.72), (0.337, y, 1.72), sides=14))
        for look, y in (("LampGreen", -0.38), ("LampAmber", -0.30), ("LampBlue", -0.22))
    ]
    return Asset(
        folder="electrical",
        name="control_cabinet",
        prim="ControlCabinet",
        about="Control cabinet, 0.6 x 1.2 x 2.1 m; its doors look along +X.",
        groups={
            "geometry": [
                made("LightGrey", box((0.60, 1.20, 1.98), at=(0, 0, 1.09), bevel=0.01), *doors),
                made(
                    "DarkSteel",
                    box((0.58, 1.16, 0.10), at=(0, 0, 0.05), bevel=0.004),
                    *vents,
                    *handles,
                ),
                made("LightGrey", box((0.30, 0.9, 0.22), at=(-0.05, 0, 2.19), bevel=0.02)),
                made("DarkSteel", box((0.012, 0.36, 0.26), at=(0.316, 0.295, 1.52), bevel=0.004)),
                made("Screen", box((0.006, 0.32, 0.22), at=(0.323, 0.295, 1.52), bevel=0.001)),
                made(
                    "SafetyYellow", box((0.006, 0.10, 0.09), at=(0.319, -0.48, 1.72), bevel=0.001)
                ),
                made("LampRed", rod(0.03, (0.318, 0.45, 1.28), (0.35, 0.45, 1.28), sides=16)),
                *lamps,
            ]
        },
    )
