"""Stations for SimPy: transfer, set-up, work, failures, maintenance and defects."""

from collections.abc import Mapping
from math import inf
from random import Random

import simpy

from tests.bench.simpy_places import Exit, Part, Seats, Steps, Takers
from tests.bench.simpy_time import ALWAYS, Shifts, draws
from twin.kinds.assembler import Assembler
from twin.kinds.disassembler import Disassembler
from twin.kinds.station import Station

__all__ = ["RobotStation", "Workplace"]

Work = Station | Assembler | Disassembler


class Workplace(Seats):
    """One part at a time; work that is interrupted goes on where it stopped."""

    def __init__(
        self,
        env: simpy.Environment,
        params: Work,
        rng: Random,
        shifts: Shifts = ALWAYS,
        *,
        ranked: bool = False,
    ) -> None:
        super().__init__(env, 1, shifts, ranked=ranked)
        self.transfer, self.rng = params.transfer_time, rng
        self.service = draws(
            rng, params.process_distribution, params.process_time, params.process_spread
        )
        self.repair = draws(rng, "exponential", params.mttr, 0.0)
        self.lifetime = draws(rng, "exponential", params.mtbf or inf, 0.0)
        self.life = self.lifetime()

    def work(self, part: Part) -> Steps:  # noqa: ARG002
        """Bring the part in and work on it."""
        now = self.env.now
        brought = self.shifts.after(now, self.transfer)
        yield self.env.timeout(self.worked(brought, self.service()) - now)

    def worked(self, time: float, work: float) -> float:
        """When work that begins at a time [s] is done, with repairs in between."""
        while work > self.life:
            time = self.shifts.after(time, self.life) + self.repair()
            work -= self.life
            self.life = self.lifetime()
        self.life -= work
        return self.shifts.after(time, work)


class RobotStation(Workplace):
    """A station with robots, set-up, maintenance and rework."""

    def __init__(
        self,
        env: simpy.Environment,
        station: Station,
        rng: Random,
        shifts: Shifts = ALWAYS,
        *,
        robots: Mapping[str, float],
        ranked: bool = False,
    ) -> None:
        """Make a station; `robots` has the time of the longest program by product [s]."""
        lacking = station.products, station.setup_from, station.workers, station.rework_limit
        if any(lacking) or (station.defects and not station.rework):
            raise NotImplementedError("this model's stations have no times by product, nor scrap")
        super().__init__(env, station, rng, shifts, ranked=ranked)
        self.station, self.robots = station, robots
        self.last: str | None = None
        self.parts = 0
        self.good: Takers = []
        self.bad: Takers = []

    def link(self, takers: Mapping[str, tuple[Exit, int]]) -> None:
        super().link(takers)
        rework = self.station.rework
        self.bad = [takers[path] for path in rework]
        self.good = [taker for path, taker in takers.items() if path not in rework]

    def work(self, part: Part) -> Steps:
        """Bring the part in, set up for it, and work on it."""
        now, product = self.env.now, part.product
        ready = self.transfer
        if self.last not in (product, None):
            ready += self.station.setup_time
        self.last = product
        if self.parts == self.station.maintenance_count:
            self.parts = 0
            ready += self.station.maintenance_time
        self.parts += 1
        begin = self.shifts.after(now, ready)
        done = self.worked(begin, self.robots[product] + self.service())
        yield self.env.timeout(done - now)

    def exits(self, part: Part) -> Takers:  # noqa: ARG002
        defects = self.station.defects
        return self.bad if defects and self.rng.random() < defects else self.good
