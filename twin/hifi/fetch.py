"""How the robot of a cell fetches parts for its station, while the engine keeps the time.

The engine runs the robot's declared program, whose length is the station's work. In the cell the
waypoints around the pick and the place are moved to where the part really lies; the bent program
begins with the work and must be over when the declared one is. Parts of one product are alike, so
that any of them may go by the serial number that the station has taken: serial numbers are swapped.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from twin.engine.command import Command
from twin.engine.layout import Layout
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.hifi.bodies import Bodies
from twin.hifi.choice import Grasp, grasps
from twin.hifi.errand import Errand, Route, errand
from twin.hifi.plan import CellPlan
from twin.hifi.robots import Robots
from twin.plant import Plant

__all__ = ["Fetching", "fetching"]

Array = NDArray[np.float64]
GAP = 0.003  # m between the tool and a part that it grips, and under a part that it lets go
PATIENCE = 50_000  # ticks between two looks for a part
TRIES = 6  # grasps that are looked at closely each time


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fetching:
    """What the picking robot is at; a new one for every change."""

    plan: CellPlan
    station: int  # row of its place
    row: int  # of the robot
    routes: dict[str, Route]  # by product
    lengths: dict[str, float]  # of the declared programs [s]
    since: int = 0  # tick at which the station took the part
    wanted: int = 0  # serial number of a part that has no errand yet
    errand: Errand | None = None
    stopped: bool = False
    look_at: int = 0  # tick of the next look for a part

    def begin(self, serial: int, tick: int) -> Self:
        """The station has taken a part."""
        return replace(self, wanted=serial, since=tick, look_at=0)

    def over(self, serial: int) -> Self:
        """A part has left the cell."""
        mine = self.errand is not None and self.errand.serial == serial
        return replace(self, errand=None) if mine else self

    def bend(self, joints: Array, robots: Robots) -> None:
        """Write the joint positions of the picking robot over those of the engine."""
        if self.errand is not None:
            bent = self.errand.joints(self._time(robots))
            joints[self.row, : len(bent)] = bent

    def attend(
        self, simulation: Simulation, robots: Robots, bodies: Bodies, slots: dict[int, int]
    ) -> tuple[Self, Command | None]:
        """Choose a part if one is wanted, grip or let go if it is time."""
        if self.wanted and simulation.now >= self.look_at:
            return self._choose(simulation, bodies, slots)
        task = self.errand
        if task is None or task.given:
            return self, None
        time = self._time(robots)
        if not task.held and time >= task.grip:
            bodies.hold(task.slot)
            return replace(self, errand=replace(task, held=True)), None
        if task.held and time >= task.release:
            bodies.release(task.slot)
            return replace(self, errand=replace(task, given=True)), None
        return self, None

    def _choose(
        self, simulation: Simulation, bodies: Bodies, slots: dict[int, int]
    ) -> tuple[Self, Command | None]:
        product = bodies.products[slots[self.wanted]]
        for grasp in grasps(self.plan, bodies, product)[:TRIES]:
            task = self._errand(simulation, bodies, product, grasp)
            if task is not None:
                _swap(slots, self.wanted, task.slot)
                command = self._command("start") if self.stopped else None
                return replace(self, wanted=0, errand=task, stopped=False), command
        command = None if self.stopped else self._command("stop")
        return replace(self, stopped=True, look_at=simulation.now + PATIENCE), command

    def _errand(
        self, simulation: Simulation, bodies: Bodies, product: str, grasp: Grasp
    ) -> Errand | None:
        route = self.routes[product]
        tips, tools = route.tips(), route.tools()[:, :3, :3]
        grip = grasp.point + [0.0, 0.0, GAP]
        turn = tools[route.place] @ tools[route.pick].T
        hanging = (bodies.corners(grasp.slot, self.plan.parts[product]) - grip) @ turn.T
        low, high = hanging.min(axis=0), hanging.max(axis=0)
        under = np.append((low + high)[:2] / 2, low[2] - GAP)
        station = np.array(simulation.plant.places[self.station].pose.xyz)
        return errand(
            route, (self.wanted, grasp.slot), self.since,
            shifts=(grip - tips[route.pick], station - under - tips[route.place]),
            longest=self.lengths[product],
        )  # fmt: skip

    def _command(self, action: str) -> Command:
        assert self.plan.picker is not None
        return Command(action=action, path=self.plan.picker.station)

    def _time(self, robots: Robots) -> float:
        """How far the robot is into its program [s]."""
        since = self.since if self.errand is None else self.errand.since
        begun = robots.since[self.row] >= since
        return float(robots.time[self.row]) if begun else 0.0


def fetching(plan: CellPlan, layout: Layout, plant: Plant) -> Fetching | None:
    """The picking robot of a cell before its first part, if the cell has one.

    Raises:
        CommandError: the plan names what the plant has not, or a waypoint that the program has not.
    """
    picker = plan.picker
    if picker is None:
        return None
    robots = {robot.path: row for row, robot in enumerate(plant.robots)}
    if picker.robot not in robots:
        raise CommandError(f"{picker.robot} is not a robot of {plant.name}")
    row = robots[picker.robot]
    robot = plant.robots[row]
    routes: dict[str, Route] = {}
    lengths: dict[str, float] = {}
    for number, product in enumerate(plant.products):
        program = robot.program_for(product.name)
        if product.name not in plan.parts or program is None:
            continue
        count = len(program.waypoints)
        if not (0 <= picker.pick < count and 0 <= picker.place < count):
            rule = f"must name waypoints 0 to {count - 1} of {program.path}"
            raise CommandError(f"{plan.path} {rule}, got {picker.pick} and {picker.place}")
        routes[product.name] = Route(
            robot=robot, program=program, tip=picker.tip, pick=picker.pick, place=picker.place
        )
        track = int(layout.first_program[row]) + number
        lengths[product.name] = float(layout.programs.duration[track])
    station = plant.index(picker.station)
    return Fetching(plan=plan, station=station, row=row, routes=routes, lengths=lengths)


def _swap(slots: dict[int, int], serial: int, slot: int) -> None:
    """Let the body of a slot go by a serial number, and the one that had it by the other's."""
    other = next(each for each, own in slots.items() if own == slot)
    slots[other], slots[serial] = slots[serial], slot
