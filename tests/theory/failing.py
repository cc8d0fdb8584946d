"""Lines of equal constant cycles that fail: closed forms, and two fluid machines with a buffer."""

from collections.abc import Callable, Sequence
from math import exp, expm1

import numpy as np
from scipy.integrate import quad
from scipy.stats import gamma, poisson

__all__ = ["buzacott", "fluid_pair", "longer_of_two", "work_with_repairs"]


def buzacott(failing: Sequence[float], repairing: Sequence[float], clock: str) -> float:
    """Efficiency of a line without buffers and equal cycles; rates per time.

    "operating": 1 / (1 + sum p / r); "calendar": product of r / (r + p); "buffered", with endless
    buffers: the least r / (r + p). Buzacott, "Automatic transfer lines with buffer stocks",
    International Journal of Production Research 5 (1967). Exact where cycles are short beside
    lives and repairs.
    """
    ratios = np.asarray(failing) / np.asarray(repairing)
    alone = 1 / (1 + ratios)
    answers = {
        "operating": 1 / (1 + ratios.sum()),
        "calendar": alone.prod(),
        "buffered": min(alone),
    }
    return float(answers[clock])


def fluid_pair(
    failing: tuple[float, float],
    repairing: tuple[float, float],
    places: float,
    *,
    operating: bool = True,
) -> float:
    """Efficiency of two machines of speed 1 with a buffer of `places` (in parts = cycles).

    The level rises while only the first machine is up and falls while only the second is; in
    between the densities are proportional to exp(delta x), and at both ends there are masses
    (Wijngaard, "The effect of interstage buffer storage on the output of two unreliable production
    units in series, with different production rates", AIIE Transactions 11, 1979; here for equal
    rates, balance by balance). Exact for short cycles; count the parts at both machines as places
    where cycles are long.
    """
    (f1, f2), (r1, r2) = failing, repairing
    delta = f2 * (r1 + r2) / (f1 + f2) + r1 * (f1 + f2) / (r1 + r2) - f1 - r2
    area = places if abs(delta * places) < 1e-12 else expm1(delta * places) / delta
    both_up, both_down = (r1 + r2) / (f1 + f2), (f1 + f2) / (r1 + r2)
    empty_up, empty_rest = _end(f1, f2, r1, r2, operating=operating)
    full_up, full_rest = _end(f2, f1, r2, r1, operating=operating)
    full = exp(delta * places)
    working = (both_up + 1) * area + empty_up + full * full_up
    total = (both_up + both_down + 2) * area + empty_up + empty_rest
    return working / (total + full * (full_up + full_rest))


def _end(f: float, g: float, r: float, s: float, *, operating: bool) -> tuple[float, float]:
    """Masses at an end of the buffer for a density of 1 there: both up, and the machine f, r down.

    The other machine (g, s) waits meanwhile; on the calendar clock it may fail too.
    """
    if operating:
        return 1 / g, (f + g) / (g * r)
    # Unknown: both up u, one down d, both down b.
    # u (f + g) = r d;  b (r + s) = g d;  flow off the end: g u + r b = 1
    down = 1 / (g * r / (f + g) + r * g / (r + s))
    return r * down / (f + g), down + g * down / (r + s)


def work_with_repairs(work: float, failing: float, repair: float) -> Callable[[float], float]:
    """P(time <= t) of constant work that fails while it runs, with exponential repairs of a mean.

    The number of failures is Poisson, their repairs sum to a gamma time.
    """
    counts = np.arange(int(failing * work + 12 * (failing * work) ** 0.5 + 20))
    weights = poisson.pmf(counts, failing * work)

    def share(t: float) -> float:
        if t < work:
            return 0.0
        parts = gamma.cdf(t - work, np.maximum(counts, 1), scale=repair)
        return float(weights[0] + (weights * parts)[1:].sum())

    return share


def longer_of_two(
    one: Callable[[float], float], two: Callable[[float], float], least: float, most: float
) -> float:
    """E max of two independent times, given P(time <= t): the cycle of two stations in a row.

    Without a buffer both begin at the same tick, so that throughput is 1 / E max, whatever the
    distributions. `least` is a time that both need at least, `most` one that they never exceed.
    """
    beyond = quad(lambda t: 1 - one(t) * two(t), least, most, limit=400)[0]
    return least + float(beyond)
