"""What part a place plays in the flow: the one table of a report that names kinds of equipment."""

from enum import Enum

from twin.plant import Plant, kind_of

__all__ = ["ROLES", "Role", "is_machine", "role_of"]


class Role(Enum):
    """What a place does with parts."""

    SOURCE = "makes them"
    SINK = "ends them"
    MACHINE = "works on them"
    CARRIER = "moves them"
    STORE = "holds them, as many as fit, until somebody takes them"
    RESOURCE = "serves places that ask"
    OTHER = "has none"


ROLES = {
    "source": Role.SOURCE,
    "sink": Role.SINK,
    "station": Role.MACHINE,
    "conveyor": Role.CARRIER,
    "buffer": Role.STORE,
    "failure": Role.OTHER,
    "pool": Role.RESOURCE,
    "calendar": Role.OTHER,
    "parallel": Role.MACHINE,
    "batch": Role.MACHINE,
    "shuttle": Role.MACHINE,
    "paced_line": Role.MACHINE,
    "mover": Role.CARRIER,
    "store": Role.STORE,
    "warehouse": Role.STORE,
    "router": Role.CARRIER,
    "merge": Role.CARRIER,
    "assembler": Role.MACHINE,
    "disassembler": Role.MACHINE,
    "waypoint": Role.OTHER,
    "dock": Role.STORE,
    "vehicle": Role.RESOURCE,
    "fleet": Role.RESOURCE,
    "gate": Role.OTHER,
    "sensor": Role.OTHER,
}


def role_of(plant: Plant, row: int) -> Role:
    """What a place does with parts."""
    return ROLES.get(kind_of(plant.places[row].params), Role.OTHER)


def is_machine(plant: Plant, row: int) -> bool:
    """Whether a place does something of its own: a station, or a source; others carry parts."""
    return role_of(plant, row) in (Role.MACHINE, Role.SOURCE)
