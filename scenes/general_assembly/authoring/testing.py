"""Process layer: the test section after its slat line, with final inspection and rework."""

from pxr import Usd

from scenes.authoring.equipment import equip
from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.places import lane, path, station
from scenes.general_assembly.authoring.plan import ROW_Y
from twin.kinds.sink import Sink
from twin.kinds.station import Station

__all__ = ["BAYS", "CELLS", "author_tests"]

Y = ROW_Y["H"]
CELLS = {  # label, x, y [m], work [s], next places
    "X10": ("X10 Wheel alignment", 33.0, Y - 2.6, 88.0, ("X12", "X13")),
    "X11": ("X11 Wheel alignment", 33.0, Y + 2.6, 88.0, ("X12", "X13")),
    "X12": ("X12 Roll and brake test", 24.0, Y - 2.6, 84.0, ("X14",)),
    "X13": ("X13 Roll and brake test", 24.0, Y + 2.6, 84.0, ("X14",)),
    "X14": ("X14 Calibration of sensors", 14.0, Y, 36.0, ("X15",)),
    "X15": ("X15 Final inspection", 6.0, Y, 32.0, ("Lane_Out", "Lane_Rework")),
}
BAYS = {"Rework_1": (17.0, 94.6), "Rework_2": (17.0, 97.8)}  # x, y [m]
DRIVE = 12.0  # s, a car on its own wheels from cell to cell
DEFECTS, REWORK = 0.06, 480.0  # share; s


def author_tests(stage: Usd.Stage) -> None:
    """Author bays, cells and the ways out; bays come first, so reworked cars go before others."""
    for name, (x, y) in BAYS.items():
        params = Station(
            process_time=REWORK,
            process_distribution="lognormal",
            process_spread=REWORK / 2,
            transfer_time=20.0,
        )
        label = name.replace("_", " bay ")
        station(stage, name, params, (x, y, 0.0), to=["X14"], label=label, origin=plan.CHECKING)
    for name, (label, x, y, work, to) in CELLS.items():
        params = Station(
            process_time=work,
            process_distribution="triangular",
            process_spread=6.0,
            transfer_time=DRIVE,
            mtbf=plan.MTBF,
            mttr=plan.MTTR,
            form=plan.FINISHED if name in ("X10", "X11") else 0,
            defects=DEFECTS if name == "X15" else 0.0,
            rework=(path("Lane_Rework"),) if name == "X15" else (),
        )
        station(
            stage, name, params, (x, y, 0.0), to=to,
            turn=180.0, label=label, origin=plan.TESTING, defects=plan.CHECKING,
        )  # fmt: skip
    out = [(6.0, Y), (2.0, Y), (2.0, Y - 5.5), (-26.0, Y - 5.5)]
    lane(stage, "Lane_Out", out, "Yard", origin=plan.TESTING, speed=1.2)
    back = [(6.0, Y), (-6.0, Y), (-6.0, 96.2), (8.0, 96.2)]
    lane(stage, "Lane_Rework", back, "Rework_1", origin=plan.CHECKING, speed=1.2)
    prim = stage.GetPrimAtPath(path("Lane_Rework"))
    prim.GetRelationship("twin:next").SetTargets([path(name) for name in BAYS])
    xyz = (*out[-1], 0.0)
    equip(stage, path("Yard"), Sink(), plan.RATE, xyz=xyz, turn=180.0, label="Yard")
