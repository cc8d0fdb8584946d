"""The slat conveyor of a final line and the stands that carry a body on it."""

from assets.author.carriers import SUPPORTS
from assets.author.layout import PITCH_ASSEMBLY, SKID_TOP
from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import box, extrude, join, move, turned
from assets.author.surface import made

__all__ = ["body_stand", "slat_conveyor"]

TOP = 0.06  # of the slats over the floor [m]
HALF_WIDTH = 1.7
SLATS = 24  # per segment


def slat_conveyor() -> Asset:
    """Build one segment: slats that workers stand on, side covers, walkways."""
    long = PITCH_ASSEMBLY
    pitch = long / SLATS
    slats = [
        box(
            (pitch - 0.016, 2 * HALF_WIDTH, 0.03),
            at=(-long / 2 + (k + 0.5) * pitch, 0, TOP - 0.015),
            bevel=0.004,
        )
        for k in range(SLATS)
    ]
    pan = box((long, 2 * HALF_WIDTH, 0.02), at=(0, 0, 0.012), bevel=0)
    covers = [
        box((long, 0.22, 0.075), at=(0, s * (HALF_WIDTH + 0.115), 0.0375), bevel=0.01)
        for s in (-1, 1)
    ]
    lines = [
        box((long, 0.05, 0.006), at=(0, s * (HALF_WIDTH + 0.115), 0.077), bevel=0) for s in (-1, 1)
    ]
    mats = [box((long, 0.95, 0.016), at=(0, s * 2.36, 0.008), bevel=0) for s in (-1, 1)]
    borders = [box((long, 0.08, 0.012), at=(0, s * 2.89, 0.006), bevel=0) for s in (-1, 1)]
    marks = [
        box((0.08, 0.42, 0.004), at=(-long / 2 + 0.10, s * 2.62, 0.018), bevel=0) for s in (-1, 1)
    ]
    stripe = extrude([(0, 0), (0.10, 0), (0.20, 0.10), (0.10, 0.10)], 0.003, bevel=0)
    hazard = [
        move(stripe, -long / 2 + 0.02 + 0.25 * k, s * (HALF_WIDTH + 0.115) - 0.05, 0.080)
        for k in range(23)
        for s in (-1, 1)
    ]
    return Asset(
        folder="conveyors",
        name="slat_conveyor",
        prim="SlatConveyor",
        about="Segment of a slat conveyor for cars and workers, 6.0 m along X, slats 3.4 m "
        "wide with their top at z = 0.06, walkways to y = 2.9 (sizes are a proposal). Origin on "
        "the floor in the middle; repeat every 6 m.",
        groups={
            "geometry": [
                made("ZincDark", *slats),
                made("MarkingBlack", pan, *hazard),
                made("LightGrey", *covers),
                made("SafetyYellow", *lines, *borders, *marks),
                made("FloorPaint", *mats),
            ]
        },
    )


def body_stand() -> Asset:
    """Build the two stands on which a body rides along a slat conveyor."""
    beams, posts, pads, pins = [], [], [], []
    for x, reach in (SUPPORTS[0], SUPPORTS[-1]):
        beams.append(box((0.34, 1.30, 0.05), at=(x, 0, TOP + 0.035), bevel=0.01))
        beams.append(box((0.12, 1.20, 0.08), at=(x, 0, TOP + 0.10), bevel=0.01))
        foot = box((0.22, 0.20, 0.05), at=(x, reach, TOP + 0.15), bevel=0.01)
        post = box((0.12, 0.12, 0.38), at=(x, reach, TOP + 0.33), bevel=0.014)
        posts.append(pair(join(foot, post)))
        pads.append(pair(box((0.15, 0.14, 0.022), at=(x, reach, SKID_TOP - 0.012), bevel=0.006)))
        at = (x, reach, SKID_TOP - 0.005)
        pins.append(
            pair(turned([(0.016, 0), (0.016, 0.03), (0.006, 0.048)], at, (x, reach, 9), sides=10))
        )
    rails = [pair(box((2.9, 0.06, 0.06), at=(0, 0.42, TOP + 0.10), bevel=0.008))]
    return Asset(
        folder="carriers",
        name="body_stand",
        prim="BodyStand",
        about="Stand that carries a body on a slat conveyor, 3.2 x 1.3 m (a proposal). Origin on "
        "the hall's floor in the middle; it stands on the slats at z = 0.06, the body's datum is "
        "the frame `body` at z = 0.60.",
        groups={
            "geometry": [
                made("SafetyYellow", *beams, *posts, *rails),
                made("DarkSteel", *pads),
                made("BareSteel", *pins),
            ]
        },
        frames={"body": Frame(xyz=(0.0, 0.0, SKID_TOP))},
    )
