"""At the end of a warm-up statistics begin anew, and the run itself does not notice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kinds.shops import SHOPS
from twin.engine.dispatch import counters
from twin.engine.simulation import Simulation
from twin.journal import Journal
from twin.report.retell import totals_from
from twin.report.totals import totals_of

MINUTE = 60_000_000
every_shop = pytest.mark.parametrize("plant", list(SHOPS.values()), ids=list(SHOPS))


@every_shop
@given(seed=st.integers(0, 100), warm_up=st.integers(0, 5 * MINUTE))
def test_totals_after_a_reset_are_those_told_from_the_events(plant, seed, warm_up):
    journal = Journal(plant, seed=seed)
    run = Simulation(plant, seed=seed, recorder=journal)
    run.advance(warm_up)
    run.reset_statistics()
    run.advance(warm_up + 5 * MINUTE)
    journal.close(run.now)
    counted, told = totals_of(run), totals_from(journal)
    assert counted.elapsed == 5 * MINUTE
    for name in counted.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(counted, name), getattr(told, name), name)


@every_shop
def test_right_after_a_reset_every_counter_is_zero(plant):
    run = Simulation(plant, seed=1)
    run.advance(20 * MINUTE)
    run.reset_statistics()
    totals = totals_of(run)
    standing = {"level", "in_process", "carriers", "active_periods"}
    for name in set(totals.__dataclass_fields__) - standing:
        assert not np.any(getattr(totals, name)), name
    for name in counters():
        assert not run.world.place[name].any(), name


def test_each_counter_of_a_kind_counts_something_in_some_shop():
    counted = set()
    for plant in SHOPS.values():
        run = Simulation(plant, seed=1)
        run.advance(20 * MINUTE)
        counted |= {name for name in counters() if run.world.place[name].any()}
    assert counted == set(counters())


@every_shop
def test_a_reset_changes_nothing_but_statistics(plant):
    plain, reset = Simulation(plant, seed=1), Simulation(plant, seed=1)
    for run in (plain, reset):
        run.advance(MINUTE)
    before = totals_of(reset)
    reset.reset_statistics()
    for run in (plain, reset):
        run.advance(6 * MINUTE)
    whole, rest = totals_of(plain), totals_of(reset)
    for name in ("created", "finished", "built_in", "scrapped", "times", "passed", "failures"):
        np.testing.assert_array_equal(
            getattr(whole, name), getattr(before, name) + getattr(rest, name), name
        )
    assert whole.part_ticks == before.part_ticks + rest.part_ticks
    assert whole.lead_ticks == before.lead_ticks + rest.lead_ticks
    np.testing.assert_array_equal(whole.level, rest.level)
