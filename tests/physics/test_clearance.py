"""Clearance along motion: the guarantee holds against dense looks with coal."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.physics.coal_mesh import coal_distance, coal_mesh
from tests.physics.shop import arm as hs220
from tests.physics.shop import shapes
from twin.motion import SEGMENT, Paths, Polyline, Programs, Segments, plan_program
from twin.motion.frame import matrix_from
from twin.physics.clearance import closest
from twin.physics.mover import Still, swept_box
from twin.physics.odometer import Odometer
from twin.physics.runs import PartRun, RobotRun
from twin.physics.solids import Solids
from twin.physics.travel import radii
from twin.units import to_ticks

HOME = np.radians([0, 90, 0, 0, 0, 0])


def segment(tick: int, seconds: float, *, start: float = 0.0, end: float = 0.0) -> Segments:
    row = np.zeros(1, SEGMENT)
    row["tick"], row["duration"] = tick, to_ticks(seconds)
    row["start"], row["end"] = start, end
    return row


def robot(base: NDArray[np.float64], waypoints: list[list[float]]) -> RobotRun:
    """An HS220 that runs through waypoints [deg] from home, once."""
    arm, shape = hs220(), shapes().robots[0]
    points = np.vstack([HOME, np.radians(waypoints)])
    programs = Programs.build([plan_program(arm, points, 0.2)])
    length = float(programs.duration[0])
    balls = np.array([shapes().solids[k].ball for k in shape.solids])
    return RobotRun(
        arm=arm, base=base, programs=programs, first_program=0,
        segments=segment(0, length, end=length), solids=shape.solids, links=shape.links,
        balls=balls, travel=Odometer.build(arm, balls, programs),
    )  # fmt: skip


def two_robots() -> tuple[RobotRun, RobotRun]:
    facing = matrix_from([4.4, 0.9, 0], [0, 0, 0, 1])
    return (
        robot(np.eye(4), [[-50, 70, 10, 20, 30, 0], [40, 80, -10, -40, 20, 90]]),
        robot(facing, [[50, 80, 5, 0, -40, 0], [-30, 75, 0, 60, 20, 30]]),
    )


def dense(one: RobotRun, other: RobotRun, ticks: NDArray[np.int64]) -> float:
    """The smallest distance that coal finds at many ticks."""
    solids = [shapes().solids[k] for k in one.solids]
    meshes = [coal_mesh(each.triangles) for each in solids]
    placed = one.frames(ticks), other.frames(ticks)
    balls = one.balls
    best = np.inf
    for a, b in zip(*placed, strict=True):
        middles = [
            np.einsum("kij,kj->ki", m[:, :3, :3], balls[:, :3]) + m[:, :3, 3] for m in (a, b)
        ]
        apart = np.linalg.norm(middles[0][:, None] - middles[1], axis=2)
        apart -= balls[:, None, 3] + balls[:, 3]
        for i, j in np.argwhere(apart < best):
            best = min(best, coal_distance(meshes[i], a[i], meshes[j], b[j]))
    return best


def test_two_robots_never_come_closer_than_told():
    one, other = two_robots()
    end = int(max(r.segments["duration"][0] for r in (one, other)))
    found = closest(Solids.build(shapes().solids), [(one, other)], [(0, end)], margin=3.0)
    assert found.tick[0] > 0
    assert found.lower[0] > 0.02
    assert found.upper[0] - found.lower[0] <= 0.001
    seen = dense(one, other, np.linspace(0, end, 400).astype(np.int64))
    assert found.lower[0] <= seen + 1e-9  # never above coal's exact distance
    assert seen - found.lower[0] <= 0.020
    there = dense(one, other, found.tick[:1])
    assert found.upper[0] == pytest.approx(there, abs=1e-6)
    points = found.point[0]
    assert np.linalg.norm(points[0] - points[1]) == pytest.approx(found.upper[0], abs=1e-9)


def test_no_point_goes_farther_than_the_odometer():
    one = two_robots()[0]
    end = int(one.segments["duration"][0])
    ticks = np.linspace(0, end, 300).astype(np.int64)
    placed, odometer = one.frames(ticks), one.odometer(ticks)
    for k, solid in enumerate(one.solids):
        corners = shapes().solids[solid].triangles.reshape(-1, 3)[::50]
        at = np.einsum("tij,cj->tci", placed[:, k, :3, :3], corners) + placed[:, k, None, :3, 3]
        for step in (1, 7, 40):
            gone = np.linalg.norm(at[step:] - at[:-step], axis=2).max(axis=1)
            assert (gone <= odometer[step:] - odometer[:-step] + 1e-9).all()


def test_an_odometer_is_tighter_than_full_reach():
    one = two_robots()[0]
    reaches = np.linalg.norm(one.balls[:, :3], axis=1) + one.balls[:, 3]
    programs = one.programs
    turn = np.abs(programs.joints_to - programs.joints_from)
    assert one.travel.advance.sum() < (turn @ radii(one.arm, reaches)).max(axis=1).sum()


def test_a_swept_box_holds_every_corner():
    one = two_robots()[0]
    end = int(one.segments["duration"][0])
    low, high = swept_box(one, 0, end)
    for frame in one.frames(np.linspace(0, end, 97).astype(np.int64)):
        for k, solid in enumerate(one.solids):
            corners = shapes().solids[solid].triangles.reshape(-1, 3)[::20]
            at = corners @ frame[k, :3, :3].T + frame[k, :3, 3]
            assert (at >= low).all()
            assert (at <= high).all()


def part(xyz: list[list[float]], speed: float) -> PartRun:
    paths = Paths.build([Polyline(xyz=xyz)])
    length = float(paths.length[0])
    solid = shapes().looks[1]
    return PartRun(
        paths=paths, segments=segment(0, length / speed, end=length), solids=np.array([solid]),
        reaches=np.array([shapes().solids[solid].reach]),
    )  # fmt: skip


def test_a_fast_body_does_not_slip_past_a_post_between_two_looks():
    """At 400 m/s it is past the post within 20 ms; a look every 100 ms would see nothing."""
    body = part([[-20.0, 0, 0], [20.0, 0, 0]], 400.0)
    post = shapes().solids[shapes().robots[0].solids[0]]
    corners = shapes().solids[shapes().looks[1]].triangles.reshape(-1, 3)
    beside = corners[:, 1].max() - post.triangles[..., 1].min() + 0.05
    still = Still(
        solids=shapes().robots[0].solids[:1], reaches=np.array([post.reach]),
        placed=matrix_from([[0.0, beside, 0.3]], [[1.0, 0, 0, 0]]),
    )  # fmt: skip
    found = closest(Solids.build(shapes().solids), [(body, still)], [(0, 100_000)], margin=1.0)
    assert found.upper[0] < 0.2
    assert 0 < found.tick[0] < 100_000


def test_what_stays_beyond_the_margin_is_not_told_but_known_to_be_beyond():
    one, other = two_robots()
    found = closest(Solids.build(shapes().solids), [(one, other)], [(0, 1)], margin=0.01)
    assert found.tick[0] == -1
    assert found.lower[0] == 0.01


def test_the_answer_is_the_same_every_time():
    one, other = two_robots()
    solids, end = Solids.build(shapes().solids), int(one.segments["duration"][0])
    twice = [closest(solids, [(one, other)], [(0, end)], margin=2.0) for _ in range(2)]
    assert (twice[0].lower == twice[1].lower).all()
    assert (twice[0].tick == twice[1].tick).all()
