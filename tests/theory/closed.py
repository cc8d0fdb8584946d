"""Closed loops whose buffers hold every pallet: product form, exact without a Markov chain."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

__all__ = ["Loop", "convolution", "mean_values"]


class Loop(NamedTuple):
    """Means of a closed loop, per station."""

    throughput: float  # rounds per time
    stays: list[float]  # wait and service at each station per visit
    present: list[float]  # pallets at each station


def mean_values(services: Sequence[float], pallets: int, delay: float = 0.0) -> Loop:
    """Mean value analysis: exponential stations visited once a round, and a delay of any kind.

    Reiser and Lavenberg, "Mean-value analysis of closed multichain queuing networks", Journal of
    the ACM 27 (1980). `delay` is a mean time that pallets spend without queueing, as on a belt.
    """
    present = np.zeros(len(services))
    stays, throughput = np.asarray(services, float), 0.0
    for count in range(1, pallets + 1):
        stays = np.asarray(services) * (1 + present)
        throughput = count / (delay + stays.sum())
        present = throughput * stays
    return Loop(float(throughput), stays.tolist(), present.tolist())


def convolution(services: Sequence[float], servers: Sequence[int], pallets: int) -> float:
    """Rounds per time with several servers at each station.

    Buzen, "Computational algorithms for closed queueing networks with exponential servers",
    Communications of the ACM 16 (1973): G(N - 1) / G(N).
    """
    total = np.zeros(pallets + 1)
    total[0] = 1.0
    for service, count in zip(services, servers, strict=True):
        factor = np.ones(pallets + 1)
        for n in range(1, pallets + 1):
            factor[n] = factor[n - 1] * service / min(n, count)
        total = np.convolve(total, factor)[: pallets + 1]
    return float(total[-2] / total[-1])
