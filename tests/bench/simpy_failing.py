"""A station for SimPy that fails by the calendar, whether it works or not."""

from collections.abc import Mapping
from random import Random

import simpy

from tests.bench.simpy_places import Part, Steps
from tests.bench.simpy_station import RobotStation
from tests.bench.simpy_time import ALWAYS, Shifts
from twin.kinds.station import Station

__all__ = ["FailingStation"]


class FailingStation(RobotStation):
    """It stops its work when it fails, and lets nobody in until the repair."""

    def __init__(
        self,
        env: simpy.Environment,
        station: Station,
        rng: Random,
        shifts: Shifts = ALWAYS,
        *,
        robots: Mapping[str, float],
        ranked: bool = False,  # noqa: ARG002
    ) -> None:
        if shifts is not ALWAYS or station.setup_time or station.maintenance_count:
            raise NotImplementedError("this model's calendar failures know no shifts nor set-up")
        super().__init__(env, station, rng, shifts, robots=robots, ranked=True)
        self.worker: simpy.Process | None = None
        env.process(self._calendar())

    def work(self, part: Part) -> Steps:
        """Let time pass in which the station is up."""
        left = self.transfer + self.service() + self.robots[part.product]
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
        """Fail and be repaired."""
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
