"""What every kind of equipment owes the engine; a new kind is covered without an edit here."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.lines import Tape
from tests.kinds.shops import SHOPS
from twin.core.parameters import parameters
from twin.core.world import NONE
from twin.engine.calls import CALLS
from twin.engine.dispatch import KINDS, kind_name, params_of_kind
from twin.engine.poses import segments_now
from twin.engine.simulation import Simulation
from twin.motion import Timeline, coordinate
from twin.plant import check

MINUTE = 60_000_000
LISTS = (tuple[str, ...], tuple[float, ...], tuple[int, ...])
PLANTS = list(SHOPS.values())
every_shop = pytest.mark.parametrize("shop", PLANTS, ids=list(SHOPS))
shops_with_robots = pytest.mark.parametrize("shop", [shop for shop in PLANTS if shop.robots])


@pytest.mark.parametrize("kind", KINDS, ids=kind_name)
def test_a_kind_answers_each_call_with_the_same_arguments(kind):
    answered = [call for call in CALLS if hasattr(kind, call)]
    assert {"take", "gave"} & set(answered) or not kind.PARAMS.takes
    for call in answered:
        handler, (arguments, _) = getattr(kind, call), CALLS[call]
        assert ", ".join(inspect.signature(handler).parameters) == arguments
        assert "compilable" in handler.__dict__
        assert handler.__doc__


@pytest.mark.parametrize("params", params_of_kind(), ids=lambda params: params.__name__)
def test_a_parameter_says_what_it_is_and_its_default_obeys_its_rule(params):
    assert params.__doc__
    for each in parameters(params):
        assert each.doc.endswith("."), each.name
        assert each.type in (float, int, bool, str) or each.type in LISTS
        if each.type is float:
            assert each.unit, f"{each.name} is a quantity without a unit"
        assert each.required or each.accepts(each.default), each.name


def test_the_shops_hold_every_kind():
    held = {type(place.params) for shop in PLANTS for place in shop.places}
    assert held == set(params_of_kind())
    assert [check(shop) for shop in PLANTS] == [[] for _ in PLANTS]


def attached(world, slot):
    """Rows of all parts that travel with one."""
    found, other = [], int(world.part[slot].attached)
    while other != NONE:
        found += [other, *attached(world, other)]
        other = int(world.part[other].next)
    return found


@every_shop
@given(seed=st.integers(0, 1000), until=st.integers(0, 20 * MINUTE))
def test_parts_are_conserved_and_each_is_in_one_place(shop, seed, until):
    simulation = Simulation(shop, seed=seed)
    simulation.advance(until)
    world, clock = simulation.world, simulation.world.clock[0]
    alive = np.flatnonzero(world.part.serial > 0)
    assert clock.created - clock.finished - clock.scrapped == len(alive)
    held = []
    for row, place in enumerate(world.place):
        slot = int(place.first)
        for _ in range(int(place["count"])):
            assert world.part[slot].place == row
            held += [slot, *attached(world, slot)]
            slot = int(world.part[slot].next)
        assert place["count"] <= place.capacity
    assert sorted(held) == alive.tolist()
    assert len(set(world.part.serial[alive].tolist())) == len(alive)
    assert clock.free_parts == len(world.part) - len(alive)


@every_shop
@given(seed=st.integers(0, 1000), until=st.integers(0, 20 * MINUTE))
def test_state_times_sum_to_the_elapsed_time_everywhere(shop, seed, until):
    simulation = Simulation(shop, seed=seed)
    simulation.advance(until)
    assert (simulation.totals().place.times.sum(axis=1) == until).all()
    assert (simulation.totals().place.times >= 0).all()


@every_shop
def test_motion_has_no_jump_while_a_part_is_in_sight(shop):
    """Positions just before and at the start of every segment differ by less than a micrometre."""
    tape = Tape()
    simulation = Simulation(shop, seed=1, motion=True, recorder=tape)
    simulation.advance(20 * MINUTE)
    segments = Timeline.build(tape.segments).segments
    before, after = segments[:-1], segments[1:]
    goes_on = (before["part"] == after["part"]) & (before["subject"] == after["subject"])
    goes_on &= (before["part"] > 0) & (before["track"] != NONE) & (after["track"] != NONE)
    before, after = before[goes_on], after[goes_on]
    paths = simulation.layout.paths
    was, _ = paths.pose(before["track"], coordinate(before, after["tick"]))
    is_now, _ = paths.pose(after["track"], coordinate(after, after["tick"]))
    assert len(before) > 200 or not len(simulation.layout.paths.length)
    assert np.abs(is_now - was).max() < 2e-6  # one tick at 1 m/s


@shops_with_robots
def test_robots_move_without_a_jump_and_rest_when_their_station_does(shop):
    simulation = Simulation(shop, seed=1, motion=True)
    last, fastest = None, simulation.plant.robots[0].arm.speed.max()
    for step in range(6000):
        simulation.advance(step * 20_000)
        joints = simulation.poses().joints
        if last is not None:
            assert np.abs(joints - last).max() <= fastest * 0.02 + 1e-9
        last = joints


@every_shop
def test_parts_on_a_conveyor_keep_their_spacing(shop):
    simulation = Simulation(shop, seed=1, motion=True)
    rows = [i for i, place in enumerate(shop.places) if hasattr(place.params, "spacing")]
    for step in range(3000):
        simulation.advance(step * 100_000)
        parts = simulation.world.part
        segments = segments_now(simulation.world)
        along = coordinate(segments, simulation.now)
        at = dict(zip(segments["part"].tolist(), along.tolist(), strict=True))
        for row in rows:
            xs, slot = [], int(simulation.world.place[row].first)
            for _ in range(int(simulation.world.place[row]["count"])):
                xs.append(at[int(parts.serial[slot])])
                slot = int(parts.next[slot])
            gaps = -np.diff(xs)
            assert (gaps >= shop.places[row].params.spacing - 2e-6).all()
