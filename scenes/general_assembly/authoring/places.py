"""Short words for the places of this hall: stations, lanes, transfers, slat lines."""

import math
from collections.abc import Sequence

from pxr import Usd

from scenes.authoring.equipment import Origin, equip, fails
from scenes.authoring.usd import Vector
from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.plan import MODELS, ROOT, ROW_Y, Paced
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.paced_line import PacedLine
from twin.kinds.station import Station

__all__ = ["ASSETS", "bend", "lane", "manual", "paced", "path", "station"]

ASSETS = "../../assets"
RADIUS, STEPS = 6.0, 12  # of the way from row to row: half the rows' distance [m]; legs


def path(name: str) -> str:
    """The prim path of a place."""
    return f"{ROOT}/Plant/{name}"


def manual(number: int, **more: object) -> Station:
    """Work of people on a body that an AGV brings, by model."""
    mean = plan.work_of(number)
    return Station(
        process_time=mean,
        process_distribution="triangular",
        process_spread=plan.SPREAD,
        products=tuple(MODELS),
        product_times=tuple(round(mean * each.content, 1) for each in MODELS.values()),
        product_distributions=("triangular",) * len(MODELS),
        product_spreads=(plan.SPREAD,) * len(MODELS),
        transfer_time=plan.DRIVE,
        mtbf=plan.MTBF,
        mttr=plan.MTTR,
        **more,  # type: ignore[arg-type]
    )


def station(
    stage: Usd.Stage,
    name: str,
    params: object,
    xyz: Vector,
    *,
    to: Sequence[str],
    turn: float = 0.0,
    label: str = "",
    origin: Origin = plan.WORK,
    **own: Origin,
) -> str:
    """Stand a place where work is done; returns its path."""
    origins = {
        "transfer_time": plan.DRIVING,
        "mtbf": plan.FAILING,
        "mttr": plan.MENDING,
        "form": plan.FORMING,
        "product_times": plan.VARIANTS,
        "products": plan.MIXING,
    } | own
    given = {key: value for key, value in origins.items() if _is_given(params, key)}
    ways = [path(each) for each in to]
    equip(stage, path(name), params, origin, xyz=xyz, turn=turn, label=label, to=ways, **given)  # type: ignore[arg-type]
    return path(name)


def _is_given(params: object, name: str) -> bool:
    return bool(getattr(params, name, 0))


def lane(
    stage: Usd.Stage,
    name: str,
    corners: Sequence[tuple[float, ...]],
    to: str,
    *,
    origin: Origin = plan.BUFFER,
    moving: Origin = plan.LANES,
    speed: float = plan.LANE_SPEED,
    spacing: float = plan.LANE_SPACING,
    label: str = "",
) -> None:
    """Lead an accumulating way along corners (x, y) or (x, y, z) [m] to the next place."""
    ways = [(each[0], each[1], each[2] if len(each) > 2 else 0.0) for each in corners]
    first = ways[0]
    points = [(x - first[0], y - first[1], z - first[2]) for x, y, z in ways]
    params = Conveyor(
        speed=speed,
        spacing=spacing,
        points=tuple(round(value, 4) for point in points for value in point),
    )
    own = {"speed": moving, "spacing": moving}
    equip(stage, path(name), params, origin, xyz=first, label=label, to=[path(to)], **own)


def bend(
    row: str, begin: float, middle: float, end: float, *, after: str
) -> list[tuple[float, float]]:
    """Corners of the way from the end of a row round to the next: out to x = middle, and back."""
    low, high = ROW_Y[row], ROW_Y[after]
    side = 1 if row in "ACEG" else -1
    centre, radius = (low + high) / 2, (high - low) / 2
    arc = [
        (
            round(middle + side * radius * math.sin(math.pi * k / STEPS), 4),
            round(centre - radius * math.cos(math.pi * k / STEPS), 4),
        )
        for k in range(STEPS + 1)
    ]
    corners = [(begin, low), *arc, (end, high)]
    return [one for one, two in zip(corners, [*corners[1:], None], strict=True) if one != two]


def paced(stage: Usd.Stage, line: Paced, to: Sequence[str]) -> None:
    """A slat line of several stations, which fails as often as they all do."""
    params = PacedLine(
        length=line.count * plan.PITCH,
        speed=plan.SLAT_SPEED,
        pitch=plan.PITCH,
        andon_share=plan.ANDON_SHARE,
        andon_time=plan.ANDON_TIME,
        andon_distribution="exponential",
    )
    own = {"speed": plan.SLATS, "pitch": plan.PITCHES}
    own |= dict.fromkeys(("andon_share", "andon_time", "andon_distribution"), plan.ANDON)
    turn = 0.0 if line.towards > 0 else 180.0
    at = (line.x, ROW_Y[line.row], 0.0)
    label = f"{line.shop}{line.first:02d} to {line.shop}{line.first + line.count - 1:02d}"
    label += f", paced line of {line.count} stations"
    place = path(line.name)
    ways = [path(each) for each in to]
    equip(stage, place, params, plan.SHARES, xyz=at, turn=turn, label=label, to=ways, **own)
    stops = Failure(mtbf=plan.MTBF / line.count, mttr=plan.MTTR)
    stopping = fails(stage, f"{place}/Stops", stops, plan.FAILING)
    stopping.SetDisplayName(f"Stops of {label.partition(',')[0]}")
