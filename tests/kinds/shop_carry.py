"""The kinds that carry parts: bent conveyors, a shuttle, a paced line, movers; with failures."""

from dataclasses import replace

from twin.core.parameters import Params
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.mover import Mover
from twin.kinds.paced_line import PacedLine
from twin.kinds.shuttle import Shuttle
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.motion.frame import about
from twin.plant import Place, Plant, Pose, Product, connect

PRODUCTS = (Product(name="Sedan"), Product(name="Suv"))
LEFT = tuple(about([0.0, 0.0, 1.0], 1.5707963267948966).tolist())
FAILS = {"mtbf": 40.0, "mttr": 5.0}


def _source(interval: float) -> Source:
    return Source(
        interval=interval, interval_distribution="exponential", sequence=("Sedan", "Sedan", "Suv")
    )


def _failure(path: str, clock: str, mtbf: float = 45.0) -> Place:
    return Place(path=f"{path}/Jam", params=Failure(mtbf=mtbf, mttr=4.0, failure_clock=clock))


def _work(mean: float) -> Station:
    return Station(
        process_time=mean, process_distribution="uniform", process_spread=mean, transfer_time=1.0,
        **FAILS,
    )  # fmt: skip


def bent_conveyors() -> Plant:
    """A curve, a slope and a hairpin; one belt accumulates, the other stands with its first."""
    up = (0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 4.0, 0.3, 0.0, 4.3, 1.0, 0.0, 4.3, 5.0, 2.0)
    back = (0.0, 0.0, 0.0, 0.0, 2.0, 0.0, -3.0, 2.0, -2.0, -3.0, 0.0, -2.0)
    places = connect([
        Place(path="/Source", params=_source(4.0)),
        Place(path="/Up", params=Conveyor(points=up, speed=1.0, spacing=2.0)),
        Place(path="/Work", params=_work(3.0), pose=Pose((4.3, 6.0, 2.0), LEFT)),
        Place(
            path="/Back",
            params=Conveyor(points=back, speed=0.8, spacing=1.9, accumulating=False),
            pose=Pose((4.3, 6.0, 2.0)),
        ),
        Place(path="/Check", params=_work(2.0), pose=Pose((1.3, 5.0, 0.0))),
        Place(path="/Sink", params=Sink(), pose=Pose((1.3, 5.0, 0.0))),
    ])  # fmt: skip
    return Plant(places=(*places, _failure("/Up", "calendar")), products=PRODUCTS)


def _carried(params: Params, clock: str, interval: float) -> Plant:
    """Something that carries parts along 20 m between a buffer and a slow station."""
    places = connect([
        Place(path="/Source", params=_source(interval)),
        Place(path="/Buffer", params=Buffer(capacity=3)),
        Place(path="/Line", params=params),
        Place(path="/Work", params=_work(3.0), pose=Pose((22.0, 0.0, 0.0))),
        Place(path="/Sink", params=Sink(), pose=Pose((22.0, 0.0, 0.0))),
    ])  # fmt: skip
    return Plant(places=(*places, _failure("/Line", clock)), products=PRODUCTS)


def shuttle_line() -> Plant:
    shuttle = Shuttle(
        positions=5, pitch=4.0, index_time=1.5, process_times=(3.0, 0.0, 2.0, 4.0, 1.0),
        process_distribution="triangular", process_spread=2.0,
    )  # fmt: skip
    return _carried(shuttle, "operating", 5.0)


def shuttle_on_the_calendar_clock() -> Plant:
    return _carried(Shuttle(positions=4, pitch=5.0, index_time=2.0), "calendar", 3.0)


def _paced(**more: object) -> PacedLine:
    andon = {"andon_time": 4.0, "andon_distribution": "lognormal", "andon_spread": 4.0}
    return PacedLine(length=20.0, speed=1.0, pitch=4.0, **(andon | {"andon_share": 0.1} | more))


def paced_line_with_fixed_positions() -> Plant:
    return _carried(_paced(), "operating", 5.0)


def paced_line_that_stops_at_once() -> Plant:
    return _carried(_paced(fixed_position=False), "calendar", 4.0)


def _shifted(plant: Plant, path: str) -> Plant:
    places = [
        replace(place, calendar="/Shifts") if place.path == path else place
        for place in plant.places
    ]
    shifts = Calendar(period=60.0, starts=(0.0, 35.0), ends=(25.0, 60.0), at_bell="finish")
    return replace(plant, places=(*places, Place(path="/Shifts", params=shifts)))


def shuttle_in_shifts() -> Plant:
    return _shifted(shuttle_line(), "/Line")


def paced_line_in_shifts() -> Plant:
    return _shifted(paced_line_with_fixed_positions(), "/Line")


def movers() -> Plant:
    """A turntable sends products to two belts; a lift and a cross-transfer bring them together."""
    turntable = Mover(
        mode="turn", move_times=(0.5, 3.0), turns=(0.0, 90.0), return_time=2.0,
        products=("Suv",), exits=(1,),
    )  # fmt: skip
    belt = Conveyor(length=4.0, speed=1.0, spacing=1.5)
    lift = Mover(mode="lift", move_times=(4.0,), travels=(3.0,), turns=(-90.0,), return_time=3.0)
    cross = Mover(mode="cross", move_times=(2.0, 1.0), travels=(4.0, 0.0), return_time=0.0)
    table, top = Pose((4.0, 0.0, 0.0)), Pose((4.0, 4.0, 3.0))
    places = (
        Place(path="/Source", params=_source(4.0), next=("/In",)),
        Place(path="/In", params=belt, next=("/Table",)),
        Place(path="/Table", params=turntable, pose=table, next=("/On", "/Left")),
        Place(path="/On", params=belt, pose=table, next=("/Work",)),
        Place(path="/Work", params=_work(3.0), pose=Pose((9.0, 0.0, 0.0)), next=("/Sink",)),
        Place(path="/Left", params=belt, pose=Pose((4.0, 0.0, 0.0), LEFT), next=("/Lift",)),
        Place(path="/Lift", params=lift, pose=Pose((4.0, 4.0, 0.0), LEFT), next=("/Cross",)),
        Place(path="/Cross", params=cross, pose=top, next=("/Far", "/Near")),
        Place(path="/Far", params=_work(9.0), pose=Pose((4.0, 8.0, 3.0)), next=("/Sink",)),
        Place(path="/Near", params=_work(9.0), pose=Pose((6.0, 4.0, 3.0)), next=("/Sink",)),
        Place(path="/Sink", params=Sink()),
        _failure("/Table", "operating"),
        _failure("/Lift", "calendar"),
        _failure("/Cross", "operating", 20.0),
    )
    return Plant(places=places, products=PRODUCTS)


def movers_in_shifts() -> Plant:
    return _shifted(movers(), "/Lift")


SHOPS = [
    bent_conveyors,
    movers,
    movers_in_shifts,
    paced_line_in_shifts,
    paced_line_that_stops_at_once,
    paced_line_with_fixed_positions,
    shuttle_in_shifts,
    shuttle_line,
    shuttle_on_the_calendar_clock,
]
