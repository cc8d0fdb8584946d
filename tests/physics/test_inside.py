"""What is wholly inside a closed solid has no clearance; what is in an open one or a cavity has."""

import numpy as np
import pytest
import trimesh

from twin.physics.clearance import closest, gaps
from twin.physics.mover import Still
from twin.physics.shell import Shell
from twin.physics.solids import Solid, Solids


def box(side: float, at: tuple[float, float, float] = (0, 0, 0)) -> np.ndarray:
    mesh = trimesh.creation.box((side, side, side))
    return mesh.triangles + np.array(at)


def still(row: int, triangles: np.ndarray) -> Still:
    reach = np.linalg.norm(triangles.reshape(-1, 3), axis=1).max()
    return Still(solids=np.array([row]), reaches=np.array([reach]), placed=np.eye(4)[None])


def told(outer: np.ndarray, inner: np.ndarray, margin: float = 0.1) -> tuple[float, int]:
    solids = Solids.build([Solid(path=f"/{k}", triangles=t) for k, t in enumerate((outer, inner))])
    movers = still(0, outer), still(1, inner)
    found = closest(solids, [movers], [(0, 1000)], margin=margin)
    gap = gaps(solids, *movers, np.zeros(1, np.int64), most=margin)
    assert (gap[0] == 0.0) == (found.lower[0] == 0.0)
    return float(found.lower[0]), int(found.tick[0])


def test_a_part_inside_another_without_a_touch_has_no_clearance():
    assert told(box(2.0), box(0.2)) == (0.0, 0)
    assert told(box(0.2), box(2.0)) == (0.0, 0)


def test_a_piece_of_a_part_inside_another_is_enough():
    far = np.concatenate([box(0.2, (5, 0, 0)), box(0.2)])
    assert told(box(2.0), far)[0] == 0.0


@pytest.mark.parametrize("beside", [(3.0, 0.0, 0.0), (1.5, 1.5, 1.5)])
def test_a_part_beside_another_keeps_its_clearance(beside: tuple[float, float, float]):
    assert told(box(2.0), box(0.2, beside))[0] == 0.1


def test_an_open_box_has_no_inside():
    assert told(box(2.0)[2:], box(0.2))[0] == 0.1


def test_a_cavity_is_outside():
    hollow = np.concatenate([box(2.0), box(1.8)[:, ::-1]])
    assert told(hollow, box(0.2))[0] == 0.1
    assert told(hollow, box(0.01, (0.95, 0, 0)), margin=0.01)[0] == 0.0


def test_the_inside_of_overlapping_pieces_is_that_of_both():
    both = Shell.build(np.concatenate([box(2.0), box(2.0, (1, 0, 0))]))
    points = np.array([[-0.5, 0, 0], [0.5, 0.1, 0], [1.5, 0, 0], [2.5, 0, 0], [0, 1.5, 0]])
    assert both.inside(points).tolist() == [True, True, True, False, False]
    assert len(both.marks) == 2


def test_inside_agrees_with_a_sphere():
    ball = trimesh.creation.icosphere(subdivisions=3)
    points = np.random.default_rng(1).uniform(-1.2, 1.2, (500, 3))
    far = np.linalg.norm(points, axis=1)
    found = Shell.build(np.array(ball.triangles)).inside(points)
    assert found[far < 0.98].all()
    assert not found[far > 1.0].any()
