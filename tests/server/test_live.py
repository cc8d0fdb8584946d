import math

import numpy as np
import pytest

from server.live import FARTHEST_JUMP, Live
from server.wire import FrameType, decode
from tests.server.line import Clock, line, make_live, make_run
from tests.server.viewer import Viewer
from twin.core.record import MOVE, STATE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.journal import Journal

STEP = 1 / 16  # s; exact in binary


class Show:
    """A live run, one viewer from the beginning, and every command that was carried out."""

    def __init__(self, **options) -> None:
        self.clock = Clock()
        self.live = make_live(self.clock, **options)
        self.early = Viewer.joining(self.live.welcome())
        self.others: list[Viewer] = []
        self.commands: list[Command] = []

    def run(self, wall: float) -> None:
        """Let wall time [s] pass in steps; all viewers take what is sent."""
        for _ in range(round(wall / STEP)):
            self.clock.wall += STEP
            self.step()

    def step(self) -> None:
        frames = [frame.data for frame in self.live.step()]
        for viewer in (self.early, *self.others):
            viewer.take(frames)

    def join(self) -> Viewer:
        viewer = Viewer.joining(self.live.welcome())
        self.others.append(viewer)
        return viewer

    def command(self, action: str, path: str, **values) -> Command:
        command = Command(action=action, path=path, **values)
        self.commands.append(self.live.command(command))
        self.step()
        return self.commands[-1]

    @property
    def shown(self) -> int:
        return self.early.shown(self.clock.wall)

    def check(self) -> None:
        """Every viewer shows at this moment what a run at one go has there."""
        journal = self.journal(self.shown)
        truth = journal.poses(self.shown)
        for viewer in (self.early, *self.others):
            poses = viewer.poses(self.shown, self.live.run.sim.layout)
            assert poses.serial.tolist() == truth.serial.tolist()
            assert poses.look.tolist() == truth.look.tolist()
            np.testing.assert_allclose(poses.xyz, truth.xyz, atol=1e-5)
            np.testing.assert_allclose(poses.joints, truth.joints, atol=1e-5)
            assert viewer.state_of(self.shown) == true_states(journal)

    def journal(self, until: int) -> Journal:
        plant = line()
        journal = Journal(plant, seed=3)
        sim = Simulation(plant, seed=3, motion=True, recorder=journal, interpreted=True)
        for command in self.commands:
            if command.tick <= until:
                sim.advance(command.tick)
                sim.apply(command)
        sim.advance(until)
        journal.close(until)
        return journal


def true_states(journal: Journal) -> dict[int, int]:
    sim = Simulation(line(), seed=3, interpreted=True)
    states = dict(enumerate(sim.world.place.state.tolist()))
    changes = journal.events[journal.events["code"] == STATE]
    return states | dict(zip(changes["place"].tolist(), changes["value"].tolist(), strict=True))


def test_viewers_show_at_any_time_what_a_run_at_one_go_has():
    show = Show(speed=7.0)
    for _ in range(12):
        show.run(0.35)
        show.check()


def test_frames_come_before_their_time():
    show = Show(speed=10.0)
    for _ in range(60):
        show.clock.wall += STEP
        shown = show.live.pace.shown(show.clock.wall)
        for frame in show.live.step():
            if decode(frame.data).kind is FrameType.SEG:
                assert decode(frame.data).arrays["tick"].min() > shown


def test_a_late_viewer_shows_the_same_as_an_early_one():
    show = Show(speed=20.0)
    show.run(3.0)
    late = show.join()
    show.check()
    show.run(2.0)
    later = show.join()
    for _ in range(5):
        show.run(0.5)
        show.check()
    assert (
        late.kpi(show.shown).tick == later.kpi(show.shown).tick == show.early.kpi(show.shown).tick
    )


def test_while_paused_nothing_moves_and_nothing_is_sent_but_the_time():
    show = Show(speed=5.0)
    show.run(4.0)
    show.live.play(playing=False)
    show.run(0.5)
    shown, kinds = show.shown, len(show.early.kinds)
    show.run(5.0)
    assert show.shown == shown
    assert set(show.early.kinds[kinds:]) == {"TIME"}
    show.check()
    show.live.play(playing=True)
    show.run(1.0)
    assert show.shown == shown + 5_000_000
    show.check()


