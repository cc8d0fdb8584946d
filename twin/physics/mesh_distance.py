"""Smallest distance of two groups of solids at one moment: capsules first, then down the trees.

Pairs of solids are taken by the distance of their capsules, nearest first. In a pair, nodes of the
two trees are compared as capsules, nearest first, and left out where they can't come closer than
what is known. What is left out is remembered as a bound, so each answer comes with both sides:
the true distance is in [lower, upper].
"""

from math import sqrt
from typing import Any

from twin.core.compiled import compilable, compilable_apart
from twin.physics.capsule_distance import capsule_gap, segment_distance_squared
from twin.physics.triangle_distance import plane_gap, triangle_distance_squared

__all__ = ["ANSWER", "clearances"]

ANSWER = 12  # lower, upper, item and triangle of one, of the other, closest points
STACK = 512


@compilable
def clearances(
    solids: Any, item: Any, frame: Any, query: Any, limit: Any, scratch: Any, answer: Any
) -> None:
    """Answer many questions of how far apart two groups of placed solids are.

    Args:
        solids: the arrays of `Solids`, in the order of its fields.
        item: solid row and frame row of each placed solid, shape [i, 2].
        frame: from the world, first three rows of each matrix, shape [f, 12].
        query: first item and number of items of one and of the other, then a guess: item and
            triangle of one and of the other, or -1; shape [q, 8].
        limit: smallest distance that is of interest, error allowed at it, share by which the
            error may grow beyond, and distance that would do; shape [q, 4].
        scratch: world capsules, bounds of pairs, their order, stack, and two triangles.
        answer: shape [q, 12] of lower, upper, item, triangle, item, triangle, point, point.
    """
    for q in range(len(query)):
        _answer(solids, item, frame, query, limit, scratch, answer, q)


@compilable_apart
def _answer(
    solids: Any, item: Any, frame: Any, query: Any, limit: Any, scratch: Any, answer: Any, q: int
) -> None:
    bound, world_a, world_b = scratch[0], scratch[1], scratch[2]
    first_a, count_a, first_b, count_b = query[q, 0], query[q, 1], query[q, 2], query[q, 3]
    answer[q, 0] = answer[q, 1] = 1e300
    if query[q, 4] >= 0:
        _relate(frame, item[query[q, 4], 1], item[query[q, 6], 1], scratch[5])
        _try_triangles(solids, query[q, 4], query[q, 5], query[q, 6], query[q, 7], item, frame,
                       limit, scratch, answer, q)  # fmt: skip
    _place(solids, item, frame, first_a, count_a, world_a)
    _place(solids, item, frame, first_b, count_b, world_b)
    for a in range(count_a):
        for b in range(count_b):
            bound[a * count_b + b] = capsule_gap(world_a, a, world_b, b)
    pairs = count_a * count_b
    while True:
        nearest = 0
        for k in range(1, pairs):
            if bound[k] < bound[nearest]:
                nearest = k
        if bound[nearest] >= _enough(limit, answer, q):
            answer[q, 0] = min(answer[q, 0], max(bound[nearest], 0.0))
            break
        bound[nearest] = 1e300
        a, b = first_a + nearest // count_b, first_b + nearest % count_b
        _descend(solids, item, frame, a, b, limit, scratch, answer, q)
    answer[q, 0] = min(answer[q, 0], answer[q, 1])


@compilable
def _enough(limit: Any, answer: Any, q: int) -> float:
    """Nothing that is at least so far apart needs a closer look."""
    upper = answer[q, 1]
    close = upper - limit[q, 1] - limit[q, 2] * max(upper - limit[q, 0], 0.0)
    return min(close, max(limit[q, 3], limit[q, 0]))


@compilable_apart
def _place(solids: Any, item: Any, frame: Any, first: int, count: int, world: Any) -> None:
    """Write the capsules around items in the world."""
    for k in range(count):
        node, f = solids[4][item[first + k, 0]], item[first + k, 1]
        for end in range(0, 6, 3):
            x, y, z = solids[0][node, end], solids[0][node, end + 1], solids[0][node, end + 2]
            for row in range(3):
                world[k, end + row] = (
                    frame[f, 4 * row] * x + frame[f, 4 * row + 1] * y
                    + frame[f, 4 * row + 2] * z + frame[f, 4 * row + 3]
                )  # fmt: skip
        world[k, 6] = solids[0][node, 6]


@compilable_apart
def _relate(frame: Any, a: int, b: int, between: Any) -> None:
    """The frame b seen from the frame a: rows of the rotation, each with the offset behind."""
    for i in range(3):
        for j in range(3):
            between[4 * i + j] = (
                frame[a, i] * frame[b, j]
                + frame[a, 4 + i] * frame[b, 4 + j]
                + frame[a, 8 + i] * frame[b, 8 + j]
            )
        between[4 * i + 3] = (
            frame[a, i] * (frame[b, 3] - frame[a, 3])
            + frame[a, 4 + i] * (frame[b, 7] - frame[a, 7])
            + frame[a, 8 + i] * (frame[b, 11] - frame[a, 11])
        )


