"""The gantry over a manual station of general assembly: lights, tools, andon board, racks."""

import math

from assets.author.layout import PITCH_ASSEMBLY
from assets.author.package import Asset, Frame
from assets.author.part_amr import tote
from assets.author.sheet import pair
from assets.author.solids import box, lathe, move, rod, tube, turn
from assets.author.surface import Piece, made

__all__ = ["assembly_station"]

Y, TOP = 3.15, 3.55  # columns of the gantry: |y|, height [m]


def assembly_station() -> Asset:
    """Build the gantry with lights, tools and racks."""
    return Asset(
        folder="stations",
        name="assembly_station",
        prim="AssemblyStation",
        about="Gantry over a manual station of a final line: lights, tool rail, board, racks; "
        "6.0 m along X, 6.5 m wide, 3.9 m high (sizes are a proposal); repeat every 6 m. Origin on "
        "the floor in the middle; stands over a slat conveyor or a way of body carriers. Workers "
        "stand at the frames under mounts. Variant supply = racks, none.",
        groups={
            "geometry/gantry": [*_gantry(), *_tools(), *_board()],
            "geometry/racks": _racks(),
        },
        frames={
            "mounts/worker_1": Frame(xyz=(0.4, 1.45, 0.06), wxyz=_facing(-90)),
            "mounts/worker_2": Frame(xyz=(-0.6, -1.45, 0.06), wxyz=_facing(90)),
        },
        variants={"supply": ("racks", {"racks": ["geometry/racks"], "none": []})},
    )


def _facing(degrees: float) -> tuple[float, float, float, float]:
    half = math.radians(degrees) / 2
    return (math.cos(half), 0.0, 0.0, math.sin(half))


def _gantry() -> list[Piece]:
    """Columns and beams at the segment's start, rails along X, lights."""
    long, x = PITCH_ASSEMBLY, -PITCH_ASSEMBLY / 2 + 0.10
    columns = pair(box((0.16, 0.16, TOP), at=(x, Y, TOP / 2), bevel=0.012))
    feet = pair(box((0.34, 0.34, 0.02), at=(x, Y, 0.01), bevel=0.003))
    guards = pair(box((0.20, 0.20, 0.5), at=(x, Y, 0.27), bevel=0.012))
    beam = box((0.16, 2 * Y + 0.16, 0.24), at=(x, 0, TOP), bevel=0.012)
    sides = pair(box((long, 0.12, 0.20), at=(0, Y, TOP), bevel=0.01))
    knees = pair(rod(0.035, (x, Y - 0.05, 2.95), (x, Y - 0.6, TOP - 0.05), sides=8))
    rails = [pair(box((long, 0.07, 0.11), at=(0, y, 3.30), bevel=0.008)) for y in (1.45,)]
    hangers = [
        pair(rod(0.012, (k, 1.45, 3.34), (k, 1.45, TOP - 0.05), sides=6, bevel=0))
        for k in (-2.8, -0.9, 1.0, 2.9)
    ]
    cross = [box((0.10, 2 * Y, 0.12), at=(k, 0, TOP - 0.01), bevel=0.008) for k in (-0.9, 1.0, 2.9)]
    cases = [
        pair(box((1.75, 0.20, 0.07), at=(k, y, 3.18), bevel=0.012))
        for k in (-1.95, 0.0, 1.95)
        for y in (0.72, 2.15)
    ]
    tubes = [
        pair(box((1.69, 0.15, 0.012), at=(k, y, 3.142), bevel=0.002))
        for k in (-1.95, 0.0, 1.95)
        for y in (0.72, 2.15)
    ]
    wires = [
        pair(rod(0.006, (k + d, y, 3.2), (k + d, y, TOP - 0.02), sides=5, bevel=0))
        for k in (-1.95, 0.0, 1.95)
        for y in (0.72, 2.15)
        for d in (-0.7, 0.7)
    ]
    tray = [box((long, 0.34, 0.02), at=(0, Y - 0.35, TOP + 0.16), bevel=0.003)]
    tray += [
        box((long, 0.012, 0.08), at=(0, Y - 0.35 + s * 0.17, TOP + 0.20), bevel=0) for s in (-1, 1)
    ]
    pipes = [
        tube([(-3, -Y + d, TOP + 0.2), (3, -Y + d, TOP + 0.2)], 0.035, sides=8, per_span=1)
        for d in (0.30, 0.42)
    ]
    return [
        made("LightGrey", columns, beam, sides, knees, *cross),
        made("Aluminium", *rails),
        made("SafetyYellow", guards),
        made("WhitePaint", *cases),
        made("LedWhite", *tubes),
        made("DarkSteel", feet, *hangers, *wires),
        made("Zinc", *tray),
        made("FixtureBlue", *pipes),
    ]


