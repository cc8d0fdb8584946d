"""Small networks of machines and stores as Markov chains: exact throughput with blocking.

A machine works through exponential phases one after another (one phase: exponential, several:
Erlang or hypoexponential), then holds its part until the next place takes it: blocking after
service. Whoever has room is served at once, from the end of the network to its beginning; a part
goes to the first place of `after` with room, a place takes from the first of `before` that offers.
A machine without `before` always has a part to work on; one without `after` lets parts go.

A machine that is down takes no part, and goes on with its work where it stopped; a part that is
done may leave it. On the operating clock it fails only at work, on the calendar clock always. Crews
repair a machine each, first come, first served.

The method is that of Hillier and Boling, "Finite queues in series with exponential or Erlang
service times", Operations Research 15 (1967): write down all states, solve for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tests.theory.handover import Handover, Machine, Node, Nodes, Store, erlang
from tests.theory.markov import Chain, Move, solve

__all__ = ["Machine", "Network", "Store", "erlang"]


@dataclass(frozen=True)
class Network:
    """Machines and stores; indices in `after` are positions in `nodes`."""

    nodes: tuple[Machine | Store, ...]
    crews: int | None = None  # None: one for every machine

    def throughput(self, at: int) -> float:
        """Services that machine `at` completes per time.

        Raises:
            ValueError: the network can deadlock.
        """
        return self.chain.rate(at)

    def working(self, at: int) -> float:
        """Share of time in which machine `at` is at work, and up."""
        return self.chain.mean(lambda state: float(self.hands.works(state[at], at)))

    def blocked(self, at: int) -> float:
        """Share of time in which machine `at` is done and can't give, and is up."""
        done = self.hands.is_done
        return self.chain.mean(lambda state: float(state[at].down == 0 and done(state[at], at)))

    def down(self, at: int) -> float:
        """Share of time in which machine `at` is down."""
        return self.chain.mean(lambda state: float(state[at].down > 0))

    def level(self, at: int) -> float:
        """Mean number of parts in store `at`."""
        return self.chain.mean(lambda state: float(state[at].count))

    @cached_property
    def hands(self) -> Handover:
        """How parts move."""
        return Handover(self.nodes)

    @cached_property
    def chain(self) -> Chain:
        """The solved chain; states are tuples of `Node`."""
        start = [
            Node(count=each.held) if isinstance(each, Store) else Node() for each in self.nodes
        ]
        return solve(self.hands.settled(start), self._moves)

    def _moves(self, state: Nodes) -> Iterator[Move]:
        for i, machine in enumerate(self.nodes):
            if isinstance(machine, Store):
                continue
            node = state[i]
            works = self.hands.works(node, i)
            if node.down > 0 and (self.crews is None or node.down <= self.crews):
                yield Move(machine.repairing, self._repaired(state, i))
            elif node.down == 0 and machine.failing > 0 and (works or not machine.operating):
                rank = 1 + (max(other.down for other in state) if self.crews else 0)
                yield Move(machine.failing, self._with(state, i, node._replace(down=rank)))
            if works:
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

    def _repaired(self, state: Nodes, i: int) -> Nodes:
        rank = state[i].down
        moved = (each._replace(down=each.down - (each.down > rank)) for each in state)
        return self._with(tuple(moved), i, state[i]._replace(down=0))

    def _with(self, state: Nodes, i: int, node: Node) -> Nodes:
        return self.hands.settled([*state[:i], node, *state[i + 1 :]])
