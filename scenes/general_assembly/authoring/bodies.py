"""Process layer: the way of a body from the painted-body store to the yard, station by station."""

from pxr import Usd

from scenes.authoring.equipment import equip
from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.places import bend, lane, manual, paced, path, station
from scenes.general_assembly.authoring.plan import (
    BODIES,
    ISLAND_ROWS,
    PACED_ROWS,
    PITCH,
    ROW_Y,
    SEQUENCE,
    Islands,
)
from twin.kinds.assembler import Assembler
from twin.kinds.disassembler import Disassembler
from twin.kinds.source import Source
from twin.kinds.station import Station

__all__ = ["LANES", "author_bodies", "island_x"]

BUILT_IN = {  # station: what is built in [product], time [s]
    "T04": ("TrimKit", 30.0, plan.WORK),
    "C02": ("ChassisKit", 30.0, plan.WORK),
    "C25": ("FinalKit", 30.0, plan.WORK),
}
CHASSIS_BUILT_IN = 2  # form of a chassis that belongs to its body
SETS = tuple(plan.DOORS[name] for name in BODIES)
LANES = (  # name, corners, next place
    ("Lane_T15", bend("A", 98.0, 118.0, 112.0, after="B"), "Set_On_Stand_T16"),
    ("Turn_T30", bend("B", 0.0, -4.0, 0.0, after="C"), "Line_T31_T45"),
    ("Lane_T45", bend("C", 112.0, 118.0, 112.0, after="D"), "C01"),
    ("Lane_C13", bend("D", 21.0, 14.0, 14.0, after="E"), "C14"),
    ("Lane_C25", bend("E", 98.0, 125.0, 119.0, after="F"), "Set_On_Stand_F01"),
    ("Turn_F16", bend("F", 0.0, -4.0, 0.0, after="G"), "Line_F17_F33"),
    ("Turn_F33", bend("G", 119.0, 125.0, 119.0, after="H"), "F34"),
)
LABELS = {
    "T01": "T01 From skid to AGV",
    "T02": "T02 Doors unscrewed, 8 robots",
    "T03": "T03 Doors off, onto the monorail",
    "T04": "T04 Trim kit",
    "C02": "C02 Chassis kit",
    "C07": "C07 Body into its gondola",
    "C08": "C08 Marriage: chassis lifted and screwed",
    "C10": "C10 Onto its AGV again",
    "C25": "C25 Final kit",
    "F34": "F34 Own doors on",
    "F35": "F35 Doors screwed, gap and flush, 6 robots",
}


def author_bodies(stage: Usd.Stage) -> None:
    """Author the flow of bodies through trim, chassis and final."""
    _entry(stage)
    for row in ISLAND_ROWS:
        for number in range(row.count):
            _island(stage, row, number)
    for name, corners, to in LANES:
        lane(stage, name, corners, to)
    follows = ("Turn_T30",), ("Onto_AGV_C01",), ("Turn_F16",), ("Turn_F33",), ("X10", "X11")
    for line, to in zip(PACED_ROWS, follows, strict=True):
        paced(stage, line, to)
    _transfers(stage)


def _entry(stage: Usd.Stage) -> None:
    params = Source(interval=plan.INTERVAL, release="takt", sequence=SEQUENCE)
    at = (-29.0, ROW_Y["A"], 0.0)
    label = "Painted bodies"
    equip(
        *(stage, path("Bodies"), params, plan.RATE),
        xyz=at, label=label, to=[path("Hang_On")], sequence=plan.MIXING,
    )  # fmt: skip
    doors = Source(interval=0.0, sequence=tuple(plan.DOORS[name] for name in SEQUENCE))
    equip(
        *(stage, path("Doors"), doors, plan.FORMING), xyz=at, label="Doors of painted bodies",
        to=[path("Hang_On")],
    )  # fmt: skip
    fit = Assembler(components=SETS, bases=BODIES, base_products=BODIES)
    equip(
        *(stage, path("Hang_On"), fit, plan.FORMING), xyz=at, label="Body with its own doors",
        to=[path("Lane_In")],
    )  # fmt: skip
    lane(stage, "Lane_In", [(-29.0, ROW_Y["A"]), (-7.0, ROW_Y["A"])], "T01")


