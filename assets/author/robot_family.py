"""Links of a robot arm of any size, in robot space at the home pose: own geometry on its lengths.

Widths follow one number, the girth; the castings are hulls of their hubs.
"""

from collections.abc import Callable
from functools import partial

from assets.author.robot_parts import bolts, motor, paint
from assets.author.robot_sizes import Size
from assets.author.solids import box, hull, rod, tube, turned
from assets.author.surface import Piece, made

__all__ = ["links_of", "origins_of"]

Origin = tuple[tuple[float, float, float], bool]


def origins_of(size: Size) -> dict[str, Origin]:
    """Link origins at home [m]; True: the frame is turned 180 deg about Z there."""
    z2, z3 = size.d1 + size.a2, size.d1 + size.a2 + size.a3
    wrist = size.a1 + size.d4
    return {
        "base": ((0, 0, 0), False),
        "link_1": ((0, 0, 0), False),
        "link_2": ((size.a1, 0, size.d1), True),
        "link_3": ((size.a1, 0, z2), True),
        "link_4": ((size.a1, 0, z3), False),
        "link_5": ((wrist, 0, z3), True),
        "link_6": ((wrist + size.d6, 0, z3), False),
    }


def links_of(size: Size) -> dict[str, Callable[[], list[Piece]]]:
    """What makes the pieces of each link."""
    makers = (_base, _link_1, _link_2, _link_3, _link_4, _link_5, _link_6)
    names = ("base", *(f"link_{number}" for number in range(1, 7)))
    return {name: partial(maker, size) for name, maker in zip(names, makers, strict=True)}


def _base(size: Size) -> list[Piece]:
    """Foot plate with anchors, pedestal, connector box."""
    g, top = size.girth, size.d1 - 1.6 * size.girth
    foot = [rod(0.25 * g, (x * g, y * g, 0.2 * g), (x * g, y * g, 0.5 * g), sides=6)
            for x in (-1.5, 1.5) for y in (-1.3, 1.3)]  # fmt: skip
    column = [(1.45 * g, 0.2 * g), (1.2 * g, 0.6 * g), (1.15 * g, 0.7 * top), (1.4 * g, top)]
    return [
        paint(box((3.8 * g, 3.4 * g, 0.3 * g), at=(0, 0, 0.15 * g), bevel=0.04 * g)),
        paint(turned(column, (0, 0, 0), (0, 0, 1), sides=36)),
        made("BareSteel", *foot),
        made("RobotGrey", box((g, 1.3 * g, 0.9 * g), at=(-1.7 * g, 0, 0.8 * g), bevel=0.06 * g)),
    ]


def _link_1(size: Size) -> list[Piece]:
    """Turret: slewing ring, casting up to the shoulder, its motor."""
    g, a1, z = size.girth, size.a1, size.d1
    low = z - 1.6 * g
    ring = rod(1.4 * g, (0, 0, low + 0.02 * g), (0, 0, low + 0.35 * g), sides=40, bevel=0.05 * g)
    hub = rod(1.05 * g, (a1, -0.75 * g, z), (a1, 0.45 * g, z), sides=36, bevel=0.08 * g)
    foot = rod(1.15 * g, (0, 0, low + 0.3 * g), (0, 0, z - 0.2 * g), sides=32, bevel=0.1 * g)
    return [
        paint(ring),
        paint(hull(hub, foot)),
        made("DarkSteel", bolts((a1, -0.75 * g, z), "-y", 0.85 * g, 12)),
        *motor((a1, -0.76 * g, z), (a1, -2.1 * g, z), 1.0 * g),
    ]


def _link_2(size: Size) -> list[Piece]:
    """Lower arm beside the turret, tapered from shoulder to elbow."""
    g, a1, z1 = size.girth, size.a1, size.d1
    z2 = z1 + size.a2
    shoulder = rod(1.0 * g, (a1, 0.5 * g, z1), (a1, 1.3 * g, z1), sides=36, bevel=0.1 * g)
    elbow = rod(0.75 * g, (a1, 0.5 * g, z2), (a1, 1.2 * g, z2), sides=32, bevel=0.1 * g)
    y = 1.36 * g
    hose = [(a1, y, z1), (a1 + 0.3 * g, y + 0.1 * g, z1 + 0.3 * size.a2),
            (a1 + 0.25 * g, y + 0.1 * g, z1 + 0.7 * size.a2), (a1, y, z2)]  # fmt: skip
    return [
        paint(hull(shoulder, elbow)),
        made("DarkSteel", bolts((a1, 1.3 * g, z1), "y", 0.75 * g, 12),
             bolts((a1, 1.2 * g, z2), "y", 0.52 * g, 10)),
        made("Rubber", tube(hose, 0.16 * g, sides=8, per_span=4), crease=70),
    ]  # fmt: skip


