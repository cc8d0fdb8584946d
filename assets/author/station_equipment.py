"""What some stations have over the line: framing buck, roof and vision portal, load posts."""

import trimesh

from assets.author.sheet import pair
from assets.author.solids import box, join, rod, tube
from assets.author.surface import Piece, made

__all__ = ["framing_buck", "load_posts", "roof_portal", "vision_portal"]


def _column(x: float, y: float, height: float, width: float) -> trimesh.Trimesh:
    parts = [box((width, width, height), at=(x, y, height / 2 + 0.01), bevel=0.012)]
    parts.append(box((width + 0.26, width + 0.26, 0.03), at=(x, y, 0.02), bevel=0.005))
    plate = (width + 0.16, 0.016, 0.22)
    parts += [box(plate, at=(x, y + s * 0.05, 0.14), bevel=0.003) for s in (-1, 1)]
    return join(*parts)


def framing_buck() -> list[Piece]:
    """A gantry on four columns, and a clamping frame on each side of the body."""
    x, y, top = 1.82, 2.12, 4.1
    gantry = [pair(_column(s * x, y, top, 0.30)) for s in (-1, 1)]
    beams = [pair(box((2 * x + 1.3, 0.26, 0.34), at=(0, y, top + 0.15), bevel=0.014))]
    beams += [
        box((0.26, 2 * y + 0.3, 0.30), at=(s * x, 0, top + 0.13), bevel=0.014) for s in (-1, 1)
    ]
    beams += [pair(box((2 * x, 0.16, 0.16), at=(0, 0.75, top + 0.10), bevel=0.01))]
    brace = [
        pair(rod(0.05, (s * (x - 0.12), y, 3.35), (s * 1.05, y, top), sides=10)) for s in (-1, 1)
    ]
    edge = [
        pair(box((0.31, 0.31, 0.05), at=(s * x, y, z), bevel=0.006))
        for s in (-1, 1)
        for z in (1.0, 1.2, 1.4)
    ]
    return [
        made("MachineGrey", *gantry, *beams, *brace),
        made("SafetyYellow", *edge),
        *_side_frame(),
        *_gantry_services(x, y, top),
    ]


def _side_frame() -> list[Piece]:
    """The buck: a welded tube frame beside the body with its clamps, hung on slides."""
    y, low, high = 1.30, 0.62, 2.28
    bars = [box((4.3, 0.10, 0.13), at=(0, y, z), bevel=0.012) for z in (low, high)]
    bars += [
        box((0.11, 0.10, high - low), at=(x, y, (low + high) / 2), bevel=0.012)
        for x in (-2.1, -1.62, -0.05, 1.62, 2.1)
    ]
    bars += [
        rod(0.04, (s * 1.62, y, high - 0.04), (s * 0.75, y, high - 0.42), sides=8) for s in (-1, 1)
    ]
    bars += [box((1.5, 0.08, 0.08), at=(s * 0.83, y, high - 0.44), bevel=0.01) for s in (-1, 1)]
    carriers = [
        box((0.16, 0.75, 0.16), at=(x, y + 0.42, z), bevel=0.014)
        for x in (-1.82, 1.82)
        for z in (low + 0.25, high - 0.05)
    ]
    arms, clamps, pads = [], [], []
    for x, z in (
        (-1.9, 1.25),
        (-0.05, 0.86),
        (-0.05, 1.40),
        (1.55, 1.1),
        (-0.9, 0.74),
        (0.85, 0.74),
        (-1.2, 1.82),
        (0.35, 1.82),
        (-0.45, 1.86),
    ):
        arms.append(box((0.07, 0.24, 0.08), at=(x, y - 0.10, z), bevel=0.01))
        clamps.append(box((0.05, 0.16, 0.13), at=(x + 0.06, y - 0.12, z + 0.03), bevel=0.012))
        clamps.append(
            rod(0.026, (x + 0.06, y - 0.06, z + 0.08), (x + 0.06, y + 0.14, z + 0.14), sides=10)
        )
        pads.append(box((0.06, 0.05, 0.06), at=(x, y - 0.235, z), bevel=0.01))
    base = [box((0.5, 0.9, 0.10), at=(x, y + 0.40, 0.06), bevel=0.012) for x in (-1.82, 1.82)]
    slide = [
        box((0.10, 0.85, 0.05), at=(x + s * 0.16, y + 0.40, 0.135), bevel=0.006)
        for x in (-1.82, 1.82)
        for s in (-1, 1)
    ]
    stand = [
        box((0.20, 0.22, low), at=(x, y + 0.05, 0.15 + low / 2), bevel=0.012) for x in (-1.86, 1.86)
    ]
    return [
        made("FixtureBlue", pair(join(*bars, *stand))),
        made("SafetyYellow", pair(join(*carriers))),
        made("SignalOrange", pair(join(*arms))),
        made("DarkSteel", pair(join(*clamps, *base))),
        made("BareSteel", pair(join(*pads, *slide))),
    ]  # fmt: skip


