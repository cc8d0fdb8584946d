"""Assembly by a bill of materials, and taking apart again, with failures and transfers."""

from dataclasses import replace

from tests.engine.lines import exponential
from twin.kinds.assembler import Assembler
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.disassembler import Disassembler
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Pose, Product

FAILS = {"mtbf": 25.0, "mttr": 4.0}


def _products(*names: str) -> tuple[Product, ...]:
    return tuple(Product(name=name) for name in names)


def wheels_and_engines() -> Plant:
    """Two bases with different needs; what is kitted comes in over time."""
    at, end = Pose((6.0, 0.0, 0.0)), Pose((11.0, 0.0, 0.0))
    belt_in = Conveyor(length=4.0, speed=1.0, spacing=2.0)
    belt_out = Conveyor(length=5.0, speed=1.0, spacing=2.5)
    assembler = Assembler(
        components=("Wheel", "Engine", "Battery"), counts=(4, 1, 2), bases=("Car", "Car", "Truck"),
        process_time=3.0, process_distribution="exponential", transfer_time=2.0, **FAILS,
    )  # fmt: skip
    wheels = Source(interval=1.0, sequence=("Wheel",))
    engines = Source(interval=2.5, interval_distribution="exponential", sequence=("Engine",))
    batteries = Source(interval=2.0, interval_distribution="exponential", sequence=("Battery",))
    bodies = Source(interval=4.0, sequence=("Car", "Truck", "Car"))
    return Plant(
        places=(
            Place(path="/Wheels", params=wheels, pose=at, next=("/WheelRack",)),
            Place(path="/WheelRack", params=Buffer(capacity=6), pose=at, next=("/Marriage",)),
            Place(path="/Engines", params=engines, pose=at, next=("/EngineRack",)),
            Place(path="/Batteries", params=batteries, pose=at, next=("/Marriage",)),
            Place(path="/EngineRack", params=Buffer(capacity=2), pose=at, next=("/Marriage",)),
            Place(path="/Bodies", params=bodies, next=("/In",)),
            Place(path="/In", params=belt_in, next=("/Marriage",)),
            Place(path="/Marriage", params=assembler, pose=at, next=("/Out",)),
            Place(path="/Out", params=belt_out, pose=at, next=("/Sink",)),
            Place(path="/Sink", params=Sink(), pose=end),
        ),
        products=_products("Car", "Truck", "Wheel", "Engine", "Battery"),
    )  # fmt: skip


def doors_off_and_on() -> Plant:
    """Doors are built in, taken off for a while, and come back to their own body."""
    off = Disassembler(components=("Door",), process_time=2.0, transfer_time=1.0, **FAILS)
    refit = Assembler(
        components=("Door",), counts=(2,), match_own=True, process_time=2.5,
        process_distribution="uniform", process_spread=1.0, transfer_time=0.5, mtbf=40.0, mttr=3.0,
    )  # fmt: skip
    hang = Assembler(components=("Door",), counts=(2,), process_time=1.0)
    door_line = Conveyor(length=5.0, speed=0.6, spacing=1.0)
    at = Pose((5.0, 0.0, 0.0))
    return Plant(
        places=(
            Place(path="/Doors", params=Source(interval=1.0, sequence=("Door",)), next=("/Hang",)),
            Place(path="/Bodies", params=Source(interval=3.0, sequence=("Body",)), next=("/Hang",)),
            Place(path="/Hang", params=hang, next=("/Off",)),
            Place(path="/Off", params=off, next=("/Trim", "/DoorLine")),
            Place(path="/Trim", params=exponential(3.0), next=("/Wait",)),
            Place(path="/Wait", params=Buffer(capacity=4), next=("/Refit",)),
            Place(path="/DoorLine", params=door_line, next=("/DoorRack",)),
            Place(path="/DoorRack", params=Buffer(capacity=8), pose=at, next=("/Refit",)),
            Place(path="/Refit", params=refit, pose=at, next=("/Sink",)),
            Place(path="/Sink", params=Sink(), pose=at),
        ),
        products=_products("Body", "Door"),
    )  # fmt: skip


def handles_on_doors_on_bodies_on_skids() -> Plant:
    """Parts of parts of parts of parts, three deep, moved together; the body comes off its skid."""
    names = ("Handle", "Door", "Body", "Skid")
    joins = [Assembler(components=(name,), process_time=1.0, transfer_time=1.5) for name in names]
    on_door, on_body, on_skid = (
        replace(join, base_products=(base,)) for join, base in zip(joins, names[1:], strict=False)
    )
    belt = Conveyor(length=6.0, speed=0.8, spacing=2.0)
    at = [Pose((4.0 * k, 0.0, 0.0)) for k in range(6)]
    test = Station(process_time=2.0, transfer_time=1.0)
    off = Disassembler(components=("Body",), process_time=1.0, transfer_time=2.0)
    sources = [
        Place(path=f"/{name}s", params=Source(interval=4.0, sequence=(name,)), next=(to,))
        for name, to in zip(names, ("/OnDoor", "/OnDoor", "/OnBody", "/OnSkid"), strict=True)
    ]
    return Plant(
        places=(
            *sources,
            Place(path="/OnDoor", params=on_door, pose=at[0], next=("/OnBody",)),
            Place(path="/OnBody", params=on_body, pose=at[1], next=("/OnSkid",)),
            Place(path="/OnSkid", params=on_skid, pose=at[2], next=("/Belt",)),
            Place(path="/Belt", params=belt, pose=at[2], next=("/Test",)),
            Place(path="/Test", params=test, pose=at[4], next=("/Off",)),
            Place(path="/Off", params=off, pose=at[5], next=("/SkidsOut", "/Out")),
            Place(path="/Out", params=belt, pose=at[5], next=("/BodiesOut",)),
            Place(path="/BodiesOut", params=Sink(), pose=Pose((26.0, 0.0, 0.0))),
            Place(path="/SkidsOut", params=Sink(), pose=at[5]),
        ),
        products=_products(*names),
    )  # fmt: skip


SHOPS = [wheels_and_engines, doors_off_and_on, handles_on_doors_on_bodies_on_skids]
