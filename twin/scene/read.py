"""From a composed stage to a `Plant`: places, links, robots, programs, products, provenance."""

from dataclasses import replace
from typing import cast

from pxr import Tf, Usd, UsdGeom

from twin.core.parameters import Params
from twin.errors import Problem, SceneError, nearest
from twin.kinds.source import Source
from twin.plant import Place, Plant, Product, Robot
from twin.plant.declared import ProductParams, ProgramParams, RobotParams
from twin.scene.digest import digest
from twin.scene.layers import LONGEST, reason
from twin.scene.orders import with_orders
from twin.scene.programs import read_home, read_program, unread
from twin.scene.robots import ArmReader, pose_of
from twin.scene.schema import CALENDAR, NEXT, register
from twin.scene.survey import above, kinds_of, place_kind, prim_problems
from twin.scene.targets import Stand, Targets
from twin.scene.values import provenance, read_links, read_values

__all__ = ["Draft", "read_plant"]


class Draft:
    """A plant in the making: what could be read of a stage, and everything that could not."""

    def __init__(self, stage: Usd.Stage) -> None:
        self.problems: list[Problem] = list(prim_problems(stage))
        self.unclear: set[str] = set()  # places with stand-ins for values that can't be read
        self._name = stage.GetDefaultPrim().GetName() if stage.GetDefaultPrim() else "Plant"
        self._places: dict[str, Place] = {}
        self._robots: dict[str, Robot] = {}
        self._station: dict[str, str] = {}  # of each robot
        self._products: list[Product] = []
        self._provenance: dict[str, tuple[str, str]] = {}
        self._frames, self._arms = UsdGeom.XformCache(), ArmReader()
        self._targets = Targets(self._frames)
        for prim in stage.Traverse():
            if kinds := kinds_of(prim):
                self._read(prim, kinds)

    def plant(self) -> Plant:
        """The plant as far as it could be read; `twin.plant.check` says whether it can run."""
        robots: dict[str, list[Robot]] = {path: [] for path in self._places}
        for path, station in self._station.items():
            robots[station].append(self._robots[path])
        plant = Plant(
            name=self._name,
            places=tuple(
                replace(place, robots=tuple(robots[path])) for path, place in self._places.items()
            ),
            provenance=self._provenance,
        )
        if self._products:
            plant = replace(plant, products=tuple(self._products))
        return replace(plant, digest=digest(plant))

    def _read(self, prim: Usd.Prim, kinds: list[type[Params]]) -> None:
        self._provenance |= provenance(prim)
        try:
            if kind := place_kind(prim):
                self._read_place(prim, kind)
            if RobotParams in kinds:
                self._read_robot(prim)
            if ProgramParams in kinds:
                self._read_program(prim)
            if ProductParams in kinds:
                self._read_product(prim)
        except SceneError as error:
            self.problems += error.problems
        except Tf.ErrorException as error:
            rule = "must be readable by USD"
            self.problems.append(Problem(str(prim.GetPath()), rule, reason(error)[:LONGEST]))

    def _read_place(self, prim: Usd.Prim, kind: type[Params]) -> None:
        path = str(prim.GetPath())
        reading = read_values(prim, kind)
        params = reading.params
        pose, problems = pose_of(prim, self._frames)
        problems += reading.problems
        if isinstance(params, Source) and params.orders:
            try:
                params = with_orders(prim, params)
            except SceneError as error:
                problems += error.problems
        self.problems += problems
        self.unclear |= {path} if problems else set()
        place = Place(path=path, params=params, pose=pose, label=prim.GetDisplayName())
        self._places[path] = place  # also if its links can't be read
        calendars = read_links(prim, CALENDAR)
        if len(calendars) > 1:
            where, rule = f"{path} {CALENDAR}", "must point at one calendar"
            self.problems.append(Problem(where, rule, str(len(calendars))))
        self._places[path] = replace(
            place, next=read_links(prim, NEXT), calendar="".join(calendars[:1])
        )

    def _read_robot(self, prim: Usd.Prim) -> None:
        path = str(prim.GetPath())
        station = above(prim, robot=False)
        if station is None:
            above_it = str(prim.GetParent().GetPath())  # told once for all robots there
            rule, way_out = "must be a station, as robots stand there", "apply TwinStationAPI"
            raise SceneError([Problem(above_it, rule, way_out=way_out)])
        arm, link = self._arms.read(prim)
        pose, problems = pose_of(link, self._frames)
        self.problems += problems
        home = read_home(prim, arm)
        self._robots[path] = Robot(path=path, arm=arm, base=pose, programs=(), home=home)
        self._station[path] = str(station.GetPath())

    def _read_program(self, prim: Usd.Prim) -> None:
        above_it = above(prim, robot=True)
        if above_it is None:
            rule, way_out = "must be below the robot that runs it", "move it there"
            raise SceneError([Problem(str(prim.GetPath()), rule, way_out=way_out)])
        robot = self._robots.get(str(above_it.GetPath()))
        if robot is not None:  # else the robot's own problems come first
            station = self._places[self._station[robot.path]].pose
            program = unread(prim, robot.arm.joint_count)  # it is there, if not as it should be
            try:
                program = read_program(prim, Stand.of(above_it, robot, station, self._targets))
            finally:
                self._robots[robot.path] = replace(robot, programs=(*robot.programs, program))

    def _read_product(self, prim: Usd.Prim) -> None:
        path = str(prim.GetPath())
        reading = read_values(prim, ProductParams)
        params = reading.params
        assert isinstance(params, ProductParams)
        children = [each.GetName() for each in cast("list[Usd.Prim]", prim.GetChildren())]
        self.problems += reading.problems
        self.problems += [
            Problem(
                f"{path} twin:forms", "must name its child prims", form, nearest(form, children)
            )
            for form in params.forms
            if form not in children
        ]
        forms = params.forms or ("",)
        self._products.append(
            Product(name=prim.GetName(), path=path, forms=forms, carrier=params.carrier)
        )


def read_plant(stage: Usd.Stage) -> Plant:
    """Read the plant that a stage describes; `twin.plant.check` says whether it can run.

    Raises:
        SceneError: something can't be read; it lists every such thing.
    """
    register()
    draft = Draft(stage)
    if draft.problems:
        raise SceneError(draft.problems)
    return draft.plant()
