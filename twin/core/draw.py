"""Random numbers that depend only on who draws, why, and how often before.

Every stream has a 64-bit key made from (seed, replication, prim path, purpose), and a counter. A
draw is a pure function of both: the Philox 4x32 generator with ten rounds (Salmon, Moraes, Dror and
Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Adding a machine disturbs no other
stream.
"""

import math
from hashlib import blake2b

import numpy as np

from twin.core.compiled import compilable

__all__ = [
    "CONSTANT",
    "DISTRIBUTIONS",
    "EXPONENTIAL",
    "UNIFORM",
    "draw_ticks",
    "philox",
    "stream_key",
    "uniform",
]

DISTRIBUTIONS = ("constant", "exponential", "uniform")
CONSTANT, EXPONENTIAL, UNIFORM = range(3)

LOW = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
ZERO = np.uint64(0)
TOP_BITS = np.uint64(11)


def stream_key(seed: int, replication: int, path: str, purpose: str) -> int:
    """The 64-bit key of the stream that `path` draws from for one purpose."""
    text = f"{seed}/{replication}/{path}/{purpose}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


@compilable
def philox(key: np.uint64, counter: np.uint64) -> np.uint64:
    """The first 64 of 128 random bits for a key and a counter, both uint64."""
    k0 = key & LOW
    k1 = key >> SHIFT
    x0 = counter & LOW
    x1 = counter >> SHIFT
    x2 = ZERO
    x3 = ZERO
    for _ in range(10):
        product_0 = MULTIPLIER_0 * x0
        product_1 = MULTIPLIER_1 * x2
        x0 = (product_1 >> SHIFT) ^ x1 ^ k0
        x1 = product_1 & LOW
        x2 = (product_0 >> SHIFT) ^ x3 ^ k1
        x3 = product_0 & LOW
        k0 = (k0 + WEYL_0) & LOW
        k1 = (k1 + WEYL_1) & LOW
    return x0 | (x1 << SHIFT)


@compilable
def uniform(key: np.uint64, counter: np.uint64) -> float:
    """A double in [0, 1) with 53 random bits."""
    return float(np.int64(philox(key, counter) >> TOP_BITS)) * (1.0 / 9007199254740992.0)


@compilable
def draw_ticks(
    distribution: int, mean: float, spread: float, key: np.uint64, counter: np.uint64
) -> int:
    """A duration [ticks], rounded to the nearest, of a distribution with this mean [ticks].

    `spread` [ticks] is the half width of the uniform distribution; others ignore it.
    """
    if distribution == CONSTANT:
        ticks = mean
    elif distribution == EXPONENTIAL:
        ticks = -mean * math.log(1.0 - uniform(key, counter))
    else:
        ticks = mean + spread * (2.0 * uniform(key, counter) - 1.0)
    return int(ticks + 0.5)