def test_after_slowing_down_from_1000_to_1_time_goes_on_where_it_was():
    show = Show(speed=1000.0)
    show.run(0.5)
    show.live.set_speed(1.0)
    shown = show.live.pace.shown(show.clock.wall)
    show.run(2.0)
    assert show.shown == shown + 2_000_000
    assert show.early.epoch == 1
    show.check()
    show.join()
    show.run(1.0)
    show.check()


def test_a_command_acts_at_once_while_paused_and_after_slowing_down():
    show = Show(speed=100.0)
    show.run(1.0)
    show.live.play(playing=False)
    show.run(0.2)
    shown = show.shown
    assert show.live.run.now > shown
    command = show.command("stop", "/Line/Check")
    assert command.tick == shown
    assert show.early.epoch == 2
    show.check()
    show.live.set_speed(1000.0)
    show.live.play(playing=True)
    show.run(0.5)
    show.check()
    show.live.set_speed(1.0)
    show.run(0.5)
    command = show.command("start", "/Line/Check")
    assert abs(command.tick - show.shown) < STEP * 1e6 + 1
    for _ in range(4):
        show.run(0.7)
        show.check()


def test_a_command_in_play_acts_at_the_end_of_what_was_sent():
    show = Show(speed=10.0)
    show.run(2.0)
    command = show.command("fail", "/Line/Weld", value=30.0)
    assert command.tick == show.live.run.now
    assert show.early.epoch == 1
    show.run(1.0)
    show.check()
    words = [(event["kind"], event["path"]) for event in show.early.events]
    assert ("command", "/Line/Weld") in words
    assert ("down", "/Line/Weld") in words


def test_commands_are_not_taken_back():
    show = Show(speed=100.0)
    show.run(1.0)
    first = show.command("stop", "/Line/Belt")
    show.live.play(playing=False)
    second = show.command("fail", "/Line/Check", value=5.0)
    assert second.tick == first.tick
    show.live.play(playing=True)
    show.run(2.0)
    show.check()


def test_a_wrong_command_names_its_path_and_changes_nothing():
    show = Show(speed=10.0)
    show.run(1.0)
    with pytest.raises(CommandError, match="did you mean /Line/Weld"):
        show.command("stop", "/Line/Wild")
    with pytest.raises(CommandError, match="twin:mtbf"):
        show.command("set", "/Line/Weld", attribute="twin:mtbff", value=1.0)
    show.run(1.0)
    show.check()


def test_reset_starts_at_tick_0_of_a_new_epoch_with_the_parameters_of_the_scene():
    show = Show(speed=50.0)
    show.run(1.0)
    show.command("set", "/Line/Check", attribute="twin:processTime", value=1.0)
    show.run(1.0)
    show.live.reset()
    show.commands.clear()
    show.step()
    assert (show.early.epoch, show.shown) == (2, 0)
    assert {kpi.tick for kpi in show.early.kpis} == {0}
    show.run(3.0)
    show.check()
    show.join()
    show.run(0.5)
    show.check()


def test_a_jump_goes_forward_and_tells_the_figures_on_the_way():
    show = Show(speed=1.0)
    show.run(1.0)
    before = show.shown
    assert show.live.jump(600.0) == 600.0
    show.step()
    assert show.shown == before + 600_000_000
    assert show.early.epoch == 2
    show.check()
    ticks = [kpi.tick for kpi in show.early.kpis]
    assert np.diff([tick for tick in ticks if tick > before]).max() <= 60_000_000
    show.run(1.0)
    show.check()


@pytest.mark.parametrize("seconds", [0.0, -1.0, FARTHEST_JUMP + 1, math.nan])
def test_a_jump_out_of_range_is_refused(seconds: float):
    with pytest.raises(CommandError, match="seconds must be > 0"):
        make_live(Clock()).jump(seconds)


