"""Parts: made, held in order by exactly one place, and gone; rows are used again."""

from twin.core.compiled import compilable
from twin.core.world import NONE, World, row

__all__ = ["count_parts", "hold", "let_go", "make_part", "remove_part"]


@compilable
def make_part(world: World, product: int) -> int:
    """Bring a new part into being; the engine sees to it that a row is free."""
    clock = world.clock[0]
    count_parts(world)
    slot = clock.free_part
    part = world.part[slot]
    clock.free_part = part.next
    clock.free_parts -= 1
    clock.created += 1
    part.serial = clock.created
    part.created = clock.now
    part.product = product
    part.form = 0
    part.place = NONE
    part.next = NONE
    part.track = NONE
    part.look = NONE
    return slot


@compilable
def remove_part(world: World, slot: int) -> None:
    """Let a part leave the plant."""
    clock = world.clock[0]
    count_parts(world)
    part = world.part[slot]
    part.serial = 0
    part.place = NONE
    part.next = clock.free_part
    clock.free_part = slot
    clock.free_parts += 1
    clock.finished += 1


@compilable
def count_parts(world: World) -> None:
    """Carry the integral of work in process over time up to now."""
    clock = world.clock[0]
    clock.part_ticks += (clock.created - clock.finished) * (clock.now - clock.counted)
    clock.counted = clock.now


@compilable
def hold(world: World, i: int, slot: int) -> None:
    """Put a part last in the order of place `i`."""
    place = world.place[i]
    part = world.part[slot]
    part.place = i
    part.entered = world.clock[0].now
    part.next = NONE
    if place.count == 0:
        place.first = slot
    else:
        world.part[row(place.last)].next = slot
    place.last = slot
    place.count += 1


@compilable
def let_go(world: World, i: int) -> None:
    """Take the first part out of the order of place `i`."""
    place = world.place[i]
    place.first = world.part[row(place.first)].next
    place.count -= 1
    place.passed += 1
