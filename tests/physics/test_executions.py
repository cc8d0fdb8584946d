"""One source, two executions: kernels run as plain Python give what their machine code gives."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.physics.shop import arm
from twin.motion.frame import matrix_from
from twin.physics import crowd, dynamics, search, tree
from twin.physics.capsule import enclosing
from twin.physics.clearance import gaps
from twin.physics.crowd import Crowd
from twin.physics.dynamics import torques
from twin.physics.mover import Still
from twin.physics.solids import Solid, Solids
from twin.physics.tree import Tree


def torques_of_states() -> Any:
    return torques(arm(), *np.random.default_rng(1).normal(size=(3, 5, 6)))


def triangles(seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return draw.normal(size=(12, 1, 3)) * 0.2 + draw.normal(size=(12, 3, 3)) * 0.02


def nodes_of_a_tree() -> Any:
    return Tree.build(triangles(2)).node


def gap_of_meshes() -> Any:
    solids = [Solid(path=f"/{k}", triangles=triangles(k)) for k in range(2)]
    sides = [
        Still(
            solids=np.array([k]),
            reaches=np.ones(1),
            placed=matrix_from([[x, 0, 0]], [[1, 0, 0, 0]]),
        )
        for k, x in enumerate((0.0, 1.5))
    ]
    return gaps(Solids.build(solids), *sides, np.zeros(1, np.int64), most=9.0)


def gap_of_capsules() -> Any:
    links = [[enclosing(triangles(k))] for k in range(2)]
    frames = matrix_from([[0, 0, 0], [1.5, 0, 0]], [[1, 0, 0, 0], [1, 0, 0, 0]])
    return Crowd.build(links).clearance(frames, np.array([[0, 1]]))[0]


@pytest.mark.parametrize(
    ("work", "module"),
    [
        (torques_of_states, dynamics),
        (nodes_of_a_tree, tree),
        (gap_of_meshes, search),
        (gap_of_capsules, crowd),
    ],
)
def test_a_kernel_interpreted_is_the_same_compiled(
    work: Callable[[], Any], module: Any, monkeypatch: pytest.MonkeyPatch
):
    fast = work()
    monkeypatch.setattr(module, "compiled", lambda kernel: kernel)
    np.testing.assert_allclose(work(), fast, rtol=1e-12, atol=1e-12)