def test_figures_agree_with_the_run():
    show = Show(speed=100.0)
    show.run(6.0)
    kpi = show.early.kpi(show.shown)
    journal = show.journal(kpi.tick)
    sim = Simulation(line(), seed=3, interpreted=True)
    sim.advance(kpi.tick)
    totals = sim.totals()
    assert kpi.arrays["times"].reshape(-1, 8) == pytest.approx(totals.place.times / 1e6)
    assert kpi.arrays["finished"].tolist() == totals.place.passed.tolist()
    assert kpi.arrays["level"].tolist() == totals.place["count"].tolist()
    finished, wip, jph, jph_total, _, longest, created, _ = kpi.arrays["totals"].tolist()
    ends = journal.events["place"][journal.events["code"] == MOVE] == len(line().places) - 1
    assert finished == ends.sum() > 10
    assert wip == created - finished == kpi.arrays["level"].sum()
    assert jph == jph_total == pytest.approx(finished * 3.6e9 / kpi.tick)
    assert longest == totals.product.longest_lead.max() / 1e6


def test_history_reaches_from_the_beginning_to_what_is_shown():
    show = Show(speed=50.0)
    show.run(3.0)
    history = show.live.welcome().history
    assert history[0] == (0, 0, 1)
    assert history[-1][0] <= show.shown
    assert [point[0] for point in history] == sorted({point[0] for point in history})


def test_nothing_grows_without_bound():
    clock = Clock()
    live = make_live(clock, speed=1000.0)
    for _ in range(50):
        clock.wall += 0.25
        live.step()
    assert live.run.now > 10**10
    assert live.run.tape.size < 6000
    assert len(live.run.tape.notes) <= 100
    assert sum(map(len, live.welcome().frames)) < 40_000


def test_frames_are_numbered_without_gaps():
    show = Show(speed=30.0)
    numbers: list[int] = []
    for wall in range(60):
        show.clock.wall += STEP
        if wall == 20:
            show.live.play(playing=False)
            show.live.command(Command(action="stop", path="/Line/Weld"))
        if wall == 30:
            show.live.reset()
        sent = show.live.step()
        numbers += [frame.seq for frame in sent]
        assert [decode(frame.data).stamp.seq for frame in sent] == [frame.seq for frame in sent]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_run_that_cannot_keep_up_lowers_its_rate_to_what_it_can():
    class Busy(Clock):
        """A clock on which 300 simulated seconds take one second."""

        simulated = 0

        def __call__(self) -> float:
            self.wall += (live.run.now - self.simulated) / 300e6 if live else 0.0
            self.simulated = live.run.now if live else 0
            return self.wall

    live = None
    clock = Busy()
    live = Live(make_run(), clock=clock, speed=1000.0)
    viewer = Viewer.joining(live.welcome())
    for _ in range(40):
        clock.wall += STEP
        viewer.take(frame.data for frame in live.step())
    assert 100.0 < viewer.map[2] < 400.0
    assert viewer.shown(clock.wall) <= live.run.now
    assert live.pace.speed == 1000.0


def test_after_a_sleep_of_the_machine_time_goes_on_where_it_was():
    show = Show(speed=10.0)
    show.run(1.0)
    now = show.live.run.now
    show.clock.wall += 7200.0
    show.step()
    assert show.shown == now
    assert show.live.pace.rate == 10.0
    show.run(1.0)
    show.check()


def test_a_failure_without_a_duration_lasts_as_long_as_usual():
    run = make_live(Clock()).run
    assert run.repair_time("/Line/Weld") == 8.0
    assert run.repair_time("/Line/Store") == 60.0
    with pytest.raises(CommandError, match="did you mean /Line/Store"):
        run.repair_time("/Line/Stor")


def test_a_lowered_rate_rises_again_where_the_run_keeps_up():
    show = Show(speed=10.0)
    show.run(1.0)
    show.live.pace._turn(show.clock.wall, show.shown, 1.0)
    show.run(20.0)
    assert show.live.pace.rate == 10.0
    show.check()
