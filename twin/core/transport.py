"""Loads: what docks have to be carried, where to, and how a vehicle takes it and sets it down."""

from twin.core.agenda import announce
from twin.core.compiled import compilable_apart
from twin.core.parts import hold, take_out
from twin.core.record import MOVE, note
from twin.core.world import LATER, NONE, World, widened

__all__ = ["assign", "first_load", "pick_up", "set_down", "target_of"]


@compilable_apart
def target_of(world: World, dock: int, product: int) -> int:
    """The first dock that may have this product and has room, counting what is on its way."""
    place = world.place[dock]
    link = widened(place.first_out)
    k = place.filter_first + product
    while link >= 0:
        j = widened(world.link[link].taker)
        other = world.place[j]
        fits = place.filter_first < 0 or world.number[k] != 0
        if fits and other.shut == 0 and other.count + other.coming < other.capacity:
            return j
        link = world.link[link].next_out
        k += len(world.look) - 1
    return NONE


@compilable_apart
def first_load(world: World, dock: int) -> int:
    """The first part of a dock that no vehicle is sent for and that can go somewhere, or NONE."""
    place = world.place[dock]
    if place.waiting == 0 or place.down != 0:
        return NONE
    now = world.clock[0].now
    slot = place.first
    for _ in range(place.count):
        part = world.part[slot]
        if part.due <= now and target_of(world, dock, part.product) >= 0:
            return slot
        slot = part.next
    return NONE


@compilable_apart
def assign(world: World, i: int, dock: int) -> None:
    """Send vehicle `i` for the first load of a dock."""
    vehicle = world.place[i]
    slot = first_load(world, dock)
    target = target_of(world, dock, world.part[slot].product)
    vehicle.job_from = dock
    vehicle.job_to = target
    vehicle.job_part = slot
    world.part[slot].due = LATER
    world.place[target].coming += 1
    world.place[dock].waiting -= 1
    world.place[dock].offer = NONE
    announce(world, dock)


@compilable_apart
def pick_up(world: World, i: int) -> None:
    """Vehicle `i` has its load now."""
    vehicle = world.place[i]
    dock, slot = vehicle.job_from, vehicle.job_part
    take_out(world, dock, slot)
    world.place[dock].passed += 1
    _pass_on(world, dock, i, slot)
    vehicle.loaded = 1


@compilable_apart
def set_down(world: World, i: int) -> None:
    """The dock has the load of vehicle `i` now."""
    vehicle = world.place[i]
    dock, slot = vehicle.job_to, vehicle.job_part
    take_out(world, i, slot)
    vehicle.loaded = 0
    vehicle.passed += 1
    world.place[dock].coming -= 1
    world.place[dock].waiting += 1
    _pass_on(world, i, dock, slot)
    world.part[slot].due = world.clock[0].now


@compilable_apart
def _pass_on(world: World, giver: int, taker: int, slot: int) -> None:
    world.clock[0].burst += 1
    hold(world, taker, slot)
    note(world, MOVE, taker, world.part[slot].serial, giver)
    announce(world, giver)
    announce(world, taker)
