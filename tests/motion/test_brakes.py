"""How robots brake in their programs: within their joints' limits at any moment, and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.motion.hs220 import HOME, hs220
from twin.motion import PlannedProgram, Programs, plan_program
from twin.motion.blend import plan_blended
from twin.motion.brakes import brake_rows, table_brakes
from twin.motion.cubic import CubicTable
from twin.motion.progress import rates

ARM = hs220()
SAMPLES = 10_000
KEPT = 1.0 + 1e-9


def rule_at(rows, time):
    """How a robot brakes at a time [s]: how long it runs on before, and T."""
    row = rows[np.searchsorted(rows[:, 0], time, side="right") - 1]
    return max(row[1] - time, 0.0), row[2]


def way(begin, run_on, lasts, rate):
    """When a program is at clock rates on the way to the stop, and on the way back from there."""
    full = begin + run_on
    yield -1.0, full + lasts * (1.0 - rate * rate) / 2.0
    yield +1.0, full + lasts / 2.0 + lasts * rate * rate / 2.0


def worst(state, rows, duration, begins, acceleration):
    """The largest acceleration of any joint in stops that begin at times, as a share of limits."""
    most, rate = 0.0, np.linspace(0.0, 1.0, SAMPLES // len(begins) * 4)
    for begin in begins:
        run_on, lasts = rule_at(rows, begin)
        assert begin + run_on + lasts <= duration + 2e-6  # never beyond the end of the move
        if lasts > 0:
            for side, at in way(begin, run_on, lasts, rate):
                speed, change = state(at)
                used = change * rate[:, None] ** 2 + side * speed / lasts
                most = max(most, float(np.max(np.abs(used) / acceleration)))
    return most


joints = st.lists(st.floats(-1.0, 1.0), min_size=6, max_size=6)


@settings(max_examples=40, deadline=None)
@given(step=joints)
def test_a_stop_anywhere_in_a_joint_move_and_the_way_on_keep_the_limits(step):
    there = np.clip(np.array(HOME) + np.array(step) * 1.5, ARM.lower, ARM.upper)
    program = plan_program(ARM, [HOME, there], 0.0)
    programs = Programs.build([program])
    ticks, first, count = brake_rows(programs, ARM.acceleration[None])
    assert (first[0], count[0]) == (0, len(ticks))
    duration, change = float(program.duration[0]), there - np.array(HOME)
    timing = (duration, program.ramp[0], program.jerk[0])

    def state(at):
        now = rates(at, *timing)
        return now.velocity[:, None] * change, now.acceleration[:, None] * change

    begins = np.linspace(0.0, duration, 50)[:-1]
    assert worst(state, ticks / 1e6, duration, begins, ARM.acceleration) <= KEPT + 1e-6


def blended():
    near = np.radians([25, 70, 20, 40, 60, -90])
    spots = near + np.radians([8, 9, -7, 15, 12, 20]) * np.arange(1, 5)[:, None]
    return plan_blended(ARM, np.vstack([HOME, near, spots, HOME]), 0.3).table


def test_a_stop_in_a_way_without_stops_keeps_the_limits_and_does_not_wait_for_its_end():
    table = blended()
    rows = table_brakes(table, ARM.acceleration)

    def state(at):
        now = table.state(at)
        return now.velocity, now.acceleration

    begins = np.linspace(0.0, table.duration, 200)[:-1]
    assert worst(state, rows, table.duration, begins, ARM.acceleration) <= 1.0 + 1e-3
    takes = [sum(rule_at(rows, begin)) for begin in begins]
    assert np.mean(takes) < table.duration / 3


def test_a_robot_that_is_near_the_end_of_its_move_goes_on_to_it():
    program = plan_program(ARM, [HOME, np.add(HOME, 0.4), HOME], [0.0, 1.0, 0.0])
    ticks, _, _ = brake_rows(Programs.build([program]), ARM.acceleration[None])
    rows = ticks / 1e6
    end = float(program.duration[0])
    assert rule_at(rows, end - 0.1) == (pytest.approx(0.1, abs=1e-6), 0.0)
    assert rule_at(rows, end + 0.5) == (0.0, 0.0)  # it stands there and waits


def test_programs_that_share_moves_share_their_brakes():
    program = plan_program(ARM, [HOME, np.add(HOME, 0.4)], 0.0)
    other = plan_program(ARM, [HOME, np.add(HOME, 0.2)], 0.0)
    _, first, count = brake_rows(
        Programs.build([program, other, program]), np.tile(ARM.acceleration, (3, 1))
    )
    assert first.tolist() == [0, 2, 0]
    assert count.tolist() == [2, 2, 2]


def test_a_table_that_stands_is_stopped_at_once_or_at_its_end():
    still = np.zeros((1, 6))
    table = CubicTable.of_pieces([2.0], HOME, still[0], acceleration=still, jerk=still)
    rows = table_brakes(table, ARM.acceleration)
    assert all(sum(rule_at(rows, at)) <= 2.0 for at in (0.0, 1.0, 1.99))
    assert isinstance(plan_program(ARM, [HOME], 1.0), PlannedProgram)
