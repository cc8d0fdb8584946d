"""Random numbers that depend only on who draws, why, and how often before.

Every stream has a 64-bit key made from (seed, replication, prim path, purpose), and a counter. A
draw is a pure function of both: the Philox 4x32 generator with seven rounds, the fewest that pass
every test of BigCrush (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2,
3", SC 2011, table 2). Adding a machine disturbs no other stream.

A duration grows with the one uniform that it is drawn from (inverse of the distribution function),
so that runs with common random numbers stay in step. Only gamma and Erlang may need more uniforms,
and have more attempts for that within one count; with the same shape they need the same ones, and
the durations are in proportion to the mean.
"""

import math
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable, compilable_apart

__all__ = [
    "CONSTANT",
    "DISTRIBUTIONS",
    "EMPIRICAL",
    "ERLANG",
    "EXPONENTIAL",
    "GAMMA",
    "LOGNORMAL",
    "NORMAL",
    "ONE",
    "TRIANGULAR",
    "UNIFORM",
    "WEIBULL",
    "draw_sample",
    "draw_share",
    "draw_ticks",
    "normal_above",
    "philox",
    "philox_words",
    "stream_key",
    "uniform",
]

DISTRIBUTIONS = (
    *("constant", "exponential", "uniform", "triangular", "normal", "lognormal"),
    *("gamma", "erlang", "weibull", "empirical"),
)
CONSTANT, EXPONENTIAL, UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL = range(6)
GAMMA, ERLANG, WEIBULL, EMPIRICAL = range(6, 10)

LOW = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
ZERO = np.uint64(0)
ONE = np.uint64(1)
TOP_BITS = np.uint64(11)
UNIT = 1.0 / 9007199254740992.0  # 2^-53
BOOST = np.uint64(1 << 32)  # an attempt that no rejection ever reaches
MOST = 4611686018427387904.0  # 2^62 ticks: no draw is longer


def stream_key(seed: int, replication: int, path: str, purpose: str) -> int:
    """The 64-bit key of the stream that `path` draws from for one purpose."""
    text = f"{seed}/{replication}/{path}/{purpose}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


@compilable
def philox_words(
    key: np.uint64, counter: np.uint64, attempt: np.uint64
) -> tuple[np.uint64, np.uint64]:
    """All 128 random bits, as two words, for a key, a counter and an attempt, all uint64."""
    k0 = key & LOW
    k1 = key >> SHIFT
    x0 = counter & LOW
    x1 = counter >> SHIFT
    x2 = attempt & LOW
    x3 = attempt >> SHIFT
    for _ in range(7):
        product_0 = MULTIPLIER_0 * x0
        product_1 = MULTIPLIER_1 * x2
        x0 = (product_1 >> SHIFT) ^ x1 ^ k0
        x1 = product_1 & LOW
        x2 = (product_0 >> SHIFT) ^ x3 ^ k1
        x3 = product_0 & LOW
        k0 = (k0 + WEYL_0) & LOW
        k1 = (k1 + WEYL_1) & LOW
    return x0 | (x1 << SHIFT), x2 | (x3 << SHIFT)


@compilable
def philox(key: np.uint64, counter: np.uint64) -> np.uint64:
    """The first 64 of 128 random bits for a key and a counter, both uint64."""
    return philox_words(key, counter, ZERO)[0]


@compilable
def _unit(word: np.uint64) -> float:
    """The top 53 bits of a word as a double in [0, 1)."""
    return float(np.int64(word >> TOP_BITS)) * UNIT


@compilable
def uniform(key: np.uint64, counter: np.uint64) -> float:
    """A double in [0, 1) with 53 random bits."""
    return _unit(philox(key, counter))


@compilable
def draw_share(key: np.uint64, counter: np.uint64) -> float:
    """A share in [0, 1): an event of probability p comes true where it is below p."""
    return uniform(key, counter)


@compilable
def draw_ticks(
    distribution: int,
    a: float,
    b: float,
    c: float,
    numbers: NDArray[np.int64],
    word: np.uint64,
    key: np.uint64,
    counter: np.uint64,
) -> int:
    """A duration [ticks], rounded to the nearest: at least 0, and at most 2^62.

    `word` is philox(key, counter). `a`, `b` and `c` come from `twin.core.distribution.shape`, for a
    mean of at most 1e15; of an empirical distribution, `a` and `b` are the first row and the count
    of its durations in `numbers` (int64, shape (n,)).
    """
    if distribution == CONSTANT:
        ticks = a
    else:
        u = _unit(word)
        if distribution == EXPONENTIAL:
            ticks = -a * math.log(1.0 - u)
        elif distribution == UNIFORM:
            ticks = a + b * (2.0 * u - 1.0)
        elif distribution == EMPIRICAL:
            return _one_of(numbers, int(a), int(b), u)
        else:
            ticks = _shaped(distribution, a, b, c, u, key, counter)
    return int(ticks + 0.5)


