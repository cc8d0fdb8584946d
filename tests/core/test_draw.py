"""Random streams: the published generator, independent streams, right distributions."""

import math

import numpy as np
import pytest

from twin.core.draw import CONSTANT, EXPONENTIAL, UNIFORM, draw_ticks, philox, stream_key, uniform


def u64(value):
    return np.uint64(value)


def test_the_generator_gives_the_known_answer_of_its_authors():
    """Random123, kat_vectors: philox4x32-10 of all zeros begins 6627e8d5 e169c58d."""
    assert philox(u64(0), u64(0)) == 0xE169C58D_6627E8D5


def test_uniforms_fill_the_unit_interval_evenly():
    values = np.array([uniform(u64(12345), u64(n)) for n in range(20_000)])
    assert values.min() >= 0
    assert values.max() < 1
    counts, _ = np.histogram(values, bins=20, range=(0, 1))
    chi_squared = ((counts - 1000) ** 2 / 1000).sum()
    assert chi_squared < 43.8  # 99.9 % of 19 degrees of freedom
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 0.03


def test_streams_of_other_places_purposes_seeds_and_replications_differ():
    keys = {
        stream_key(seed, replication, path, purpose)
        for seed in range(5)
        for replication in range(5)
        for path in ("/A", "/B")
        for purpose in ("process", "failure")
    }
    assert len(keys) == 100


@pytest.mark.parametrize(
    ("distribution", "spread", "mean", "deviation"),
    [(CONSTANT, 0, 5e6, 0.0), (EXPONENTIAL, 0, 5e6, 5e6), (UNIFORM, 3e6, 5e6, 3e6 / math.sqrt(3))],
)
def test_durations_have_the_mean_and_deviation_of_their_distribution(
    distribution, spread, mean, deviation
):
    ticks = np.array(
        [draw_ticks(distribution, mean, spread, u64(9), u64(n)) for n in range(20_000)]
    )
    assert ticks.mean() == pytest.approx(mean, rel=0.025)
    assert ticks.std() == pytest.approx(deviation, rel=0.03, abs=1)
    assert (ticks >= 0).all()
