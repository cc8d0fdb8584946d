"""Weld spots and welding robots of a scene, and the weld programs that are written into one.

Spots are frames below a product; the prim above them is their seam and says in `weld:step`,
`weld:gun` and `weld:sheets` when, with what and through what is welded. Robots with TwinWelderAPI
weld them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

from twin.core.parameters import parameters
from twin.errors import CommandError, Problem, SceneError
from twin.journal import check_writable
from twin.kinds.station import Station
from twin.motion.frame import invert_matrix, matrix_from
from twin.physics.shapes import Shapes
from twin.physics.solids import Solid
from twin.plant import Interlock, Place, Plant, Pose, Product, Robot
from twin.plant.declared import ProgramParams, WelderParams
from twin.scene.author import apply, new_layer
from twin.scene.chain import chain_of
from twin.scene.links import relative_frame
from twin.scene.read import Draft
from twin.scene.solids import read_shapes
from twin.scene.survey import kinds_of
from twin.scene.values import read_values
from twin.welding import Hull, Plan, Spots, Welder, weld_time

__all__ = ["WeldLine", "read_weld_line", "write_layer", "write_programs"]

Array = NDArray[np.float64]

STEP, GUN, SHEETS = "weld:step", "weld:gun", "weld:sheets"
PLAN = ("planned by twin weld from the body's spots", "D")
DIGITS = 6  # of a turn [deg]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeldLine:
    """What a planner needs of a scene."""

    spots: Mapping[str, Spots]  # by product, with at least one spot
    welders: tuple[Welder, ...]
    bodies: Mapping[str, Mapping[str, tuple[Solid, ...]]]  # by product: what stands in stations


def read_weld_line(stage: Usd.Stage) -> WeldLine:
    """Read all spots and welders of a stage; its robots need no programs yet.

    Raises:
        SceneError: something can't be read, or there are no spots or no welders.
    """
    draft = Draft(stage)
    if draft.problems:
        raise SceneError(draft.problems)
    plant = draft.plant()
    problems: list[Problem] = []
    shapes = read_shapes(stage, plant)
    hulls = _hulls(plant, shapes)
    welders = tuple(
        replace(welder, hull=hulls.get(robot.path))
        for place in plant.places
        for robot in place.robots
        for welder in _welder(stage, place, robot, problems)
    )
    spots = {each.name: _spots(stage, each.path, problems) for each in plant.products}
    spots = {name: each for name, each in spots.items() if len(each)}
    if not welders and not problems:
        rule, way_out = "needs robots that weld", "apply TwinWelderAPI to robots with a gun"
        problems.append(Problem(plant.name, rule, way_out=way_out))
    if not spots and not problems:
        rule, way_out = "needs weld spots", f"give seams of a product's body {STEP}"
        problems.append(Problem(plant.name, rule, way_out=way_out))
    if problems:
        raise SceneError(problems)
    return WeldLine(spots=spots, welders=welders, bodies=_bodies(plant, shapes))


def _welder(stage: Usd.Stage, place: Place, robot: Robot, problems: list[Problem]) -> list[Welder]:
    prim = stage.GetPrimAtPath(robot.path)
    if WelderParams not in kinds_of(prim):
        return []
    reading = read_values(prim, WelderParams)
    params = reading.params
    assert isinstance(params, WelderParams)
    problems += reading.problems
    tool = _tool(prim, robot, params, problems)
    rest = _rest(robot, problems)
    if rest is None:
        return []
    at = invert_matrix(_matrix(place.pose)) @ _matrix(robot.base)
    return [
        Welder(
            path=robot.path,
            station=place.path,
            arm=robot.arm,
            base=at,
            tool=tool,
            tool_path="".join(params.gun_tip),
            rest=rest,
            guns=params.guns,
            steps=params.steps,
            work=_work(place),
        )
    ]


def _bodies(plant: Plant, shapes: Shapes) -> dict[str, dict[str, tuple[Solid, ...]]]:
    """What robots of each station have before them: each product as it comes and as it goes on."""
    looks = {
        product.name: [shapes.looks[shapes.look_paths.index(path)] for path in _forms(product)]
        for product in plant.products
    }
    forms = _forms_at(plant)
    return {
        name: {
            station: tuple(
                shapes.solids[rows[form]]
                for form in sorted(known)
                if form < len(rows) and rows[form] >= 0
            )
            for station, known in forms.items()
        }
        for name, rows in looks.items()
    }


def _forms(product: Product) -> list[str]:
    return [f"{product.path}/{form}" if form else product.path for form in product.forms or ("",)]


def _forms_at(plant: Plant) -> dict[str, set[int]]:
    """Numbers of the forms in which parts stand at each place: as they come, and as they go on."""
    params = {place.path: place.params for place in plant.places}
    onward = {place.path: place.next for place in plant.places}
    own = {path: each.form if isinstance(each, Station) else 0 for path, each in params.items()}
    taken = {path for each in onward.values() for path in each}
    seen: dict[str, set[int]] = {path: set() for path in onward}
    waiting = [(path, 0) for path in onward if path not in taken] or [(path, 0) for path in onward]
    while waiting:
        path, form = waiting.pop()
        if form in seen[path]:
            continue
        seen[path].add(form)
        waiting += [(taker, own[path] or form) for taker in onward[path]]
    return {path: known | {own[path]} - {0} for path, known in seen.items()}


def _hulls(plant: Plant, shapes: Shapes) -> dict[str, Hull]:
    """Capsules around the links of all robots that have meshes, guns and all."""
    known: dict[bytes, Hull] = {}
    found: dict[str, Hull] = {}
    for robot, shape in zip(plant.robots, shapes.robots, strict=True):
        if not len(shape.solids):
            continue
        key = np.concatenate([shape.solids, shape.links]).tobytes()
        if key not in known:
            rows: list[int] = shape.solids.tolist()
            solids = [shapes.solids[row] for row in rows]
            known[key] = Hull.build(solids, shape.links)
        found[robot.path] = known[key]
    return found


def _work(place: Place) -> float:
    params = place.params
    return params.process_time + params.transfer_time if isinstance(params, Station) else 0.0


def _rest(robot: Robot, problems: list[Problem]) -> Array | None:
    """Where programs begin: at home, or where the robot's first program does."""
    if len(robot.home):
        return robot.home[0]
    if robot.programs:
        return robot.programs[0].waypoints[0]
    rule, way_out = "needs a home, where programs begin and end", "give twin:home"
    problems.append(Problem(robot.path, rule, way_out=way_out))
    return None


