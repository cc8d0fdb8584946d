"""Stations with everything they can have, parallel servers, and every way to release parts."""

from dataclasses import replace

from twin.core.parameters import Params
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.parallel import Parallel
from twin.kinds.pool import Pool
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Pose, Product

A, B, C = "Sedan", "Suv", "Van"
PRODUCTS = tuple(Product(name=name, forms=("raw", "made")) for name in (A, B, C))


def place(path: str, params: Params, *onward: str, x: float = 0.0) -> Place:
    return Place(path=path, params=params, next=onward, pose=Pose((x, 0.0, 0.0)))


def _worked_on(failure_clock: str = "operating") -> Plant:
    """Two stations share operators; the second sends bad parts round by a repair station."""
    press = Station(
        process_time=2.0, products=(B, C), product_times=(3.0, 2.5), form=1,
        product_distributions=("lognormal", "constant"), product_spreads=(1.0, 0.0),
        setup_time=2.0, setup_from=(A, C, B), setup_to=(B, A, B), setup_times=(4.0, 0.0, 0.5),
        maintenance_count=5, maintenance_time=3.0, transfer_time=1.0,
        workers=("/Crew", "/Team"), skill="press", worker_count=2, priority=1,
        mtbf=30.0, mtbf_distribution="weibull", mtbf_spread=20.0, mttr=4.0,
        mttr_distribution="lognormal", mttr_spread=2.0, failure_clock=failure_clock,
    )  # fmt: skip
    check = Station(
        process_distribution="empirical", process_samples=(1.0, 4.0, 2.0, 2.0),
        defects=0.3, rework=("/Again",), rework_limit=2, workers=("/Team",),
        mtbf=50.0, mttr=5.0, failure_clock=failure_clock,
    )  # fmt: skip
    again = Station(process_time=3.0, transfer_time=1.0, defects=0.1, setup_time=1.0)
    takt = Source(interval=5.0, release="takt", sequence=(A, B, C), lot=3)
    places = (
        place("/In", takt, "/Belt"),
        place("/Belt", Conveyor(length=4.0, speed=0.8, spacing=0.4), "/Press"),
        place("/Press", press, "/Store", x=4.0),
        place("/Store", Buffer(capacity=500), "/Check", x=4.0),
        place("/Check", check, "/Out", "/Again", x=4.0),
        place("/Again", again, "/Store", x=9.0),
        place("/Out", Sink()),
        place("/Team", Pool(size=3, walking_speed=2.0, skills=("press", "check")), x=4.0),
        place("/Crew", Pool(size=1, skills=("weld",))),
        place("/Press/Jam", Failure(mtbf=60.0, mttr=3.0, crew=("/Crew",))),
    )
    return Plant(name="Worked on", places=places, products=PRODUCTS)


def station_shop() -> Plant:
    return _worked_on()


def station_shop_on_the_calendar_clock() -> Plant:
    return _worked_on("calendar")


def _on_shifts(at_bell: str) -> Plant:
    plant = _worked_on()
    kept = {"/In", "/Press", "/Check", "/Team"}
    places = [replace(p, calendar="/Shifts") if p.path in kept else p for p in plant.places]
    shifts = Calendar(period=50.0, starts=(3.0, 31.0), ends=(27.0, 50.0), at_bell=at_bell)
    return replace(plant, places=(*places, Place(path="/Shifts", params=shifts)))


def station_shop_that_stops_at_the_bell() -> Plant:
    return _on_shifts("stop")


def station_shop_that_finishes_after_the_bell() -> Plant:
    return _on_shifts("finish")


def _ovens(failure_clock: str = "operating", at_bell: str = "stop") -> Plant:
    """Orders and times go through ovens, one behind the other."""
    hot = Parallel(
        servers=3, process_time=6.0, process_distribution="erlang", process_spread=3.0,
        products=(B,), product_times=(9.0,), product_distributions=("exponential",), form=1,
        mtbf=40.0, mttr=5.0, mttr_distribution="gamma", mttr_spread=4.0,
        failure_clock=failure_clock,
    )  # fmt: skip
    cool = Parallel(servers=2, process_time=4.0)
    orders = Source(
        order_products=(A, B, C) * 20, order_times=tuple(20.0 * (n // 2) for n in range(60)),
        order_deadlines=tuple(20.0 * (n // 2) + 20.0 for n in range(60)),
        order_quantities=(1, 4, 2) * 20, limit=120,
    )  # fmt: skip
    times = Source(times=tuple(2.0 * n for n in range(300)), sequence=(B, C), lot=2)
    places = (
        place("/Orders", orders, "/Cool"),
        place("/Times", times, "/Feed"),
        place("/Feed", Conveyor(length=4.0, speed=0.8, spacing=0.2), "/Hot"),
        place("/Hot", hot, "/Cool"),
        place("/Cool", cool, "/Pack"),
        place("/Pack", Station(process_time=1.5), "/Out"),
        place("/Out", Sink()),
        place("/Hot/Fan", Failure(mtbf=70.0, mttr=3.0, failure_clock="calendar")),
        place("/Shifts", Calendar(period=60.0, starts=(0.0,), ends=(45.0,), at_bell=at_bell)),
    )
    kept = {"/Orders", "/Hot", "/Pack"}
    return Plant(
        name="Ovens",
        places=tuple(replace(p, calendar="/Shifts") if p.path in kept else p for p in places),
        products=PRODUCTS,
    )


def oven_shop() -> Plant:
    return _ovens()


def oven_shop_on_the_calendar_clock() -> Plant:
    return _ovens("calendar", "finish")


SHOPS = [
    station_shop,
    station_shop_on_the_calendar_clock,
    station_shop_that_stops_at_the_bell,
    station_shop_that_finishes_after_the_bell,
    oven_shop,
    oven_shop_on_the_calendar_clock,
]
