"""What each asset is and weighs: class, Wikidata item, mass, and whether it moves.

Wikidata items are of the nearest general class. Masses are estimates of ours, from the sizes.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = ["FACTS", "Facts"]

ROBOT, CONVEYOR, CAR, DOOR, WHEEL = "Q11012", "Q215601", "Q1420", "Q36794", "Q446"
MACHINE, TOOL, VEHICLE, CONTAINER = "Q11019", "Q39546", "Q42889", "Q987767"
OVEN, FENCE, GATE, FLOOR, ROOF = "Q36539", "Q148571", "Q53060", "Q217164", "Q83180"
LAMP, PERSON, CRANE, METAL = "Q1138737", "Q5", "Q178692", "Q11426"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Class and Wikidata item for labels; mass [kg]; `still` stands, `loose` may fall and slide."""

    what: str
    qcode: str
    mass: float
    moves: Literal["still", "loose"] = "still"
    belt: tuple[float, float, float, float] | None = None  # length, width, top [m], speed [m/s]


def _loose(what: str, qcode: str, mass: float) -> Facts:
    return Facts(what=what, qcode=qcode, mass=mass, moves="loose")


def _still(what: str, qcode: str, mass: float) -> Facts:
    return Facts(what=what, qcode=qcode, mass=mass)


FACTS = {
    **{name: _still("industrial_robot", ROBOT, 0) for name in (
        "hs220", "hs160l", "hx400", "hh020", "ha006b", "hh7")},
    "robot_pedestal": _still("robot_pedestal", MACHINE, 260),
    "weld_gun": _loose("spot_weld_gun", TOOL, 95),
    "skid": _loose("skid", CONVEYOR, 280),
    "sedan": _loose("car_body", CAR, 380),
    "suv": _loose("car_body", CAR, 420),
    "crossover": _loose("car_body", CAR, 410),
    "roller_conveyor": Facts(
        what="conveyor", qcode=CONVEYOR, mass=900, belt=(5.5, 1.14, 0.40, 0.5)),
    "slat_conveyor": Facts(
        what="conveyor", qcode=CONVEYOR, mass=2600, belt=(6.0, 3.4, 0.06, 0.1)),
    "overhead_rail": _still("overhead_conveyor", CONVEYOR, 320),
    "turntable": _still("turntable", CONVEYOR, 1800),
    "lift": _still("lift", CONVEYOR, 5200),
    "station": _still("welding_station", MACHINE, 6500),
    "assembly_station": _still("assembly_station", MACHINE, 2200),
    "marriage_station": _still("marriage_station", MACHINE, 7500),
    "paint_booth": _still("paint_booth", MACHINE, 8800),
    "oven": _still("oven", OVEN, 9500),
    "press": _still("press", MACHINE, 210000),
    "fence_panel": _still("fence", FENCE, 38),
    "fence_gate": _still("gate", GATE, 42),
    "light_mast": _still("signal_light", LAMP, 35),
    "control_cabinet": _still("control_cabinet", MACHINE, 420),
    "cable_tray": _still("cable_tray", METAL, 120),
    "floor_tile": _still("floor", FLOOR, 24000),
    "steel_bay": _still("roof_truss", ROOF, 9200),
    "hall_light": _still("lamp", LAMP, 9),
    "worker": _still("person", PERSON, 80),
    "wheel": _loose("wheel", WHEEL, 23),
    "chassis": _loose("chassis", CAR, 620),
    "door": _loose("car_door", DOOR, 28),
    "door_rack": _loose("door_rack", CONTAINER, 240),
    "panel_rack": _loose("panel_rack", CONTAINER, 320),
    "coil": _loose("steel_coil", METAL, 15000),
    "body_agv": _loose("automated_guided_vehicle", VEHICLE, 2400),
    "part_amr": _loose("autonomous_mobile_robot", ROBOT, 310),
    "parking_robot": _loose("parking_robot", ROBOT, 640),
    "body_stand": _loose("body_stand", CONVEYOR, 190),
    "door_carrier": _loose("door_carrier", CONVEYOR, 160),
    "asrs_rack": _still("storage_rack", CONTAINER, 5200),
    "body_rack": _still("body_rack", CONTAINER, 6800),
    "stacker_crane": _loose("stacker_crane", CRANE, 9000),
    "charger": _still("charging_station", MACHINE, 95),
}  # fmt: skip
