"""Failure modes with a shared repair crew, and shifts with both rules at the bell."""

from dataclasses import replace

from tests.engine.lines import little_shop
from twin.kinds.calendar import Calendar
from twin.kinds.failure import Failure
from twin.kinds.pool import Pool
from twin.plant import Place, Plant


def crewed_shop() -> Plant:
    """Two machines fail in several ways; one crew repairs them, one after another."""
    plant = little_shop()
    gun = Failure(mtbf=25.0, mttr=5.0, crew=("/Crew",), priority=1)
    jam = Failure(
        mtbf=30.0, mttr=4.0, mttr_distribution="lognormal", mttr_spread=3.0,
        failure_clock="calendar", crew=("/Crew",),
    )  # fmt: skip
    belt = Failure(mtbf=70.0, mttr=3.0)
    more = (
        Place(path="/Crew", params=Pool(size=1)),
        Place(path="/Line/Framing/Gun", params=gun),
        Place(path="/Line/Check/Jam", params=jam),
        Place(path="/Line/In/Belt", params=belt),
    )
    return replace(plant, places=(*plant.places, *more))


def _shifted(at_bell: str) -> Plant:
    plant = crewed_shop()
    kept = {"/Line/In", "/Line/Framing", "/Line/Check", "/Line/Source", "/Crew"}
    places = [
        replace(place, calendar="/Shifts") if place.path in kept else place
        for place in plant.places
    ]
    shifts = Calendar(period=60.0, starts=(0.0, 35.0), ends=(25.0, 60.0), at_bell=at_bell)
    return replace(plant, places=(*places, Place(path="/Shifts", params=shifts)))


def shop_that_stops_at_the_bell() -> Plant:
    return _shifted("stop")


def shop_that_finishes_after_the_bell() -> Plant:
    return _shifted("finish")


SHOPS = [crewed_shop, shop_that_stops_at_the_bell, shop_that_finishes_after_the_bell]
