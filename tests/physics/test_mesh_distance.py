"""Exact distances of meshes against coal; capsules never say more."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tests.physics.coal_mesh import coal_distance, coal_mesh
from tests.physics.shop import shapes
from twin.motion.frame import matrix_from
from twin.physics.capsule import Capsules
from twin.physics.clearance import gaps
from twin.physics.crowd import Crowd
from twin.physics.mover import Still
from twin.physics.solids import Solid, Solids
from twin.physics.tree import Tree

PLACES = 40  # of each pair of solids


def frames(draw: np.random.Generator, count: int, far: float) -> np.ndarray:
    turn = Rotation.random(count, random_state=draw).as_quat()[:, [3, 0, 1, 2]]
    return matrix_from(draw.uniform(-far, far, (count, 3)), turn)


def gap(one: Solid, a: np.ndarray, other: Solid, b: np.ndarray) -> float:
    sides = [
        Still(solids=np.array([k]), reaches=np.array([s.reach]), placed=m[None])
        for k, (s, m) in enumerate(((one, a), (other, b)))
    ]
    ticks = np.zeros(1, np.int64)
    return float(gaps(Solids.build([one, other]), *sides, ticks, most=100.0, tolerance=1e-9)[0])


@pytest.mark.parametrize("row", range(7))
def test_distance_of_robot_links_is_that_of_coal(row: int):
    links = [shapes().solids[k] for k in shapes().robots[0].solids]
    one, other = links[row], links[(row + 3) % 7]
    meshes = [coal_mesh(each.triangles) for each in (one, other)]
    draw = np.random.default_rng(row)
    for a, b in zip(frames(draw, PLACES, 1.2), frames(draw, PLACES, 1.2), strict=True):
        exact = coal_distance(meshes[0], a, meshes[1], b)
        assert gap(one, a, other, b) == pytest.approx(exact, abs=1e-6)


@pytest.mark.parametrize("row", [7, 8])
def test_distance_of_a_body_and_a_gun_is_that_of_coal(row: int):
    gun, body = (
        shapes().solids[shapes().robots[0].solids[-1]],
        shapes().solids[shapes().looks[row - 7]],
    )
    meshes = [coal_mesh(each.triangles) for each in (gun, body)]
    draw = np.random.default_rng(row)
    for a in frames(draw, 20, 2.5):
        exact = coal_distance(meshes[0], a, meshes[1], np.eye(4))
        assert gap(gun, a, body, np.eye(4)) == pytest.approx(exact, abs=1e-6)


def test_capsules_of_a_crowd_are_never_farther_apart_than_its_meshes():
    links = [shapes().solids[k] for k in shapes().robots[0].solids]
    crowd = Crowd.build([[each.capsules for each in links]] * 2)
    meshes = [coal_mesh(each.triangles) for each in links]
    draw = np.random.default_rng(4)
    for _ in range(10):
        placed = frames(draw, 14, 2.0).reshape(2, 7, 4, 4)
        found, _ = crowd.clearance(placed, np.array([[0, 1]]))
        exact = min(
            coal_distance(meshes[i], placed[0, i], meshes[j], placed[1, j])
            for i in range(7)
            for j in range(7)
        )
        assert found[0] <= exact + 1e-9


def test_every_node_of_a_tree_encloses_its_triangles():
    tree = Tree.build(shapes().solids[shapes().looks[1]].triangles)
    for row in range(0, len(tree.node), 37):
        some = tree.triangle[tree.first[row] : tree.first[row] + tree.count[row]].reshape(-1, 3)
        assert Capsules(rows=tree.node[row : row + 1]).distance(some).max() <= 0.0


def test_a_tree_keeps_the_area_of_its_mesh():
    def area(triangles: np.ndarray) -> float:
        a, b, c = np.moveaxis(triangles, 1, 0)
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)

    solid = shapes().solids[shapes().robots[0].solids[0]]
    assert area(solid.tree.triangle.reshape(-1, 3, 3)) == pytest.approx(area(solid.triangles))