def _tool(prim: Usd.Prim, robot: Robot, params: WelderParams, problems: list[Problem]) -> Array:
    """The gun's tool frame in the flange, shape [4, 4]."""
    last = chain_of(prim).links[-1]
    tip = prim.GetStage().GetPrimAtPath(params.gun_tip[0]) if params.gun_tip else None
    if not tip or not tip.GetPath().HasPrefix(last.GetPath()):
        rule, way_out = f"must name one frame in {last.GetPath()}", "name the tool frame of its gun"
        found = ", ".join(params.gun_tip)
        problems.append(Problem(f"{robot.path} twin:gunTip", rule, found or "nothing", way_out))
        return np.eye(4)
    shift = matrix_from(robot.arm.shift[-1], (1.0, 0.0, 0.0, 0.0))
    return invert_matrix(robot.arm.tail) @ shift @ relative_frame(tip, last)


def _spots(stage: Usd.Stage, product: str, problems: list[Problem]) -> Spots:
    """The spots of a product, in the frame of a part; of the first form that has some."""
    prim = stage.GetPrimAtPath(product)
    names, frames, seams = list[str](), list[Array](), list[int]()
    words, times = list[tuple[str, str]](), list[float]()
    for form in cast("list[Usd.Prim]", prim.GetChildren() if prim else []):
        if names:
            break
        cache = UsdGeom.XformCache()
        inverse = invert_matrix(_world(cache, prim))
        rows = [each for each in _below(form) if each.HasAttribute(STEP)]
        for number, seam in enumerate(rows):
            values = _values(seam, problems)
            for spot in cast("list[Usd.Prim]", seam.GetFilteredChildren(PROXIES)):
                names.append(str(spot.GetPath()))
                frames.append(inverse @ _world(cache, spot))
                seams.append(number)
                words.append(values[:2])
                times.append(values[2])
    return Spots(
        names=tuple(names),
        frames=np.array(frames).reshape(-1, 4, 4),
        seam=np.array(seams, np.int64),
        gun=tuple(gun for _, gun in words),
        step=tuple(step for step, _ in words),
        time=np.array(times),
    )


PROXIES = Usd.TraverseInstanceProxies()


def _below(prim: Usd.Prim) -> list[Usd.Prim]:
    return list(Usd.PrimRange(prim, PROXIES))


def _values(seam: Usd.Prim, problems: list[Problem]) -> tuple[str, str, float]:
    """Step, gun and time at each spot of a seam."""
    step, gun, sheets = (
        cast("object", seam.GetAttribute(name).Get()) for name in (STEP, GUN, SHEETS)
    )
    thickness = tuple(cast("list[float]", sheets or []))
    if len(thickness) < 2 or min(thickness) <= 0:
        rule = "must have the thickness of two sheets at least, all > 0 mm"
        problems.append(Problem(f"{seam.GetPath()} {SHEETS}", rule, str(list(thickness))))
        thickness = (1.0, 1.0)
    return str(step or ""), str(gun or ""), weld_time(thickness)


