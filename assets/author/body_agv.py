"""The automated vehicle that carries a car body on a yellow jig from station to station."""

from assets.author.carriers import SUPPORTS
from assets.author.layout import SKID_TOP
from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import box, extrude, join, move, rod, turned
from assets.author.surface import Piece, made

__all__ = ["body_agv", "scanner", "tread"]

LENGTH, WIDTH, HEIGHT = 4.8, 1.70, 0.30


def scanner(x: float, y: float, z: float) -> list[Piece]:
    """A safety laser scanner: yellow foot, dark head."""
    return [
        made("SafetyYellow", rod(0.055, (x, y, z - 0.06), (x, y, z), sides=12)),
        made(
            "MarkingBlack",
            turned(
                [(0.05, 0), (0.05, 0.03), (0.058, 0.04), (0.058, 0.075)],
                (x, y, z),
                (x, y, 9),
                sides=12,
            ),
        ),
    ]


def tread(x: float, y: float, radius: float = 0.10, width: float = 0.07) -> Piece:
    """A wheel under a vehicle, standing on the floor."""
    return made(
        "Rubber", rod(radius, (x, y - width / 2, radius), (x, y + width / 2, radius), sides=16)
    )


def body_agv() -> Asset:
    """Build platform and jig."""
    return Asset(
        folder="vehicles",
        name="body_agv",
        prim="BodyAgv",
        about="Body carrier, 4.8 x 1.7 x 0.30 m (sizes are a proposal), that drives along +X: free "
        "routes in general assembly with a yellow jig for the body (source: press photographs of "
        "Hyundai's Metaplant, confidence C). Origin on the floor in the middle; the body's datum "
        "is the frame `body` at z = 0.60. Variant jig = assembly, none.",
        groups={"geometry/platform": _platform(), "geometry/jig": _jig()},
        frames={"body": Frame(xyz=(0.0, 0.0, SKID_TOP))},
        variants={"jig": ("assembly", {"assembly": ["geometry/jig"], "none": []})},
    )


def _outline(inset: float) -> list[tuple[float, float]]:
    """The plan view: a rectangle with cut corners, counter-clockwise."""
    x, y, cut = LENGTH / 2 - inset, WIDTH / 2 - inset, 0.22
    return [
        (x, -y + cut),
        (x, y - cut),
        (x - cut, y),
        (-x + cut, y),
        (-x, y - cut),
        (-x, -y + cut),
        (-x + cut, -y),
        (x - cut, -y),
    ]


def _platform() -> list[Piece]:
    half, wide = LENGTH / 2, WIDTH / 2
    bumper = move(extrude(_outline(0.0), 0.09, bevel=0.012), 0, 0, 0.035)
    skirt = move(extrude(_outline(0.035), 0.10, bevel=0.006), 0, 0, 0.115)
    light = move(extrude(_outline(0.030), 0.014, bevel=0.002), 0, 0, 0.205)
    frame = move(extrude(_outline(0.02), 0.075, bevel=0.012), 0, 0, 0.222)
    deck = box((LENGTH - 0.62, WIDTH - 0.26, 0.012), at=(0, 0, 0.300), bevel=0.003)
    hatches = [
        box((0.72, 0.52, 0.012), at=(x, s * 0.36, 0.308), bevel=0.003)
        for x in (-1.45, 1.45)
        for s in (-1, 1)
    ]
    grips = [
        box((0.16, 0.03, 0.012), at=(x, s * 0.36, 0.317), bevel=0.003)
        for x in (-1.45, 1.45)
        for s in (-1, 1)
    ]
    stripe = extrude([(0, 0), (0.05, 0), (0.11, 0.06), (0.06, 0.06)], 0.003, bevel=0)
    stripes = [move(stripe, half - 0.10, -0.62 + 0.12 * k, 0.296) for k in range(10)]
    stripes += [move(stripe, -half - 0.01, -0.62 + 0.12 * k, 0.296) for k in range(10)]
    panel = box((0.02, 0.34, 0.06), at=(half - 0.035, 0, 0.165), bevel=0.003)
    stop = rod(
        0.028, (half - 0.32, wide - 0.16, 0.295), (half - 0.32, wide - 0.16, 0.335), sides=14
    )
    back = rod(
        0.028, (0.32 - half, 0.16 - wide, 0.295), (0.32 - half, 0.16 - wide, 0.335), sides=14
    )
    wheels = [tread(x, s * 0.55) for x in (-1.75, 1.75) for s in (-1, 1)]
    wheels += [tread(0, s * 0.62, 0.11, 0.10) for s in (-1, 1)]
    heads = [
        piece for s in (-1, 1) for piece in scanner(s * (half - 0.06), s * (wide - 0.06), 0.15)
    ]
    return [
        made("Rubber", bumper),
        made("DarkSteel", skirt, deck),
        made("LampBlue", light, name="strip"),
        made("SafetyYellow", frame),
        made("MachineGrey", *hatches),
        made("BareSteel", *grips),
        made("MarkingBlack", *stripes, panel),
        made("SignalOrange", stop, back, name="stops"),
        *wheels,
        *heads,
    ]


def _jig() -> list[Piece]:
    """Two yellow cross beams, posts with pads and pins where a skid would carry the body."""
    beams, posts, pads, pins = [], [], [], []
    beams += [box((0.14, 1.30, 0.09), at=(x, 0, 0.36), bevel=0.012) for x in (1.42, -1.45)]
    beams += [box((3.2, 0.10, 0.08), at=(0, s * 0.52, 0.355), bevel=0.012) for s in (-1, 1)]
    for x, reach in SUPPORTS:
        foot = box((0.24, 0.18, 0.02), at=(x, reach, 0.41), bevel=0.004)
        post = box((0.11, 0.11, 0.17), at=(x, reach, 0.49), bevel=0.014)
        gusset = box((0.17, 0.04, 0.10), at=(x, reach, 0.45), bevel=0.01)
        posts.append(pair(join(foot, post, gusset)))
        pads.append(pair(box((0.14, 0.13, 0.022), at=(x, reach, SKID_TOP - 0.012), bevel=0.006)))
        pin = [(0.016, 0), (0.016, 0.03), (0.006, 0.048)]
        at = (x, reach, SKID_TOP - 0.005)
        pins.append(pair(turned(pin, at, (x, reach, 9), sides=10)))
    return [
        made("SafetyYellow", *beams, *posts),
        made("DarkSteel", *pads),
        made("BareSteel", *pins),
    ]
