"""A car's doors: one as an asset, four on a rack or hung from a carrier."""

import numpy as np
import trimesh

from assets.author.body_shell import door_skins
from assets.author.body_style import CROSSOVER
from assets.author.body_surface import BodySurface
from assets.author.coat import coats_of
from assets.author.package import Asset
from assets.author.sheet import mirror, pair, pressing
from assets.author.solids import (
    box,
    move,
    rod,
)
from assets.author.surface import Piece, made

__all__ = ["door", "door_rack", "hung_doors"]

LEAVES = ("front_left", "rear_left", "front_right", "rear_right")


def _leaves() -> list[tuple[trimesh.Trimesh, trimesh.Trimesh, trimesh.Trimesh]]:
    """Skin, lining and glass of the left doors; the middle of their lower edge is the origin."""
    body = BodySurface(CROSSOVER)
    found = []
    inner = np.array([0, -0.035, 0])
    for skin, door in zip(
        door_skins(body, coarse=True), body.doors(margin=0.030, gap=0.010), strict=True
    ):
        window = body.window(door, 0.045)
        frame = door.buffer(-0.012).difference(window.buffer(0.004)).simplify(0.006)
        lining = pressing(frame, body.side(0.028), thickness=inner, cell=(0.3, 0.12))
        pane = pressing(
            window.buffer(0.012).simplify(0.006),
            body.side(0.014),
            thickness=inner * 0.2,
            cell=(0.2, 0.08),
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
