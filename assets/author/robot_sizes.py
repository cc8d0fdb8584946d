"""Six-axis arms of other sizes in the HS220's class of build: their published numbers.

All have the HS220's chain and zero convention: axes S, H, V, R2, B, R1; H = 90 deg is the lower arm
upright, V = 0 the forearm level there. Numbers are facts read in the maker's maintenance manuals
and in its public robot description (hdr_simulation_gz); geometry and masses of none are copied from
there but where said.
"""

from dataclasses import dataclass

__all__ = ["SIZES", "Size"]

MANUAL = "HD Hyundai Robotics {} maintenance manual, basic specifications"
MODEL = "HD Hyundai Robotics, public robot description (hdr_simulation_gz)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One robot: lengths [m], limits [deg], speeds [deg/s], masses [kg], drive torques [N m]."""

    name: str
    prim: str
    about: str
    a1: float  # slewing axis to shoulder, forward
    d1: float  # floor to shoulder
    a2: float  # lower arm
    a3: float  # elbow to forearm's axis, up
    d4: float  # forearm
    d6: float  # wrist to flange
    girth: float  # half the width of the lower arm's casting: our own geometry
    limits: tuple[tuple[float, float], ...]
    speeds: tuple[float, ...]
    torques: tuple[float, ...]
    masses: tuple[float, ...]  # base and six links
    sheet: tuple[str, str]  # source and confidence of limits and speeds
    torque_source: tuple[str, str]
    mass_source: tuple[str, str]


ROUND = (-360, 360)
SIZES = [
    Size(
        name="hh7", prim="HH7",
        about="HH7-class six-axis handling robot, 7 kg, wrist-centre reach 0.93 m.",
        a1=0.04, d1=0.446, a2=0.445, a3=0.04, d4=0.445, d6=0.0865, girth=0.055,
        limits=((-170, 170), (-55, 180), (-70, 213), (-190, 190), (-135, 135), ROUND),
        speeds=(375, 315, 410, 550, 550, 780),
        torques=(138.6, 162.9, 81.3, 19.1, 16.3, 10.4),
        masses=(20, 16, 9, 6, 3, 1.5, 0.4),
        sheet=(MANUAL.format("HH7"), "C"),
        torque_source=(MODEL, "C"),
        mass_source=("our estimate: none is published that is its own", "proposal"),
    ),
    Size(
        name="ha006b", prim="HA006B",
        about="HA006B-class six-axis arc-welding robot, 6 kg, wrist-centre reach 1.42 m.",
        a1=0.2, d1=0.3585, a2=0.56, a3=0.14, d4=0.65, d6=0.105, girth=0.07,
        limits=((-172, 172), (-78, 180), (-82, 180), (-180, 180), (-135, 135), ROUND),
        speeds=(230, 230, 230, 430, 430, 640),
        torques=(358.4, 721.92, 209.336, 19.461, 19.08, 8.024),
        masses=(40, 68.4, 24.497, 17.391, 8.566, 2.746, 0.485),
        sheet=(MANUAL.format("HA006B"), "C"),
        torque_source=(MODEL, "C"),
        mass_source=(MODEL, "C"),
    ),
    Size(
        name="hh020", prim="HH020",
        about="HH020-class six-axis handling robot, 20 kg, wrist-centre reach 1.74 m.",
        a1=0.16, d1=0.4466, a2=0.77, a3=0.14, d4=0.8, d6=0.112, girth=0.085,
        limits=((-185, 185), (-70, 195), (-80, 180), (-195, 195), (-135, 135), ROUND),
        speeds=(190, 180, 190, 380, 380, 600),
        torques=(962.91, 1043.28, 538.056, 44.91, 43.52, 25.6),
        masses=(40, 86.673, 38.874, 26.007, 11.083, 6.577, 0.688),
        sheet=(MANUAL.format("HH020"), "C"),
        torque_source=(MODEL, "C"),
        mass_source=(MODEL, "C"),
    ),
    Size(
        name="hs160l", prim="HS160L",
        about="HS160L-class six-axis robot with a long forearm, 160 kg, wrist-centre reach 3.05 m.",
        a1=0.312, d1=0.608, a2=1.1, a3=0.23, d4=1.625, d6=0.22, girth=0.18,
        limits=((-180, 180), (10, 155), (-80, 190), ROUND, (-128, 128), ROUND),
        speeds=(120, 115, 115, 174, 172, 260),
        torques=(4720, 4990, 4990, 1087, 1100, 726),
        masses=(189, 371, 133, 228, 18, 44, 2),
        sheet=(MANUAL.format("HS220 (HS160L)"), "C"),
        torque_source=("those of the HS220, which shares its lower axes", "proposal"),
        mass_source=("the HS220's links, scaled to the published 985 kg", "proposal"),
    ),
    Size(
        name="hx400", prim="HX400",
        about="HX400-class six-axis robot, 400 kg, wrist-centre reach 2.6 m, as a serial chain: "
        "the parallel link that drives its elbow is left out.",
        a1=0.3, d1=0.9, a2=1.0, a3=0.2, d4=1.3, d6=0.258, girth=0.21,
        limits=((-180, 180), (15, 165), (-30, 125), ROUND, (-120, 120), ROUND),
        speeds=(85, 85, 85, 100, 100, 160),
        torques=(3139.4, 3139.4, 3139.4, 2524.6, 2624.7, 1574.0),
        masses=(650.39, 952.6685, 264.9059, 285.7996, 68.7922, 38.8935, 9.7433),
        sheet=(f"{MODEL}; signs of H and V turned to the HS220's", "D"),
        torque_source=(MODEL, "C"),
        mass_source=(f"{MODEL}; base flagged there as uncertain", "U"),
    ),
]  # fmt: skip
