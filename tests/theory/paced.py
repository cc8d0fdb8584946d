"""Paced lines that stop on a call for help: renewal reward, one pitch a renewal.

A line moves one pitch a cycle. In each of its stations a part needs help with a probability; help
takes a random time with P(time > t) = `survival(t)`.
"""

from collections.abc import Callable

from scipy.integrate import quad

__all__ = ["fixed_position", "in_turn", "unstopped"]

Survival = Callable[[float], float]


def unstopped(length: float, pitch: float, speed: float) -> tuple[float, float]:
    """Parts per time, and the time that a part takes from entry to exit."""
    return speed / pitch, length / speed


def in_turn(cycle: float, stations: int, share: float, help_time: float) -> float:
    """Parts per time where the line stops at once for each call, for as long as help takes.

    A line that stands makes no further call, so stops don't overlap: every pitch costs its cycle
    and the mean of all its stops.
    """
    return 1 / (cycle + stations * share * help_time)


def fixed_position(
    cycle: float, stations: int, share: float, survival: Survival, most: float, *, at: str = "start"
) -> float:
    """Parts per time where the line goes on to the end of the pitch, and stops there if it must.

    Calls come at the "start" of a pitch, or at an "even" point within it. The line stands until the
    last help is done: per pitch the stop is the longest of what is left, E max = integral of
    1 - (1 - share P(left > t))^stations.
    """

    def left(t: float) -> float:
        if at == "start":
            return survival(cycle + t)
        return float(quad(lambda rest: survival(rest + t), 0, cycle)[0]) / cycle

    stop = quad(lambda t: 1 - (1 - share * left(t)) ** stations, 0, most, limit=200)[0]
    return 1 / (cycle + float(stop))