def _tools() -> list[Piece]:
    """Nut runners on balancers with coiled hoses, hung from trolleys on the tool rail."""
    dark, grip, coils, boxes, lines = [], [], [], [], []
    for x, y in ((-1.6, 1.45), (0.9, 1.45), (-0.4, -1.45), (1.9, -1.45)):
        boxes.append(box((0.26, 0.09, 0.10), at=(x, y, 3.20), bevel=0.01))
        boxes.append(rod(0.09, (x, y - 0.05, 3.04), (x, y + 0.05, 3.04), sides=14))
        lines.append(rod(0.005, (x, y, 1.98), (x, y, 2.98), sides=5, bevel=0))
        dark.append(rod(0.032, (x, y, 1.66), (x, y, 1.98), sides=10))
        dark.append(rod(0.016, (x, y, 1.56), (x, y, 1.66), sides=8))
        grip.append(turn(box((0.05, 0.045, 0.17), bevel=0.012), "y", 0))
        grip[-1] = move(grip[-1], x + 0.06, y, 1.80)
        grip.append(box((0.10, 0.045, 0.05), at=(x + 0.03, y, 1.90), bevel=0.012))
        wave = [(0.055 if k % 2 else 0.036, 2.03 + 0.018 * k) for k in range(24)]
        coils.append(move(lathe(wave, 10), x + 0.10, y))
        lines.append(rod(0.006, (x + 0.10, y, 2.44), (x + 0.10, y, 3.2), sides=5, bevel=0))
    return [
        made("DarkSteel", *dark, *lines),
        made("SignalOrange", *grip),
        made("HoseRed", *coils),
        made("SafetyYellow", *boxes),
    ]


def _board() -> list[Piece]:
    """The andon board under the beam, its lamps, and the cord that stops the line."""
    x = -PITCH_ASSEMBLY / 2 + 0.10
    case = box((0.10, 1.7, 0.52), at=(x, 0, 3.14), bevel=0.014)
    screen = box((0.006, 0.98, 0.40), at=(x + 0.052, -0.28, 3.14), bevel=0.001)
    back = box((0.006, 0.98, 0.40), at=(x - 0.052, -0.28, 3.14), bevel=0.001)
    lamps = [
        made(look, box((0.13, 0.13, 0.30), at=(x, y, 3.14), bevel=0.02))
        for look, y in (("LampGreen", 0.36), ("LampAmber", 0.53), ("LampRed", 0.70))
    ]
    cords = [rod(0.008, (-3, s * 2.0, 2.35), (3, s * 2.0, 2.35), sides=5, bevel=0) for s in (-1, 1)]
    cords += [
        rod(0.006, (k, s * 2.0, 2.35), (k, s * 2.0, TOP), sides=5, bevel=0)
        for k in (-0.9, 1.0, 2.9)
        for s in (-1, 1)
    ]
    return [
        made("DarkSteel", case),
        made("Screen", screen, back),
        made("SafetyYellow", *cords),
        *lamps,
    ]


def _racks() -> list[Piece]:
    """Flow racks with totes on both sides, a bench with a screen."""
    frames, shelves, pieces = [], [], []
    for x, y in ((1.55, 2.72), (-1.45, -2.72)):
        frames += [
            box((0.05, 0.05, 1.7), at=(x + dx, y + dy, 0.85), bevel=0.006)
            for dx in (-0.85, 0.85)
            for dy in (-0.28, 0.28)
        ]
        for z in (0.42, 0.90, 1.38):
            shelves.append(box((1.75, 0.62, 0.025), at=(x, y, z), bevel=0.004))
            frames.append(
                box((1.75, 0.03, 0.05), at=(x, y - math.copysign(0.31, y), z + 0.02), bevel=0.004)
            )
        for level, z in enumerate((0.43, 0.91, 1.39)):
            for k in range(4):
                if (level + k) % 5 != 4:
                    look = ("ToteBlue", "ToteBlue", "LightGrey", "SafetyYellow")[
                        (level * 3 + k) % 4
                    ]
                    pieces += tote(x - 0.63 + 0.42 * k, y, z, look)
    bench = box((1.1, 0.5, 0.04), at=(-1.3, 2.72, 0.95), bevel=0.006)
    legs = [
        box((0.05, 0.05, 0.93), at=(-1.3 + s * 0.48, 2.86, 0.465), bevel=0.006) for s in (-1, 1)
    ]
    arm = box((0.04, 0.04, 0.55), at=(-1.3, 2.9, 1.22), bevel=0.004)
    panel = box((0.56, 0.03, 0.34), at=(-1.3, 2.86, 1.46), bevel=0.006)
    glass = box((0.52, 0.006, 0.30), at=(-1.3, 2.842, 1.46), bevel=0.001)
    return [
        made("LightGrey", *frames, *legs),
        made("Zinc", *shelves),
        made("WhitePaint", bench),
        made("DarkSteel", arm, panel),
        made("Screen", glass),
        *pieces,
    ]
