"""Cells of a scene: from prims with TwinCellAPI to the plain data that twin.hifi simulates."""

import os
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

from twin.core.parameters import problems_of
from twin.errors import Problem, SceneError, nearest
from twin.hifi.plan import CellPlan, Picker
from twin.hifi.solid import Solid
from twin.motion.frame import matrix_from
from twin.plant import Plant
from twin.plant.declared import CellParams
from twin.scene.bodies import solids_below
from twin.scene.chain import chain_of
from twin.scene.check import load
from twin.scene.links import read_numbers, relative_frame
from twin.scene.stage import open_stage
from twin.scene.survey import kinds_of
from twin.scene.values import read_values
from twin.units import TICKS_PER_SECOND

__all__ = ["cameras", "load_cells", "read_cells"]

Array = NDArray[np.float64]
NEEDED = ("holds", "drop", "volume")


def load_cells(
    path: str | os.PathLike[str],
    *,
    scenarios: Sequence[str | os.PathLike[str]] = (),
    overrides: Sequence[str] = (),
) -> tuple[Plant, tuple[CellPlan, ...]]:
    """Open a scene, check it, and read its plant and its cells.

    Raises:
        SceneError: something is wrong, or there is no cell.
    """
    plant = load(path, scenarios=scenarios, overrides=overrides)
    cells = read_cells(open_stage(path, scenarios=scenarios, overrides=overrides), plant)
    if not cells:
        rule, way_out = "must have a cell", "apply TwinCellAPI to a prim"
        raise SceneError([Problem(str(path), rule, way_out=way_out)])
    return plant, cells


def read_cells(stage: Usd.Stage, plant: Plant) -> tuple[CellPlan, ...]:
    """Read all cells of a stage whose plant is sound.

    Raises:
        SceneError: a cell can't be simulated; it lists every reason.
    """
    prims = [prim for prim in stage.Traverse() if CellParams in kinds_of(prim)]
    return tuple(_Reader(prim, plant).plan() for prim in prims)


def cameras(path: str | os.PathLike[str]) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    """Eye and target of every camera of a scene [m], by name."""
    cache = UsdGeom.XformCache()
    found: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {}
    stage = open_stage(path)
    for prim in stage.Traverse():
        if camera := UsdGeom.Camera(prim):
            frame = np.array(cache.GetLocalToWorldTransform(prim), np.float64).T
            distance = float(camera.GetFocusDistanceAttr().Get()) or 1.0
            target = frame[:3, 3] - distance * frame[:3, 2]
            found[prim.GetName()] = (tuple(frame[:3, 3].tolist()), tuple(target.tolist()))
    return found


