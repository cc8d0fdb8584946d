"""Clearance of real robots' meshes in random poses, against coal's exact distance.

Clearance is never above coal's, and within a quarter of its tolerance of it. That of capsules, for
fast looks at crowds, is never above it either; it may be 0.3 m below.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pxr import Usd

from tests.physics.coal_mesh import coal_distance, coal_mesh
from twin.kinds.station import Station
from twin.motion.frame import matrix_from
from twin.physics.clearance import gaps
from twin.physics.crowd import Crowd
from twin.physics.mover import Posed
from twin.physics.solids import Solids
from twin.plant import Place, Plant, Pose, Robot
from twin.scene.robots import ArmReader
from twin.scene.solids import read_shapes

ROBOTS = Path(__file__).parents[2] / "assets" / "robots"
NAMES = ("hs220", "hx400", "hh7")
PAIRS = {("hs220", "hs220"): 2.2, ("hs220", "hx400"): 2.6, ("hh7", "hs220"): 1.6}  # m apart
POSES = 40  # of each pair
FAR = 5.0  # m: clearances beyond it are not looked for
GAP = 0.020  # m: what the issue allows; the search itself promises a quarter of a millimetre
EXACT = 0.00025  # m


@cache
def robots():
    """Arms and shapes of robots' assets, in one stage."""
    stage = Usd.Stage.CreateInMemory()
    for name in NAMES:
        prim = stage.DefinePrim(f"/{name}", "Xform")
        prim.GetReferences().AddReference(str(ROBOTS / name / f"{name}.usda"))
    arms = {name: ArmReader().read(stage.GetPrimAtPath(f"/{name}"))[0] for name in NAMES}
    crew = tuple(Robot(path=f"/{name}", arm=arms[name], base=Pose(), programs=()) for name in NAMES)
    place = Place(path="/Station", params=Station(process_time=1.0), robots=crew)
    return arms, read_shapes(stage, Plant(places=(place,)))


def posed(name, rng, base):
    """A robot in random poses within its limits, its base at random about a place."""
    arms, shapes = robots()
    arm, shape = arms[name], shapes.robots[NAMES.index(name)]
    share = rng.uniform(0.1, 0.9, (POSES, arm.joint_count))
    bases = np.broadcast_to(matrix_from(base, (1.0, 0.0, 0.0, 0.0)), (POSES, 4, 4)).copy()
    bases[:, :2, 3] += rng.uniform(-0.3, 0.3, (POSES, 2))
    return Posed(
        arm=arm, joints=arm.lower + share * (arm.upper - arm.lower), base=bases,
        solids=shape.solids, links=shape.links,
        reaches=np.array([shapes.solids[row].reach for row in shape.solids]),
    )  # fmt: skip


@cache
def meshes():
    return [coal_mesh(each.triangles) for each in robots()[1].solids]


def exact(one, other):
    """Coal's distance of two robots at every pose, over all pairs of links, shape [n] [m]."""
    balls = [each.ball for each in robots()[1].solids]
    ticks, found = np.arange(POSES), []
    for a, b in zip(one.frames(ticks), other.frames(ticks), strict=True):
        pairs = []
        for i, row in enumerate(one.solids):
            for j, col in enumerate(other.solids):
                here = a[i, :3, :3] @ balls[row][:3] + a[i, :3, 3]
                there = b[j, :3, :3] @ balls[col][:3] + b[j, :3, 3]
                pairs.append((np.linalg.norm(here - there) - balls[row][3] - balls[col][3], i, j))
        best = np.inf
        for bound, i, j in sorted(pairs):
            if bound < best:
                mesh, those = meshes()[one.solids[i]], meshes()[other.solids[j]]
                best = min(best, coal_distance(mesh, a[i], those, b[j]))
        found.append(best)
    return np.array(found)


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def compared(request):
    """Poses of two robots, and what coal says of them."""
    rng = np.random.default_rng(list(PAIRS).index(request.param))
    names, apart = request.param, PAIRS[request.param]
    one, other = posed(names[0], rng, (0.0, 0.0, 0.0)), posed(names[1], rng, (apart, 0.0, 0.0))
    return one, other, exact(one, other)


def test_exact_clearance_is_never_above_coal_and_within_20_mm_of_it(compared):
    one, other, theirs = compared
    solids = Solids.build(robots()[1].solids)
    ours = gaps(solids, one, other, np.arange(POSES), most=FAR)
    assert np.count_nonzero(theirs > 0) > POSES / 2
    assert np.all(ours <= theirs + 1e-9)
    apart = theirs > 0
    assert np.max(theirs[apart] - ours[apart]) <= EXACT < GAP


def test_capsules_are_never_farther_apart_than_coal_says(compared):
    one, other, theirs = compared
    shapes = robots()[1]
    links = [[shapes.solids[row].capsules for row in each.solids] for each in compared[:2]]
    crowd = Crowd.build(links)
    ticks = np.arange(POSES)
    placed = zip(one.frames(ticks), other.frames(ticks), strict=True)
    pair = np.array([[0, 1]])
    ours = np.array([crowd.clearance(np.concatenate(both), pair)[0][0] for both in placed])
    assert np.all(ours <= theirs + 1e-9)
