"""Process layer: what is brought to the bodies: chassis by AGV, kits by AMRs on their rounds."""

from collections.abc import Sequence
from dataclasses import dataclass

from pxr import Usd

from scenes.authoring.equipment import equip
from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.places import lane, path, station
from twin.kinds.assembler import Assembler
from twin.kinds.disassembler import Disassembler
from twin.kinds.source import Source
from twin.kinds.station import Station

__all__ = ["CHASSIS_LANE", "ROUNDS", "Round", "author_supply"]

Corners = Sequence[tuple[float, float]]
CHASSIS_LANE = ((-26.0, 36.0), (63.0, 36.0))  # m, to the marriage at C07
UNLOADED = 1  # form of chassis and kits that have left their vehicle
SPEED, SPACING = 1.2, 2.0  # m/s, m


@dataclass(frozen=True, slots=True)
class Round:
    """One round of AMRs: from a market to a station and back."""

    kit: str  # product
    station: str
    amrs: int
    out: Corners  # m, from the market to where the kit is handed over
    back: Corners
    handover: tuple[float, float]  # where the kit is set down [m]


ROUNDS = (
    Round(
        *("TrimKit", "T04", 6),
        out=((-22.0, 27.0), (-22.0, 24.0), (-15.0, 24.0), (-15.0, 10.9), (21.0, 10.9)),
        back=((21.0, 10.9), (25.0, 10.9), (25.0, 13.1), (-18.5, 13.1), (-18.5, 31.0), (-22.0, 31.0),
              (-22.0, 28.0)),
        handover=(21.0, 9.6),
    ),
    Round(
        *("ChassisKit", "C02", 5),
        out=((150.0, 44.0), (140.0, 44.0), (140.0, 46.3), (98.0, 46.3)),
        back=((98.0, 46.3), (94.0, 46.3), (94.0, 47.5), (153.0, 47.5), (153.0, 44.0),
              (151.0, 44.0)),
        handover=(98.0, 45.2),
    ),
    Round(
        *("FinalKit", "C25", 5),
        out=((150.0, 54.0), (138.0, 54.0), (138.0, 49.8), (98.0, 49.8)),
        back=((98.0, 49.8), (92.0, 49.8), (92.0, 48.6), (155.0, 48.6), (155.0, 54.0),
              (151.0, 54.0)),
        handover=(98.0, 50.9),
    ),
)  # fmt: skip


def author_supply(stage: Usd.Stage) -> None:
    """Author the chassis lane and all rounds."""
    _chassis(stage)
    for each in ROUNDS:
        _round(stage, each)


def _chassis(stage: Usd.Stage) -> None:
    source = Source(interval=plan.INTERVAL / 2, sequence=("Chassis",))
    at = (*CHASSIS_LANE[0], 0.0)
    equip(
        *(stage, path("Chassis"), source, plan.MARRYING), xyz=at, label="Chassis from subassembly",
        to=[path("Lane_Chassis")],
    )  # fmt: skip
    lane(stage, "Lane_Chassis", CHASSIS_LANE, "Chassis_Table", origin=plan.MARRYING, spacing=5.0)
    table = Station(process_time=12.0, transfer_time=8.0, form=UNLOADED)
    station(
        *(stage, "Chassis_Table", table, (CHASSIS_LANE[-1][0], 38.2, 0.0), ["C07"]),
        label="Chassis onto lift table", origin=plan.MARRYING,
    )  # fmt: skip


def _round(stage: Usd.Stage, each: Round) -> None:
    """A market that loads AMRs, the way out, the handover, the way back."""
    market, drop = f"Market_{each.kit}", f"Drop_{each.kit}"
    at, end = each.out[0], each.back[-1]
    amr, kit = "PartAmr", each.kit
    fleet = Source(interval=20.0, sequence=(amr,), limit=each.amrs)
    equip(
        *(stage, path(f"Fleet_{kit}"), fleet, plan.AMR_FLEET), xyz=(*end, 0.0),
        label=f"{each.amrs} AMRs", to=[path(market)],
    )  # fmt: skip
    goods = Source(interval=1.0, sequence=(kit,))
    equip(
        *(stage, path(f"Kits_{kit}"), goods, plan.HANDLING), xyz=(*at, 0.0),
        label=f"Kitting of {kit}", to=[path(market)],
    )  # fmt: skip
    load = Assembler(
        process_time=12.0, components=(kit,), base_products=(amr,), transfer_time=4.0
    )
    heading = _heading(each.out)
    station(
        *(stage, market, load, (*at, 0.0), [f"Way_Out_{kit}"]), turn=heading,
        label=f"Market, {kit}", origin=plan.HANDLING, transfer_time=plan.AMR,
    )  # fmt: skip
    how = {"origin": plan.AMR, "moving": plan.AMR, "speed": SPEED, "spacing": SPACING}
    lane(stage, f"Way_Out_{kit}", each.out, drop, **how)  # type: ignore[arg-type]
    give = Disassembler(process_time=6.0, components=(kit,))
    station(
        *(stage, drop, give, (*each.out[-1], 0.0), [f"Way_Back_{kit}", f"Set_Down_{kit}"]),
        turn=_heading(each.out[-2:]), label=f"Handover of {kit}", origin=plan.HANDLING,
    )  # fmt: skip
    lane(stage, f"Way_Back_{kit}", each.back, market, **how)  # type: ignore[arg-type]
    ready = Station(process_time=2.0, transfer_time=4.0, form=UNLOADED)
    station(
        *(stage, f"Set_Down_{kit}", ready, (*each.handover, 0.0), [each.station]),
        label=f"{kit} ready", origin=plan.HANDLING, transfer_time=plan.HANDLING,
    )  # fmt: skip


def _heading(way: Corners) -> float:
    """The first leg's, in quarter turns [deg]."""
    (x, y), (u, v) = way[0], way[1]
    if u != x:
        return 0.0 if u > x else 180.0
    return 90.0 if v > y else -90.0
