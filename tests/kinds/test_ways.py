"""The shortest ways to all goals at once against those of Dijkstra to one after another."""

from heapq import heappop, heappush

from hypothesis import given
from hypothesis import strategies as st

from twin.core.ways import Leg, shortest_ways
from twin.core.world import LATER, NONE


@st.composite
def graphs(draw):
    count = draw(st.integers(2, 8))
    knots = st.integers(0, count - 1)
    ends = draw(st.lists(st.tuples(knots, knots), max_size=20, unique=True))
    legs = [
        Leg(start=a, end=b, ticks=draw(st.integers(1, 4)), length=draw(st.integers(1, 9)))
        for a, b in ends
        if a != b
    ]
    goals = draw(st.lists(knots, min_size=1, unique=True))
    closed = frozenset(draw(st.sets(knots, max_size=3)))
    delays = draw(st.dictionaries(knots, st.integers(0, 3)))
    return count, legs, goals, closed, delays


def dijkstra(count, legs, goal, closed, delays):
    """Driving times, numbers of first lanes, and lengths to one goal."""
    ticks, hops, length = [LATER] * count, [NONE] * count, [0] * count
    ticks[goal] = 0
    heap = [(0, goal)]
    while heap:
        so_far, here = heappop(heap)
        if so_far > ticks[here] or (here in closed and here != goal):
            continue
        for number, leg in enumerate(legs):
            more = so_far + leg.ticks + (delays.get(here, 0) if here != goal else 0)
            if leg.end == here and more < ticks[leg.start]:
                ticks[leg.start], hops[leg.start] = more, number
                length[leg.start] = length[here] + leg.length
                heappush(heap, (more, leg.start))
    return ticks, hops, length


@given(graphs())
def test_ways_are_those_of_dijkstra_also_where_several_are_as_short(graph):
    count, legs, goals, closed, delays = graph
    ways = shortest_ways(count, legs, goals, closed=closed, delays=delays)
    found = ways.ticks.T.tolist(), ways.hops.T.tolist(), ways.length().T.tolist()
    expected = [dijkstra(count, legs, goal, closed, delays) for goal in goals]
    assert list(zip(*found, strict=True)) == expected
