"""Small vectors in compiled functions, which may not allocate: copies and lengths."""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from twin.core.compiled import compilable

__all__ = ["copy", "norm"]

Array = NDArray[np.float64]


@compilable
def copy(source: Array, target: Array) -> None:
    """Write a vector into another of the same length."""
    for i in range(len(source)):
        target[i] = source[i]


@compilable
def norm(vector: Array) -> float:
    """Euclidean length of a vector."""
    square = 0.0
    for i in range(len(vector)):
        square += vector[i] * vector[i]
    return sqrt(square)
