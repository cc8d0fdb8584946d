"""How many parts went over each link: the data of a Sankey diagram."""

from dataclasses import dataclass

from twin.journal import Journal
from twin.report.flow import link_flows

__all__ = ["Flow", "flows_of"]


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
