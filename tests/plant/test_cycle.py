"""One cycle of a station: waits for signals and zones, by events in whole ticks."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.plant.cycle import Deadlock, Step, begin_steps


def test_robots_that_share_nothing_take_their_steps_one_after_another():
    robots = [[Step(ticks=3), Step(ticks=0), Step(ticks=4)], [Step(ticks=5)]]
    assert begin_steps(robots) == [[0, 3, 3], [0]]


def test_a_step_waits_for_its_signal_and_a_signal_stays_set():
    setter = [Step(ticks=10, sets=((4, "go"),))]
    waiter = [Step(ticks=1, signal="go"), Step(ticks=8), Step(ticks=1, signal="go")]
    assert begin_steps([setter, waiter]) == [[0], [4, 5, 13]]


def test_a_zone_is_given_in_the_order_of_the_station():
    enter = Step(ticks=5, zones=("z",), leaves=((5, "z"),))
    late = [Step(ticks=2), enter]
    assert begin_steps([late, [enter], [enter]]) == [[0, 5], [0], [10]]


def test_whoever_is_in_a_zone_may_go_on_in_it():
    inside = [Step(ticks=5, zones=("z",)), Step(ticks=2, zones=("z",), leaves=((2, "z"),))]
    other = [Step(ticks=1, zones=("z",), leaves=((1, "z"),))]
    assert begin_steps([inside, other]) == [[0, 5], [7]]


def test_robots_that_wait_for_each_other_are_told_with_what_they_wait_for():
    one = [Step(ticks=1, zones=("a",)), Step(ticks=1, zones=("b",), where="one")]
    two = [Step(ticks=1, zones=("b",)), Step(ticks=1, zones=("a",), where="two")]
    with pytest.raises(Deadlock) as told:
        begin_steps([one, two])
    waits = [(each.robot, each.where, each.zone, each.held_by) for each in told.value.waits]
    assert waits == [(0, "one", "b", 1), (1, "two", "a", 0)]


def test_a_signal_that_comes_too_late_for_ever_is_a_deadlock():
    with pytest.raises(Deadlock) as told:
        begin_steps([[Step(ticks=1, signal="go"), Step(ticks=1, sets=((0, "go"),))]])
    assert told.value.waits[0].signal == "go"


steps = st.builds(
    lambda ticks, zone: Step(ticks=ticks, zones=zone, leaves=tuple((ticks, z) for z in zone)),
    st.integers(0, 9),
    st.sampled_from([(), ("a",), ("b",)]),
)


@given(st.lists(st.lists(steps, max_size=6), max_size=4))
def test_no_two_robots_are_ever_in_one_zone(robots: list[list[Step]]):
    begun = begin_steps(robots)
    for zone in ("a", "b"):
        stays = sorted(
            (begin, begin + step.ticks)
            for own, begins in zip(robots, begun, strict=True)
            for step, begin in zip(own, begins, strict=True)
            if zone in step.zones and step.ticks
        )
        assert all(one[1] <= two[0] for one, two in pairwise(stays))
    for own, begins in zip(robots, begun, strict=True):
        ends = [begin + step.ticks for step, begin in zip(own, begins, strict=True)]
        assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))
