"""Small networks of machines and stores as Markov chains: exact throughput with blocking.

A machine works through exponential phases one after another (one phase: exponential, several:
Erlang or hypoexponential), then holds its part until the next place takes it: blocking after
service. Whoever has room is served at once, from the end of the network to its beginning; a part
goes to the first place of `after` with room, a place takes from the first of `before` that offers.
A machine without `before` always has a part to work on; one without `after` lets parts go.

A machine that is down takes no part, and goes on with its work where it stopped; a part that is
done may leave it. On the operating clock it fails only at work, on the calendar clock always.

The method is that of Hillier and Boling, "Finite queues in series with exponential or Erlang
service times", Operations Research 15 (1967): write down all states, solve for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tests.theory.markov import Chain, Move, solve

__all__ = ["Machine", "Network", "Store", "erlang"]

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
    """The state of a machine (phase, chosen exit, up, givers it has a part of) or store (count)."""

    phase: int = 0  # 0 idle, then 1, 2 ...; one above the last is done
    exit: int = -1
    up: bool = True
    got: tuple[int, ...] = ()
    count: int = 0


@dataclass(frozen=True)
class Network:
    """Machines and stores; indices in `after` are positions in `nodes`."""

    nodes: tuple[Machine | Store, ...]

    def throughput(self, at: int) -> float:
        """Services that machine `at` completes per time.

        Raises:
            ValueError: the network can deadlock.
        """
        return self.chain.rate(at)

    def working(self, at: int) -> float:
        """Share of time in which machine `at` is at work, and up."""
        return self.chain.mean(lambda state: float(self._works(state[at], at)))

    def blocked(self, at: int) -> float:
        """Share of time in which machine `at` is done and can't give, and is up."""
        return self.chain.mean(lambda state: float(state[at].up and self._is_done(state[at], at)))

    def level(self, at: int) -> float:
        """Mean number of parts in store `at`."""
        return self.chain.mean(lambda state: float(state[at].count))

    @cached_property
    def chain(self) -> Chain:
        """The solved chain; states are tuples of `Node`."""
        start = (
            Node(count=each.held) if isinstance(each, Store) else Node() for each in self.nodes
        )
        return solve(self._settled(list(start)), self._moves)

    @cached_property
    def before(self) -> tuple[tuple[int, ...], ...]:
        """The nodes that give to each node."""
        return tuple(
            tuple(j for j, giver in enumerate(self.nodes) if i in giver.after)
            for i in range(len(self.nodes))
        )

    def _works(self, node: Node, i: int) -> bool:
        machine = self.nodes[i]
        return isinstance(machine, Machine) and node.up and 1 <= node.phase <= len(machine.phases)

    def _is_done(self, node: Node, i: int) -> bool:
        machine = self.nodes[i]
        return isinstance(machine, Machine) and node.phase > len(machine.phases)

    def _moves(self, state: Nodes) -> Iterator[Move]:
        for i, machine in enumerate(self.nodes):
            if isinstance(machine, Store):
                continue
            node = state[i]
            if not node.up:
                yield Move(machine.repairing, self._with(state, i, node._replace(up=True)))
                continue
            if machine.failing > 0 and (self._works(node, i) or not machine.operating):
                yield Move(machine.failing, self._with(state, i, node._replace(up=False)))
            if self._works(node, i):
                yield from self._phase_ends(state, i)

    def _phase_ends(self, state: Nodes, i: int) -> Iterator[Move]:
        machine, node = self.nodes[i], state[i]
        assert isinstance(machine, Machine)
        rate = machine.phases[node.phase - 1]
        later = node._replace(phase=node.phase + 1)
        if node.phase < len(machine.phases):
            yield Move(rate, self._with(state, i, later))
        elif machine.shares:
            for share, exit_ in zip(machine.shares, machine.after, strict=True):
                yield Move(rate * share, self._with(state, i, later._replace(exit=exit_)), i)
        else:
            yield Move(rate, self._with(state, i, later), i)

    def _with(self, state: Nodes, i: int, node: Node) -> Nodes:
        return self._settled([*state[:i], node, *state[i + 1 :]])

    def _settled(self, nodes: list[Node]) -> Nodes:
        """Hand parts on until nothing can move."""
        while any(self._act(nodes, i) for i in reversed(range(len(nodes)))):
            pass
        return tuple(nodes)

    def _act(self, nodes: list[Node], i: int) -> bool:
        """Let node `i` let a part go, or take one; whether it did."""
        place, node = self.nodes[i], nodes[i]
        if self._is_done(node, i) and not place.after:
            nodes[i] = node._replace(phase=0)
            return True
        if isinstance(place, Store):
            return node.count < place.capacity and self._take_one(nodes, i)
        if not node.up or node.phase > 0:
            return False
        if not self.before[i] or (place.joins == "one"):
            return self._take_one(nodes, i)
        return self._join(nodes, i, place.joins)

    def _take_one(self, nodes: list[Node], i: int) -> bool:
        giver = next((j for j in self.before[i] if self._offers(nodes, j, i)), None)
        if giver is None and self.before[i]:
            return False
        if giver is not None:
            self._give(nodes, giver)
        if isinstance(self.nodes[i], Store):
            nodes[i] = nodes[i]._replace(count=nodes[i].count + 1)
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

    def _offers(self, nodes: list[Node], giver: int, taker: int) -> bool:
        node = nodes[giver]
        if isinstance(self.nodes[giver], Store):
            return node.count > 0
        return self._is_done(node, giver) and node.exit in (-1, taker)

    def _give(self, nodes: list[Node], giver: int) -> None:
        node = nodes[giver]
        if isinstance(self.nodes[giver], Store):
            nodes[giver] = node._replace(count=node.count - 1)
        else:
            nodes[giver] = node._replace(phase=0, exit=-1)
