"""The HS220's published joint chain, as the arm that the tests of motion use.

Sources: the manufacturer's maintenance manual (lengths, limits, speeds). Accelerations and jerks
are not published; these reach full speed in about 0.4 s.
"""

import math

from twin.motion import Arm, Joint

__all__ = ["HOME", "hs220"]

HOME = (0.0, math.pi / 2, 0.0, 0.0, 0.0, 0.0)  # lower arm upright, forearm level [rad]

HALF_TURN = (0.0, 0.0, 0.0, 1.0)  # about Z: makes the manual's -Y and +X axes +Y and -X
TILT = (0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5))  # +90 degrees about Y, then the half turn
CHAIN = [  # origin [m], wxyz, axis, limits [deg], speed [deg/s], acceleration [deg/s2]
    ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0), "Z", (-180, 180), 120, 350),
    ((0.312, 0.0, 0.608), TILT, "Y", (10, 155), 105, 300),
    ((0.0, 0.0, 1.1), (1.0, 0.0, 0.0, 0.0), "Y", (-80, 190), 110, 330),
    ((0.0, 0.0, 0.23), HALF_TURN, "X", (-360, 360), 145, 500),
    ((1.25, 0.0, 0.0), HALF_TURN, "Y", (-128, 128), 145, 500),
    ((-0.22, 0.0, 0.0), HALF_TURN, "X", (-360, 360), 220, 700),
]


def hs220() -> Arm:
    """Build the arm: its flange is the last link's frame, +X out of the flange."""
    return Arm.build(
        [
            Joint(
                origin=origin,
                wxyz=wxyz,
                axis=axis,
                lower=math.radians(lower),
                upper=math.radians(upper),
                speed=math.radians(speed),
                acceleration=math.radians(acceleration),
                jerk=math.radians(acceleration) / 0.1,
            )
            for origin, wxyz, axis, (lower, upper), speed, acceleration in CHAIN
        ],
        where="hs220",
    )
