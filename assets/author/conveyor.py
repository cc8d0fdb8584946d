"""The accumulating roller conveyor, and the roller bed that stations use too."""

from assets.author.layout import PITCH_CONVEYOR, ROLLER_TOP, RUNNER_GAUGE
from assets.author.package import Asset
from assets.author.solids import box, extrude, join, move, rod, turn, turned
from assets.author.surface import Piece, made

__all__ = ["roller_bed", "roller_conveyor"]

RADIUS = 0.055  # roller [m]
BEAM = 0.70  # middle of the side beams, |y| [m]
CHANNEL = [
    (-0.035, 0.0), (0.035, 0.0), (0.035, 0.018), (-0.012, 0.026), (-0.012, 0.154), (0.035, 0.162),
    (0.035, 0.18), (-0.035, 0.18),
]  # fmt: skip


def roller_bed(length: float, pitch: float) -> list[Piece]:
    """Rollers between side beams on legs, centred at the origin, driven by one gearmotor."""
    axis = ROLLER_TOP - RADIUS
    rollers, flanges, legs = [], [], []
    count = round(length / pitch)
    track = RUNNER_GAUGE / 2
    for k in range(count):
        x = (k - (count - 1) / 2) * length / count
        rollers.append(rod(0.028, (x, -BEAM + 0.03, axis), (x, BEAM - 0.03, axis), sides=10))
        for s in (-1, 1):
            wheel = [(RADIUS, 0), (RADIUS, 0.11), (RADIUS + 0.025, 0.116), (RADIUS + 0.025, 0.13)]
            flanges.append(turned(wheel, (x, s * (track - 0.05), axis), (x, s * 9, axis), sides=18))
    beam = turn(turn(extrude(CHANNEL, length, bevel=0), "x", 90), "z", 90)
    left = move(beam, -length / 2, BEAM, ROLLER_TOP - 0.16)
    right = turn(left, "z", 180)
    legs_at = [-0.42 * length, -0.14 * length, 0.14 * length, 0.42 * length]
    for x in legs_at:
        for s in (-1, 1):
            legs.append(box((0.08, 0.06, 0.25), at=(x, s * BEAM, 0.13), bevel=0.004))
            legs.append(box((0.18, 0.16, 0.016), at=(x, s * BEAM, 0.008), bevel=0.003))
        legs.append(box((0.06, 2 * BEAM, 0.06), at=(x, 0, 0.18), bevel=0.004))
    cover = box((length - 0.06, 0.075, 0.11), at=(0, -BEAM - 0.06, ROLLER_TOP - 0.08), bevel=0.012)
    return [
        made("BareSteel", *rollers),
        made("DarkSteel", *flanges, crease=50),
        made("FixtureBlue", join(left, right)),
        made("MachineGrey", *legs),
        made("SafetyYellow", cover),
        *_drive(-0.06 * length),
    ]  # fmt: skip


def _drive(x: float) -> list[Piece]:
    y, z = -BEAM - 0.19, 0.20
    motor = turned(
        [(0.07, 0), (0.085, 0.01), (0.085, 0.20), (0.075, 0.21), (0.075, 0.26), (0.06, 0.275)],
        (x + 0.10, y, z), (9, y, z), sides=18,
    )  # fmt: skip
    fins = [
        box((0.18, 0.006, 0.20), at=(x + 0.20, y + k * 0.03, z), bevel=0.001)
        for k in (-2, -1, 0, 1, 2)
    ]
    return [
        made("MachineGrey", box((0.2, 0.17, 0.2), at=(x, y, z), bevel=0.02), motor, *fins),
        made("DarkSteel", box((0.09, 0.09, 0.07), at=(x + 0.2, y, z + 0.115), bevel=0.008)),
    ]


def roller_conveyor() -> Asset:
    """Build one module of the accumulating conveyor: bed, guards, stop, sensor, junction box."""
    half, y = PITCH_CONVEYOR / 2, BEAM + 0.05
    sensor = box((0.06, 0.04, 0.09), at=(half - 0.5, y, ROLLER_TOP + 0.03), bevel=0.006)
    eye = rod(
        0.012,
        (half - 0.5, y - 0.02, ROLLER_TOP + 0.05),
        (half - 0.5, y - 0.03, ROLLER_TOP + 0.05),
        sides=10,
    )
    stop = [box((0.07, 0.14, 0.16), at=(half - 0.30, s * 0.22, 0.30), bevel=0.012) for s in (-1, 1)]
    buffer = [
        rod(0.03, (half - 0.34, s * 0.22, 0.35), (half - 0.38, s * 0.22, 0.35), sides=14)
        for s in (-1, 1)
    ]
    return Asset(
        folder="conveyors",
        name="roller_conveyor",
        prim="RollerConveyor",
        about="One 5.5 m module of an accumulating roller conveyor for skids, along X, centred; "
        "rollers carry at z = 0.40.",
        groups={
            "geometry": [
                *roller_bed(PITCH_CONVEYOR, 0.55),
                made("SignalOrange", *stop),
                made("Rubber", *buffer),
                made("DarkSteel", sensor, eye),
                made("LightGrey", box((0.30, 0.10, 0.22), at=(-1.6, y + 0.06, 0.27), bevel=0.01)),
            ]
        },
    )  # fmt: skip
