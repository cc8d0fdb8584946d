"""The unit that a body is married to: battery, two axles with motors, springs and brakes."""

import trimesh

from assets.author.body_style import CROSSOVER, Style
from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import box, hoop, join, move, rod, tube, turned
from assets.author.surface import Piece, made

__all__ = ["chassis", "power_unit"]

DATUM = 0.42  # the body's datum above the pallet's underside [m]


def power_unit(style: Style) -> list[Piece]:
    """Battery and axles of a style, in the frame of its body."""
    front, rear = style.axles
    z = style.wheel[0]
    start, stop = rear + 0.52, front - 0.52
    middle, length = (start + stop) / 2, stop - start
    case = box((length, 1.36, 0.11), at=(middle, 0, -0.015), bevel=0.025)
    lid = box((length - 0.10, 1.24, 0.02), at=(middle, 0, 0.047), bevel=0.008)
    rails = [
        box((length - 0.06, 0.07, 0.06), at=(middle, s * 0.70, 0.0), bevel=0.012) for s in (-1, 1)
    ]
    ribs = [
        box((0.035, 1.18, 0.016), at=(start + length * k / 8, 0, 0.06), bevel=0.005)
        for k in range(1, 8)
    ]
    plug = box((0.14, 0.30, 0.07), at=(stop - 0.06, 0, 0.075), bevel=0.015)
    cable = tube(
        [(stop - 0.03, 0.06, 0.07), (stop + 0.12, 0.08, 0.09), (front - 0.2, 0.06, z + 0.05)],
        0.018,
        sides=6,
        per_span=3,
    )
    return [
        made("Aluminium", case, *rails),
        made("DarkSteel", lid, *ribs, plug),
        made("SignalOrange", cable),
        *_axle(front, z, style.width / 2, steer=True),
        *_axle(rear, z, style.width / 2, steer=False),
    ]


def _axle(x: float, z: float, half: float, *, steer: bool) -> list[Piece]:
    """Subframe, motor, drive shafts, arms, spring struts, brake discs."""
    hub = half - 0.17
    frame = [box((0.08, 0.92, 0.06), at=(x + dx, 0, z - 0.14), bevel=0.014) for dx in (-0.26, 0.26)]
    frame.append(pair(box((0.60, 0.08, 0.06), at=(x, 0.40, z - 0.14), bevel=0.014)))
    motor = [
        rod(0.145, (x, -0.24, z), (x, 0.16, z), sides=20, bevel=0.02),
        rod(0.105, (x - 0.12, -0.12, z + 0.01), (x - 0.12, 0.10, z + 0.01), sides=16, bevel=0.02),
        box((0.30, 0.40, 0.12), at=(x - 0.02, -0.03, z + 0.17), bevel=0.02),
    ]
    shaft = pair(rod(0.022, (x, 0.16, z), (x, hub, z), sides=8))
    arms = [
        rod(0.020, (x + dx, 0.36, z - 0.10), (x, hub - 0.02, z - 0.09), sides=8)
        for dx in (-0.22, 0.22)
    ]
    arms.append(box((0.10, 0.09, 0.24), at=(x, hub - 0.03, z + 0.02), bevel=0.02))
    top = (x - 0.03, hub - 0.16, z + (0.48 if steer else 0.33))
    foot = (x, hub - 0.07, z - 0.02)
    damper = rod(0.026, foot, top, sides=10)
    links = [rod(0.012, (x + 0.15, 0.28, z - 0.05), (x + 0.13, hub - 0.02, z - 0.03), sides=6)]
    disc = rod(0.165, (x, hub + 0.005, z), (x, hub + 0.03, z), sides=22, bevel=0.004)
    bell = rod(0.075, (x, hub + 0.03, z), (x, hub + 0.065, z), sides=16, bevel=0.004)
    caliper = box(
        (0.09, 0.08, 0.15), at=(x - 0.13 if steer else x + 0.13, hub + 0.015, z + 0.04), bevel=0.015
    )
    return [
        made("CastIron", *frame, pair(join(*arms, *links))),
        made("Aluminium", *motor),
        made("DarkSteel", shaft, pair(damper), pair(caliper)),
        made("HoseBlue", pair(_spring(foot, top))),
        made("BareSteel", pair(join(disc, bell))),
    ]


def _spring(foot: tuple[float, float, float], top: tuple[float, float, float]) -> trimesh.Trimesh:
    """Six coils as rings between the plates of a strut."""
    ring = [(0.050, -0.009), (0.066, -0.009), (0.066, 0.009), (0.050, 0.009)]
    coils = []
    for k in range(6):
        share = 0.42 + 0.09 * k
        at = [f + share * (t - f) for f, t in zip(foot, top, strict=True)]
        coils.append(move(hoop(ring, 12), *at))
    plate = turned([(0.075, 0), (0.075, 0.02)], top, (top[0], top[1], 9), sides=12)
    return join(*coils, plate)


def _pallet() -> list[Piece]:
    """The marriage pallet: frame, posts below the unit, guide rollers, corner cones."""
    beams = [pair(box((3.9, 0.14, 0.12), at=(0, 0.50, 0.09), bevel=0.014))]
    beams += [
        box((0.12, 1.1, 0.10), at=(x, 0, 0.09), bevel=0.012) for x in (-1.85, -0.7, 0.7, 1.85)
    ]
    deck = box((3.7, 0.86, 0.02), at=(0, 0, 0.15), bevel=0.004)
    posts = [pair(box((0.12, 0.12, 0.20), at=(x, 0.42, 0.25), bevel=0.012)) for x in (-0.7, 0.65)]
    posts += [
        pair(box((0.14, 0.10, 0.26), at=(x, 0.40, 0.28), bevel=0.012)) for x in CROSSOVER.axles
    ]
    pads = [pair(box((0.14, 0.14, 0.02), at=(x, 0.42, 0.355), bevel=0.004)) for x in (-0.7, 0.65)]
    cones = [
        pair(
            turned(
                [(0.03, 0), (0.03, 0.30), (0.012, 0.36)], (x, 0.62, 0.12), (x, 0.62, 9), sides=12
            )
        )
        for x in (-1.1, 1.1)
    ]
    ears = [pair(box((0.10, 0.16, 0.06), at=(x, 0.60, 0.09), bevel=0.01)) for x in (-1.1, 1.1)]
    wear = pair(box((3.8, 0.10, 0.03), at=(0, 0.50, 0.015), bevel=0.004))
    return [
        made("SafetyYellow", *beams, *ears),
        made("MachineGrey", deck, *posts),
        made("Rubber", *pads),
        made("BareSteel", *cones, wear),
    ]


def chassis() -> Asset:
    """Build a unit on its pallet."""
    return Asset(
        folder="parts",
        name="chassis",
        prim="Chassis",
        about="Battery, motors and axles of the crossover on a marriage pallet, 4.0 x 1.3 m (a "
        "proposal). z = 0 is the pallet's underside; front along +X. The frame `body` is the datum "
        "of the body that is married to it. Variant pallet = with, without.",
        groups={
            "geometry/pallet": _pallet(),
            "geometry/unit": [
                made(p.material, move(p.solid, 0, 0, DATUM), crease=p.crease)
                for p in power_unit(CROSSOVER)
            ],
        },
        frames={"body": Frame(xyz=(0.0, 0.0, DATUM))},
        variants={
            "pallet": ("with", {"with": ["geometry/pallet"], "without": []}),
        },
    )
