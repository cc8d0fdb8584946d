"""What never moves but tells where moving things are: paths, robot programs, looks."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.core.parameters import Track
from twin.engine.roads import ground_of, roads_of
from twin.motion import Arms, Paths, Polyline, Programs, turned_in
from twin.motion.frame import matrix_from
from twin.plant import Place, Plant, plan_plant

__all__ = ["Layout", "lay_out"]


Quaternion: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """The static side of motion; rows are those that segments name as their track and look."""

    paths: Paths
    place_path: NDArray[np.int32]  # first path of each place, -1 for none, shape [place_count]
    link_path: NDArray[np.int32]  # path of each link, -1 for none, shape [link_count]
    programs: Programs
    first_program: NDArray[np.int32]  # of each robot; then one per product, shape [robot_count]
    arms: Arms | None  # None where there is no robot
    arm_row: NDArray[np.int64]  # row in `arms` of each robot, shape [robot_count]
    bases: NDArray[np.float64]  # world from base, shape [robot_count, 4, 4]
    first_look: NDArray[np.int32]  # of each product; then one per form, shape [product_count]
    looks: tuple[tuple[str, str], ...]  # product and form of each look


def lay_out(plant: Plant) -> Layout:
    """Build paths, programs and looks of a plant.

    Raises:
        SceneError: a program can't be run by its robot.
    """
    polylines: list[Polyline] = []
    ground = ground_of(plant)
    facing = _facing(plant)
    place_path = [
        _add(polylines, *_own_paths(place, facing.get(row)), *roads_of(place, ground))
        for row, place in enumerate(plant.places)
    ]
    link_path = [
        _add(polylines, *_way(plant.places[giver], plant.places[taker]))
        for giver, taker in plant.links
    ]
    planned = [task.planned for task in plan_plant(plant)]
    robots = plant.robots
    arms = {id(robot.arm): robot.arm for robot in robots}
    joints = max((robot.arm.joint_count for robot in robots), default=0)
    forms = {product.name: product.forms or ("",) for product in plant.products}
    return Layout(
        paths=Paths.build(polylines),
        place_path=np.array(place_path, np.int32),
        link_path=np.array(link_path, np.int32),
        programs=Programs.build(planned, joint_count=joints),
        first_program=np.arange(len(robots), dtype=np.int32) * len(plant.products),
        arms=Arms.build(arms.values()) if arms else None,
        arm_row=np.array([list(arms).index(id(robot.arm)) for robot in robots], np.int64),
        bases=np.array([matrix_from(r.base.xyz, r.base.wxyz) for r in robots]).reshape(-1, 4, 4),
        first_look=np.cumsum([0, *map(len, forms.values())])[:-1].astype(np.int32),
        looks=tuple((name, form) for name, each in forms.items() for form in each),
    )


def _add(polylines: list[Polyline], *more: Polyline) -> int:
    """Add paths; returns the row of the first one, or -1 if there is none."""
    polylines += more
    return len(polylines) - len(more) if more else -1


def _facing(plant: Plant) -> dict[int, Quaternion]:
    """How parts are turned that are carried into each place, if all come in alike."""
    facing: dict[int, set[Quaternion]] = {}
    for giver, taker in plant.links:
        one, two = plant.places[giver], plant.places[taker]
        if hasattr(one.params, "transfer_time") or len(one.params.track()) > 1:
            w, x, y, z = np.round(one.exit_to(two.path).wxyz, 12).tolist()
            facing.setdefault(taker, set()).add((w, x, y, z))
    return {row: turns.pop() for row, turns in facing.items() if len(turns) == 1}


def _own_paths(place: Place, facing: Quaternion | None) -> list[Polyline]:
    """The way of a part through a place, or one to each exit; none where parts stand."""
    tracks = [track for track in place.params.tracks() if len(track.points) > 1]
    ways = [_polyline(place, track) for track in tracks]
    return ways if facing is None else [turned_in(way, facing) for way in ways]


def _polyline(place: Place, track: Track) -> Polyline:
    turns = track.turns or (0.0,) * len(track.points)
    poses = [place.pose.turned(*each) for each in zip(track.points, turns, strict=True)]
    return Polyline(
        xyz=[pose.xyz for pose in poses],
        wxyz=[pose.wxyz for pose in poses],
        s=track.s or None,
        where=place.path,
    )


def _way(giver: Place, taker: Place) -> list[Polyline]:
    """The way of a part from where it leaves one place into one that brings it in over time."""
    if not hasattr(taker.params, "transfer_time"):
        return []
    ends = [giver.exit_to(taker.path), taker.pose]
    if np.allclose(ends[0].xyz, ends[1].xyz, atol=1e-9):
        ends = ends[1:]
    xyz, wxyz = [pose.xyz for pose in ends], [pose.wxyz for pose in ends]
    return [Polyline(xyz=xyz, wxyz=wxyz, where=taker.path)]