@compilable
def draw_sample(
    numbers: NDArray[np.int64], first: int, count: int, key: np.uint64, counter: np.uint64
) -> int:
    """One of the `count` numbers from row `first` on, all equally likely.

    Where they lie in ascending order, the sample grows with the uniform it is drawn from.
    """
    return _one_of(numbers, first, count, uniform(key, counter))


@compilable
def _one_of(numbers: NDArray[np.int64], first: int, count: int, u: float) -> int:
    return int(numbers[first + int(u * count)])


@compilable_apart
def _shaped(
    distribution: int,
    a: float,
    b: float,
    c: float,
    u: float,
    key: np.uint64,
    counter: np.uint64,
) -> float:
    """A duration [ticks] of one of the costlier distributions; `u` is uniform(key, counter)."""
    if GAMMA <= distribution <= ERLANG:
        ticks = _gamma(a, b, c, key, counter)
    elif distribution == TRIANGULAR:
        ticks = _triangular(a, b, c, u)
    elif distribution == NORMAL:
        ticks = a + b * normal_above((1.0 - u) * c)
    elif distribution == LOGNORMAL:
        ticks = a * math.exp(b * normal_above(1.0 - u))
    else:
        ticks = a * (-math.log(1.0 - u)) ** b
    return min(max(ticks, 0.0), MOST)


@compilable
def _triangular(low: float, mode: float, high: float, u: float) -> float:
    """The value that a triangular distribution falls below with probability u."""
    width = high - low
    if u * width < mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


@compilable
def _gamma(scale: float, d: float, power: float, key: np.uint64, counter: np.uint64) -> float:
    """A gamma deviate by rejection, with more than 95 % of the attempts accepted.

    The shape is `d` + 1/3 where `power` is 0. A shape below 1 is `d` - 2/3, and `power` is 1 /
    shape (Marsaglia and Tsang, "A simple method for generating gamma variables", ACM Transactions
    on Mathematical Software 26, 2000).
    """
    step = 1.0 / math.sqrt(9.0 * d)
    attempt = ZERO
    while True:
        first, second = philox_words(key, counter, attempt)
        z = normal_above(1.0 - _unit(first))
        root = 1.0 + step * z
        if root > 0.0:
            cube = root * root * root
            bound = 0.5 * z * z + d * (1.0 - cube + math.log(cube))
            if math.log(1.0 - _unit(second)) < bound:
                break
        attempt += ONE
    value = scale * d * cube
    if power > 0.0:
        value *= (1.0 - _unit(philox_words(key, counter, BOOST)[0])) ** power
    return value


# Numerators and denominators of the three rational functions, from the constant term up.
CENTRE = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3)
    + (1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4)
    + (3.3430575583588128105e4, 2.5090809287301226727e3)
)
CENTRE_BELOW = (
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3)
    + (2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4)
    + (5.2264952788528545610e3,)
)
TAIL = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0)
    + (3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1)
    + (2.27238449892691845833e-2, 7.74545014278341407640e-4)
)
TAIL_BELOW = (
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1)
    + (1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4)
    + (1.05075007164441684324e-9,)
)
FAR = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0)
    + (2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3)
    + (2.71155556874348757815e-5, 2.01033439929228813265e-7)
)
FAR_BELOW = (
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2)
    + (7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7)
    + (2.04426310338993978564e-15,)
)

Coefficients = tuple[float, float, float, float, float, float, float, float]


@compilable
def normal_above(share: float) -> float:
    """The value that a standard normal variable exceeds with this probability, in (0, 1].

    Algorithm AS 241, PPND16, accurate to about 1e-16 (Wichura, "The percentage points of the normal
    distribution", Applied Statistics 37, 1988). A share of 1 counts as 1 - 2^-54.
    """
    q = 0.5 - share
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _ratio(CENTRE, CENTRE_BELOW, r)
    tail = share if q > 0.0 else max(1.0 - share, 0.5 * UNIT)
    r = math.sqrt(-math.log(tail))
    near = r <= 5.0
    value = _ratio(TAIL, TAIL_BELOW, r - 1.6) if near else _ratio(FAR, FAR_BELOW, r - 5.0)
    return value if q > 0.0 else -value


@compilable
def _ratio(above: Coefficients, below: Coefficients, r: float) -> float:
    return _polynomial(above, r) / _polynomial(below, r)


@compilable
def _polynomial(p: Coefficients, r: float) -> float:
    high = ((p[7] * r + p[6]) * r + p[5]) * r + p[4]
    return (((high * r + p[3]) * r + p[2]) * r + p[1]) * r + p[0]
