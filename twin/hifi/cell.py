"""A cell beside an exact run: parts come in and go out at events, in between they are bodies.

The engine decides what happens and when; the cell finds where its parts are meanwhile, and which of
them the robot picks. The only way back is a command: a station whose robot finds no part that it
can pick is stopped until one lies still, and both commands are recorded as any other, so that the
run can be replayed without MuJoCo, bit for bit.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.draw import stream_key, uniform
from twin.core.record import ATTACHED, FINISHED, MOVE, SCRAPPED
from twin.engine.command import Command
from twin.engine.poses import Poses
from twin.engine.simulation import Recorder, Simulation, Snapshot
from twin.errors import CommandError
from twin.hifi.bodies import Bodies, BodiesState
from twin.hifi.choice import strayed
from twin.hifi.fetch import Fetching, fetching
from twin.hifi.handover import HandOver, Tap
from twin.hifi.plan import CellPlan
from twin.hifi.robots import Robots
from twin.motion.frame import about, compose, pose_from
from twin.plant import Plant

__all__ = ["Cell", "CellSnapshot"]

Array = NDArray[np.float64]
LOOK_ROUND = 1_000_000  # ticks between two looks for parts that have strayed


@dataclass(frozen=True, slots=True, eq=False)
class CellSnapshot:
    """The whole state of a cell and of the run beside it."""

    simulation: Snapshot
    bodies: BodiesState
    tick: int
    slots: dict[int, int]
    entered: int
    left: int
    returned: int
    hand_overs: tuple[HandOver, ...]
    fetching: Fetching | None


class Cell:
    """A run with its cell; both are at the same tick, and go on in fixed steps."""

    def __init__(
        self, plan: CellPlan, plant: Plant, *, seed: int = 0, recorder: Recorder | None = None
    ) -> None:
        """Make a run at tick 0 with an empty cell.

        Args:
            plan: of the cell.
            plant: what exists.
            seed: of the run, and of how parts tumble in.
            recorder: who keeps the run's events and segments.

        Raises:
            CommandError: MuJoCo is not installed, or the plan names what the plant has not.
        """
        self.plan, self.plant = plan, plant
        self.inlet = plant.index(plan.inlet)
        links = [link for robot in plan.robots.values() for link in robot]
        grip = _last_link(plan)
        self.bodies = Bodies(
            step=plan.step * 1e-6, parts=plan.parts, standing=plan.standing, driven=links,
            grip=grip, capacity=plan.capacity, friction=plan.friction, gravity=plan.gravity,
            density=plan.density,
        )  # fmt: skip
        self.tick = 0
        self.slots: dict[int, int] = {}  # of each part that is in the cell, by serial number
        self.entered, self.left = 0, 0
        self.returned = 0  # times that a part had strayed and was brought back
        self.hand_overs: list[HandOver] = []  # how far parts jumped when the engine took them
        self._key = np.uint64(stream_key(seed, 0, plan.path, "drop"))
        self._tap = Tap(recorder)
        self.simulation = Simulation(plant, seed=seed, motion=True, recorder=self._tap)
        self._fetching = fetching(plan, self.simulation.layout, plant)
        self._rows = [_robot_row(plant, path) for path in plan.robots]
        self._follow()
        self._drive()

    def step(self, until: int) -> None:
        """Let everything happen up to a tick, in whole steps of the cell.

        Raises:
            CommandError: the tick is in the past.
            RunError: more parts come in than the cell has room for.
        """
        if until < self.tick:
            raise CommandError(f"can't step to {until}: the cell is at {self.tick} already")
        while self.tick + self.plan.step <= until:
            self.tick += self.plan.step
            self.simulation.advance(self.tick)
            self._follow()
            self._drive()
            if self.plan.picker and self.tick % LOOK_ROUND < self.plan.step:
                self._bring_back()
            self.bodies.step()

    def apply(self, command: Command) -> Command:
        """Carry a command out in the plant, now."""
        done = self.simulation.apply(command)
        self._follow()
        return done

    def poses(self) -> Poses:
        """Where everything is: the engine's poses, with the cell's parts and robots as they are."""
        poses = self.simulation.poses()
        serials = np.array(sorted(self.slots), np.int32)
        outside = ~np.isin(poses.serial, serials)
        places = [self.bodies.pose(self.slots[serial]) for serial in serials.tolist()]
        looks = [self._look(serial) for serial in serials.tolist()]
        order = np.argsort(np.concatenate([poses.serial[outside], serials]), kind="stable")
        joints = poses.joints.copy()
        if self._fetching is not None:
            self._fetching.bend(joints, self._robots())
        return replace(
            poses,
            serial=np.concatenate([poses.serial[outside], serials])[order],
            look=np.concatenate([poses.look[outside], np.array(looks, np.int32)])[order],
            xyz=np.vstack([poses.xyz[outside], *(xyz for xyz, _ in places)])[order],
            wxyz=np.vstack([poses.wxyz[outside], *(wxyz for _, wxyz in places)])[order],
            joints=joints,
        )

    @property
    def waiting(self) -> bool:
        """Whether the station is stopped, as its robot finds no part that it can pick."""
        return self._fetching is not None and self._fetching.stopped

    def snapshot(self) -> CellSnapshot:
        """The state as it is now, to be restored here or in a cell of the same plan and seed."""
        return CellSnapshot(
            self.simulation.snapshot(), self.bodies.state(), self.tick, dict(self.slots),
            self.entered, self.left, self.returned, tuple(self.hand_overs), self._fetching,
        )  # fmt: skip

    def restore(self, saved: CellSnapshot) -> None:
        """Go to a snapshot's state."""
        self.simulation.restore(saved.simulation)
        self.bodies.restore(saved.bodies)
        self.tick, self.slots = saved.tick, dict(saved.slots)
        self.entered, self.left, self.returned = saved.entered, saved.left, saved.returned
        self.hand_overs, self._fetching = list(saved.hand_overs), saved.fetching
        self._tap.clear()

    def digest(self) -> str:
        """SHA-256 of the run and of the bodies: equal for equal states."""
        hashed = sha256(self.simulation.digest().encode())
        saved = self.bodies.state()
        for column in (saved.state, *saved.model):
            hashed.update(column.tobytes())
        hashed.update(repr((self.tick, sorted(self.slots.items()))).encode())
        return hashed.hexdigest()

    def _follow(self) -> None:
        """Let parts come in and go out as the engine's events say; those of commands as well."""
        while events := self._tap.take():
            for event in events:
                self._carry_out(event)

    def _carry_out(self, event: Any) -> None:
        code, serial = int(event["code"]), int(event["part"])
        if code == MOVE and int(event["place"]) == self.inlet:
            self._enter(serial)
        elif serial not in self.slots:
            return
        elif code == MOVE and self._is_taken(event):
            assert self._fetching is not None
            self._fetching = self._fetching.begin(serial, int(event["tick"]))
        elif code in (MOVE, FINISHED, SCRAPPED, ATTACHED):
            self._leave(serial)

    def _is_taken(self, event: Any) -> bool:
        """Whether the station with the robot has taken a part that the robot must now fetch."""
        return self._fetching is not None and int(event["place"]) == self._fetching.station

    def _enter(self, serial: int) -> None:
        self._drop(serial)
        self.entered += 1

    def _drop(self, serial: int) -> None:
        row = self._part(serial)
        product = self.plant.products[int(self.simulation.world.part[row].product)].name
        xyz, wxyz = pose_from(self.plan.drop)
        draws = [
            uniform(self._key, np.uint64(3 * (self.entered + self.returned) + k)) * 2 - 1
            for k in range(3)
        ]
        for axis, share in zip(np.eye(3), draws, strict=True):
            wxyz = compose(wxyz, about(axis, share * self.plan.scatter))
        self.slots[serial] = self.bodies.put(product, xyz, wxyz)

    def _leave(self, serial: int) -> None:
        slot = self.slots.pop(serial)
        self.hand_overs.append(HandOver.of(self.simulation.poses(), serial, self.bodies.pose(slot)))
        self.bodies.take(slot)
        self.left += 1
        if self._fetching is not None:
            self._fetching = self._fetching.over(serial)

    def _drive(self) -> None:
        """Bring the robots to where they are now, and let the picking one grip or let go."""
        if not self._rows:
            return
        robots, command = self._robots(), None
        if self._fetching is not None:
            attended = self._fetching.attend(self.simulation, robots, self.bodies, self.slots)
            self._fetching, command = attended
        if command is not None:
            self.simulation.apply(command)
            robots = self._robots()
        joints = robots.joints()
        if self._fetching is not None:
            self._fetching.bend(joints, robots)
        self.bodies.drive(robots.frames(joints, self._rows))

    def _robots(self) -> Robots:
        return Robots(self.simulation.world, self.simulation.layout, self.tick)

    def _bring_back(self) -> None:
        """Drop parts that lie still where the robot can never reach them in again."""
        busy = self._fetching.errand.slot if self._fetching and self._fetching.errand else -1
        for serial, slot in sorted(self.slots.items()):
            if slot != busy and strayed(self.plan, self.bodies, slot):
                self.bodies.take(slot)
                self._drop(serial)
                self.returned += 1

    def _part(self, serial: int) -> int:
        return int(np.flatnonzero(self.simulation.world.part.serial == serial)[0])

    def _look(self, serial: int) -> int:
        part = self.simulation.world.part[self._part(serial)]
        return int(self.simulation.layout.first_look[part.product] + part.form)


def _last_link(plan: CellPlan) -> int | None:
    """The number, among all driven links, of the one that carries the tool."""
    if plan.picker is None:
        return None
    count = 0
    for path, links in plan.robots.items():
        count += len(links)
        if path == plan.picker.robot:
            return count - 1
    raise CommandError(f"{plan.path} has no links of its robot {plan.picker.robot}")


def _robot_row(plant: Plant, path: str) -> int:
    paths = [robot.path for robot in plant.robots]
    if path not in paths:
        raise CommandError(f"{path} is not a robot of {plant.name}")
    return paths.index(path)
