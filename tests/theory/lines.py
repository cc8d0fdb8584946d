"""Machines and stores put together: tandem lines, loops, merges, splits, assembly."""

from tests.theory.network import Machine, Network, Store, erlang

__all__ = ["assembly", "loop", "merge", "parallel", "shared_exit", "split", "tandem"]


def tandem(machines: list[Machine], buffers: list[int]) -> Network:
    """A saturated line; buffers[i] places between machine i and i + 1.

    The machines' own `after` is ignored. Throughput is that of the last node, -1 counted from 0:
    `net.throughput(len(net.nodes) - 1)`.
    """
    nodes: list[Machine | Store] = []
    for machine, places in zip(machines, [*buffers, 0], strict=True):
        nodes.append(machine)
        if places > 0:
            nodes.append(Store(places))
    return Network(tuple(_leads_to(each, i + 1, len(nodes)) for i, each in enumerate(nodes)))


def loop(means: list[float], buffers: list[int], pallets: int, phases: int = 1) -> Network:
    """A closed ring of machines; buffers[i] >= 1 places in front of machine i; nodes alternate.

    Node 2 i is the store in front of machine i, node 2 i + 1 the machine. The pallets begin in the
    stores, first to last. With so many pallets that all places are full it deadlocks.
    """
    nodes: list[Machine | Store] = []
    left = pallets
    for mean, places in zip(means, buffers, strict=True):
        held = min(left, places)
        left -= held
        nodes += [Store(places, held=held), Machine(erlang(mean, phases))]
    if left > 0:
        raise ValueError(f"{left} of {pallets} pallets don't fit into the buffers")
    ring = [_leads_to(each, (i + 1) % len(nodes), len(nodes)) for i, each in enumerate(nodes)]
    return Network(tuple(ring))


def merge(first: list[float], second: list[float], mean: float, places: int) -> Network:
    """Two saturated machines, the first preferred, into one store and a machine.

    `first` and `second` are the rates of the machines' phases. Nodes: first, second, store,
    machine; without places the machine takes directly, and there is no store.
    """
    feeders = [Machine(tuple(first), (2,)), Machine(tuple(second), (2,))]
    end = Machine(erlang(mean))
    if places == 0:
        return Network((*feeders, end))
    return Network((*feeders, Store(places, (3,)), end))


def split(
    mean: float, branches: list[float], buffers: list[int], shares: tuple[float, ...] = ()
) -> Network:
    """A saturated machine that gives to branches, each a store (or none) and a machine.

    `shares` are the probabilities of the branches, drawn when work is done; without them the part
    goes to the first branch with room. Node 0 is the machine at the head.
    """
    nodes: list[Machine | Store] = []
    entries: list[int] = []
    for branch, places in zip(branches, buffers, strict=True):
        at = 1 + len(nodes)
        entries.append(at)
        nodes += [Store(places, (at + 1,))] if places else []
        nodes.append(Machine(erlang(branch)))
    return Network((Machine(erlang(mean), tuple(entries), shares), *nodes))


def shared_exit(net: Network) -> list[int]:
    """The machines after which parts leave: the sum of their throughputs is the network's."""
    return [i for i, node in enumerate(net.nodes) if isinstance(node, Machine) and not node.after]


def assembly(
    means: list[float], buffers: list[int], mean: float, *, joins: str = "each", phases: int = 1
) -> Network:
    """Saturated machines, each with a store (or none), and one that needs a part of each.

    `joins`: "each" takes a part as it comes, so that it holds one of each kind besides the stores;
    "all" takes only when all are there. The assembler is the last node. A saturated machine that
    takes apart what machines behind it then work on, and begins anew when all has left it, is the
    mirror of "each", and has the same throughput.
    """
    end = sum(1 + bool(places) for places in buffers)
    nodes: list[Machine | Store] = []
    for each, places in zip(means, buffers, strict=True):
        at = len(nodes)
        nodes.append(Machine(erlang(each, phases), (at + 1,) if places else (end,)))
        nodes += [Store(places, (end,))] if places else []
    return Network((*nodes, Machine(erlang(mean, phases), joins=joins)))


def parallel(arrivals: float, means: list[float], places: int) -> Network:
    """Poisson arrivals that wait while all is full, a store, and machines side by side.

    Node 0 makes arrivals (its clock stands while its part can't leave), node 1 is the store.
    """
    machines = [Machine(erlang(each)) for each in means]
    source = Machine(erlang(1 / arrivals), (1,))
    return Network((source, Store(places, tuple(range(2, 2 + len(means)))), *machines))


def _leads_to(node: Machine | Store, after: int, count: int) -> Machine | Store:
    """The node with its only exit set; none if that is beyond the last node."""
    exits = (after,) if after < count else ()
    if isinstance(node, Store):
        return Store(node.capacity, exits, node.held)
    clock = node.failing, node.repairing, node.operating
    return Machine(node.phases, exits, (), *clock)
