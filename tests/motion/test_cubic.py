import numpy as np
import pytest

from twin.motion.crossing import crossings
from twin.motion.cubic import CubicTable
from twin.motion.spline import knots_of, spline_through
from twin.motion.tables import CubicTables

SAMPLES = 20_001


def wild(seed: int, pieces: int = 5, joints: int = 6) -> CubicTable:
    rng = np.random.default_rng(seed)
    return CubicTable.of_pieces(
        rng.uniform(0.1, 1, pieces),
        rng.normal(size=joints),
        rng.normal(size=joints),
        acceleration=4 * rng.normal(size=(pieces, joints)),
        jerk=20 * rng.normal(size=(pieces, joints)),
    )


@pytest.mark.parametrize("seed", range(5))
def test_peaks_are_the_largest_of_many_samples_and_never_below(seed: int):
    table = wild(seed)
    _, velocity, acceleration = table.state(np.linspace(0, table.duration, SAMPLES))
    peaks = table.peaks()
    for sampled, peak in zip((velocity, acceleration), peaks, strict=False):
        largest = np.abs(sampled).max(axis=0)
        assert np.all(largest <= peak * (1 + 1e-12))
        assert np.all(largest >= peak * 0.99)


def test_position_and_velocity_go_on_over_every_knot():
    table = wild(1, pieces=30)
    for one, other in zip(
        table.state(table.time[1:-1] - 1e-13)[:2],
        table.state(table.time[1:-1] + 1e-13)[:2],
        strict=True,
    ):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-10)


def test_beyond_its_ends_a_table_stays_at_rest():
    table = wild(2)
    state = table.state([-1.0, table.duration + 1.0])
    np.testing.assert_array_equal(state.position, table.at([0.0, table.duration]))
    assert not state.velocity.any()
    assert not state.acceleration.any()


def test_a_stretched_table_goes_the_same_way_slower():
    table = wild(3)
    slow = table.stretched(2.5)
    at = np.linspace(0, table.duration, 200)
    np.testing.assert_allclose(slow.at(2.5 * at), table.at(at), atol=1e-12)
    np.testing.assert_allclose(slow.peaks().T, table.peaks().T / [2.5, 2.5**2, 2.5**3])


def test_joined_tables_follow_one_another():
    one, other = wild(4), wild(5)
    both = CubicTable.joined([one, other])
    assert both.duration == one.duration + other.duration
    np.testing.assert_allclose(both.at(0.05), one.at(0.05))
    np.testing.assert_allclose(both.at(one.duration + 0.05), other.at(0.05), atol=1e-12)


def test_many_tables_are_looked_up_at_once_and_alike_in_both_executions():
    tables = [wild(seed, pieces) for seed, pieces in enumerate((1, 2, 3, 7, 50))]
    flat = CubicTables.build(tables)
    rng = np.random.default_rng(0)
    row, time = rng.integers(0, 5, 2000), rng.uniform(-1, 30, 2000)
    compiled, interpreted = (flat.joints(row, time, interpreted=how) for how in (False, True))
    assert np.array_equal(compiled, interpreted)
    alone = [tables[i].at(t)[0] for i, t in zip(row, time, strict=True)]
    assert np.array_equal(compiled, alone)
    with pytest.raises(ValueError, match="rows must be within"):
        flat.joints([5], [0.0])


@pytest.mark.parametrize("seed", range(40))
def test_every_crossing_is_found_and_exact(seed: int):
    table = wild(seed)
    value = float(np.random.default_rng(seed).normal())
    times = crossings(table, 2, value)
    np.testing.assert_allclose(table.at(times)[:, 2], value, rtol=0, atol=1e-12)
    side = np.sign(table.at(np.linspace(0, table.duration, SAMPLES))[:, 2] - value)
    assert len(times) == np.count_nonzero(side[:-1] * side[1:] < 0)


def test_touching_resting_and_never_reaching():
    parabola = CubicTable.build([0.0, 2.0], np.array([[[1.0], [-2.0], [1.0], [0.0]]]))
    np.testing.assert_allclose(crossings(parabola, 0, 0.0), [1.0])
    np.testing.assert_allclose(crossings(parabola, 0, 1.0), [0.0, 2.0])
    assert not len(crossings(parabola, 0, -0.1))
    still = CubicTable.build([0.0, 1.0, 3.0], np.zeros((2, 4, 1)))
    assert crossings(still, 0, 0.0).tolist() == [0.0, 1.0, 3.0]


def test_tables_that_can_not_be_are_refused():
    with pytest.raises(ValueError, match="rise"):
        CubicTable.build([0.0, 1.0, 1.0], np.zeros((2, 4, 1)))
    with pytest.raises(ValueError, match="shape"):
        CubicTable.build([0.0, 1.0], np.zeros((2, 4, 1)))


def test_a_spline_takes_its_ends_as_given_and_never_jumps():
    time = np.cumsum([0, *np.random.default_rng(0).uniform(0.05, 0.1, 40)])
    way = np.stack([np.sin(time), np.cos(2 * time)], axis=1)
    end = time[-1]
    rates = [[np.cos(end), -2 * np.sin(2 * end)], [-np.sin(end), -4 * np.cos(2 * end)]]
    table = spline_through(time, way, [[1, 0], [0, -4]], rates)
    first, last = table.state(0.0), table.state(end)
    np.testing.assert_allclose(
        [first.velocity[0], first.acceleration[0]], [[1, 0], [0, -4]], atol=1e-12
    )
    np.testing.assert_allclose([last.velocity[0], last.acceleration[0]], rates, atol=1e-9)
    at = np.linspace(0, end, 4000)
    np.testing.assert_allclose(
        table.at(at), np.stack([np.sin(at), np.cos(2 * at)], axis=1), atol=2e-5
    )
    for one, other in zip(
        table.state(time[1:-1] - 1e-13), table.state(time[1:-1] + 1e-13), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-10)


def test_knots_stand_at_the_end_of_every_phase():
    knots = knots_of([0.1, 0.0, 0.1, 0.7], 10)
    assert all(np.isclose(knots, end).any() for end in (0.0, 0.1, 0.2, 0.9))
    assert np.diff(knots).max() <= 0.9 / 10 + 1e-12
