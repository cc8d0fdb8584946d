"""Odometers of programs: ways that turn back count in full, and no point outruns them."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.physics.shop import arm as hs220
from tests.physics.shop import shapes
from twin.motion import Programs, plan_program
from twin.motion.cubic import CubicTable
from twin.physics.odometer import Odometer, travelled

HOME = np.radians([0, 90, 0, 0, 0, 0])
NUMBERS = st.floats(-3, 3).map(lambda value: round(value, 3))


@given(st.lists(NUMBERS, min_size=4, max_size=4), st.floats(0, 4))
def test_the_way_along_a_cubic_is_that_of_many_small_steps(coefficients: list[float], end: float):
    cubic = np.array(coefficients).reshape(1, 4, 1)
    found = travelled(cubic, np.array([end]))[0, 0]
    u = np.linspace(0, end, 4001)
    small = np.abs(np.diff(np.polyval(coefficients[::-1], u))).sum()
    assert small <= found + 1e-9
    assert found <= small + 1e-4 * (1 + small)


def swinging() -> tuple[Programs, CubicTable, Odometer]:
    """A wait, then a table that swings all joints out and back to where they began."""
    programs = Programs.build(
        [plan_program(hs220(), [HOME], 1.0), plan_program(hs220(), [HOME], 2)]
    )
    draw = np.random.default_rng(3)
    pieces, place, speed = [], HOME, np.zeros(6)
    for _ in range(4):  # of half a second each
        bend, jerk = draw.uniform(-3, 3, (2, 6))
        pieces.append(np.stack([place, speed, bend, jerk]))
        place = place + 0.5 * (speed + 0.5 * (bend + 0.5 * jerk))
        speed = speed + bend + 0.75 * jerk
    table = CubicTable.build(np.arange(5) / 2, np.stack(pieces))
    balls = np.array([shapes().solids[k].ball for k in shapes().robots[0].solids])
    return programs, table, Odometer.build(hs220(), balls, programs, {1: table})


def test_no_point_of_an_arm_outruns_the_odometer_of_a_table():
    _, table, odometer = swinging()
    time = np.linspace(0, 2, 301)
    shown = odometer.at(np.ones(301, np.int64), time)
    assert (np.diff(shown) >= 0).all()
    frames = hs220().link_frames(table.at(time))
    for link, row in zip(shapes().robots[0].links, shapes().robots[0].solids, strict=True):
        corners = shapes().solids[row].triangles.reshape(-1, 3)[::50]
        at = np.einsum("tij,cj->tci", frames[:, link, :3, :3], corners)
        at += frames[:, link, None, :3, 3]
        for step in (1, 9, 60):
            gone = np.linalg.norm(at[step:] - at[:-step], axis=2).max(axis=1)
            assert (gone <= shown[step:] - shown[:-step] + 1e-9).all()


def test_a_table_that_ends_where_it_began_has_still_gone_somewhere():
    programs, table, odometer = swinging()
    assert (programs.joints_from == programs.joints_to).all()
    assert odometer.advance[0] == 0.0
    there = np.abs(table.at([1.0]) - table.at([0.0])).max()
    assert odometer.advance[1] > there


def test_a_table_of_a_straight_move_goes_at_least_as_far_as_the_move():
    programs = Programs.build([plan_program(hs220(), [HOME, HOME + 0.3], 0.0)])
    balls = np.array([shapes().solids[k].ball for k in shapes().robots[0].solids])
    straight = Odometer.build(hs220(), balls, programs)
    length = float(programs.move_duration[0])
    line = np.zeros((1, 4, 6))
    line[0, 0], line[0, 1] = HOME, 0.3 / length
    table = CubicTable.build([0.0, length], line)
    bent = Odometer.build(hs220(), balls, programs, {0: table})
    assert straight.advance[0] <= bent.advance[0] + 1e-12 < 2 * straight.advance[0]
    assert replace(bent, programs=programs).at([0], [length]) == bent.advance[:1]