def _link_3(size: Size) -> list[Piece]:
    """Elbow housing up to the forearm's axis, its motor, three wrist motors at the rear."""
    g, a1 = size.girth, size.a1
    z2, z3 = size.d1 + size.a2, size.d1 + size.a2 + size.a3
    hub = rod(0.72 * g, (a1, -0.6 * g, z2), (a1, 0.45 * g, z2), sides=32, bevel=0.08 * g)
    case = rod(0.68 * g, (a1 - 1.0 * g, 0, z3), (a1 + 1.1 * g, 0, z3), sides=32, bevel=0.1 * g)
    rear: list[Piece] = []
    for y, z in ((-0.3, 0.25), (0.3, 0.25), (0.0, -0.3)):
        rear += motor((a1 - 1.0 * g, y * g, z3 + z * g), (a1 - 2.1 * g, y * g, z3 + z * g), 0.5 * g)
    return [
        paint(hull(hub, case)),
        *motor((a1, -0.61 * g, z2), (a1, -1.7 * g, z2), 0.8 * g),
        *rear,
    ]


def _link_4(size: Size) -> list[Piece]:
    """Forearm tube tapering into the wrist fork."""
    g, z = size.girth, size.d1 + size.a2 + size.a3
    start, wrist = size.a1 + 1.12 * size.girth, size.a1 + size.d4
    neck = wrist - 1.25 * g - start
    rim = [(0.6 * g, 0), (0.66 * g, 0.03 * g), (0.66 * g, 0.3 * g), (0.55 * g, 0.5 * g),
           (0.48 * g, neck)]  # fmt: skip
    web = hull(
        rod(0.48 * g, (wrist - 1.3 * g, 0, z), (wrist - 1.2 * g, 0, z), sides=24, bevel=0.02 * g),
        box((0.1 * g, 1.3 * g, 0.85 * g), at=(wrist - 0.75 * g, 0, z), bevel=0.02 * g),
    )
    cheeks = [
        hull(
            box((0.1 * g, 0.2 * g, 0.85 * g), at=(wrist - 0.7 * g, s * 0.55 * g, z),
                bevel=0.02 * g),
            rod(0.42 * g, (wrist, s * 0.45 * g, z), (wrist, s * 0.65 * g, z), sides=28,
                bevel=0.04 * g),
        )
        for s in (-1, 1)
    ]  # fmt: skip
    caps = [
        rod(0.32 * g, (wrist, s * 0.64 * g, z), (wrist, s * 0.7 * g, z), sides=20) for s in (-1, 1)
    ]
    return [
        paint(turned(rim, (start, 0, z), (start + 1, 0, z), sides=32)),
        paint(web),
        paint(*cheeks),
        made("DarkSteel", *caps),
    ]


def _link_5(size: Size) -> list[Piece]:
    """Wrist block between the fork's cheeks, with a nose towards the flange."""
    g, z, wrist = size.girth, size.d1 + size.a2 + size.a3, size.a1 + size.d4
    nose = [(0.42 * g, 0), (0.42 * g, 0.3 * g), (0.38 * g, size.d6 - 0.25 * g)]
    return [
        paint(rod(0.42 * g, (wrist, -0.44 * g, z), (wrist, 0.44 * g, z), sides=28, bevel=0.04 * g)),
        paint(turned(nose, (wrist, 0, z), (wrist + 1, 0, z), sides=28)),
    ]


def _link_6(size: Size) -> list[Piece]:
    """Tool flange: bright bolt face."""
    g, z, face = size.girth, size.d1 + size.a2 + size.a3, size.a1 + size.d4 + size.d6
    rim = [(0.36 * g, 0), (0.4 * g, 0.02 * g), (0.4 * g, 0.22 * g), (0.38 * g, 0.24 * g)]
    start = (face - 0.24 * g, 0, z)
    return [
        made("BareSteel", turned(rim, start, (face + 1, 0, z), sides=36)),
        made("DarkSteel", rod(0.16 * g, (face - 0.02 * g, 0, z), (face - 0.002, 0, z), sides=20,
             bevel=0.002)),
    ]  # fmt: skip
