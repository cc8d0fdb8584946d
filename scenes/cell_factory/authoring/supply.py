"""Process layer: both fleets, and kits that AMRs bring from three automated stores to the cells."""

from pxr import Usd

from scenes.authoring.equipment import equip
from scenes.cell_factory.authoring import plan
from scenes.cell_factory.authoring.cells import KIT
from scenes.cell_factory.authoring.plan import path
from scenes.cell_factory.authoring.roads import (
    AGV_BAYS,
    AISLES,
    AMR_BAYS,
    CELLS,
    PORTS,
    Cell,
    node,
    roads,
)
from twin.kinds.dock import Dock
from twin.kinds.fleet import Fleet
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.vehicle import Vehicle
from twin.kinds.warehouse import Warehouse

__all__ = ["AGVS", "AMRS", "KIT_SHELF", "author_fleets", "author_supply"]

AGVS, AMRS = 20, 21
KIT_AMRS = path("Part_AMRs")
KIT_SHELF = 2.4  # of handed over kits from the aisle's middle [m]
UNLOADED = 1  # form of a kit that has left its AMR


def author_fleets(stage: Usd.Stage) -> None:
    """Author body AGVs, part AMRs, and where they wait and charge."""
    agv = {
        "speed": 1.0,
        "acceleration": 0.4,
        "turn_speed": 0.5,
        "length": 4.8,
        "range": 9_000.0,
        "look": "BodyAgv",
    }
    amr = {
        "speed": 1.8,
        "acceleration": 0.5,
        "drive": "omnidirectional",
        "length": 1.4,
        "range": 15_000.0,
        "look": "PartAmr",
    }
    kinds = (
        ("Body_AGVs", "Agv", AGVS, AGV_BAYS, agv, plan.AGV, plan.AGV_FLEET),
        ("Part_AMRs", "Amr", AMRS, AMR_BAYS, amr, plan.AMR, plan.AMR_FLEET),
    )
    points = roads().points
    for fleet, name, count, bays, how, moving, sizing in kinds:
        spots = [f"{name}_Bay_{k + 1}" for k in range(bays)]
        every = bays // (bays - count)
        chargers = spots[every - 1 :: every][: bays - count]
        homes = [each for each in spots if each not in chargers]
        charging = tuple(path(f"Lanes/{each}") for each in chargers)
        params = Fleet(rule="nearest", chargers=charging)
        equip(stage, path(fleet), params, sizing, label=f"{count} {fleet.replace('_', ' ')}")
        for number, home in enumerate(homes, start=1):
            vehicle = Vehicle(
                fleet=(path(fleet),),
                home=(path(f"Lanes/{home}"),),
                charge_time=2400.0,
                charge_below=0.2,
                **how,  # type: ignore[arg-type]
            )
            equip(
                *(stage, path(f"{name}_{number:02d}"), vehicle, moving),
                xyz=(*points[home], 0.0), label=f"{name.upper()} {number:02d}",
                acceleration=plan.AGV if name == "Agv" else plan.AMR_RAMP, length=plan.SIZES,
                range=plan.BATTERY, charge_time=plan.BATTERY, charge_below=plan.CHARGING,
                look=plan.SIZES,
            )  # fmt: skip


def author_supply(stage: Usd.Stage) -> None:
    """Author a store for each row, and where its cells get their kits."""
    for row, (x, y) in enumerate(PORTS):
        shelves = [path(f"C{cell.number:02d}_Kits") for cell in CELLS if cell.row == row]
        name, at = f"Store_{row + 1}", (x - 6.0, y, 0.0)
        goods = Source(interval=40.0, sequence=(KIT,))
        equip(
            *(stage, path(f"Kits_{row + 1}"), goods, plan.STORE), xyz=(x - 36.0, y, 0.0),
            label=f"Kits for store {row + 1}", to=[path(name)],
        )  # fmt: skip
        rack = Warehouse(
            capacity=60,
            cranes=1,
            columns=10,
            levels=7,
            column_pitch=3.0,
            level_pitch=1.6,
            crane_speed=3.0,
            lift_speed=1.0,
            handling_time=4.0,
        )
        equip(
            *(stage, path(name), rack, plan.STORE), xyz=at, turn=180.0,
            label=f"Automated store {row + 1}", to=[path(f"Port_{row + 1}")],
        )  # fmt: skip
        port = Dock(
            capacity=6,  # a kit stays until its AMR has come, which may be far away
            waypoint=(path(f"Lanes/Port_{row + 1}"),),
            fleet=(KIT_AMRS,),
            handling_time=8.0,
            transfer_time=6.0,
        )
        equip(
            *(stage, path(f"Port_{row + 1}"), port, plan.HANDLING), xyz=(x - 1.6, y, 0.0),
            label=f"Port of store {row + 1}", to=shelves,
        )  # fmt: skip
    for cell in CELLS:
        _shelf(stage, cell)


def _shelf(stage: Usd.Stage, cell: Cell) -> None:
    """Where a cell's kits are rolled off their AMR: beside the aisle that runs east past it."""
    name = f"C{cell.number:02d}"
    aisle, side = (cell.row, 1) if cell.towards > 0 else (cell.row + 1, -1)
    at = (round(cell.x_in + 1.9 * cell.towards, 3), AISLES[aisle] + KIT_SHELF * side, 0.0)
    waypoint = node(aisle, cell.x_in)[0]
    dock = Dock(capacity=1, waypoint=(path(f"Lanes/{waypoint}"),), handling_time=8.0)
    equip(
        *(stage, path(f"{name}_Kits"), dock, plan.HANDLING), xyz=at,
        label=f"{name} Kits", to=[path(f"{name}_Unpack")],
    )  # fmt: skip
    unpack = Station(process_time=20.0, transfer_time=2.0, form=UNLOADED)
    equip(
        *(stage, path(f"{name}_Unpack"), unpack, plan.HANDLING), xyz=at,
        label=f"{name} Kit unpacked", to=[path(f"{name}_Kit")],
    )  # fmt: skip
