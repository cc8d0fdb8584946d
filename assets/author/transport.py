"""What turns, lifts and hangs: turntable, body lift, overhead rail and its carriers."""

from assets.author.coat import coats_of
from assets.author.conveyor import roller_bed
from assets.author.doors import hung_doors
from assets.author.layout import PITCH_ASSEMBLY, RAIL
from assets.author.package import Asset, Frame
from assets.author.sheet import pair
from assets.author.solids import box, extrude, hoop, move, rod, turn
from assets.author.surface import Piece, made

__all__ = ["door_carrier", "lift", "overhead_rail", "turntable"]

BED = 5.5  # of the rollers on turntable and lift [m]
HIGH = 5.0  # how far the lift goes up [m]


def _raised(pieces: list[Piece], z: float) -> list[Piece]:
    return [made(p.material, move(p.solid, 0, 0, z), crease=p.crease, name=p.name) for p in pieces]


def turntable() -> Asset:
    """Build a roller bed on a turning frame, in a round kerb."""
    ring = hoop([(2.98, 0.0), (3.12, 0.0), (3.12, 0.06), (3.0, 0.08), (2.98, 0.08)], 56)
    disc = hoop([(0.30, 0.0), (2.96, 0.0), (2.96, 0.03), (0.30, 0.03)], 56)
    rail = hoop([(2.10, 0.03), (2.22, 0.03), (2.22, 0.07), (2.10, 0.07)], 48)
    pin = rod(0.34, (0, 0, 0), (0, 0, 0.14), sides=24)
    dashes = [
        turn(box((0.30, 0.10, 0.006), at=(2.78, 0, 0.033), bevel=0), "z", 15 * k)
        for k in range(0, 24, 2)
    ]
    drive = [box((0.35, 0.40, 0.30), at=(-0.5, 2.16, 0.22), bevel=0.02)]
    motor = [rod(0.10, (-0.33, 2.16, 0.24), (0.05, 2.16, 0.24), sides=14)]
    return Asset(
        folder="conveyors",
        name="turntable",
        prim="Turntable",
        about="Turntable for a body on its skid, 6.2 m across (a proposal). Origin on the floor in "
        "the middle; rollers carry at z = 0.40. Its top is the prim geometry/top, to be turned "
        "about Z; geometry/kerb stays.",
        groups={
            "geometry/kerb": [made("SafetyYellow", ring), made("BareSteel", rail)],
            "geometry/top": [
                made("MachineGrey", disc),
                made("SafetyYellow", *dashes),
                made("MachineGrey", pin, *drive, *motor),
                *roller_bed(BED, 0.55),
            ],
        },
    )


def lift() -> Asset:
    """Build a two-mast lift for bodies, its platform below or above."""
    low = _platform()
    return Asset(
        folder="conveyors",
        name="lift",
        prim="Lift",
        about="Lift for a body on its skid between floors, 6.0 x 3.8 m, 8.2 m high (sizes are a "
        "proposal). Origin on the floor in the middle; rollers carry at z = 0.40, or at z = 5.40 "
        "on the upper floor. Variant level = low, high.",
        groups={
            "geometry/frame": _masts(),
            "geometry/low": low,
            "geometry/high": _raised(low, HIGH),
        },
        variants={"level": ("low", {"low": ["geometry/low"], "high": ["geometry/high"]})},
    )


def _masts() -> list[Piece]:
    top, y = 8.0, 1.62
    masts = [pair(box((0.42, 0.34, top), at=(0, y, top / 2), bevel=0.016))]
    posts = [pair(box((0.18, 0.18, top), at=(x, y, top / 2), bevel=0.01)) for x in (-2.9, 2.9)]
    girts = [pair(box((5.8, 0.12, 0.14), at=(0, y, z), bevel=0.008)) for z in (2.75, 5.3, 7.9)]
    ties = [box((0.14, 2 * y, 0.14), at=(x, 0, 7.9), bevel=0.008) for x in (-2.9, 0, 2.9)]
    braces = [
        pair(rod(0.03, (s * 2.85, y, z), (s * 0.25, y, z + 2.4), sides=6, bevel=0))
        for s in (-1, 1)
        for z in (0.2, 2.85, 5.4)
    ]
    guides = [pair(box((0.10, 0.06, top - 0.6), at=(0, y - 0.20, top / 2), bevel=0.006))]
    weights = [pair(box((0.50, 0.16, 1.3), at=(0, y + 0.27, 6.2), bevel=0.012))]
    belts = [pair(box((0.22, 0.02, 6.6), at=(0, y - 0.19, 4.4), bevel=0.003))]
    drives = [pair(rod(0.20, (-0.35, y, top + 0.15), (0.45, y, top + 0.15), sides=18, bevel=0.02))]
    guards = [pair(box((0.26, 0.26, 0.8), at=(x, y, 0.42), bevel=0.012)) for x in (-2.9, 2.9)]
    return [
        made("LightGrey", *posts, *girts, *ties, *braces),
        made("FixtureBlue", *masts),
        made("BareSteel", *guides),
        made("DarkSteel", *weights, *belts),
        made("MachineGrey", *drives),
        made("SafetyYellow", *guards),
    ]


