"""What a planner says of a random time, and the three numbers that it is drawn with.

A time is given by its distribution, its mean and its spread: the half width of a uniform and of a
triangular one, the standard deviation of the others. Constant and exponential times have no spread,
and empirical ones are given by their durations. A normal time cannot be negative: it is a normal
distribution cut off at 0, and mean and spread are those of the times that remain.
"""

import math
from collections.abc import Callable, Iterator

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
)
from twin.errors import Problem

__all__ = ["LEAST_SPREAD", "MOST_SPREAD", "shape", "shape_problem", "time_problems"]

LEAST_SPREAD, MOST_SPREAD = 1e-5, 100.0  # times the mean, where the spread is a deviation
MOST_NORMAL_SPREAD = 0.99  # at 1, cutting off leaves an exponential tail
FARTHEST_CUT = 14.0  # deviations above the centre; there the spread is 0.9949 of the mean
FLATTEST = 20.0  # 1 / shape of a Weibull distribution; its spread is 1e5 times the mean
ROUNDING = 1e-9

Shape = tuple[float, float, float]


def shape(distribution: int, mean: float, spread: float, mode: float = 0.0) -> Shape:
    """The numbers (a, b, c) with which `twin.core.draw.draw_ticks` draws a time.

    Args:
        distribution: a row of `DISTRIBUTIONS`, but not empirical.
        mean: mean [ticks].
        spread: half width of a uniform or triangular time, standard deviation of others [ticks].
        mode: most likely value of a triangular time [ticks]; 0 is the mean. Others ignore it.

    `shape_problem` must have found nothing wrong with them.
    """
    if distribution == TRIANGULAR:
        mode, centre = _mode_and_centre(mean, mode)
        return min(centre - spread, mode), mode, max(centre + spread, mode)
    solve = _SHAPES.get(distribution)
    return solve(mean, spread) if solve else (mean, spread, 0.0)


def shape_problem(distribution: int, mean: float, spread: float, mode: float = 0.0) -> str:
    """The rule that the spread of a time breaks, such as 'must be <= the mean'; '' if none.

    Arguments are those of `shape`, finite and not negative, all in one unit.
    """
    if distribution in {CONSTANT, EXPONENTIAL, EMPIRICAL}:
        return ""
    if distribution == UNIFORM:
        return "" if spread <= mean else "must be <= the mean of a uniform time"
    if distribution == TRIANGULAR:
        return _triangular_problem(mean, spread, mode)
    problem = _deviation_problem(distribution, mean, spread)
    return problem or (_erlang_problem(mean, spread) if distribution == ERLANG else "")


def time_problems(
    where: str, distribution: str, mean: float, spread: float, mode: float = 0.0
) -> Iterator[Problem]:
    """What is wrong with the spread at `where`, such as '/A twin:processSpread' [s]."""
    rule = shape_problem(DISTRIBUTIONS.index(distribution), mean, spread, mode)
    if rule:
        yield Problem(where, rule, f"{spread:g}", f"the mean is {mean:g} s")


def _deviation_problem(distribution: int, mean: float, spread: float) -> str:
    name = DISTRIBUTIONS[distribution]
    if mean <= 0.0:
        return f"has no valid value: the mean of a time must be > 0 to be {name}"
    if spread <= 0.0:
        return f"must be > 0 to be {name}"
    most = MOST_NORMAL_SPREAD if distribution == NORMAL else MOST_SPREAD
    if LEAST_SPREAD * mean <= spread <= most * mean:
        return ""
    return f"must be {LEAST_SPREAD:g} to {most:g} times the mean to be {name}"


def _triangular_problem(mean: float, spread: float, mode: float) -> str:
    mode, centre = _mode_and_centre(mean, mode)
    least, margin = abs(mode - centre), ROUNDING * mean
    if least > centre + margin:
        return "has no valid value: the mode of a triangular time must be <= 1.5 times the mean"
    if spread > centre + margin:
        return f"must be <= {centre:g}, as a triangular time must not be negative"
    if spread < least - margin:
        return f"must be >= {least:g}, as a triangular time must reach its mode"
    return ""


def _erlang_problem(mean: float, spread: float) -> str:
    phases = (mean / spread) ** 2
    nearest = max(round(phases), 1)
    if abs(phases - nearest) <= 0.01 * nearest:
        return ""
    fitting = mean / math.sqrt(nearest)
    rule = "must be the mean over the root of a whole number of phases to be erlang"
    return f"{rule}, such as {fitting:g} with {nearest}"


def _mode_and_centre(mean: float, mode: float) -> tuple[float, float]:
    """The mode, and the middle between the bounds: three times the mean is low + mode + high."""
    return (mode, 0.5 * (3.0 * mean - mode)) if mode > 0.0 else (mean, mean)


def _normal(mean: float, spread: float) -> Shape:
    """Centre and deviation before the cut at 0, and the share that remains above it.

    Moments of the truncated normal distribution: Johnson, Kotz and Balakrishnan, "Continuous
    univariate distributions", volume 1, section 10.1.
    """
    variation = spread / mean

    def variation_after(cut: float) -> float:
        hazard = _hazard(cut)
        return math.sqrt(1.0 + hazard * (cut - hazard)) / (hazard - cut)

    cut = _solve(variation_after, variation, -1.0 / variation, FARTHEST_CUT)
    deviation = mean / (_hazard(cut) - cut)
    return -cut * deviation, deviation, _share_above(cut)


def _hazard(cut: float) -> float:
    """Mean of a standard normal variable above the cut: its density there over the share above."""
    return math.exp(-0.5 * cut * cut) / (math.sqrt(2.0 * math.pi) * _share_above(cut))


def _share_above(cut: float) -> float:
    return 0.5 * math.erfc(cut / math.sqrt(2.0))


def _lognormal(mean: float, spread: float) -> Shape:
    """Median, and the standard deviation of the logarithm."""
    variance = math.log1p((spread / mean) ** 2)
    return mean * math.exp(-0.5 * variance), math.sqrt(variance), 0.0


def _gamma(mean: float, spread: float) -> Shape:
    return _phased(mean, (mean / spread) ** 2)


def _erlang(mean: float, spread: float) -> Shape:
    return _phased(mean, float(round((mean / spread) ** 2)))


def _phased(mean: float, phases: float) -> Shape:
    """Scale, shape less a third, and the power that shapes below 1 need."""
    if phases < 1.0:
        return mean / phases, phases + 2.0 / 3.0, 1.0 / phases
    return mean / phases, phases - 1.0 / 3.0, 0.0


def _weibull(mean: float, spread: float) -> Shape:
    """Scale, and 1 / shape."""

    def log_moments(power: float) -> float:
        return math.lgamma(1.0 + 2.0 * power) - 2.0 * math.lgamma(1.0 + power)

    power = _solve(log_moments, math.log1p((spread / mean) ** 2), 0.0, FLATTEST)
    return mean * math.exp(-math.lgamma(1.0 + power)), power, 0.0


def _solve(growing: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Where a growing function reaches a value, by bisection."""
    for _ in range(80):
        middle = 0.5 * (low + high)
        if growing(middle) < value:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


_SHAPES = {
    NORMAL: _normal,
    LOGNORMAL: _lognormal,
    GAMMA: _gamma,
    ERLANG: _erlang,
    WEIBULL: _weibull,
}
