"""The list of all assets and how each is built."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from assets.author.assembly import assembly_station
from assets.author.bodies import body
from assets.author.body_agv import body_agv
from assets.author.body_style import STYLES
from assets.author.carriers import skid
from assets.author.charger import charger
from assets.author.chassis import chassis
from assets.author.conveyor import roller_conveyor
from assets.author.doors import door, door_rack
from assets.author.hall import cable_tray, control_cabinet, floor_tile, hall_light, steel_bay
from assets.author.marriage import marriage_station
from assets.author.oven import oven
from assets.author.package import Asset, write
from assets.author.paint_booth import paint_booth
from assets.author.parking_robot import parking_robot
from assets.author.part_amr import part_amr
from assets.author.parts import coil, panel_rack
from assets.author.press import press
from assets.author.robot_package import ROBOTS, write_robot
from assets.author.safety import fence_gate, fence_panel, light_mast
from assets.author.slat_conveyor import body_stand, slat_conveyor
from assets.author.station import robot_pedestal, station
from assets.author.store import asrs_rack, body_rack, stacker_crane
from assets.author.transport import door_carrier, lift, overhead_rail, turntable
from assets.author.weld_gun import weld_gun
from assets.author.wheel import wheel
from assets.author.worker import worker

__all__ = ["NAMES", "build"]

ASSETS: dict[str, Callable[[], Asset]] = {
    "weld_gun": weld_gun,
    "skid": skid,
    **{style.name: partial(body, style) for style in STYLES},
    "roller_conveyor": roller_conveyor,
    "station": station,
    "robot_pedestal": robot_pedestal,
    "fence_panel": fence_panel,
    "fence_gate": fence_gate,
    "light_mast": light_mast,
    "control_cabinet": control_cabinet,
    "cable_tray": cable_tray,
    "floor_tile": floor_tile,
    "steel_bay": steel_bay,
    "hall_light": hall_light,
    "worker": worker,
    "wheel": wheel,
    "chassis": chassis,
    "door": door,
    "door_rack": door_rack,
    "panel_rack": panel_rack,
    "coil": coil,
    "body_agv": body_agv,
    "part_amr": part_amr,
    "parking_robot": parking_robot,
    "press": press,
    "oven": oven,
    "paint_booth": paint_booth,
    "slat_conveyor": slat_conveyor,
    "body_stand": body_stand,
    "assembly_station": assembly_station,
    "marriage_station": marriage_station,
    "overhead_rail": overhead_rail,
    "door_carrier": door_carrier,
    "turntable": turntable,
    "lift": lift,
    "asrs_rack": asrs_rack,
    "body_rack": body_rack,
    "stacker_crane": stacker_crane,
    "charger": charger,
}
NAMES = [*ROBOTS, *ASSETS]


def build(name: str, root: Path) -> Path:
    """Write one asset under `root`; return its interface layer."""
    return write_robot(name, root) if name in ROBOTS else write(ASSETS[name](), root)
