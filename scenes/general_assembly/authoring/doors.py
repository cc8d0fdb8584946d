"""Process layer: the door loop, from doors off over the door line to doors on."""

from pxr import Usd

from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.places import lane, station
from twin.kinds.station import Station

__all__ = ["LINE", "RAILS", "author_doors"]

HANG = (14.0, 1.25)  # m, beside T03
LINE_X, LINE_Y, LINE_PITCH, LINE_COUNT = -16.0, 101.0, 4.0, 6  # m
LINE = tuple((LINE_X + LINE_PITCH * k, LINE_Y) for k in range(LINE_COUNT))
DROP = (112.0, 95.0)  # m, beside F34
OUT = (HANG, (-36.0, HANG[1]), (-36.0, LINE_Y), (LINE_X - LINE_PITCH, LINE_Y))
STORE = (
    (LINE[-1][0], LINE_Y), (108.0, LINE_Y), (108.0, 105.0), (40.0, 105.0), (40.0, 109.0),
    (112.0, 109.0), DROP,
)  # fmt: skip
RAILS = {  # by the place below
    "Door_Rail": OUT,
    "Door_Line_1": ((LINE_X - LINE_PITCH, LINE_Y), LINE[-1]),
    "Door_Store": STORE,
}
SPACING, SPEED = 2.0, 0.5  # m, m/s
CARRIED, BUILT_IN = 1, 2  # forms of doors


def author_doors(stage: Usd.Stage) -> None:
    """Author the way of the doors; each set finds the body that it came from."""
    common = {"mtbf": plan.MTBF, "mttr": plan.MTTR}
    hang = Station(process_time=10.0, transfer_time=12.0, form=CARRIED, **common)
    station(
        stage, "Door_Hang", hang, (*HANG, 0.0), to=["Door_Rail"],
        turn=180.0, label="Doors onto carrier", origin=plan.DOOR_WORK,
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
            **common,
        )
        label = name.replace("_", " ")
        station(stage, name, params, (*xy, 0.0), to=[to], label=label, origin=plan.DOOR_WORK)
    lane(stage, "Door_Store", STORE, "Door_Drop", label="Doors wait for their bodies", **how)  # type: ignore[arg-type]
    drop = Station(process_time=6.0, transfer_time=4.0, form=BUILT_IN, **common)
    station(
        stage, "Door_Drop", drop, (*DROP, 0.0), to=["F34"],
        turn=-90.0, label="Doors off carrier", origin=plan.DOOR_WORK,
    )  # fmt: skip
