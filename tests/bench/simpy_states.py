"""The reference line for SimPy with failures, where every station accounts its states over time.

The accounting is what a SimPy user writes by hand: a state, since when, and a sum of times for each
state, changed at every step of the station's process. The times of a station sum to the clock.
"""

from itertools import count

import simpy

from tests.bench.simpy_line import Clocks, Steps, StoreLine

__all__ = ["StateLine", "StationStates"]

WORKING, STARVED, BLOCKED, DOWN = range(4)


class StationStates:
    """How long a station has been in each state."""

    __slots__ = ("env", "failures", "since", "state", "times")

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.state = STARVED
        self.since = 0.0
        self.times = [0.0, 0.0, 0.0, 0.0]
        self.failures = 0

    def enter(self, state: int) -> None:
        """Be in a state from now on."""
        now = self.env.now
        self.times[self.state] += now - self.since
        self.state = state
        self.since = now


class StateLine(StoreLine):
    """`StoreLine` with the states of every station."""

    def __init__(self, *, mtbf: float, mttr: float, seed: int = 1) -> None:
        self.stations: list[StationStates] = []
        super().__init__(mtbf=mtbf, mttr=mttr, seed=seed)

    def close(self) -> None:
        """Count every state up to now."""
        for station in self.stations:
            station.enter(station.state)

    def _station(
        self, inlet: simpy.Store | None, outlet: simpy.Store | None, clocks: Clocks
    ) -> Steps:
        """Take a part, serve it with repairs in between, give it on; for ever."""
        station = StationStates(self.env)
        self.stations.append(station)
        timeout, enter = self.env.timeout, station.enter
        services, lives, repairs = clocks
        life = next(lives)
        for part, service in zip(count(), services, strict=False):
            if inlet is not None:
                enter(STARVED)
                part = yield inlet.get()
            enter(WORKING)
            while service > life:
                yield timeout(life)
                service -= life
                station.failures += 1
                enter(DOWN)
                yield timeout(next(repairs))
                enter(WORKING)
                life = next(lives)
            life -= service
            yield timeout(service)
            if outlet is not None:
                enter(BLOCKED)
                yield outlet.put(part)
            else:
                self.finished += 1
