"""Dimensions that assets share, so that they fit together [m]."""

__all__ = [
    "PEDESTAL",
    "PITCH_ASSEMBLY",
    "PITCH_CONVEYOR",
    "PITCH_STATION",
    "RAIL",
    "ROLLER_TOP",
    "RUNNER_GAUGE",
    "SKID_HEIGHT",
    "SKID_TOP",
    "STATION_HALF_WIDTH",
]

ROLLER_TOP = 0.40  # floor to the skid's underside
SKID_HEIGHT = 0.20  # underside of the runners to the body datum
SKID_TOP = ROLLER_TOP + SKID_HEIGHT
RUNNER_GAUGE = 1.0  # between the skid's runners, along Y
PITCH_STATION = 7.0
PITCH_CONVEYOR = 5.5
PITCH_ASSEMBLY = 6.0  # of slat conveyor, assembly stations, booths and ovens
RAIL = 4.0  # floor to the underside of overhead rails
STATION_HALF_WIDTH = 4.6  # the fence line
PEDESTAL = 0.30  # robot base above the floor
