"""Working time and chance for SimPy: when work that begins now is done, and how long it takes."""

from collections.abc import Callable, Iterator
from itertools import count
from math import inf
from random import Random

from twin.kinds.calendar import Calendar

__all__ = ["ALWAYS", "Shifts", "draws"]


class Shifts:
    """Working time: it passes only within shifts, which come again every period."""

    def __init__(self, calendar: Calendar) -> None:
        if calendar.at_bell != "stop":
            raise NotImplementedError(f"this model has no bell that lets work {calendar.at_bell}")
        self.period = calendar.period
        self.windows = list(zip(calendar.starts, calendar.ends, strict=True))
        self.begin = self.end = -1.0  # of the shift that was asked for last

    def after(self, begin: float, work: float) -> float:
        """When an amount of work [s] is done that begins, shift or not, at a time [s]."""
        if self.begin <= begin and begin + work <= self.end:
            return begin + work
        for period in count(int(begin // self.period)):
            for window in self.windows:
                self.begin, self.end = (period * self.period + each for each in window)
                begin = max(begin, self.begin)
                if begin + work <= self.end:
                    return begin + work
                work -= max(0.0, self.end - begin)
        raise AssertionError

    def anew(self, begin: float, work: float) -> float:
        """When work is done that begins anew in each shift; as `after` if it never is cut off."""
        while True:
            begin = self.after(begin, 0.0)
            if begin + work <= self.end:
                return begin + work
            begin = self.after(self.end + 1e-9, 0.0)

    def pauses(self) -> Iterator[tuple[float, float]]:
        """Begin and end of every time off shift [s]."""
        end = 0.0
        for period in count():
            for starts, ends in self.windows:
                begin = period * self.period + starts
                if begin > end:
                    yield end, begin
                end = period * self.period + ends


ALWAYS = Shifts(Calendar(period=1e9, starts=(0.0,), ends=(1e9,)))


def draws(rng: Random, distribution: str, mean: float, spread: float) -> Callable[[], float]:
    """A function that draws durations [s]; a mean of infinity gives infinities."""
    if mean == inf:
        return lambda: inf
    match distribution:
        case "constant":
            return lambda: mean
        case "exponential":
            return lambda: rng.expovariate(1.0 / mean)
        case "uniform":
            return lambda: rng.uniform(mean - spread, mean + spread)
        case "triangular":
            return lambda: rng.triangular(mean - spread, mean + spread, mean)
        case _:
            raise NotImplementedError(f"this model has no distribution {distribution!r}")
