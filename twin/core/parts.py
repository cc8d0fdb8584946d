"""Parts: made, held in order by exactly one place, and gone; rows are used again."""

from twin.core.compiled import compilable, compilable_apart
from twin.core.motion import hide
from twin.core.record import ATTACHED, DETACHED, FINISHED, MADE, SCRAPPED, note
from twin.core.world import LATER, NONE, World, row

__all__ = ["attach", "count_parts", "detach", "hold", "hold_first", "let_go", "make_part"]
__all__ += ["remove_part", "scrap_part", "take_out"]


@compilable
def make_part(world: World, i: int, product: int) -> int:
    """Bring a new part into being at place `i`; the engine sees to it that a row is free."""
    clock = world.clock[0]
    count_parts(world)
    slot = clock.free_part
    part = world.part[slot]
    clock.free_part = part.next
    clock.free_parts -= 1
    clock.created += 1
    clock.carriers += world.number[product]
    part.serial = clock.created
    part.created = clock.now
    part.product = product
    part.form = 0
    part.place = NONE
    part.next = NONE
    part.attached = NONE
    part.origin = 0
    part.reworks = 0
    part.deadline = LATER
    part.track = NONE
    part.look = NONE
    world.product[world.place[i].product + product].created += 1
    note(world, MADE, i, part.serial, product)
    return slot


@compilable
def remove_part(world: World, i: int, slot: int) -> None:
    """Let a part leave the plant at place `i` as finished, with all that is attached to it."""
    clock = world.clock[0]
    part = world.part[slot]
    lead = clock.now - part.created
    tally = world.product[world.place[i].product + part.product]
    tally.finished += 1
    tally.lead_ticks += lead
    tally.longest_lead = max(tally.longest_lead, lead)
    if clock.now > part.deadline:
        tally.late += 1
    if part.attached >= 0:
        _remove_attached(world, i, slot, FINISHED)
    note(world, FINISHED, i, part.serial, 0)
    _free(world, slot)
    world.place[i].passed += 1
    clock.finished += 1


@compilable_apart
def scrap_part(world: World, i: int, slot: int) -> None:
    """Let a part leave the plant at place `i` as scrap, with all that is attached to it."""
    clock = world.clock[0]
    world.product[world.place[i].product + world.part[slot].product].scrapped += 1
    _remove_attached(world, i, slot, SCRAPPED)
    note(world, SCRAPPED, i, world.part[slot].serial, 0)
    _free(world, slot)
    clock.scrapped += 1


@compilable_apart
def _remove_attached(world: World, i: int, base: int, code: int) -> None:
    clock = world.clock[0]
    slot = world.part[base].attached
    while slot >= 0:
        _loosen(world, slot)
        part = world.part[slot]
        behind = part.next
        tally = world.product[world.place[i].product + part.product]
        note(world, code, i, part.serial, world.part[base].serial)
        _free(world, slot)
        if code == FINISHED:
            tally.built_in += 1
            clock.finished += 1
        else:
            tally.scrapped += 1
            clock.scrapped += 1
        slot = behind
    world.part[base].attached = NONE


@compilable_apart
def _loosen(world: World, slot: int) -> None:
    """Put the parts that are attached to an attached part behind it, on the same base."""
    part = world.part[slot]
    if part.attached < 0:
        return
    last = part.attached
    world.part[last].carrier = part.carrier
    while world.part[last].next >= 0:
        last = world.part[last].next
        world.part[last].carrier = part.carrier
    world.part[last].next = part.next
    part.next = part.attached
    part.attached = NONE


@compilable
def _free(world: World, slot: int) -> None:
    """Give the part's row back."""
    clock = world.clock[0]
    count_parts(world)
    hide(world, slot)
    part = world.part[slot]
    clock.carriers -= world.number[part.product]
    part.serial = 0
    part.place = NONE
    part.next = clock.free_part
    clock.free_part = slot
    clock.free_parts += 1


@compilable
def count_parts(world: World) -> None:
    """Carry the integral of work in process over time up to now."""
    clock = world.clock[0]
    in_process = clock.created - clock.finished - clock.scrapped - clock.carriers
    clock.part_ticks += in_process * (clock.now - clock.counted)
    clock.counted = clock.now


@compilable_apart
def attach(world: World, i: int, base: int, slot: int) -> None:
    """Let a part that no place holds travel with another one, at place `i`, from now on."""
    part = world.part[slot]
    note(world, ATTACHED, i, part.serial, world.part[base].serial)
    part.place = NONE
    part.carrier = base
    part.next = world.part[base].attached
    world.part[base].attached = slot


@compilable_apart
def detach(world: World, i: int, base: int, product: int) -> int:
    """Take the part of a product that was attached last off its base; returns it, or NONE.

    No place holds it then; place `i`, where this happens, goes on with it.
    """
    before = NONE
    slot = world.part[base].attached
    while slot >= 0 and world.part[slot].product != product:
        before = slot
        slot = world.part[slot].next
    if slot < 0:
        return NONE
    part = world.part[slot]
    if before < 0:
        world.part[base].attached = part.next
    else:
        world.part[before].next = part.next
    part.next = NONE
    part.origin = world.part[base].serial
    note(world, DETACHED, i, part.serial, part.origin)
    return slot


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


@compilable_apart
def hold_first(world: World, i: int, slot: int) -> None:
    """Put a part first in the order of place `i`."""
    place = world.place[i]
    part = world.part[slot]
    part.place = i
    part.entered = world.clock[0].now
    part.next = place.first if place.count > 0 else NONE
    if place.count == 0:
        place.last = slot
    place.first = slot
    place.count += 1


@compilable_apart
def take_out(world: World, i: int, slot: int) -> None:
    """Take a part out of the order of place `i`, wherever in it the part is."""
    place = world.place[i]
    before = NONE
    other = place.first
    while other != slot:
        before = other
        other = world.part[other].next
    if before < 0:
        place.first = world.part[slot].next
    else:
        world.part[before].next = world.part[slot].next
        if place.last == slot:
            place.last = before
    place.count -= 1
