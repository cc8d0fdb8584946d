"""Parts of a car and what they come in: doors, door rack, panels in a stillage, coils of steel."""

import numpy as np
import shapely
import trimesh

from assets.author.body_shell import door_skins
from assets.author.body_style import CROSSOVER
from assets.author.body_surface import BodySurface
from assets.author.coat import coats_of
from assets.author.package import Asset
from assets.author.sheet import mirror, pair, pressing
from assets.author.solids import box, extrude, hoop, join, move, rod, turn
from assets.author.surface import Piece, made

__all__ = ["coil", "door", "door_rack", "hung_doors", "panel_rack"]

LEAVES = ("front_left", "rear_left", "front_right", "rear_right")


def _leaves() -> list[tuple[trimesh.Trimesh, trimesh.Trimesh, trimesh.Trimesh]]:
    """Skin, lining and glass of the left doors; the middle of their lower edge is the origin."""
    body = BodySurface(CROSSOVER)
    found = []
    inner = np.array([0, -0.035, 0])
    for skin, door in zip(door_skins(body), body.doors(margin=0.030, gap=0.010), strict=True):
        window = body.window(door, 0.045)
        frame = door.buffer(-0.012).difference(window.buffer(0.004))
        lining = pressing(frame, body.side(0.028), thickness=inner, cell=(0.3, 0.12))
        pane = pressing(
            window.buffer(0.012), body.side(0.014), thickness=inner * 0.2, cell=(0.2, 0.08)
        )
        low, high = skin.bounds
        away = (-(low[0] + high[0]) / 2, -CROSSOVER.width / 2 + 0.05, -low[2])
        found.append(tuple(move(part, *away) for part in (skin, lining, pane)))
    return found


def _leaf(
    parts: tuple[trimesh.Trimesh, trimesh.Trimesh, trimesh.Trimesh],
) -> list[tuple[str, str, trimesh.Trimesh]]:
    skin, lining, pane = parts
    return [("skin", "Zinc", skin), ("lining", "Plastic", lining), ("glass", "Glass", pane)]


def door() -> Asset:
    """Build a front and a rear door."""
    groups: dict[str, list[Piece]] = {}
    for place, parts in zip(("front", "rear"), _leaves(), strict=True):
        for name, look, solid in _leaf(parts):
            groups[f"geometry/{place}_left/{name}"] = [made(look, solid)]
            groups[f"geometry/{place}_right/{name}"] = [made(look, mirror(solid))]
    which = {name: [f"geometry/{name}"] for name in LEAVES}
    return Asset(
        folder="parts",
        name="door",
        prim="Door",
        about="A door of the crossover, complete. Origin in the middle of its lower edge, front "
        "along +X, as it hangs in the car: the outer face of a left door looks along +Y. Variants: "
        "leaf = front_left, front_right, rear_left, rear_right, and the coats of a body.",
        groups=groups,
        variants={"leaf": ("front_left", which)},
        coats=coats_of(*(f"geometry/{name}/skin" for name in LEAVES)),
    )


def hung_doors(z: float) -> list[tuple[str, str, trimesh.Trimesh]]:
    """Four doors side by side across X, lower edges at height z; (group, material, solid)."""
    found = []
    front, rear = _leaves()
    for place, parts in enumerate((front, rear, front, rear)):
        for name, look, solid in _leaf(parts):
            left = solid if place < 2 else mirror(solid)
            found.append((name, look, move(left, 0.0, 0.42 * place - 0.63, z)))
    return found


def _grouped(found: list[tuple[str, str, trimesh.Trimesh]], above: str) -> dict[str, list[Piece]]:
    groups: dict[str, list[Piece]] = {}
    for name, look, solid in found:
        groups.setdefault(f"{above}/{name}", []).append(made(look, solid))
    return groups


def door_rack() -> Asset:
    """Build a rack on castors with the four doors of a car."""
    base = [pair(box((1.30, 0.07, 0.07), at=(0, 0.88, 0.20), bevel=0.008))]
    base += [
        box((0.07, 1.83, 0.07), at=(x, 0, 0.20), bevel=0.008) for x in (-0.62, -0.2, 0.2, 0.62)
    ]
    posts = [pair(box((0.06, 0.06, 1.36), at=(x, 0.88, 0.90), bevel=0.008)) for x in (-0.62, 0.62)]
    top = [box((0.05, 1.76, 0.05), at=(x, 0, 1.56), bevel=0.008) for x in (-0.62, 0.62)]
    top.append(pair(box((1.24, 0.05, 0.05), at=(0, 0.88, 1.56), bevel=0.008)))
    saddles = [
        box((0.05, 0.10, 0.07), at=(x, 0.42 * k - 0.66, 0.27), bevel=0.01)
        for x in (-0.2, 0.2)
        for k in range(4)
    ]
    forks = [
        box((0.14, 0.02, 0.05), at=(s * 0.56, 0.42 * k - 0.66 + t * 0.07, 0.80), bevel=0.004)
        for k in range(4)
        for s in (-1, 1)
        for t in (-1, 1)
    ]
    bars = [box((0.04, 1.76, 0.05), at=(s * 0.62, 0, 0.80), bevel=0.006) for s in (-1, 1)]
    castors = [pair(rod(0.07, (x, 0.84, 0.07), (x, 0.90, 0.07), sides=14)) for x in (-0.55, 0.55)]
    stems = [pair(box((0.08, 0.05, 0.09), at=(x, 0.87, 0.125), bevel=0.008)) for x in (-0.55, 0.55)]
    return Asset(
        folder="parts",
        name="door_rack",
        prim="DoorRack",
        about="Rack on castors for the four doors of a car, 1.35 x 1.85 x 1.6 m (a proposal). "
        "Origin on the floor in the middle. Variants: load = doors, empty, and the coats of a "
        "body.",
        groups={
            "geometry/rack": [
                made("FixtureBlue", *base, *posts, *top, *bars),
                made("SafetyYellow", *forks),
                made("Rubber", *saddles, *castors),
                made("DarkSteel", *stems),
            ],
            **_grouped(hung_doors(0.30), "geometry/doors"),
        },
        variants={"load": ("doors", {"doors": ["geometry/doors"], "empty": []})},
        coats=coats_of("geometry/doors/skin"),
    )


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
