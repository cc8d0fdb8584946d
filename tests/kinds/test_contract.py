"""What every kind of equipment owes the engine; a new kind is covered without an edit here."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.lines import Tape
from tests.kinds.contract import (
    assert_conserved,
    assert_no_jump,
    assert_spaced,
    assert_timed,
    keep,
    keep_each_stop,
)
from tests.kinds.shops import SHOPS
from twin.core.parameters import parameters
from twin.engine.calls import CALLS
from twin.engine.dispatch import KINDS, kind_name, params_of_kind
from twin.engine.simulation import Simulation
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


@every_shop
@given(seed=st.integers(0, 1000), until=st.integers(0, 20 * MINUTE))
def test_parts_are_conserved_and_each_is_in_one_place(shop, seed, until):
    simulation = Simulation(shop, seed=seed)
    simulation.advance(until)
    assert_conserved(simulation)


@every_shop
@given(seed=st.integers(0, 1000), until=st.integers(0, 20 * MINUTE))
def test_state_times_sum_to_the_elapsed_time_everywhere(shop, seed, until):
    simulation = Simulation(shop, seed=seed)
    simulation.advance(until)
    assert simulation.now == until
    assert_timed(simulation)


@every_shop
def test_motion_has_no_jump_while_a_part_is_in_sight(shop):
    """Positions just before and at the start of every segment differ by less than a micrometre."""
    tape = Tape()
    simulation = Simulation(shop, seed=1, motion=True, recorder=tape)
    simulation.advance(20 * MINUTE)
    assert len(tape.segments) > 200 or not len(simulation.layout.paths.length)
    assert_no_jump(simulation, tape.segments)


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
    for step in range(3000):
        simulation.advance(step * 100_000)
        assert_spaced(simulation)


@every_shop
def test_a_plant_that_stands_for_some_time_keeps_its_contract(shop):
    keep(shop)


@every_shop
def test_places_that_stand_one_after_another_keep_their_contract(shop):
    keep_each_stop(shop)
