"""Lots that are worked on together, work that waits for room, and robots that join parts."""

from dataclasses import replace

from tests.engine.lines import exponential, robot_at
from twin.kinds.assembler import Assembler
from twin.kinds.batch import Batch
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.conveyor import Conveyor
from twin.kinds.disassembler import Disassembler
from twin.kinds.failure import Failure
from twin.kinds.pool import Pool
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.plant import Place, Plant, Pose, Product

FAILS = {"mtbf": 40.0, "mttr": 5.0}
PRODUCTS = ("Panel", "Beam")


def _heat_treatment(at_bell: str = "stop", failure_clock: str = "operating") -> Plant:
    """Racks of one product go into an oven; two stations behind it wait for room before service."""
    rack = Batch(
        lot=4, patience=6.0, one_product=True, products=("Beam",), product_times=(6.0,),
        process_time=4.0, process_distribution="uniform", process_spread=2.0, form=1,
        failure_clock=failure_clock, **FAILS,
    )  # fmt: skip
    cool = Batch(lot=6, least=2, process_time=4.0, process_distribution="exponential", **FAILS)
    hold = {"blocking": "before", "failure_clock": failure_clock} | FAILS
    deburr = exponential(0.8, setup_time=1.0, transfer_time=0.2, **hold)
    inspect = exponential(1.0, workers=("/Team",), defects=0.1, **hold)
    belt = Conveyor(length=4.0, speed=2.0, spacing=0.5)
    takt = Source(interval=1.0, interval_distribution="exponential", sequence=PRODUCTS, lot=6)
    places = (
        Place(path="/In", params=takt, next=("/Belt",)),
        Place(path="/Belt", params=belt, next=("/Oven",)),
        Place(path="/Oven", params=rack, next=("/Cool",)),
        Place(path="/Cool", params=cool, next=("/Deburr",)),
        Place(path="/Deburr", params=deburr, next=("/Inspect",)),
        Place(path="/Inspect", params=inspect, next=("/Rack",)),
        Place(path="/Rack", params=Buffer(capacity=1), next=("/Pack",)),
        Place(path="/Pack", params=exponential(1.0), next=("/Out",)),
        Place(path="/Out", params=Sink()),
        Place(path="/Team", params=Pool(size=1)),
        Place(path="/Oven/Fan", params=Failure(mtbf=90.0, mttr=4.0, failure_clock="calendar")),
        Place(
            path="/Shifts",
            params=Calendar(period=60.0, starts=(0.0,), ends=(45.0,), at_bell=at_bell),
        ),
    )
    kept = {"/Oven", "/Cool", "/Deburr", "/Inspect"}
    return Plant(
        name="Heat treatment",
        places=tuple(replace(p, calendar="/Shifts") if p.path in kept else p for p in places),
        products=tuple(Product(name=name, forms=("raw", "hard")) for name in PRODUCTS),
    )


def heat_treatment() -> Plant:
    return _heat_treatment()


def heat_treatment_that_finishes_after_the_bell() -> Plant:
    return _heat_treatment("finish", "calendar")


def _joined_by_robots(at_bell: str = "stop") -> Plant:
    """Robots and operators build bodies and take them off their skids again."""
    at = Pose((20.0, 0.0, 0.0))
    join = Assembler(
        components=("Sedan", "Suv"), bases=("Skid", "Pallet"), transfer_time=1.0, form=1,
        process_time=1.0, products=("Pallet",), product_times=(3.0,),
        product_distributions=("exponential",), workers=("/Team",), worker_count=2, **FAILS,
    )  # fmt: skip
    apart = Disassembler(
        components=("Sedan", "Suv"), process_time=2.0, process_distribution="uniform",
        process_spread=1.0, workers=("/Team",), priority=1, transfer_time=1.0, **FAILS,
    )  # fmt: skip
    bodies = Source(interval=4.0, interval_distribution="exponential", sequence=("Sedan", "Suv"))
    bases = Source(interval=4.0, sequence=("Skid", "Pallet"))
    belt = Conveyor(length=10.0, speed=2.0, spacing=3.0)
    team = Pool(size=3, walking_speed=4.0)
    shifts = Calendar(period=60.0, starts=(0.0,), ends=(50.0,), at_bell=at_bell)
    join_robots = (robot_at("/Join/Robot_1"), robot_at("/Join/Robot_2"))
    keeps = {"calendar": "/Shifts"}
    return Plant(
        name="Joined by robots",
        places=(
            Place(path="/Bodies", params=bodies, pose=at, next=("/Join",)),
            Place(path="/Bases", params=bases, pose=at, next=("/Join",)),
            Place(path="/Join", params=join, pose=at, next=("/Belt",), robots=join_robots, **keeps),
            Place(path="/Belt", params=belt, pose=at, next=("/Apart",)),
            Place(path="/Apart", params=apart, pose=Pose((30.0, 0.0, 0.0)), next=("/Out", "/Out"),
                  robots=(robot_at("/Apart/Robot"),), **keeps),
            Place(path="/Out", params=Sink(), pose=Pose((30.0, 0.0, 0.0))),
            Place(path="/Team", params=team, pose=Pose((24.0, 0.0, 0.0))),
            Place(path="/Shifts", params=shifts),
        ),
        products=tuple(
            Product(name=name, forms=("raw", "made")) for name in ("Sedan", "Suv", "Skid", "Pallet")
        ),
    )  # fmt: skip


def joined_by_robots() -> Plant:
    return _joined_by_robots()


def joined_by_robots_that_finish_after_the_bell() -> Plant:
    return _joined_by_robots("finish")


SHOPS = [
    heat_treatment,
    heat_treatment_that_finishes_after_the_bell,
    joined_by_robots,
    joined_by_robots_that_finish_after_the_bell,
]
