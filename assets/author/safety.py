"""Fence panel, fence gate and the light mast."""

import trimesh

from assets.author.package import Asset
from assets.author.solids import box, join, rod, turned
from assets.author.surface import Piece, made

__all__ = ["fence_gate", "fence_panel", "light_mast"]

HEIGHT = 2.2
GAP = 0.16  # under the mesh


def _wire(a: tuple[float, float], b: tuple[float, float]) -> trimesh.Trimesh:
    return rod(0.0028, (a[0], 0, a[1]), (b[0], 0, b[1]), sides=3, bevel=0)


def _mesh(x0: float, x1: float) -> list[Piece]:
    """A framed wire mesh in the plane y = 0."""
    z0, z1, bar = GAP, HEIGHT - 0.04, 0.028
    wide, tall = x1 - x0, z1 - z0
    frame = [
        box((wide, bar, bar), at=((x0 + x1) / 2, 0, z), bevel=0.004)
        for z in (z0, (z0 + z1) / 2, z1)
    ]
    frame += [box((bar, bar, tall), at=(x, 0, (z0 + z1) / 2), bevel=0.004) for x in (x0, x1)]
    columns = round(wide / 0.09)
    wires = [
        _wire((x0 + wide * k / columns, z0), (x0 + wide * k / columns, z1))
        for k in range(1, columns)
    ]
    rows = round(tall / 0.22)
    wires += [_wire((x0, z0 + tall * k / rows), (x1, z0 + tall * k / rows)) for k in range(1, rows)]
    return [made("SafetyYellow", *frame, *wires)]


def _post(x: float) -> list[Piece]:
    return [
        made("MarkingBlack", box((0.06, 0.06, HEIGHT), at=(x, 0, HEIGHT / 2), bevel=0.006)),
        made("MachineGrey", box((0.14, 0.14, 0.012), at=(x, 0, 0.006), bevel=0.002)),
    ]


def fence_panel() -> Asset:
    """Build a 2 m panel with its first post."""
    return Asset(
        folder="safety",
        name="fence_panel",
        label="fence",
        prim="FencePanel",
        about="Safety fence: post at x = 0 and mesh to x = 2.0, in the plane y = 0, 2.2 m high. "
        "Repeat every 2 m.",
        groups={"geometry": [*_post(0), *_mesh(0.05, 1.95)]},
    )


def fence_gate() -> Asset:
    """Build a 1.2 m gate with post, handle and safety switch."""
    handle = join(
        box((0.03, 0.10, 0.16), at=(1.08, 0.03, 1.05), bevel=0.006),
        box((0.03, 0.03, 0.20), at=(1.08, 0.09, 1.05), bevel=0.006),
    )
    return Asset(
        folder="safety",
        name="fence_gate",
        label="fence",
        prim="FenceGate",
        about="Door in the safety fence: post at x = 0, leaf to x = 1.2, in the plane y = 0.",
        groups={
            "geometry": [
                *_post(0),
                *_mesh(0.06, 1.14),
                made("LampRed", box((0.09, 0.08, 0.24), at=(0.0, 0.07, 1.05), bevel=0.008)),
                made("DarkSteel", handle),
                made("SafetyYellow", box((0.36, 0.008, 0.26), at=(0.6, 0.02, 1.6), bevel=0.002)),
                made("MarkingBlack", box((0.30, 0.010, 0.05), at=(0.6, 0.022, 1.65), bevel=0.002)),
            ]
        },
    )


def light_mast() -> Asset:
    """Build the andon mast; every lamp is a mesh of its own."""
    lamps = [
        ("blue", "LampBlue"),
        ("green", "LampGreen"),
        ("amber", "LampAmber"),
        ("red", "LampRed"),
    ]
    z, pieces = 2.14, []
    pieces.append(made("DarkSteel", rod(0.062, (0, 0, z - 0.05), (0, 0, z), sides=24)))
    for colour, material in lamps:
        shape = [(0.052, 0), (0.058, 0.006), (0.058, 0.094), (0.052, 0.1)]
        pieces.append(
            made(material, turned(shape, (0, 0, z), (0, 0, 9), sides=24), name=f"lamp_{colour}")
        )
        pieces.append(
            made("DarkSteel", rod(0.06, (0, 0, z + 0.1), (0, 0, z + 0.112), sides=24, bevel=0.003))
        )
        z += 0.112
    cap = turned([(0.06, 0), (0.055, 0.02), (0.03, 0.035)], (0, 0, z), (0, 0, 9), sides=24)
    return Asset(
        folder="signals",
        name="light_mast",
        prim="LightMast",
        about="Andon mast, 2.6 m. Its lamps are meshes: lamp_red, lamp_amber, lamp_green, "
        "lamp_blue.",
        groups={
            "geometry": [
                made("LightGrey", rod(0.03, (0, 0, 0.01), (0, 0, 2.1), sides=16)),
                made("MachineGrey", rod(0.13, (0, 0, 0), (0, 0, 0.016), sides=24)),
                made("LightGrey", box((0.16, 0.10, 0.24), at=(0.06, 0, 1.25), bevel=0.01)),
                made("SafetyYellow", box((0.07, 0.07, 0.02), at=(0.15, 0, 1.29), bevel=0.004)),
                made("LampRed", rod(0.026, (0.15, 0, 1.29), (0.185, 0, 1.29), sides=16)),
                *pieces,
                made("DarkSteel", cap),
            ]
        },
    )
