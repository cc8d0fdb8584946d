"""Rare commands, carried out on the world's tables between two calls of the kernel.

They are plain Python: compiling them would cost every run time for what hardly any run needs.
"""

from typing import Any

from twin.core.heap import FINISH, cancel
from twin.core.parts import hold, make_part
from twin.core.world import World
from twin.engine.command import Command
from twin.errors import CommandError, nearest
from twin.kinds import calendar, failure, pool, source, vehicle
from twin.plant import Plant

__all__ = ["check_held", "order_part", "rows_below", "set_withdrawn"]

NO_EQUIPMENT = (calendar.PARAMS, failure.PARAMS, pool.PARAMS)


def rows_below(plant: Plant, path: str) -> list[int]:
    """The rows of all equipment at or below a prim path.

    Raises:
        CommandError: there is none.
    """
    below = path.rstrip("/") + "/"
    rows = [
        row
        for row, place in enumerate(plant.places)
        if (place.path == path or place.path.startswith(below))
        and not isinstance(place.params, NO_EQUIPMENT)
    ]
    return rows or [plant.index(path)]


def check_held(world: World, row: int, command: Command) -> None:
    """Whether the part at a place can be held there.

    Raises:
        CommandError: it has none, or several, or another one than is named.
    """
    place: Any = world.place[row]
    if place.capacity != 1 or place["count"] != 1:
        rule = "must have one part, and room for no other, to hold it"
        raise CommandError(f"{command.path} {rule}, got {place['count']} of {place.capacity}")
    serial = int(world.part[place.first].serial)
    if command.value > 0 and command.value != serial:
        raise CommandError(f"{command.path} has part {serial}, not {command.value:g}")


def order_part(plant: Plant, world: World, row: int, command: Command) -> None:
    """Let a source make a part now, in place of the next one, or besides those that fall due.

    Raises:
        CommandError: the place is no source, has a part that has not left yet, is down, has made
            all that it may, or there is no such product.
    """
    place: Any = world.place[row]
    if not isinstance(plant.places[row].params, source.PARAMS):
        raise CommandError(f"{command.path} must be a source to release an order")
    if place["count"] > 0:
        rule = "has a part that has not left yet; release the order when it has"
        raise CommandError(f"{command.path} {rule}")
    if place.down != 0:
        raise CommandError(f"{command.path} is down; start it before releasing an order")
    if 0 < place.limit <= place.made:
        raise CommandError(f"{command.path} has made all {place.limit} parts of its limit")
    product = _product(plant, world, place, command.attribute)
    if place.owes == 0:
        cancel(world, row, FINISH)
    slot = make_part(world, row, product)
    place.made += 1
    hold(world, row, slot)
    place.offer = slot


def _product(plant: Plant, world: World, place: Any, name: str) -> int:
    """The row of a product; without a name, the one whose turn it is."""
    names = [product.name for product in plant.products]
    if name and name not in names:
        raise CommandError(f"{plant.name} has no product {name!r}; {nearest(name, names)}")
    if name:
        return names.index(name)
    return int(world.number[place.sequence_first + place.sequence_at])


def set_withdrawn(plant: Plant, world: World, row: int, command: Command) -> int:
    """Take a vehicle out of service, or back into it; returns its fleet's row.

    Raises:
        CommandError: the place is no vehicle, or is so already.
    """
    if not isinstance(plant.places[row].params, vehicle.PARAMS):
        raise CommandError(f"{command.path} must be a vehicle to {command.action}")
    place: Any = world.place[row]
    withdrawn = command.action == "withdraw"
    if bool(place.withdrawn) == withdrawn:
        state = "is withdrawn already" if withdrawn else "is in service already"
        raise CommandError(f"{command.path} {state}")
    place.withdrawn = withdrawn
    return int(place.fleet)