def _gantry_services(x: float, y: float, top: float) -> list[Piece]:
    boxes = [
        box((0.5, 0.24, 0.6), at=(s * 0.9, y + 0.26, top - 0.35), bevel=0.012) for s in (-1, 1)
    ]
    pipes = [
        tube(
            [
                (-x - 0.5, y - 0.20, top + 0.36 + 0.05 * k),
                (x + 0.5, y - 0.20, top + 0.36 + 0.05 * k),
            ],
            0.02,
            sides=8,
            per_span=1,
        )
        for k in (0, 1)
    ]
    drops = [
        tube(
            [
                (s * 0.9, y + 0.3, top - 0.6),
                (s * 0.95, y + 0.3, top - 1.2),
                (s * 1.5, y - 0.1, top - 1.6),
                (s * 1.82, y - 0.3, 2.3),
            ],
            0.028,
            sides=8,
        )
        for s in (-1, 1)
    ]
    return [
        made("LightGrey", pair(join(*boxes))),
        made("Rubber", pair(join(*drops))),
        made("HoseBlue", pair(pipes[0])),
        made("BareSteel", pair(pipes[1])),
    ]  # fmt: skip


def roof_portal() -> list[Piece]:
    """A portal over the body with a gripper that sets the roof."""
    y, top = 2.25, 3.7
    frame = [
        pair(_column(0, y, top, 0.26)),
        box((0.24, 2 * y + 0.8, 0.32), at=(0, 0, top + 0.15), bevel=0.014),
    ]
    frame.append(pair(rod(0.045, (0, y - 0.1, 3.0), (0, y - 0.75, top), sides=10)))
    rails = [
        box((0.05, 2 * y + 0.4, 0.04), at=(s * 0.145, 0, top + 0.24), bevel=0.006) for s in (-1, 1)
    ]
    carriage = [
        box((0.50, 0.50, 0.16), at=(0, 0, top - 0.09), bevel=0.014),
        box((0.16, 0.16, 1.15), at=(0, 0, top - 0.55), bevel=0.012),
    ]
    z = 2.52
    grip = [box((1.7, 0.07, 0.07), at=(-0.35, s * 0.36, z), bevel=0.01) for s in (-1, 1)]
    grip += [box((0.07, 1.05, 0.07), at=(x, 0, z), bevel=0.01) for x in (-1.05, -0.35, 0.35)]
    grip += [box((0.3, 0.3, 0.06), at=(-0.02, 0, z + 0.06), bevel=0.01)]
    stems = [
        rod(0.014, (x, s * 0.45, z - 0.22), (x, s * 0.45, z), sides=8)
        for x in (-1.05, -0.35, 0.35)
        for s in (-1, 1)
    ]
    cups = [
        rod(0.06, (x, s * 0.45, z - 0.25), (x, s * 0.45, z - 0.215), sides=14, bevel=0.012)
        for x in (-1.05, -0.35, 0.35)
        for s in (-1, 1)
    ]
    chain = tube(
        [
            (0.22, 1.6, top + 0.30),
            (0.22, 0.5, top + 0.42),
            (0.22, 0.1, top + 0.25),
            (0.12, 0.0, top),
        ],
        0.05,
        sides=8,
    )
    edge = [pair(box((0.27, 0.27, 0.05), at=(0, y, z), bevel=0.006)) for z in (1.0, 1.2, 1.4)]
    return [
        made("MachineGrey", *frame),
        made("BareSteel", *rails, *stems),
        made("SignalOrange", *carriage),
        made("Aluminium", *grip),
        made("Rubber", *cups, chain),
        made("SafetyYellow", *edge),
    ]  # fmt: skip


