"""Random streams: the published generator, independent streams, right distributions."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special, stats

from twin.core.compiled import compilable, compiled
from twin.core.distribution import MOST_SPREAD, shape, shape_problem
from twin.core.draw import (
    CONSTANT,
    DISTRIBUTIONS,
    EMPIRICAL,
    ERLANG,
    EXPONENTIAL,
    GAMMA,
    LOGNORMAL,
    NORMAL,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
    _shaped,
    draw_sample,
    draw_share,
    draw_ticks,
    normal_above,
    philox,
    philox_words,
    stream_key,
    uniform,
)

MEAN = 5e6
CASES = [
    (EXPONENTIAL, 0.0, 0.0),
    (UNIFORM, 3e6, 0.0),
    (TRIANGULAR, 3e6, 0.0),
    (TRIANGULAR, 3e6, 3.5e6),
    (TRIANGULAR, 2.25e6, 6.5e6),
    (NORMAL, 5e5, 0.0),
    (NORMAL, 3e6, 0.0),
    (NORMAL, 4.8e6, 0.0),
    (LOGNORMAL, 1e6, 0.0),
    (LOGNORMAL, 1e7, 0.0),
    (GAMMA, 5e5, 0.0),
    (GAMMA, 4e6, 0.0),
    (GAMMA, 9e6, 0.0),
    (ERLANG, 5e6, 0.0),
    (ERLANG, 2.5e6, 0.0),
    (WEIBULL, 1e6, 0.0),
    (WEIBULL, 1e7, 0.0),
]
NAMES = [f"{DISTRIBUTIONS[d]}-{spread:g}-{mode:g}" for d, spread, mode in CASES]
NO_NUMBERS = np.zeros(1, np.int64)
NUMBERS = np.array([7, 40, 50, 55, 60, 90, 7], np.int64)
EMPIRICAL_SHAPE = (1.0, 5.0, 0.0)


def u64(value):
    return np.uint64(value)


@compilable
def fill(ticks, distribution, a, b, c, numbers, key):
    """The first draws of one stream."""
    for n in range(len(ticks)):
        count = np.uint64(n)
        word = philox(key, count)
        ticks[n] = draw_ticks(distribution, a, b, c, numbers, word, key, count)


@compilable
def fill_samples(values, numbers, key):
    for n in range(len(values)):
        values[n] = draw_sample(numbers, 1, 5, key, np.uint64(n))


def drawn(distribution, spread, mode, count, *, interpreted=False, mean=MEAN, key=9):
    abc = EMPIRICAL_SHAPE if distribution == EMPIRICAL else shape(distribution, mean, spread, mode)
    ticks = np.zeros(count, np.int64)
    numbers = NUMBERS if distribution == EMPIRICAL else NO_NUMBERS
    (fill if interpreted else compiled(fill))(ticks, distribution, *abc, numbers, u64(key))
    return ticks


def published(distribution, spread, mode):
    """The same distribution by scipy."""
    a, b, c = shape(distribution, MEAN, spread, mode)
    phases = (MEAN / spread) ** 2 if spread else 1.0
    return {
        EXPONENTIAL: lambda: stats.expon(scale=MEAN),
        UNIFORM: lambda: stats.uniform(MEAN - spread, 2 * spread),
        TRIANGULAR: lambda: stats.triang((b - a) / (c - a), a, c - a),
        NORMAL: lambda: stats.truncnorm(-a / b, np.inf, a, b),
        LOGNORMAL: lambda: stats.lognorm(b, scale=a),
        GAMMA: lambda: stats.gamma(phases, scale=MEAN / phases),
        ERLANG: lambda: stats.gamma(phases, scale=MEAN / phases),
        WEIBULL: lambda: stats.weibull_min(1 / b, scale=a),
    }[distribution]()


def test_the_generator_gives_the_known_answers_of_its_authors():
    """Random123, kat_vectors, philox4x32 with seven rounds."""
    assert philox(u64(0), u64(0)) == 0x0D893F64_5F6FB709
    ones = u64(0xFFFFFFFF_FFFFFFFF)
    pi = u64(0x299F31D0_A4093822), u64(0x85A308D3_243F6A88), u64(0x03707344_13198A2E)
    assert philox_words(u64(0), u64(0), u64(0)) == (0x0D893F64_5F6FB709, 0x4F730A48_4F121F81)
    assert philox_words(ones, ones, ones) == (0x45165E59_5207DDC2, 0x8C52F662_4D8EE751)
    assert philox_words(*pi) == (0x190A87F0_4DFCCABA, 0xB6B5242A_C47362BA)


def test_uniforms_fill_the_unit_interval_evenly():
    values = np.array([uniform(u64(12345), u64(n)) for n in range(20_000)])
    assert values.min() >= 0
    assert values.max() < 1
    counts, _ = np.histogram(values, bins=20, range=(0, 1))
    chi_squared = ((counts - 1000) ** 2 / 1000).sum()
    assert chi_squared < 43.8  # 99.9 % of 19 degrees of freedom
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 0.03
    assert draw_share(u64(12345), u64(17)) == values[17]


def test_streams_of_other_places_purposes_seeds_and_replications_differ():
    keys = {
        stream_key(seed, replication, path, purpose)
        for seed in range(5)
        for replication in range(5)
        for path in ("/A", "/B")
        for purpose in ("process", "failure")
    }
    assert len(keys) == 100


def test_normal_values_agree_with_scipy_to_the_last_bits():
    for share in [*np.logspace(-300, -1, 500), *np.linspace(0.01, 0.999999, 500)]:
        assert normal_above(float(share)) == pytest.approx(-special.ndtri(share), rel=3e-15)
    assert normal_above(0.5) == 0
    assert normal_above(1.0) == pytest.approx(special.ndtri(2.0**-54))


def test_a_constant_time_is_its_mean_to_the_nearest_tick():
    assert set(drawn(CONSTANT, 0, 0, 5, mean=1234.5678)) == {1235}
    assert set(drawn(CONSTANT, 0, 0, 5, mean=0.0)) == {0}


@pytest.mark.parametrize(("distribution", "spread", "mode"), CASES, ids=NAMES)
def test_times_follow_their_distribution(distribution, spread, mode):
    ticks = drawn(distribution, spread, mode, 100_000)
    known = published(distribution, spread, mode)
    assert known.mean() == pytest.approx(MEAN)
    if distribution not in {EXPONENTIAL, UNIFORM, TRIANGULAR}:
        assert known.std() == pytest.approx(spread)
    moments = known.stats("mvsk")
    assert ticks.mean() == pytest.approx(MEAN, abs=4 * known.std() / 100_000**0.5)
    error = np.sqrt((moments[3] + 2) / 100_000)  # of the sample variance, as a share of it
    assert ticks.var() == pytest.approx(known.var(), rel=4 * error)
    assert stats.kstest(ticks, known.cdf).pvalue > 0.001
    assert abs(np.corrcoef(ticks[:-1], ticks[1:])[0, 1]) < 0.015


def test_empirical_times_are_those_of_the_data_equally_often():
    ticks = drawn(EMPIRICAL, 0, 0, 50_000)
    values, counts = np.unique(ticks, return_counts=True)
    assert list(values) == [40, 50, 55, 60, 90]
    assert stats.chisquare(counts).pvalue > 0.001
    samples = np.zeros(50_000, np.int64)
    compiled(fill_samples)(samples, NUMBERS, u64(9))
    assert (samples == ticks).all()


@pytest.mark.parametrize(
    ("distribution", "spread", "mode"), [*CASES, (CONSTANT, 0.0, 0.0), (EMPIRICAL, 0.0, 0.0)]
)
def test_interpreted_draws_are_the_same_as_compiled_ones(distribution, spread, mode):
    interpreted = drawn(distribution, spread, mode, 1500, interpreted=True)
    assert (drawn(distribution, spread, mode, 1500) == interpreted).all()


def test_normal_values_are_the_same_bits_interpreted_and_compiled():
    shares = [*np.logspace(-300, -1, 200), *np.linspace(0.01, 1.0, 200)]
    quick = compiled(normal_above)
    assert [quick(float(s)) for s in shares] == [normal_above(float(s)) for s in shares]


@pytest.mark.parametrize(
    ("distribution", "spread", "mode"),
    [*(case for case in CASES if case[0] not in {GAMMA, ERLANG}), (EMPIRICAL, 0.0, 0.0)],
)
def test_times_grow_with_the_uniform_they_are_drawn_from(distribution, spread, mode):
    ticks = drawn(distribution, spread, mode, 5000)
    shares = np.array([uniform(u64(9), u64(n)) for n in range(5000)])
    assert (np.diff(ticks[np.argsort(shares)]) >= 0).all()


@pytest.mark.parametrize(("distribution", "spread", "mode"), CASES, ids=NAMES)
def test_times_of_the_same_shape_are_in_proportion_to_the_mean(distribution, spread, mode):
    some = drawn(distribution, spread, mode, 2000)
    longer = drawn(distribution, 1.25 * spread, 1.25 * mode, 2000, mean=1.25 * MEAN)
    assert np.abs(longer - 1.25 * some).max() <= 2


def test_gamma_times_of_other_shapes_stay_nearly_in_step():
    narrow, wide = drawn(GAMMA, 2e6, 0, 5000), drawn(GAMMA, 4e6, 0, 5000)
    assert stats.spearmanr(narrow, wide).statistic > 0.95


@pytest.mark.parametrize("u", [0.0, 2.0**-53, 0.5, 1 - 2.0**-53])
@pytest.mark.parametrize(
    ("distribution", "ratio"),
    [(TRIANGULAR, 1.0), (NORMAL, 1e-5), (NORMAL, 0.99), (LOGNORMAL, 100.0), (WEIBULL, 100.0)],
)
def test_the_ends_of_the_unit_interval_give_times_within_bounds(distribution, ratio, u):
    abc = shape(distribution, 1e15, ratio * 1e15)
    for drawn_by in (_shaped, compiled(_shaped)):
        assert 0 <= drawn_by(distribution, *abc, u, u64(0), u64(0)) <= 2**62


@given(
    distribution=st.integers(0, EMPIRICAL - 1),
    mean=st.floats(0, 1e15),
    ratio=st.floats(0, MOST_SPREAD) | st.floats(0, 2) | st.floats(0.5e-5, 1e-3),
    phases=st.integers(1, 10**10),
    peak=st.floats(0, 1.5),
    key=st.integers(0, 2**64 - 1),
    count=st.integers(0, 2**64 - 1),
)
def test_every_valid_time_is_a_pure_draw_within_bounds(
    distribution, mean, ratio, phases, peak, key, count
):
    spread = mean / phases**0.5 if distribution == ERLANG else mean * ratio
    assume(not shape_problem(distribution, mean, spread, peak * mean))
    abc = shape(distribution, mean, spread, peak * mean)
    assert np.isfinite(abc).all()
    stream = u64(key), u64(count)
    ticks = draw_ticks(distribution, *abc, NO_NUMBERS, philox(*stream), *stream)
    assert 0 <= ticks <= 2**62
    assert ticks == draw_ticks(distribution, *abc, NO_NUMBERS, philox(*stream), *stream)


@given(first=st.integers(0, 2), count=st.integers(1, 5), key=st.integers(0, 2**64 - 1))
def test_a_sample_is_one_of_its_own_numbers(first, count, key):
    numbers = np.array([10, 20, 30, 40, 50, 60, 70], np.int64)
    assert draw_sample(numbers, first, count, u64(key), u64(0)) in numbers[first : first + count]