@compilable_apart
def _gap(node: Any, a: int, b: int, m: Any) -> float:
    """Distance of two nodes as capsules, the second placed by m."""
    px = m[0] * node[b, 0] + m[1] * node[b, 1] + m[2] * node[b, 2] + m[3]
    py = m[4] * node[b, 0] + m[5] * node[b, 1] + m[6] * node[b, 2] + m[7]
    pz = m[8] * node[b, 0] + m[9] * node[b, 1] + m[10] * node[b, 2] + m[11]
    x, y, z = node[b, 3] - node[b, 0], node[b, 4] - node[b, 1], node[b, 5] - node[b, 2]
    square = segment_distance_squared(
        node[a, 0] - px, node[a, 1] - py, node[a, 2] - pz,
        node[a, 3] - node[a, 0], node[a, 4] - node[a, 1], node[a, 5] - node[a, 2],
        m[0] * x + m[1] * y + m[2] * z, m[4] * x + m[5] * y + m[6] * z,
        m[8] * x + m[9] * y + m[10] * z,
    )  # fmt: skip
    return sqrt(square) - node[a, 6] - node[b, 6]


@compilable
def _size(node: Any, a: int) -> float:
    """How large a node is, to take the larger of two apart."""
    return (
        abs(node[a, 3] - node[a, 0]) + abs(node[a, 4] - node[a, 1]) + abs(node[a, 5] - node[a, 2])
        + 2.0 * node[a, 6]
    )  # fmt: skip


@compilable_apart
def _descend(
    solids: Any,
    item: Any,
    frame: Any,
    a: int,
    b: int,
    limit: Any,
    scratch: Any,
    answer: Any,
    q: int,
) -> None:
    """Look for the closest triangles of two items, the nearer half of every pair first."""
    node, child = solids[0], solids[1]
    stack, gaps, between = scratch[3], scratch[4], scratch[5]
    _relate(frame, item[a, 1], item[b, 1], between)
    stack[0, 0], stack[0, 1] = solids[4][item[a, 0]], solids[4][item[b, 0]]
    gaps[0] = -1e300
    depth = 1
    while depth > 0:
        depth -= 1
        i, j, gap = stack[depth, 0], stack[depth, 1], gaps[depth]
        if gap >= _enough(limit, answer, q):
            answer[q, 0] = min(answer[q, 0], max(gap, 0.0))
            continue
        if child[i] == 0 and child[j] == 0:
            for k in range(solids[2][i], solids[2][i] + solids[3][i]):
                for n in range(solids[2][j], solids[2][j] + solids[3][j]):
                    _try_triangles(solids, a, k, b, n, item, frame, limit, scratch, answer, q)
            continue
        if child[j] == 0 or (child[i] != 0 and _size(node, i) >= _size(node, j)):
            i2, j2 = child[i], j
            i = i + 1
        else:
            i2, j2 = i, child[j]
            j = j + 1
        near, far = _gap(node, i, j, between), _gap(node, i2, j2, between)
        if far < near:
            near, far, i, j, i2, j2 = far, near, i2, j2, i, j
        stack[depth, 0], stack[depth, 1], gaps[depth] = i2, j2, max(far, gap)
        stack[depth + 1, 0], stack[depth + 1, 1], gaps[depth + 1] = i, j, max(near, gap)
        depth += 2


@compilable_apart
def _try_triangles(
    solids: Any, a: int, k: int, b: int, n: int,
    item: Any, frame: Any, limit: Any, scratch: Any, answer: Any, q: int,
) -> None:  # fmt: skip
    """Compare two triangles; the closest so far are kept, with where they are in the world."""
    triangle, m, work = solids[5], scratch[5], scratch[6]
    for c in range(9):
        work[c] = triangle[k, c]
    for c in range(0, 9, 3):
        x, y, z = triangle[n, c], triangle[n, c + 1], triangle[n, c + 2]
        work[9 + c] = m[0] * x + m[1] * y + m[2] * z + m[3]
        work[10 + c] = m[4] * x + m[5] * y + m[6] * z + m[7]
        work[11 + c] = m[8] * x + m[9] * y + m[10] * z + m[11]
    gap = max(plane_gap(work, 0, 9), plane_gap(work, 9, 0))
    if gap >= _enough(limit, answer, q):
        answer[q, 0] = min(answer[q, 0], gap)
        return
    distance = sqrt(triangle_distance_squared(work))
    if distance < answer[q, 1]:
        answer[q, 1] = distance
        answer[q, 2], answer[q, 3], answer[q, 4], answer[q, 5] = a, k, b, n
        f = item[a, 1]
        for c in range(0, 6, 3):
            x, y, z = work[18 + c], work[19 + c], work[20 + c]
            for row in range(3):
                answer[q, 6 + c + row] = (
                    frame[f, 4 * row] * x + frame[f, 4 * row + 1] * y
                    + frame[f, 4 * row + 2] * z + frame[f, 4 * row + 3]
                )  # fmt: skip
