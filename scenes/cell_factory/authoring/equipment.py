"""Layout layer: what stands at the places, below their prims: gantries, people, stands, racks."""

from pxr import Usd

from scenes.authoring.usd import refer
from scenes.cell_factory.authoring.plan import ASSETS, path
from scenes.cell_factory.authoring.roads import CELLS, ROWS, Cell, roads

__all__ = ["CHARGER", "author_equipment", "chargers"]

GANTRY = f"{ASSETS}/stations/assembly_station/assembly_station.usda"
WORKER = f"{ASSETS}/people/worker/worker.usda"
STAND = f"{ASSETS}/carriers/body_stand/body_stand.usda"
RACK = f"{ASSETS}/storage/asrs_rack/asrs_rack.usda"
CRANE = f"{ASSETS}/storage/stacker_crane/stacker_crane.usda"
CHARGER = f"{ASSETS}/vehicles/charger/charger.usda"
LIFT = f"{ASSETS}/conveyors/lift/lift.usda"
BAYS, BAY = 10, 3.0  # of a store's rack; m
CREW = (  # x, y [m], where the worker looks [deg], pose; one per cell in turn
    (0.4, 1.45, -90, "reaching"), (-1.2, 1.5, -80, "standing"), (1.3, 1.45, -100, "reaching"),
    (-0.6, 1.45, -90, "reaching"), (2.0, 1.7, -150, "standing"),
)  # fmt: skip


def author_equipment(stage: Usd.Stage) -> None:
    """Equip cells, stores, chargers and the lift."""
    for cell in CELLS:
        _cell(stage, cell)
    for row in range(len(ROWS)):
        _store(stage, path(f"Store_{row + 1}"))
    for name in ("Receive", "Deliver"):
        refer(stage, f"{path(name)}/Stand", STAND)
    refer(stage, f"{path('Painted_Bodies')}/Lift", LIFT, variant=("level", "low"))


def _cell(stage: Usd.Stage, cell: Cell) -> None:
    name = f"C{cell.number:02d}"
    prim = path(name)
    refer(stage, f"{prim}/Gantry", GANTRY, variant=("supply", "none"))
    (x, y, turn, pose), side = CREW[cell.number % len(CREW)], cell.towards  # opposite the robot
    at = (x, y * side, 0.0)
    refer(stage, f"{prim}/Worker", WORKER, at, turn=turn * side, variant=("pose", pose))
    for place in (name, f"{name}_In", f"{name}_Kit", f"{name}_Out", f"{name}_Aside"):
        if stage.GetPrimAtPath(path(place)):
            refer(stage, f"{path(place)}/Stand", STAND)


def _store(stage: Usd.Stage, prim: str) -> None:
    for k in range(BAYS):
        end = ("end", "closed" if k == BAYS - 1 else "open")
        refer(stage, f"{prim}/Rack_{k + 1:02d}", RACK, (BAY * (k + 0.5), 0.0, 0.0), variant=end)
    refer(stage, f"{prim}/Crane", CRANE, (8.0, 0.0, 0.0))


def chargers(stage: Usd.Stage, fleet: str) -> list[tuple[float, float]]:
    """Where the vehicles of a fleet charge [m]."""
    targets = stage.GetPrimAtPath(path(fleet)).GetRelationship("twin:chargers").GetTargets()
    return [roads().points[each.name] for each in targets]
