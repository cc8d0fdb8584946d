"""The random streams that a run promises, written again in plain Python.

A stream is keyed by "seed/replication/prim path/purpose"; its n-th draw is a pure function of key
and n: Philox 4x32-7 (Salmon, Moraes, Dror and Shaw, SC 2011).
"""

from hashlib import blake2b
from math import log

__all__ = ["exponential_ticks", "uniforms"]

WORD = 0xFFFFFFFF


def uniforms(path: str, purpose: str, count: int, *, seed: int = 0) -> list[float]:
    """The first draws in [0, 1) of a place's stream: "process", "failure" or "repair"."""
    text = f"{seed}/0/{path}/{purpose}".encode()
    key = int.from_bytes(blake2b(text, digest_size=8).digest(), "little")
    return [(_philox(key, n) >> 11) / 2**53 for n in range(count)]


def exponential_ticks(
    path: str, purpose: str, count: int, *, mean: float, seed: int = 0
) -> list[int]:
    """The first exponential durations [ticks] of a stream with this mean [s]."""
    draws = uniforms(path, purpose, count, seed=seed)
    return [int(-mean * 1e6 * log(1.0 - u) + 0.5) for u in draws]


def _philox(key: int, counter: int) -> int:
    x = [counter & WORD, counter >> 32, 0, 0]
    k = [key & WORD, key >> 32]
    for _ in range(7):
        a, b = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [(b >> 32) ^ x[1] ^ k[0], b & WORD, (a >> 32) ^ x[3] ^ k[1], a & WORD]
        k = [(k[0] + 0x9E3779B9) & WORD, (k[1] + 0xBB67AE85) & WORD]
    return x[0] | x[1] << 32
