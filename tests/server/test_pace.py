import math

import pytest

from server.pace import LEAD, Pace
from twin.errors import CommandError


def test_time_runs_at_the_speed_and_stands_while_paused():
    pace = Pace(10.0, speed=20.0)
    assert pace.shown(10.5) == 10_000_000
    pace.play(10.5, playing=False)
    assert pace.shown(99.0) == 10_000_000
    pace.play(99.0, playing=True)
    assert pace.shown(99.1) == 12_000_000


def test_a_change_of_speed_does_not_change_the_time_shown():
    pace = Pace(0.0, speed=1000.0)
    pace.set_speed(2.0, 1.0)
    assert pace.shown(2.0) == 2_000_000_000
    assert pace.shown(3.0) == 2_001_000_000


def test_the_goal_is_ahead_by_the_lead_in_wall_time():
    pace = Pace(0.0, speed=100.0)
    assert pace.goal(1.0) - pace.shown(1.0) == 100 * LEAD * 1e6
    pace.play(1.0, playing=False)
    assert pace.goal(1.0) == pace.shown(1.0)


def test_a_speed_set_while_paused_holds_from_play_on():
    pace = Pace(0.0, playing=False)
    pace.set_speed(1.0, 50.0)
    assert pace.rate == 0.0
    pace.play(2.0, playing=True)
    assert pace.rate == 50.0


@pytest.mark.parametrize("speed", [0.0, 0.009, 1000.1, -1.0, math.nan, -math.inf])
def test_a_speed_out_of_range_is_refused(speed: float):
    with pytest.raises(CommandError, match=r"speed must be >= 0\.01 and <= 1000"):
        Pace(0.0, speed=speed)
    pace = Pace(0.0)
    with pytest.raises(CommandError):
        pace.set_speed(0.0, speed)
    assert pace.speed == 1.0


def test_where_the_run_is_too_slow_time_goes_back_to_it_and_runs_slower_until_it_recovers():
    pace = Pace(0.0, speed=1000.0)
    assert pace.keep_up(1.0, 300_000_000, 300.0)
    assert pace.shown(1.0) == 300_000_000
    assert pace.rate == pytest.approx(210.0)
    assert not pace.keep_up(2.0, pace.goal(2.0), 300.0)  # too early to try again
    assert pace.keep_up(3.5, pace.goal(3.5), 2000.0)
    assert pace.rate == pytest.approx(315.0)
    for wall in range(6, 60, 3):
        pace.keep_up(float(wall), pace.goal(float(wall)), 2000.0)
    assert pace.rate == pace.speed == 1000.0


def test_after_a_pause_of_the_whole_machine_time_goes_on_at_the_same_speed():
    pace = Pace(0.0, speed=10.0)
    assert pace.keep_up(3600.0, 5_000_000, math.inf)
    assert (pace.shown(3600.0), pace.rate) == (5_000_000, 10.0)
