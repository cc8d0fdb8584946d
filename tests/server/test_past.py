"""Going back in a run, and what is shown there: the same as was shown then."""

import math

import pytest

from server.live import Live
from server.past import MOST, NEWEST
from server.run import Run
from tests.server.line import Clock, line, make_run
from tests.server.test_live import Show
from twin.engine.command import Command
from twin.errors import CommandError

SECOND = 1_000_000


def test_any_time_of_the_past_shows_what_was_there_and_the_head_is_kept():
    show = Show(speed=20.0)
    show.run(2.0)
    show.command("stop", "/Line/Check")
    show.run(3.0)
    show.command("start", "/Line/Check")
    show.command("set", "/Line/Check", attribute="twin:processTime", value=3.0)
    show.run(4.0)
    head = show.live.run.head
    for second in (150, 20, 39, 41, 99, 0, 160):
        show.live.seek(second * SECOND)
        show.step()
        show.check()
        assert not show.live.run.is_live
        show.run(0.5)
        show.check()
    assert show.live.go_live() <= head
    show.step()
    show.check()
    show.run(1.0)
    show.check()
    assert show.live.run.is_live


def test_the_past_is_played_up_to_the_head_and_then_goes_on():
    show = Show(speed=20.0)
    show.run(2.0)
    show.command("fail", "/Line/Check", value=5.0)
    show.run(2.0)
    show.live.seek(60 * SECOND)
    head = show.live.run.head
    show.run(3.0)
    assert show.live.run.is_live
    assert show.live.run.head > head
    show.check()
    late = show.join()
    show.check()
    assert late.epoch == show.early.epoch


def test_commands_are_refused_in_the_past_and_change_nothing_there():
    show = Show(speed=20.0)
    show.run(4.0)
    show.live.seek(30 * SECOND)
    with pytest.raises(CommandError, match="shows its past"):
        show.live.command(Command(action="stop", path="/Line/Check"))
    show.live.go_live()
    show.step()
    show.check()


@pytest.mark.parametrize("tick", [-1, 10**12])
def test_a_time_that_the_run_has_not_reached_cannot_be_shown(tick: int):
    show = Show()
    show.run(1.0)
    with pytest.raises(CommandError, match="as far as the run has come"):
        show.live.seek(tick)
    show.run(1.0)
    show.check()


def test_steps_by_events_pause_and_stop_at_each():
    show = Show(speed=20.0)
    show.run(2.0)
    ticks = [show.live.step_events(1) for _ in range(5)]
    show.step()
    assert ticks == sorted(set(ticks))
    assert show.shown == ticks[-1]
    assert not show.live.pace.playing
    show.check()
    assert show.live.step_events(3) > ticks[-1]


def test_as_fast_as_possible_goes_far_and_then_shows_the_truth():
    class Busy(Clock):
        """A clock on which 3000 simulated seconds take one second."""

        def __call__(self) -> float:
            return self.wall + run.now / 3e9

    run, clock = make_run(), Busy()
    live = Live(run, clock=clock, speed=math.inf)
    for _ in range(20):
        clock.wall += 0.05
        live.step()
    assert 1000.0 < live.pace.rate <= 3000.0
    reached = live.shown
    assert reached > 1000 * SECOND
    live.play(playing=False)
    assert live.shown == reached == live.run.now
    live.seek(100 * SECOND)
    assert live.shown == 100 * SECOND
    assert live.go_live() == reached


def test_the_past_keeps_so_many_snapshots_at_most():
    run = Run(line(), seed=3, interpreted=True)
    for second in range(0, 4000, 5):
        run.advance(second * SECOND)
        run.save()
    assert NEWEST < len(run.past) <= MOST
    digest = run.sim.digest()
    run.seek(1234 * SECOND)
    run.go_live()
    assert run.sim.digest() == digest


def test_a_run_that_catches_up_is_as_one_that_was_there():
    one, two = make_run(), make_run()
    commands = []
    for second, action in ((40, "stop"), (70, "start")):
        one.advance(second * SECOND)
        commands.append(one.apply(Command(action=action, path="/Line/Check")))
    one.advance(200 * SECOND)
    told = []
    two.catch_up(commands, 200 * SECOND, told=told.append)
    assert told == commands
    assert one.sim.digest() == two.sim.digest()
