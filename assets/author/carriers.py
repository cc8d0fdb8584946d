"""The skid that carries a body; origin in its middle, z = 0 under the runners."""

from assets.author.layout import RUNNER_GAUGE, SKID_HEIGHT
from assets.author.package import Asset
from assets.author.solids import box, extrude, move, rod, turn, turned
from assets.author.surface import made

__all__ = ["skid"]

LENGTH = 5.0
SUPPORTS = [(1.42, 0.46), (0.35, 0.60), (-0.55, 0.60), (-1.45, 0.46)]  # x, |y| of the locators


def skid() -> Asset:
    """Build runners, cross members and body locators."""
    half, y = LENGTH / 2, RUNNER_GAUGE / 2
    side = [(-half + 0.10, 0.005), (half - 0.10, 0.005), (half, 0.055), (half - 0.01, 0.085),
        (half - 0.05, 0.10),
            (-half + 0.05, 0.10), (-half + 0.01, 0.085), (-half, 0.055)]  # fmt: skip
    runner = turn(extrude(side, 0.07, bevel=0.006), "x", 90)
    cross = [
        box((0.09, 1.12, 0.07), at=(x, 0, 0.095), bevel=0.008)
        for x in (2.1, 1.42, 0.35, -0.55, -1.45, -2.1)
    ]
    wear = [box((LENGTH - 0.4, 0.05, 0.008), at=(0, s * y, 0.004), bevel=0.002) for s in (-1, 1)]
    brace = [
        rod(0.022, (x0, s * y, 0.10), (x1, -s * y, 0.10), sides=10)
        for x0, x1 in ((1.42, 0.35), (-0.55, -1.45)) for s in (-1, 1)
    ]  # fmt: skip
    posts, pads, pins = [], [], []
    for x, reach in SUPPORTS:
        for s in (-1, 1):
            posts.append(box((0.10, 0.10, 0.10), at=(x, s * reach, 0.13), bevel=0.012))
            if reach > y:
                posts.append(box((0.08, 0.22, 0.06), at=(x, s * (reach - 0.06), 0.10), bevel=0.008))
            pads.append(
                box((0.13, 0.12, 0.022), at=(x, s * reach, SKID_HEIGHT - 0.012), bevel=0.006)
            )
            pin = [(0.016, 0), (0.016, 0.03), (0.006, 0.048)]
            pins.append(
                turned(pin, (x, s * reach, SKID_HEIGHT - 0.005), (x, s * reach, 1), sides=12)
            )
    tag = box((0.16, 0.012, 0.06), at=(0, y + 0.036, 0.055), bevel=0.002)
    return Asset(
        folder="carriers",
        name="skid",
        prim="Skid",
        about="Body skid, 5.0 x 1.2 m. z = 0 is the underside of the runners, the body datum lies "
        "on top at z = 0.20.",
        groups={
            "geometry": [
                made("SkidGreen", *(move(runner, 0, s * y + 0.035) for s in (-1, 1)), *cross,
                    *brace, *posts),
                made("BareSteel", *wear, *pins),
                made("DarkSteel", *pads),
                made("WhitePaint", tag),
            ]
        },
    )  # fmt: skip
