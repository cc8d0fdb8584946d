"""Process layer: the door loop, from doors off over the door line to doors on.

A set of four doors hangs below its monorail as it stands in the body: so it is lifted off, and is
lowered onto its own body again.
"""

from pxr import Usd

from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.places import lane, station
from scenes.general_assembly.authoring.plan import HOISTED, ROW_Y
from twin.kinds.mover import Mover
from twin.kinds.station import Station

__all__ = ["LINE", "RAILS", "author_doors"]

OFF, ON = (14.0, ROW_Y["A"]), (112.0, ROW_Y["H"])  # T03 and F34 [m]
LINE_X, LINE_Y, LINE_PITCH, LINE_COUNT = -16.0, 101.0, 4.0, 6  # m
LINE = tuple((LINE_X + LINE_PITCH * k, LINE_Y) for k in range(LINE_COUNT))
OUT = tuple(
    (x, y, HOISTED)
    for x, y in (OFF, (OFF[0], 1.3), (-36.0, 1.3), (-36.0, LINE_Y), (LINE_X - LINE_PITCH, LINE_Y))
)
STORE = ((*LINE[-1], 0.0), *(
    (x, y, HOISTED)
    for x, y in (
        (LINE[-1][0] + LINE_PITCH, LINE_Y), (108.0, LINE_Y), (108.0, 105.0), (12.0, 105.0),
        (12.0, 109.0), (120.0, 109.0), (120.0, ON[1]), (ON[0] + LINE_PITCH, ON[1]),
    )
))  # fmt: skip
RAILS = {  # by the place below: the way of its hangers
    "Door_Rail": OUT,
    "Door_Line_1": ((LINE_X - LINE_PITCH, LINE_Y, 0.0), (*LINE[-1], 0.0)),
    "Door_Store": (*STORE, (*ON, HOISTED)),
}
SPACING, SPEED = 2.6, 0.5  # m, m/s
LIFT_TIME = 2.0  # s, and twice as long to come back
DROP_TIME = 24.0  # s: doors that are lowered are out of the way of the next


def author_doors(stage: Usd.Stage) -> None:
    """Author the way of the doors; each set finds the body that it came from."""
    common = {"mtbf": plan.MTBF, "mttr": plan.MTTR}
    lift = Mover(
        mode="lift", move_times=(LIFT_TIME,), travels=(HOISTED,), return_time=2 * LIFT_TIME
    )
    station(
        stage, "Door_Lift", lift, (*OFF, 0.0), to=["Door_Rail"],
        label="Doors lifted off", origin=plan.LIFTING,
    )  # fmt: skip
    names = [f"Door_Line_{number}" for number in range(1, LINE_COUNT + 1)]
    how = {"origin": plan.DOOR_ROOM, "moving": plan.MONORAIL, "speed": SPEED, "spacing": SPACING}
    lane(stage, "Door_Rail", OUT, names[0], label="Doors to the door line", **how)  # type: ignore[arg-type]
    for name, xy, to in zip(names, LINE, [*names[1:], "Door_Store"], strict=True):
        params = Station(
            process_time=38.0,
            process_distribution="triangular",
            process_spread=6.0,
            transfer_time=10.0,
            form=plan.DOORS_TRIMMED if name == names[-1] else 0,
            **common,
        )
        label = name.replace("_", " ")
        station(stage, name, params, (*xy, 0.0), to=[to], label=label, origin=plan.DOOR_WORK)
    lane(stage, "Door_Store", STORE, "Door_Drop", label="Doors wait for their bodies", **how)  # type: ignore[arg-type]
    drop = Station(process_time=2.0, transfer_time=DROP_TIME, **common)
    station(
        stage, "Door_Drop", drop, (*ON, HOISTED), to=["F34"],
        turn=180.0, label="Doors over their body", origin=plan.DOOR_WORK,
    )  # fmt: skip