def _world(cache: UsdGeom.XformCache, prim: Usd.Prim) -> Array:
    return np.array(cache.GetLocalToWorldTransform(prim), np.float64).T


def _matrix(pose: Pose) -> Array:
    return matrix_from(pose.xyz, pose.wxyz)


def write_programs(
    stage: Usd.Stage,
    plans: Mapping[str, Plan],
    *,
    source: str = PLAN[0],
    confidence: str = PLAN[1],
    weld: tuple[str, str] = PLAN,
) -> None:
    """Author the programs of plans at the stage's edit target, one for each robot and product.

    Args:
        stage: that the plans were made for.
        plans: by product.
        source: where order and poses come from.
        confidence: how sure they are.
        weld: source and confidence of the times of spots.
    """
    for product, plan in plans.items():
        for row, welder in enumerate(plan.welders):
            params = _params(product, plan, row)
            _zones(stage, plan.interlocks[row])
            known = _program_prim(stage, welder.path, product)
            if known is None:
                UsdGeom.Scope.Define(stage, f"{welder.path}/Programs")
                known = stage.DefinePrim(f"{welder.path}/Programs/{product}", "Scope")
            else:  # what it did before
                for each in parameters(ProgramParams):
                    known.RemoveProperty(each.usd_name)
            origin = {"durations": weld}
            apply(known, params, source=source, confidence=confidence, provenance=origin)


def _zones(stage: Usd.Stage, interlocks: Sequence[Interlock]) -> None:
    """Prims for zones: they need no more than a name."""
    for lock in interlocks:
        stage.DefinePrim(lock.zone.rpartition("/")[0], "Scope")
        stage.DefinePrim(lock.zone, "Scope")


def write_layer(stage: Usd.Stage, plans: Mapping[str, Plan], file: Path) -> None:
    """Write the programs of plans into a layer of their own, as changes to the stage's scene.

    Raises:
        CommandError: the file can't be written.
    """
    if file.suffix not in {".usd", ".usda", ".usdc"}:
        raise CommandError(f"{file} is no layer of USD; name one that ends in .usda")
    check_writable(file.parent)
    layer = new_layer(file, stage.GetDefaultPrim().GetName())
    layer.documentation = "Weld programs, planned by twin weld from the bodies' spots."
    stage.GetSessionLayer().subLayerPaths.append(layer.identifier)
    with Usd.EditContext(stage, layer):
        write_programs(stage, plans)
    layer.Save()


def _params(product: str, plan: Plan, row: int) -> ProgramParams:
    """The program of one robot: spots as targets, and what the gun does there."""
    visits, welder, locks = plan.visits[row], plan.welders[row], plan.interlocks[row]
    if not len(visits):
        rest = np.round(np.degrees(welder.rest), DIGITS) + 0.0
        return ProgramParams(products=(product,), waypoints=tuple(rest.tolist()), dwells=(0.0,))
    every: list[int] = visits.spot.tolist()
    rows = list(dict.fromkeys(every))
    number = {spot: k for k, spot in enumerate(rows, start=1)}
    back = np.column_stack([-visits.back, np.zeros((len(visits), 2))]) + 0.0
    return ProgramParams(
        products=(product,),
        targets=tuple(plan.spots.names[spot] for spot in rows),
        visits=tuple(number[spot] for spot in every),
        turns=tuple(np.round(np.degrees(visits.turn), DIGITS).tolist()),
        offsets=tuple(back.ravel().tolist()),
        branches=tuple(visits.branch.tolist()),
        actions=tuple("weld" if weld else "none" for weld in visits.welds.tolist()),
        durations=tuple(visits.times(plan.spots).tolist()),
        tool=(welder.tool_path,),
        interlocks=tuple(lock.zone for lock in locks),
        interlock_first=tuple(lock.first + 1 for lock in locks),
        interlock_last=tuple(lock.last + 1 for lock in locks),
    )


def _program_prim(stage: Usd.Stage, robot: str, product: str) -> Usd.Prim | None:
    """The program that a robot has for a product."""
    for prim in Usd.PrimRange(stage.GetPrimAtPath(robot)):
        if ProgramParams in kinds_of(prim):
            params = read_values(prim, ProgramParams).params
            assert isinstance(params, ProgramParams)
            if params.products == (product,):
                return stage.OverridePrim(prim.GetPath())
    return None
