"""Vehicles on a ring road: crowded, with batteries and chargers, with failures, with bodies."""

from dataclasses import replace
from typing import Any

from tests.kinds.fleets import FLEET, place, ring, roads
from twin.kinds.calendar import Calendar
from twin.kinds.dock import Dock
from twin.kinds.failure import Failure
from twin.kinds.fleet import Fleet
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.vehicle import Vehicle
from twin.plant import Place, Plant, Product

RAMPS: dict[str, Any] = {"speed": 1.3, "acceleration": 0.5, "length": 1.5}
SLOW: dict[str, Any] = {"handling_time": 4.0}


def crowded_ring() -> Plant:
    """So many vehicles that the ring fills, and circles form; some of them fail on the way."""
    products = (Product(name="part"), Product(name="AMR"))
    mix = {"interval": 5.0, "sequence": ("part",)}
    seen = {"look": "AMR"}
    plant = ring(8, 10, vehicle=RAMPS | seen, dock=SLOW, source=mix, products=products)
    failure = Failure(mtbf=60.0, mttr=9.0)
    return replace(plant, places=(*plant.places, place("/V1/Jam", failure)))


def fleet_that_charges() -> Plant:
    """Batteries for some rounds and one charger; the body of each vehicle is a product."""
    battery = {"range": 250.0, "charge_below": 0.7, "charge_time": 40.0, "look": "AMR"}
    products = (Product(name="part"), Product(name="AMR"))
    mix = {"interval": 9.0, "interval_distribution": "exponential", "sequence": ("part",)}
    plant = ring(
        12, 3, vehicle=RAMPS | battery, dock=SLOW, source=mix, products=products, chargers=1,
        fleet={"rule": "oldest"},
    )  # fmt: skip
    shifts = Calendar(period=200.0, starts=(0.0, 90.0), ends=(70.0, 200.0))
    kept = {"/V0", "/From", FLEET}
    places = [replace(p, calendar="/Shifts") if p.path in kept else p for p in plant.places]
    return replace(plant, places=(*places, Place(path="/Shifts", params=shifts)))


def crossing_in_a_zone() -> Plant:
    """Two products cross each other's way to two stations; the crossing is a zone for one."""
    points = {
        "W": (0.0, 0.0), "M1": (9.5, 0.0), "M2": (11.0, 0.0), "E": (20.0, 0.0),
        "S": (10.0, -10.0), "N": (10.0, 10.0), "P0": (-5.0, 0.0), "P1": (10.0, -15.0),
        "P2": (25.0, 0.0),
    }  # fmt: skip
    lanes = ["W M1 M2 E", "S M1 M2 N", "E N W", "N W S", "E S W", "W P0 W", "S P1 S", "E P2 E"]
    waypoints = [
        replace(each, params=replace(each.params, zone="crossing", speed=0.8))
        if each.path in ("/M1", "/M2")
        else each
        for each in roads(points, lanes)
    ]
    source = Source(interval=12.0, interval_distribution="exponential", sequence=("A", "B"))
    served: dict[str, Any] = {"fleet": (FLEET,), "handling_time": 2.0, "capacity": 3}
    places = (
        place("/Source", source, 0, 1, "/West"),
        place("/West", Dock(waypoint=("/W",), products=("A", "B"), transfer_time=1.0, **served),
              0, 2, "/East", "/South"),
        place("/East", Dock(waypoint=("/E",), capacity=2, handling_time=2.0), 20, 2, "/Work"),
        place("/South", Dock(waypoint=("/S",), **served), 10, -12, "/North"),
        place("/North", Dock(waypoint=("/N",), handling_time=2.0), 10, 12, "/Sink"),
        place("/Work", Station(process_time=9.0, transfer_time=2.0, mtbf=90.0, mttr=9.0),
              22, 2, "/Sink"),
        place("/Sink", Sink(), 22, 2),
        *waypoints,
        place(FLEET, Fleet(rule="longest")),
        *(
            place(f"/V{k}", Vehicle(fleet=(FLEET,), home=(f"/P{k}",), look="AMR", **RAMPS))
            for k in range(3)
        ),
    )  # fmt: skip
    return Plant(places=places, products=tuple(Product(name=each) for each in ("A", "B", "AMR")))


SHOPS = [crowded_ring, fleet_that_charges, crossing_in_a_zone]