def _platform() -> list[Piece]:
    frame = [pair(box((5.5, 0.14, 0.16), at=(0, 1.06, 0.10), bevel=0.012))]
    frame += [box((0.16, 2.2, 0.14), at=(x, 0, 0.09), bevel=0.012) for x in (-2.6, -0.2, 0.2, 2.6)]
    carriage = [pair(box((0.70, 0.30, 0.90), at=(0, 1.26, 0.52), bevel=0.016))]
    return [made("SafetyYellow", *frame, *carriage), *roller_bed(BED, 0.55)]


def overhead_rail() -> Asset:
    """Build a segment of monorail with its hangers."""
    long, z = PITCH_ASSEMBLY, RAIL
    profile = [
        (-0.05, 0),
        (0.05, 0),
        (0.05, 0.015),
        (0.008, 0.02),
        (0.008, 0.16),
        (0.05, 0.165),
        (0.05, 0.18),
        (-0.05, 0.18),
        (-0.05, 0.165),
        (-0.008, 0.16),
        (-0.008, 0.02),
        (-0.05, 0.015),
    ]
    beam = move(turn(turn(extrude(profile, long, bevel=0), "x", 90), "z", 90), -long / 2, 0, z)
    bars = [box((long, 0.02, 0.025), at=(0, 0.03, z + 0.05 + 0.035 * k), bevel=0) for k in range(3)]
    hangers, clamps = [], []
    for x in (-1.5, 1.5):
        hangers.append(box((0.08, 0.08, 1.6), at=(x, 0, z + 1.0), bevel=0.006))
        clamps.append(box((0.18, 0.20, 0.06), at=(x, 0, z + 0.20), bevel=0.008))
        hangers += [
            rod(0.02, (x, 0, z + 0.35), (x, s * 0.7, z + 1.75), sides=6, bevel=0) for s in (-1, 1)
        ]
    return Asset(
        folder="conveyors",
        name="overhead_rail",
        prim="OverheadRail",
        about="Segment of an electric monorail, 6.0 m along X (a proposal). Origin on the floor "
        "below its middle; the rail's underside is at z = 4.00, its hangers reach 5.8 m.",
        groups={
            "geometry": [
                made("Aluminium", beam),
                made("SignalOrange", *bars),
                made("FixtureBlue", *hangers),
                made("DarkSteel", *clamps),
            ]
        },
    )


def door_carrier() -> Asset:
    """Build a carrier that hangs from the monorail with the four doors of a car."""
    z = RAIL
    trolleys = [box((0.34, 0.16, 0.34), at=(x, 0, z + 0.02), bevel=0.016) for x in (-0.55, 0.55)]
    wheels = [
        rod(0.055, (x, -0.035, z + 0.235), (x, 0.035, z + 0.235), sides=14) for x in (-0.55, 0.55)
    ]
    motor = rod(0.09, (-0.55, 0.08, z + 0.02), (-0.55, 0.42, z + 0.02), sides=14)
    control = box((0.50, 0.14, 0.26), at=(0, 0, z - 0.02), bevel=0.012)
    beam = box((1.5, 0.12, 0.10), at=(0, 0, z - 0.20), bevel=0.01)
    stems = [box((0.07, 0.07, 0.75), at=(x, 0, z - 0.60), bevel=0.008) for x in (-0.45, 0.45)]
    frame = [box((0.07, 1.8, 0.07), at=(x, 0, z - 0.98), bevel=0.008) for x in (-0.45, 0.45)]
    frame += [pair(box((0.97, 0.07, 0.07), at=(0, 0.87, z - 0.98), bevel=0.008))]
    frame += [
        pair(box((0.06, 0.06, 1.55), at=(x, 0.87, z - 1.74), bevel=0.008)) for x in (-0.45, 0.45)
    ]
    low = z - 2.52
    frame += [box((0.07, 1.8, 0.07), at=(x, 0, low), bevel=0.008) for x in (-0.45, 0.45)]
    frame += [pair(box((0.97, 0.06, 0.06), at=(0, 0.87, low), bevel=0.008))]
    saddles = [
        box((0.09, 0.11, 0.06), at=(x, 0.42 * k - 0.66, low + 0.06), bevel=0.01)
        for x in (-0.45, 0.45)
        for k in range(4)
    ]
    groups: dict[str, list[Piece]] = {
        "geometry/carrier": [
            made("SafetyYellow", beam, *stems, *frame),
            made("MachineGrey", *trolleys, motor),
            made("Rubber", *wheels, *saddles),
            made("WhitePaint", control),
        ]
    }
    for name, look, mesh in hung_doors(low + 0.08):
        groups.setdefault(f"geometry/doors/{name}", []).append(made(look, mesh))
    return Asset(
        folder="carriers",
        name="door_carrier",
        prim="DoorCarrier",
        about="Carrier on the electric monorail for the four doors of a car, 1.5 x 1.9 m (a "
        "proposal). Origin on the floor below its middle; it hangs from a rail at z = 4.00, doors "
        "from z = 1.5 up. Variants: load = doors, empty, and the coats of a body.",
        groups=groups,
        frames={"rail": Frame(xyz=(0.0, 0.0, RAIL))},
        variants={"load": ("doors", {"doors": ["geometry/doors"], "empty": []})},
        coats=coats_of("geometry/doors/skin"),
    )