def vision_portal() -> list[Piece]:
    """Two arches of aluminium profile with cameras and light bars that look at the body."""
    frame, cameras, lenses, lights = [], [], [], []
    for x in (-1.0, 1.0):
        frame += [
            pair(_column(x, 1.95, 2.9, 0.14)),
            box((0.14, 4.04, 0.14), at=(x, 0, 2.97), bevel=0.01),
        ]
        lights.append(box((0.06, 2.9, 0.05), at=(x, 0, 2.86), bevel=0.008))
        lights.append(pair(box((0.06, 0.05, 1.7), at=(x, 1.85, 1.6), bevel=0.008)))
        for y, z in ((1.80, 1.0), (1.80, 1.6), (1.80, 2.2), (0.6, 2.76)):
            cameras.append(pair(box((0.10, 0.12, 0.10), at=(x + 0.13, y, z), bevel=0.012)))
            down = (x + 0.13, y - 0.10, z) if z < 2.5 else (x + 0.13, y, z - 0.10)
            near = (x + 0.13, y - 0.05, z) if z < 2.5 else (x + 0.13, y, z - 0.04)
            lenses.append(pair(rod(0.034, near, down, sides=16)))
    frame += [pair(box((2.0, 0.10, 0.10), at=(0, 1.95, z), bevel=0.008)) for z in (2.9, 0.7)]
    frame.append(box((2.0, 0.10, 0.10), at=(0, 0, 2.97), bevel=0.008))
    screen = box((0.04, 0.62, 0.38), at=(1.30, 2.35, 1.45), bevel=0.008)
    face = box((0.006, 0.57, 0.33), at=(1.322, 2.35, 1.45), bevel=0.001)
    stand = [
        box((0.08, 0.08, 1.25), at=(1.26, 2.35, 0.64), bevel=0.008),
        box((0.40, 0.50, 0.03), at=(1.26, 2.35, 0.02), bevel=0.006),
    ]
    return [
        made("Aluminium", *frame),
        made("DarkSteel", *cameras, screen),
        made("Glass", *lenses),
        made("LedWhite", *lights),
        made("Screen", face),
        made("MachineGrey", *stand),
    ]  # fmt: skip


def load_posts() -> list[Piece]:
    """Light curtains at the entry, and guide rails."""
    posts = [pair(_column(x, 1.75, 2.0, 0.12)) for x in (-2.9, 2.9)]
    caps = [
        pair(box((0.13, 0.13, 0.05), at=(x, 1.75, z), bevel=0.006))
        for x in (-2.9, 2.9)
        for z in (0.6, 1.0, 1.4, 1.8)
    ]
    eyes = [pair(box((0.04, 0.03, 1.5), at=(x, 1.68, 1.15), bevel=0.006)) for x in (-2.9, 2.9)]
    guides = [
        pair(
            tube(
                [(-2.3, 1.02, 0.55), (-1.6, 0.86, 0.55), (1.6, 0.86, 0.55), (2.3, 1.02, 0.55)],
                0.03,
                sides=10,
                per_span=1,
            )
        )
    ]
    stays = [
        pair(box((0.08, 0.08, 0.52), at=(x, 0.95, 0.27), bevel=0.008)) for x in (-1.5, 0.1, 1.5)
    ]
    console = [
        box((0.35, 0.5, 1.0), at=(-1.2, 2.3, 0.51), bevel=0.02),
        box((0.40, 0.54, 0.06), at=(-1.2, 2.3, 1.03), bevel=0.014),
    ]
    return [
        made("SafetyYellow", *posts),
        made("MarkingBlack", *caps),
        made("DarkSteel", *eyes, *stays),
        made("BareSteel", *guides),
        made("LightGrey", *console),
        made("LampRed", rod(0.04, (-1.2, 2.15, 1.06), (-1.2, 2.15, 1.10), sides=16)),
        made("LampGreen", rod(0.025, (-1.2, 2.30, 1.06), (-1.2, 2.30, 1.085), sides=16)),
    ]  # fmt: skip