def island_x(row: Islands, number: int) -> float:
    """Where a station of a row stands [m]."""
    return row.x + row.towards * PITCH * number


def _island(stage: Usd.Stage, row: Islands, number: int) -> None:
    name = f"{row.shop}{row.first + number:02d}"
    last = number == row.count - 1
    after = {"T15": "Lane_T15", "C13": "Lane_C13", "C25": "Lane_C25", "F35": PACED_ROWS[4].name}
    to = [after[name] if last else f"{row.shop}{row.first + number + 1:02d}"]
    if name == "T03":
        to.append("Door_Lift")
    params, origin = _params(name, row.first + number)
    xyz = (island_x(row, number), ROW_Y[row.row], plan.RAISED if name in ("C08", "C09") else 0.0)
    turn = 0.0 if row.towards > 0 else 180.0
    station(stage, name, params, xyz, to=to, turn=turn, label=LABELS.get(name, name), origin=origin)


def _params(name: str, number: int) -> tuple[object, plan.Origin]:
    """What is done at an island, and where its time comes from."""
    common = {"transfer_time": plan.DRIVE, "mtbf": plan.MTBF, "mttr": plan.MTTR}
    special: dict[str, tuple[object, plan.Origin]] = {
        "T01": (Station(process_time=25.0, form=plan.ON_AGV, **common), plan.SETTING),
        "T02": (Station(process_time=4.0, **common), plan.ROBOTS),
        "T03": (
            Disassembler(
                process_time=20.0,
                components=SETS,
                form=plan.DOORLESS,
                component_form=plan.DOORS_HUNG,
                **common,
            ),
            plan.DOOR_WORK,
        ),
        "C07": (Station(process_time=25.0, form=plan.HUNG, **common), plan.MARRYING),
        "C10": (manual(number, form=plan.MARRIED), plan.WORK),
        "C08": (
            Assembler(
                process_time=32.0,
                components=("Chassis",),
                base_products=BODIES,
                in_sight=True,
                form=plan.MARRIED_HUNG,
                component_form=CHASSIS_BUILT_IN,
                **common,
            ),
            plan.MARRYING,
        ),
        "F34": (
            Assembler(
                process_time=30.0,
                components=SETS,
                bases=BODIES,
                base_products=BODIES,
                match_own=True,
                in_sight=True,
                form=plan.REFITTED,
                component_form=plan.DOORS_BUILT_IN,
                **common,
            ),
            plan.DOOR_WORK,
        ),
        "F35": (Station(process_time=4.0, form=plan.FINISHED_SLATS, **common), plan.ROBOTS),
    }
    for place, (part, time, origin) in BUILT_IN.items():
        made = Assembler(process_time=time, components=(part,), base_products=BODIES, **common)
        special[place] = made, origin
    return special.get(name) or (manual(number), plan.WORK)


def _transfers(stage: Usd.Stage) -> None:
    """From AGV to stand before a slat line, and back after it."""
    places = (
        ("Set_On_Stand_T16", 105.0, "B", 180.0, plan.DOORLESS_STAND, "Line_T16_T30"),
        ("Onto_AGV_C01", 112.0, "C", 0.0, plan.TRIMMED, "Lane_T45"),
        ("Set_On_Stand_F01", 112.0, "F", 180.0, plan.MARRIED_STAND, "Line_F01_F16"),
    )
    for name, x, row, turn, form, to in places:
        params = Station(
            process_time=18.0,
            transfer_time=plan.DRIVE,
            form=form,
            mtbf=plan.MTBF,
            mttr=plan.MTTR,
        )
        label = name.replace("_", " ")
        at = (x, ROW_Y[row], 0.0)
        station(stage, name, params, at, to=[to], turn=turn, label=label, origin=plan.SETTING)
