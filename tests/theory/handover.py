"""How parts go from hand to hand in a network of machines and stores, until nothing can move."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

__all__ = ["Handover", "Machine", "Node", "Nodes", "Store", "erlang"]

Nodes = tuple["Node", ...]


def erlang(mean: float, phases: int = 1) -> tuple[float, ...]:
    """Rates of the phases of an Erlang time with this mean; its squared variation is 1/phases."""
    return (phases / mean,) * phases


@dataclass(frozen=True)
class Machine:
    """A server of one part; rates in 1/time."""

    phases: tuple[float, ...]
    after: tuple[int, ...] = ()  # nodes that it gives to
    shares: tuple[float, ...] = ()  # of `after`, drawn when work is done; empty: first with room
    failing: float = 0.0
    repairing: float = 0.0
    operating: bool = True  # the clock on which it fails
    joins: str = "one"  # takes "one" part; "all" givers' at once; or "each" as it comes, then works


@dataclass(frozen=True)
class Store:
    """A buffer with so many places."""

    capacity: int
    after: tuple[int, ...] = ()
    held: int = 0  # at the start


class Node(NamedTuple):
    """The state of a machine, or of a store, which has a count only."""

    phase: int = 0  # 0 idle, then 1, 2 ...; one above the last is done
    exit: int = -1  # chosen for the part that is done
    down: int = 0  # 0 up; else 1, or with few crews its rank among those that are down
    got: tuple[int, ...] = ()  # givers from which an assembler has a part
    count: int = 0


@dataclass(frozen=True)
class Handover:
    """Serves everybody who has room, from the end of the network to its beginning."""

    places: tuple[Machine | Store, ...]

    @cached_property
    def before(self) -> tuple[tuple[int, ...], ...]:
        """The places that give to each place."""
        return tuple(
            tuple(j for j, giver in enumerate(self.places) if i in giver.after)
            for i in range(len(self.places))
        )

    def settled(self, state: Sequence[Node]) -> Nodes:
        """The state after all that can happen at once."""
        nodes = list(state)
        while any(self._act(nodes, i) for i in reversed(range(len(nodes)))):
            pass
        return tuple(nodes)

    def works(self, node: Node, i: int) -> bool:
        """Whether a machine is at work, and up."""
        machine = self.places[i]
        at_work = isinstance(machine, Machine) and 1 <= node.phase <= len(machine.phases)
        return at_work and node.down == 0

    def is_done(self, node: Node, i: int) -> bool:
        """Whether a machine holds a part that is done."""
        machine = self.places[i]
        return isinstance(machine, Machine) and node.phase > len(machine.phases)

    def _act(self, nodes: list[Node], i: int) -> bool:
        """Let place `i` let a part go, or take one; whether it did."""
        place, node = self.places[i], nodes[i]
        if self.is_done(node, i) and not place.after:
            nodes[i] = node._replace(phase=0)
            return True
        if not self._has_room(nodes, i):
            return False
        if isinstance(place, Machine) and place.joins != "one":
            return self._join(nodes, i, place.joins)
        giver = next((j for j in self.before[i] if self._offers(nodes, j, i)), None)
        if giver is None and self.before[i]:
            return False
        if giver is not None:
            self._give(nodes, giver)
        if isinstance(place, Store):
            nodes[i] = nodes[i]._replace(count=node.count + 1)
        else:
            nodes[i] = nodes[i]._replace(phase=1)
        return True

    def _join(self, nodes: list[Node], i: int, how: str) -> bool:
        missing = [j for j in self.before[i] if j not in nodes[i].got]
        there = [j for j in missing if self._offers(nodes, j, i)]
        if not there or (how == "all" and there != missing):
            return False
        for giver in there:
            self._give(nodes, giver)
        if there == missing:
            nodes[i] = nodes[i]._replace(phase=1, got=())
        else:
            nodes[i] = nodes[i]._replace(got=tuple(sorted({*nodes[i].got, *there})))
        return True

    def _has_room(self, nodes: list[Node], i: int) -> bool:
        place, node = self.places[i], nodes[i]
        if isinstance(place, Store):
            return node.count < place.capacity
        return node.down == 0 and node.phase == 0

    def _offers(self, nodes: list[Node], giver: int, taker: int) -> bool:
        """Whether a place has a part for this taker; a free choice falls on the first with room."""
        place, node = self.places[giver], nodes[giver]
        there = node.count > 0 if isinstance(place, Store) else self.is_done(node, giver)
        if not there or node.exit >= 0:
            return there and node.exit == taker
        return taker == next(i for i in place.after if i == taker or self._has_room(nodes, i))

    def _give(self, nodes: list[Node], giver: int) -> None:
        node = nodes[giver]
        if isinstance(self.places[giver], Store):
            nodes[giver] = node._replace(count=node.count - 1)
        else:
            nodes[giver] = node._replace(phase=0, exit=-1)
