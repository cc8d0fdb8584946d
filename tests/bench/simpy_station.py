"""A station for SimPy: transfer, work, and failures on either clock."""

from collections.abc import Callable, Mapping
from random import Random

import simpy

from tests.bench.simpy_places import Seats, Steps
from twin.kinds.station import Station

__all__ = ["Workplace", "draws"]


def draws(rng: Random, distribution: str, mean: float, spread: float) -> Callable[[], float]:
    """A function that draws durations [s]."""
    match distribution:
        case "constant":
            return lambda: mean
        case "exponential":
            return lambda: rng.expovariate(1.0 / mean)
        case "uniform":
            return lambda: rng.uniform(mean - spread, mean + spread)
        case _:
            raise NotImplementedError(f"this model has no distribution {distribution!r}")


class Workplace(Seats):
    """One part at a time; work that is interrupted goes on where it stopped."""

    def __init__(
        self, env: simpy.Environment, station: Station, robots: Mapping[int, float], rng: Random
    ) -> None:
        """Make a station.

        Args:
            env: SimPy's.
            station: its parameters.
            robots: time of the longest robot program by product [s].
            rng: of this station.
        """
        super().__init__(env, 1)
        self.transfer, self.robots = station.transfer_time, robots
        self.service = draws(
            rng, station.process_distribution, station.process_time, station.process_spread
        )
        self.repair = draws(rng, "exponential", station.mttr, 0.0)
        self.life = float("inf")
        self.worker: simpy.Process | None = None
        self.by_calendar = station.mtbf > 0 and station.failure_clock == "calendar"
        if station.mtbf > 0:
            self.lifetime = draws(rng, "exponential", station.mtbf, 0.0)
            if self.by_calendar:
                env.process(self._calendar())
            else:
                self.life = self.lifetime()

    def work(self, part: int) -> Steps:
        """Bring the part in and work on it, with repairs in between."""
        timeout = self.env.timeout
        service = self.service() + self.robots[part]
        if self.by_calendar:
            yield from self._unless_down(self.transfer)
            yield from self._unless_down(service)
            return
        if self.transfer:
            yield timeout(self.transfer)
        while service > self.life:
            yield timeout(self.life)
            service -= self.life
            yield timeout(self.repair())
            self.life = self.lifetime()
        self.life -= service
        yield timeout(service)

    def _unless_down(self, left: float) -> Steps:
        """Let time pass in which the station is up."""
        self.worker = self.env.active_process
        while left > 0:
            begin = self.env.now
            try:
                yield self.env.timeout(left)
                left = 0.0
            except simpy.Interrupt:
                left -= self.env.now - begin
                yield self.up
        self.worker = None

    def _calendar(self) -> Steps:
        """Fail by the calendar: stop the work, and let nobody in until the repair."""
        while True:
            yield self.env.timeout(self.lifetime())
            self.up = self.env.event()
            seat = self.seats.request(priority=-1)
            if self.worker is not None:
                self.worker.interrupt()
            yield self.env.timeout(self.repair())
            self.up.succeed()
            if seat.triggered:
                self.seats.release(seat)
            else:
                seat.cancel()
