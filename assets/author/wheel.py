"""A road wheel: tyre, ten-spoke rim and hub, of any size."""

import trimesh

from assets.author.package import Asset
from assets.author.solids import box, hoop, lathe, move, ring_of, rod, turn
from assets.author.surface import Piece, made

__all__ = ["WHEEL_RADIUS", "road_wheel", "wheel"]

WHEEL_RADIUS = 0.37  # of the wheel that is an asset of its own [m]
WIDTH = 0.225


def road_wheel(
    radius: float, at: tuple[float, float, float] = (0, 0, 0), *, left: bool = True
) -> list[Piece]:
    """A wheel about the axis Y whose outer face looks to the left (+Y) or to the right."""
    half, rim = WIDTH / 2, 0.70 * radius
    tyre = [
        (rim, -half + 0.02),
        (radius - 0.05, -half),
        (radius - 0.012, -half + 0.03),
        (radius, -half + 0.06),
        (radius, half - 0.06),
        (radius - 0.012, half - 0.03),
        (radius - 0.05, half),
        (rim, half - 0.015),
    ]
    lip = [
        (0.90 * rim, half - 0.03),
        (0.93 * rim, -half + 0.04),
        (1.01 * rim, -half + 0.04),
        (1.01 * rim, half - 0.012),
        (0.96 * rim, half - 0.008),
    ]
    hub = [(0.085, half - 0.07), (0.085, half - 0.025), (0.055, half - 0.012), (0.03, half - 0.01)]
    spoke = turn(box((0.95 * rim - 0.05, 0.036, 0.03), bevel=0.006), "y", -4)
    spoke = move(spoke, 0.5 * (0.95 * rim + 0.05))
    spokes = [move(ring_of(turn(spoke, "z", s * 10), 5), 0, 0, half - 0.04) for s in (-1, 1)]
    brake = rod(0.66 * rim, (0, 0, -0.02), (0, 0, 0.005), sides=20)
    caliper = move(turn(box((0.09, 0.16, 0.07), bevel=0.01), "z", 25), 0.55 * rim, 0.25 * rim)

    def stand(mesh: trimesh.Trimesh) -> trimesh.Trimesh:
        return move(turn(mesh, "x", -90 if left else 90), *at)

    metal = [stand(part) for part in (hoop(lip, 28), *spokes, lathe(hub, 12))]
    return [
        made("Rubber", stand(hoop(tyre, 28))),
        made("Aluminium", *metal),
        made("DarkSteel", stand(brake), stand(caliper)),
    ]


def wheel() -> Asset:
    """Build one wheel."""
    return Asset(
        folder="parts",
        name="wheel",
        prim="Wheel",
        about="Road wheel of 0.74 m (a proposal: 255/45 R20); origin in its centre, axis Y, the "
        "outer face looks along +Y.",
        groups={"geometry": road_wheel(WHEEL_RADIUS)},
    )
