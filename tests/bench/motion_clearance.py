"""Clearance of many robots against coal, and of a whole shop along its motion.

200 robots stand on a grid of 3 m, each in a pose of its own; 712 pairs are neighbours. Both
sides are given all link frames and answer with the smallest clearance of every pair. coal, the
library behind pinocchio and MoveIt, takes the links' convex hulls: a tree of each robot's boxes,
and for every pair one call in C++ that goes through both trees. Ours takes enclosing capsules.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.measure import Measure, best, cpu_seconds
from twin.data import scene_path
from twin.motion.frame import matrix_from
from twin.physics.crowd import Crowd, neighbours
from twin.report.clearance import shop_clearance
from twin.report.cycle import cycle
from twin.scene import load
from twin.scene.solids import read_shapes
from twin.scene.stage import open_stage

__all__ = ["measures"]

ROBOTS = 200
PITCH = 3.0  # m
REACH = 2.9  # m: pairs whose bases are within twice of it, 712 of them
SHOP_LIMIT = 10.0  # s
TURNS = 5


def measures() -> Iterator[Measure]:
    """All robots of a hall at one moment, then a shop for a cycle."""
    yield _crowd()
    yield _shop()


def _crowd() -> Measure:
    file = scene_path("body_shop")
    plant = load(file)
    arm = plant.robots[0].arm
    shapes = read_shapes(open_stage(file), plant)
    links = [shapes.solids[row] for row in shapes.robots[0].solids]
    bases = _bases()
    frames = arm.link_frames(_poses(arm.lower, arm.upper), bases)
    pairs = neighbours(bases[:, :3, 3], REACH)
    crowd = Crowd.build([[solid.capsules for solid in links]] * ROBOTS)
    gap, _ = crowd.clearance(frames, pairs)
    theirs = _coal([solid.triangles.reshape(-1, 3) for solid in links], frames, pairs)
    hulls = np.array(theirs())
    assert (gap <= hulls + 1e-9).all(), "capsules must never be farther apart than hulls"
    ours_time = best(lambda: [crowd.clearance(frames, pairs) for _ in range(20)], turns=TURNS) / 20
    their_time = best(theirs, turns=TURNS)
    return Measure(
        name="clearance_vs_coal", unit="robot pairs/s", ours=len(pairs) / ours_time,
        peer="coal on hulls", peer_value=len(pairs) / their_time, floor=20,
    )  # fmt: skip


def _shop() -> Measure:
    file = scene_path("body_shop")
    stage, plant = open_stage(file), load(file)
    shapes = read_shapes(stage, plant)
    journal = cycle(plant)
    shop_clearance(journal, shapes)  # compiles
    seconds = cpu_seconds(lambda: shop_clearance(journal, shapes))
    return Measure(
        name="clearance_of_shop", unit="s", ours=seconds, floor=SHOP_LIMIT, sense="less",
    )  # fmt: skip


def _bases() -> NDArray[np.float64]:
    """A grid of 20 by 10 robots, every other one turned round."""
    x, y = np.divmod(np.arange(ROBOTS), 10)
    turn = np.where((x + y) % 2 > 0, 1.0, 0.0)
    xyz = np.column_stack([x * PITCH, y * PITCH, np.zeros(ROBOTS)])
    wxyz = np.column_stack([1.0 - turn, 0 * turn, 0 * turn, turn])
    return matrix_from(xyz, wxyz)


def _poses(lower: NDArray[np.float64], upper: NDArray[np.float64]) -> NDArray[np.float64]:
    draw = np.random.default_rng(1)
    home = np.radians([0.0, 90.0, 0.0, 0.0, 0.0, 0.0])
    return np.clip(home + draw.uniform(-0.6, 0.6, (ROBOTS, 6)), lower, upper)


def _coal(points: list[NDArray[np.float64]], frames: NDArray[np.float64], pairs: Any) -> Any:
    """A call that answers all pairs with coal; hulls and trees are made before."""
    import coal

    hulls = [_hull(coal, each) for each in points]
    objects = [
        [
            coal.CollisionObject(hull, coal.Transform3s(*_placed(frame)))
            for hull, frame in zip(hulls, robot, strict=True)
        ]
        for robot in frames
    ]
    trees = []
    for robot in objects:
        tree = coal.DynamicAABBTreeCollisionManager()
        for each in robot:
            tree.registerObject(each)
        tree.setup()
        trees.append(tree)
    ask = coal.DistanceCallBackDefault()

    def answer() -> list[float]:
        found = []
        for robot, placed, tree in zip(objects, frames, trees, strict=True):
            for each, frame in zip(robot, placed, strict=True):
                each.setTransform(coal.Transform3s(*_placed(frame)))
            tree.update()
        for one, two in pairs:
            ask.init()
            ask.data.result.clear()
            trees[one].distance(trees[two], ask)
            found.append(ask.data.result.min_distance)
        return found

    return answer


def _placed(frame: NDArray[np.float64]) -> tuple[Any, Any]:
    return np.ascontiguousarray(frame[:3, :3]), np.ascontiguousarray(frame[:3, 3])


def _hull(coal: Any, points: NDArray[np.float64]) -> Any:
    corners = coal.StdVec_Vec3s()
    for point in np.unique(points, axis=0):
        corners.append(point)
    triangles = True
    return coal.Convex.convexHull(corners, triangles, "Qt")
