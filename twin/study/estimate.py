"""A mean and how far it may be off: confidence half-widths by Student's t distribution."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CONFIDENCE", "Estimate", "estimate"]

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The mean of independent values; the true mean is within the half-width with CONFIDENCE."""

    mean: float
    half_width: float | None  # None of fewer than two values
    count: int


def estimate(values: Sequence[float]) -> Estimate | None:
    """Estimate a mean from independent values; None from no value."""
    if not values:
        return None
    count = len(values)
    mean = math.fsum(values) / count
    if count < 2:
        return Estimate(mean=mean, half_width=None, count=count)
    variance = math.fsum((value - mean) ** 2 for value in values) / (count - 1)
    half_width = _student_t(count - 1) * math.sqrt(variance / count)
    return Estimate(mean=mean, half_width=half_width, count=count)


def _student_t(degrees_of_freedom: int) -> float:
    """The two-sided quantile of Student's t distribution for CONFIDENCE."""
    from scipy.special import stdtrit  # scipy.stats.t.ppf calls it, and takes a second to import

    return float(stdtrit(degrees_of_freedom, (1 + CONFIDENCE) / 2))
