"""Stations of general assembly: the gantry over a manual station, and the marriage."""

import math

import trimesh

from assets.author.layout import PITCH_ASSEMBLY, SKID_TOP
from assets.author.package import Asset, Frame
from assets.author.part_amr import tote
from assets.author.sheet import pair
from assets.author.solids import box, hoop, join, move, rod, tube, turn
from assets.author.surface import Piece, made

__all__ = ["assembly_station", "marriage_station"]

Y, TOP = 3.15, 3.55  # columns of the gantry: |y|, height [m]


def assembly_station() -> Asset:
    """Build the gantry with lights, tools and racks."""
    return Asset(
        folder="stations",
        name="assembly_station",
        prim="AssemblyStation",
        about="Gantry over a manual station of a final line: lights, tool rail, andon board, racks; "
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
        ring = [(0.040, -0.008), (0.055, -0.008), (0.055, 0.008), (0.040, 0.008)]
        coils += [move(hoop(ring, 10), x + 0.10, y, 2.05 + 0.035 * k) for k in range(12)]
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
        box((0.05, 0.44, 0.93), at=(-1.3 + s * 0.48, 2.72, 0.465), bevel=0.006) for s in (-1, 1)
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


def marriage_station() -> Asset:
    """Build the station that holds a body while the chassis unit is screwed on from below."""
    return Asset(
        folder="stations",
        name="marriage_station",
        prim="MarriageStation",
        about="Marriage of body and chassis: four columns hold the body, a scissor lift brings the "
        "unit, screwdrivers follow; 6.0 m along X, 5.4 m wide, 4.1 m high (sizes are a proposal). "
        "Origin on the floor in the middle. Frames: `body` is the body's datum at z = 0.60, `unit` "
        "the underside of a chassis pallet on the lift. Variant table = down, up.",
        groups={
            "geometry/cell": [*_columns(), *_portal(), *_spindles()],
            "geometry/table_down": _table(0.14),
            "geometry/table_up": _table(0.18),
        },
        frames={
            "body": Frame(xyz=(0.0, 0.0, SKID_TOP)),
            "unit": Frame(xyz=(0.0, 0.0, SKID_TOP - 0.42)),
        },
        variants={
            "table": ("down", {"down": ["geometry/table_down"], "up": ["geometry/table_up"]}),
        },
    )


def _four(part: trimesh.Trimesh) -> trimesh.Trimesh:
    both = pair(part)
    return join(both, turn(both, "z", 180))


def _columns() -> list[Piece]:
    """Lifting columns with carriages and arms whose pads hold the rockers."""
    x, y = 1.15, 1.75
    mast = _four(box((0.34, 0.34, 3.9), at=(x, y, 1.95), bevel=0.016))
    foot = _four(box((0.70, 0.60, 0.04), at=(x, y, 0.02), bevel=0.005))
    guide = _four(box((0.10, 0.04, 3.5), at=(x, y - 0.185, 1.95), bevel=0.004))
    carriage = _four(box((0.44, 0.16, 0.56), at=(x, y - 0.27, 0.62), bevel=0.016))
    arm = _four(box((0.16, 0.72, 0.14), at=(x - 0.05, y - 0.60, 0.50), bevel=0.016))
    pad = _four(box((0.20, 0.16, 0.05), at=(x - 0.05, 0.82, 0.595), bevel=0.01))
    edge = _four(box((0.36, 0.36, 0.12), at=(x, y, 0.42), bevel=0.008))
    drive = _four(rod(0.13, (x, y, 3.9), (x, y, 4.12), sides=16, bevel=0.02))
    chain = _four(box((0.12, 0.10, 2.2), at=(x, y + 0.22, 2.6), bevel=0.01))
    return [
        made("MachineGrey", mast, foot, drive),
        made("BareSteel", guide),
        made("SafetyYellow", carriage, arm, edge),
        made("Rubber", pad, chain),
    ]


def _portal() -> list[Piece]:
    """Frame over the columns with lights, screens and lamps."""
    beams = [pair(box((5.6, 0.22, 0.26), at=(0, 1.75, 3.72), bevel=0.014))]
    beams += [
        box((0.22, 3.7, 0.24), at=(x, 0, 3.72), bevel=0.014) for x in (-2.7, -1.15, 1.15, 2.7)
    ]
    lights = [pair(box((2.0, 0.22, 0.07), at=(x, 0.95, 3.50), bevel=0.012)) for x in (-1.3, 1.3)]
    panels = [pair(box((1.92, 0.16, 0.012), at=(x, 0.95, 3.462), bevel=0.002)) for x in (-1.3, 1.3)]
    board = box((0.10, 1.5, 0.50), at=(-2.7, 0, 3.30), bevel=0.014)
    screen = box((0.006, 0.9, 0.38), at=(-2.648, -0.22, 3.30), bevel=0.001)
    lamps = [
        made(look, box((0.13, 0.12, 0.28), at=(-2.7, y, 3.30), bevel=0.02))
        for look, y in (("LampGreen", 0.34), ("LampAmber", 0.49), ("LampRed", 0.64))
    ]
    floor = box((PITCH_ASSEMBLY, 5.3, 0.010), at=(0, 0, 0.005), bevel=0)
    lines = [pair(box((PITCH_ASSEMBLY, 0.12, 0.006), at=(0, 2.55, 0.013), bevel=0))]
    return [
        made("LightGrey", *beams),
        made("WhitePaint", *lights),
        made("LedWhite", *panels),
        made("DarkSteel", board),
        made("Screen", screen),
        made("FloorPaint", floor),
        made("SafetyYellow", *lines),
        *lamps,
    ]


def _spindles() -> list[Piece]:
    """Screwdriver units on cross slides beside the lift."""
    bases, slides, tools, heads = [], [], [], []
    for x in (-2.0, -0.35, 0.35, 2.0):
        bases.append(pair(box((0.40, 0.34, 0.20), at=(x, 1.02, 0.11), bevel=0.012)))
        slides.append(pair(box((0.14, 0.50, 0.06), at=(x, 0.92, 0.24), bevel=0.008)))
        tools.append(pair(rod(0.045, (x, 0.74, 0.20), (x, 0.74, 0.42), sides=12)))
        heads.append(pair(rod(0.018, (x, 0.74, 0.42), (x, 0.74, 0.52), sides=8)))
    return [
        made("FixtureBlue", *bases),
        made("BareSteel", *slides, *heads),
        made("SignalOrange", *tools),
    ]


def _table(top: float) -> list[Piece]:
    """The lift's table over its scissors; `top` is its upper face."""
    plate = box((3.7, 0.90, 0.05), at=(0, 0, top - 0.025), bevel=0.008)
    edge = [pair(box((3.7, 0.05, 0.06), at=(0, 0.45, top - 0.03), bevel=0.006))]
    bars = [
        pair(rod(0.022, (-s * 1.5, 0.36, 0.04), (s * 1.5, 0.36, top - 0.05), sides=8))
        for s in (-1, 1)
    ]
    rollers = [rod(0.025, (x, -0.42, top), (x, 0.42, top), sides=8) for x in (-1.5, -0.5, 0.5, 1.5)]
    return [
        made("MachineGrey", plate),
        made("SafetyYellow", *edge),
        made("DarkSteel", *bars),
        made("BareSteel", *rollers),
    ]
