"""Routers, merges, stores and a warehouse, with every rule, failures and commands."""

from tests.engine.lines import exponential
from twin.core.parameters import Params
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.merge import Merge
from twin.kinds.router import Router
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.store import Store
from twin.kinds.warehouse import Warehouse
from twin.plant import Place, Plant, Pose, Product, connect

PRODUCTS = tuple(Product(name=name) for name in ("Red", "Green", "Blue"))
BELT = Conveyor(length=4.0, speed=2.0, spacing=1.0)
FAILS = {"mtbf": 30.0, "mttr": 4.0}


def branches(
    router: Router, merge: Merge, machines: tuple[Params, ...] = (), length: float = 0.0
) -> Plant:
    """Three machines of one length side by side between a router and a merge, and a belt behind."""
    source = Source(
        interval=1.5,
        interval_distribution="exponential",
        sequence=("Red", "Green", "Green", "Blue"),
    )
    machines = machines or (exponential(3.0), exponential(4.0, **FAILS), exponential(5.0))
    paths = tuple(f"/Machine_{number}" for number in range(len(machines)))
    end, last = Pose((length, 0.0, 0.0)), Pose((length + 4.0, 0.0, 0.0))
    jam = Failure(mtbf=45.0, mttr=3.0, failure_clock="calendar")
    return Plant(
        places=(
            Place(path="/Source", params=source, next=("/Router",)),
            Place(path="/Router", params=router, next=paths),
            *(
                Place(path=path, params=each, next=("/Merge",))
                for path, each in zip(paths, machines, strict=True)
            ),
            Place(path="/Merge", params=merge, pose=end, next=("/Belt",)),
            Place(path="/Belt", params=BELT, pose=end, next=("/Last",)),
            Place(path="/Last", params=exponential(1.2), pose=last, next=("/Sink",)),
            Place(path="/Sink", params=Sink(), pose=last),
            Place(path="/Merge/Jam", params=jam),
            Place(path="/Router/Jam", params=jam),
        ),
        products=PRODUCTS,
    )


def shared_by_weights() -> Plant:
    return branches(Router(rule="share", weights=(5.0, 3.0, 0.5)), Merge(rule="longest"))


def routed_by_product() -> Plant:
    router = Router(rule="product", products=("Red", "Blue"), exits=(2, 0))
    return branches(router, Merge(rule="first", order=("/Machine_2", "/Machine_0")))


def shortest_of_three() -> Plant:
    stations = (Buffer(capacity=3), Buffer(capacity=2, order="lifo"), exponential(2.0))
    return branches(Router(rule="shortest"), Merge(rule="turn"), stations)


def in_turn() -> Plant:
    return branches(Router(rule="turn", skip_full=True), Merge(rule="turn", order=("/Machine_1",)))


def strictly_in_turn() -> Plant:
    """Every branch has the products in one order, so the merge can put them back into theirs."""
    stations = (Station(process_time=2.0), Station(process_time=3.0), exponential(1.0))
    merge = Merge(rule="sequence", sequence=("Red", "Green", "Green", "Blue"))
    return branches(Router(rule="turn"), merge, stations)


def first_with_room() -> Plant:
    belts = [Conveyor(length=6.0, speed=speed, spacing=2.0) for speed in (0.8, 0.4, 0.5)]
    return branches(Router(), Merge(), tuple(belts), length=6.0)


def _stored(*stores: Params) -> Plant:
    source = Source(
        interval=2.0,
        interval_distribution="exponential",
        sequence=("Red", "Green", "Blue", "Blue", "Green", "Red", "Green"),
    )
    line: list[tuple[str, Params]] = [("/Source", source)]
    for number, store in enumerate(stores):
        line += [(f"/Store_{number}", store), (f"/Station_{number}", exponential(1.5, **FAILS))]
    jam = Failure(mtbf=45.0, mttr=5.0, failure_clock="calendar")
    jams = [Place(path=f"/Store_{number}/Jam", params=jam) for number in range(len(stores))]
    end = Pose((4.0, 0.0, 0.0))
    out = Place(path="/Last", params=Station(process_time=0.5, transfer_time=0.5), pose=end)
    sink = Place(path="/Sink", params=Sink(), pose=end)
    places = connect([*line, ("/Belt", BELT), out, sink])
    return Plant(places=(*places, *jams), products=PRODUCTS)


def sorting_stores() -> Plant:
    return _stored(
        Store(capacity=6, release="batch"),
        Store(capacity=9, lane_count=3, release="batch"),
        Store(capacity=5, release="target", target=("Red", "Blue", "Green"), patience=12.0),
        Store(capacity=8, lane_count=2, release="target", target=("Green", "Red", "Green", "Blue")),
        Store(capacity=4, release="serial"),
        Store(capacity=6, lane_count=3, release="serial"),
        Store(capacity=4, lane_count=2),
    )


def warehouses() -> Plant:
    small = Warehouse(capacity=5, cranes=2, columns=3, levels=2, handling_time=0.4)
    large = Warehouse(capacity=40, columns=20, levels=2, crane_speed=10.0, handling_time=0.3)
    return _stored(small, large)


SHOPS = [
    shared_by_weights,
    routed_by_product,
    shortest_of_three,
    in_turn,
    strictly_in_turn,
    first_with_room,
    sorting_stores,
    warehouses,
]
