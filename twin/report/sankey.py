"""How many parts went over each link: the data of a Sankey diagram."""

from dataclasses import dataclass

from twin.journal import Journal
from twin.report.flow import link_flows

__all__ = ["Flow", "contracted", "flows_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The parts that one place gave to another."""

    giver: int
    taker: int
    parts: int


def flows_of(journal: Journal, *, since: int = 0) -> tuple[Flow, ...]:
    """The flow over every link, in the order of the links; a link without parts has 0."""
    return tuple(
        Flow(giver=giver, taker=taker, parts=parts)
        for giver, taker, parts in link_flows(journal, since=since)
    )


def contracted(flows: tuple[Flow, ...], most: int) -> tuple[Flow, ...]:
    """Flows that matter, for a diagram that can be read: between sources, sinks and junctions.

    Links without parts are left out, and so is a place with a single flow in and a single flow out
    that stands in a row: the one before it gives to nobody else, or the one after it takes from
    nobody else. The smaller of its flows goes past it.

    Args:
        flows: over links.
        most: of these only so many are kept, the largest.
    """
    kept = {(flow.giver, flow.taker): flow.parts for flow in flows if flow.parts}
    takers: dict[int, set[int]] = {}
    givers: dict[int, set[int]] = {}
    for giver, taker in kept:
        takers.setdefault(giver, set()).add(taker)
        givers.setdefault(taker, set()).add(giver)
    for row in sorted({*takers, *givers}):
        into, onto = givers.get(row, set()), takers.get(row, set())
        if len(into) != 1 or len(onto) != 1 or into == onto:
            continue
        (giver,), (taker,) = into, onto
        in_a_row = len(takers[giver]) == 1 or len(givers[taker]) == 1
        if in_a_row and row not in into and (giver, taker) not in kept:
            kept[giver, taker] = min(kept.pop((giver, row)), kept.pop((row, taker)))
            takers[giver] = (takers[giver] - {row}) | {taker}
            givers[taker] = (givers[taker] - {row}) | {giver}
    ranked = sorted(kept.items(), key=lambda item: (-item[1], item[0]))[:most]
    return tuple(
        Flow(giver=giver, taker=taker, parts=parts) for (giver, taker), parts in sorted(ranked)
    )
