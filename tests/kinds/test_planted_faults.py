"""The contract catches a fault in any kind: each handler in turn does nothing, or says yes."""

import pytest

from tests.kinds.contract import keep, keep_each_stop
from tests.kinds.shops import SHOPS
from twin.engine import kernel, transfer
from twin.engine.calls import CALLS, calls
from twin.engine.dispatch import KINDS, kind_name
from twin.errors import RunError

# What only tests of the kind itself can know, or nobody.
BEYOND = {
    "source_has_room",  # nothing leads into a source
    "conveyor_start",  # entries are free from the first tick on in either way
    "gated_start",
    "paced_line_start",
    "gate_start",  # a gate that is closed from the beginning: test_gate
    "parallel_blocked",  # which of its parts are done: test_parallel
    "parallel_halt",
    "warehouse_has_room",  # where its cranes are: test_warehouse
    "warehouse_blocked",
    "store_on_timer",  # its patience: test_store
    "merge_halt",  # no shop has one that holds a part as it stops: test_merge
    "waypoint_halt",  # closed lanes, circles of vehicles: test_vehicle, test_detour
    "waypoint_attend",
    "dock_blocked",  # who fetches its parts: test_vehicle
    "dock_halt",
}
ENDLESS = {"vehicle_halt": ("crossing_in_a_zone", "crowded_ring")}  # loops in these shops
FAULTS = {"has_room": True, "pick": -1, "attend": -1}
PLANTED = [
    f"{kind_name(kind)}_{call}"
    for kind in KINDS
    for call in CALLS
    if hasattr(kind, call) and f"{kind_name(kind)}_{call}" not in BEYOND
]


@pytest.fixture(autouse=True)
def soon_told(monkeypatch):
    """A loop without time is told sooner than in a compiled run."""
    for module in (kernel, transfer):
        monkeypatch.setattr(module, "BURST_LIMIT", 2000)


def shops_with(kind, without=()):
    """The shops that hold a kind, the smallest first."""
    held = [
        shop
        for name, shop in SHOPS.items()
        if name not in without
        and any(type(place.params).__module__ == f"twin.kinds.{kind}" for place in shop.places)
    ]
    return sorted(held, key=lambda shop: len(shop.places))


def is_caught(kind, without=()):
    for shop in shops_with(kind, without):
        try:
            keep(shop)
            keep_each_stop(shop)
        except (AssertionError, RunError):
            return True
    return False


@pytest.mark.parametrize("handler", PLANTED)
def test_a_handler_that_does_nothing_is_caught(handler, monkeypatch):
    call = next(call for call in CALLS if handler.endswith(f"_{call}"))
    answer = FAULTS.get(call)
    monkeypatch.setattr(calls(), handler, lambda *_: answer)
    kind = handler.removesuffix(f"_{call}")
    assert is_caught("conveyor" if kind == "gated" else kind, ENDLESS.get(handler, ()))


@pytest.mark.parametrize("shop", [shop for shop in SHOPS if "shift" in shop])
def test_a_bell_that_nobody_hears_is_caught(shop, monkeypatch):
    monkeypatch.setattr(kernel, "bell", lambda *_: None)
    with pytest.raises(AssertionError):
        keep(SHOPS[shop])


def test_each_kind_has_a_fault_that_is_caught():
    kinds = {kind_name(kind) for kind in KINDS} - {"calendar"}  # its bells are the engine's
    assert {kind for kind in kinds if not any(each.startswith(kind) for each in PLANTED)} == set()
