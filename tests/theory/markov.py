"""Continuous-time Markov chains that are given by what can happen in each state.

The stationary probabilities p solve p Q = 0 with sum p = 1, where Q is the generator matrix
(Stewart, "Introduction to the Numerical Solution of Markov Chains", 1994, chapter 1).
"""

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

__all__ = ["Chain", "Move", "solve"]


class Move(NamedTuple):
    """Something that can happen: at a rate [1/time], it leads to a state."""

    rate: float
    to: Hashable
    label: Hashable = None  # what is counted by `Chain.rate`


class Chain(NamedTuple):
    """A solved chain."""

    share: dict[Hashable, float]  # stationary probability of each state
    moves: Callable[[Hashable], Iterable[Move]]

    def rate(self, label: Hashable) -> float:
        """How often moves of this label happen [1/time]."""
        happening = (
            share * move.rate
            for state, share in self.share.items()
            for move in self.moves(state)
            if move.label == label
        )
        return float(sum(happening))

    def mean(self, value: Callable[[Hashable], float]) -> float:
        """The stationary mean of a function of the state."""
        return float(sum(share * value(state) for state, share in self.share.items()))


def solve(start: Hashable, moves: Callable[[Hashable], Iterable[Move]]) -> Chain:
    """The stationary chain that is reached from a state; it may have one recurrent class only.

    Raises:
        ValueError: a state has no way out (a deadlock); it is named.
    """
    rows = {start: 0}
    states = [start]
    entries: list[tuple[int, int, float]] = []
    for state in states:  # grows while it is read
        ways = [move for move in moves(state) if move.rate > 0]
        if not ways:
            raise ValueError(f"nothing can happen any more in state {state}")
        for move in ways:
            if move.to not in rows:
                rows[move.to] = len(states)
                states.append(move.to)
            entries.append((rows[move.to], rows[state], move.rate))
            entries.append((rows[state], rows[state], -move.rate))
    return Chain(dict(zip(states, _stationary(entries, len(states)).tolist(), strict=True)), moves)


def _stationary(entries: list[tuple[int, int, float]], count: int) -> np.ndarray:
    """Solve Q^T p = 0; one equation, which the others imply, gives way to sum p = 1."""
    kept = [entry for entry in entries if entry[0] != count - 1]
    kept += [(count - 1, state, 1.0) for state in range(count)]
    row, column, rate = zip(*kept, strict=True)
    matrix = csc_array((rate, (row, column)), shape=(count, count))
    right = np.zeros(count)
    right[-1] = 1.0
    return splu(matrix.tocsc()).solve(right)