class _Reader:
    """Reads one cell."""

    def __init__(self, prim: Usd.Prim, plant: Plant) -> None:
        self._path, self._stage, self._plant = str(prim.GetPath()), prim.GetStage(), plant
        reading = read_values(prim, CellParams)
        assert isinstance(reading.params, CellParams)
        self._params = reading.params
        problems = [*reading.problems, *problems_of(self._path, reading.params), *self._missing()]
        if problems:
            raise SceneError(problems)
        self._frames = UsdGeom.XformCache()

    def plan(self) -> CellPlan:
        params, picker = self._params, self._picker()
        standing = [
            each for path in params.bodies for each in self._solids(path, np.eye(4), "bodies")
        ]
        return CellPlan(
            path=self._path, inlet=self._place(params.holds[0]), parts=self._parts(),
            drop=self._frame(params.drop[0], "drop"), volume=self._volume(), standing=standing,
            robots={path: self._links(path) for path in (*params.robots, *params.picker)},
            picker=picker, step=round(params.step * TICKS_PER_SECOND),
            capacity=params.capacity, friction=params.friction, density=params.density,
            scatter=float(np.radians(params.scatter)),
        )  # fmt: skip

    def _missing(self) -> Iterable[Problem]:
        for name in NEEDED + (("tool",) if self._params.picker else ()):
            if not getattr(self._params, name):
                yield Problem(f"{self._path} twin:{name}", "must point at a prim", "nothing")

    def _prim(self, path: str, name: str) -> Usd.Prim:
        prim = self._stage.GetPrimAtPath(path)
        if not prim:
            raise SceneError([Problem(f"{self._path} twin:{name}", "must point at a prim", path)])
        return prim

    def _place(self, path: str) -> str:
        known = [each.path for each in self._plant.places]
        if path not in known:
            rule = "must point at a place"
            where = f"{self._path} twin:holds"
            raise SceneError([Problem(where, rule, path, nearest(path, known))])
        return path

    def _frame(self, path: str, name: str) -> Array:
        return np.array(self._frames.GetLocalToWorldTransform(self._prim(path, name))).T

    def _solids(self, path: str, frame: Array, name: str) -> list[Solid]:
        prim = self._prim(path, name)
        solids = list(solids_below(prim, frame))
        if not solids:
            rule, way_out = "must have a shape below it, as it is a body of a cell", "add a mesh"
            raise SceneError([Problem(path, rule, way_out=way_out)])
        return solids

    def _parts(self) -> dict[str, list[Solid]]:
        """The bodies of all products, each in its first form."""
        parts: dict[str, list[Solid]] = {}
        for product in self._plant.products:
            form = f"{product.path}/{product.forms[0]}".rstrip("/")
            parts[product.name] = self._solids(form, self._frame(form, "holds"), "holds")
        return parts

    def _volume(self) -> tuple[Array, Array]:
        cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), ["default", "render", "guide"])
        prim = self._prim(self._params.volume[0], "volume")
        bounds = cache.ComputeWorldBound(prim).ComputeAlignedRange()
        return np.array(bounds.GetMin()), np.array(bounds.GetMax())

    def _links(self, path: str) -> list[list[Solid]]:
        """The solids of a robot's links, in the frames of its arm."""
        chain = chain_of(self._prim(path, "robots"))
        shifts = read_numbers(chain, []).shift
        links: list[list[Solid]] = []
        for prim, shift in zip(chain.links, shifts, strict=True):
            frame = np.array(self._frames.GetLocalToWorldTransform(prim)).T
            frame = frame @ matrix_from(-np.asarray(shift), (1.0, 0.0, 0.0, 0.0))
            links.append(list(solids_below(prim, frame, link=True)))
        return links

    def _picker(self) -> Picker | None:
        params = self._params
        if not params.picker:
            return None
        path = params.picker[0]
        stations = [
            each.path
            for each in self._plant.places
            if path in {robot.path for robot in each.robots}
        ]
        if not stations:
            rule = "must point at a robot of a station"
            raise SceneError([Problem(f"{self._path} twin:picker", rule, path)])
        chain = chain_of(self._prim(path, "picker"))
        tool, last = self._prim(params.tool[0], "tool"), chain.links[-1]
        if not tool.GetPath().HasPrefix(last.GetPath()):
            rule = f"must point at a prim below {last.GetPath()}"
            raise SceneError([Problem(f"{self._path} twin:tool", rule, params.tool[0])])
        shift = np.asarray(read_numbers(chain, []).shift[-1])
        tip = relative_frame(tool, last)[:3, 3] + shift
        self._must_wait_at(path, "pick")
        self._must_wait_at(path, "place")
        return Picker(
            station=stations[0], robot=path, tip=tip, pick=params.pick - 1, place=params.place - 1
        )

    def _must_wait_at(self, robot: str, name: str) -> None:
        """The robot takes hold, and lets go, half through a wait."""
        number = int(getattr(self._params, name))
        programs = [
            program
            for each in self._plant.robots
            if each.path == robot
            for program in each.programs
        ]
        where = f"{self._path} twin:{name}"
        for program in programs:
            if number > len(program.dwells):
                rule = f"must be one of the {len(program.dwells)} waypoints of {program.path}"
                raise SceneError([Problem(where, rule, str(number))])
            if program.dwells[number - 1] <= 0:
                rule = f"must name a waypoint where {program.path} waits"
                raise SceneError([Problem(where, rule, f"{number}, where it waits 0 s")])
