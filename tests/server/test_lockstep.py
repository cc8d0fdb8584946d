"""Exporters in lock-step, on a run by a clock of ours."""

import pytest

from server.lockstep import LockStep
from server.wire import FrameType, decode
from tests.server.line import Clock, make_live
from twin.engine.command import Command
from twin.errors import CommandError
from twin.units import to_ticks


def steps(live) -> list[int]:
    """The ticks of the steps that are told now."""
    frames = [decode(frame.data) for frame in live.step()]
    return [frame.tick for frame in frames if frame.kind is FrameType.STEP]


def test_the_run_waits_at_each_step_until_it_is_done():
    clock = Clock()
    live = make_live(clock)
    assert live.hold("one", 0.1, 10.0) == 0
    told = []
    for _ in range(50):
        clock.wall += 0.02
        for tick in steps(live):
            told.append(tick)
            assert live.run.now == tick
            live.lockstep.done("one", tick)
    assert told == [to_ticks(0.1 * number) for number in range(len(told))]
    assert len(told) >= 10
    stands = live.run.now + 100_000
    for _ in range(50):
        clock.wall += 0.02
        live.step()
    assert live.run.now == stands
    assert live.shown <= stands


def test_a_run_waits_for_the_slower_of_two_and_tells_each_its_own_steps():
    clock = Clock()
    live = make_live(clock)
    live.hold("fine", 0.1, 10.0)
    live.hold("coarse", 0.25, 10.0)
    seen: dict[float, list[int]] = {0.1: [], 0.25: []}
    names = {0.1: "fine", 0.25: "coarse"}
    for _ in range(100):
        clock.wall += 0.02
        for frame in map(decode, (frame.data for frame in live.step())):
            for step in frame.arrays["step"].tolist() if frame.kind is FrameType.STEP else ():
                seen[step].append(frame.tick)
                live.lockstep.done(names[step], frame.tick)
    for step, ticks in seen.items():
        assert len(ticks) > 4
        assert ticks == [to_ticks(step * number) for number in range(len(ticks))]


def test_who_takes_too_long_is_left_behind_and_all_are_told():
    clock = Clock()
    live = make_live(clock)
    live.hold("slow", 0.1, 2.0)
    for _ in range(3):
        clock.wall += 0.05
        live.step()
    assert live.run.now == 0
    notes = []
    for _ in range(50):
        clock.wall += 0.05
        for frame in map(decode, (frame.data for frame in live.step())):
            notes += frame.events if frame.kind is FrameType.EVENT else []
    assert [note["kind"] for note in notes] == ["service"]
    assert "slow is no longer in step: no answer within 2 s" in notes[0]["text"]
    assert live.run.now > 0
    with pytest.raises(CommandError, match="does not wait for this client"):
        live.lockstep.done("slow", 0)


def test_time_is_not_set_while_somebody_relies_on_it_and_commands_take_nothing_back():
    clock = Clock()
    live = make_live(clock)
    live.hold("one", 0.1, 10.0)
    for _ in range(40):
        clock.wall += 0.05
        for tick in steps(live):
            live.lockstep.done("one", tick)
    told = live.run.now // 100_000 * 100_000
    for change in (live.reset, lambda: live.jump(1.0), lambda: live.seek(0)):
        with pytest.raises(CommandError, match="in lock-step hold the run"):
            change()
    live.play(playing=False)
    assert live.command(Command(action="stop", path="/Line/Belt")).tick >= told - 100_000
    live.lockstep.close("one")
    live.seek(0)


def test_as_fast_as_possible_the_stream_is_whole_and_in_step():
    clock = Clock()
    live = make_live(clock)
    live.hold("one", 1.0, 10.0)
    live.set_speed(float("inf"))
    told, kinds = [], []
    while not told or told[-1] < to_ticks(60):
        clock.wall += 0.02
        for frame in map(decode, (frame.data for frame in live.step())):
            kinds.append(frame.kind)
            if frame.kind is FrameType.STEP:
                told.append(frame.tick)
                live.lockstep.done("one", frame.tick)
    assert told == [to_ticks(number) for number in range(61)]
    assert FrameType.SEG in kinds
    assert kinds.count(FrameType.KEY) == 1  # as the speed was set


def test_a_step_of_a_sixtieth_of_a_second_does_not_drift():
    lockstep = LockStep(lambda: 0.0)
    day = to_ticks(86400)
    assert lockstep.open("one", 1 / 60, 1.0, day) == day
    assert lockstep.open("two", 1 / 60, 1.0, day + 1) == day + 16_667


@pytest.mark.parametrize(
    ("step", "patience", "rule"),
    [(0.0, 1.0, "step must be"), (float("nan"), 1.0, "step must"), (1.0, 0.0, "patience must be")],
)
def test_numbers_out_of_range_are_refused(step: float, patience: float, rule: str):
    with pytest.raises(CommandError, match=rule):
        LockStep(lambda: 0.0).open("one", step, patience, 0)


def test_a_run_waits_for_so_many_and_no_more():
    lockstep = LockStep(lambda: 0.0)
    for number in range(16):
        lockstep.open(str(number), 1.0, 1.0, 0)
    with pytest.raises(CommandError, match="at most 16"):
        lockstep.open("one more", 1.0, 1.0, 0)


def test_one_may_answer_to_a_step_that_was_told_to_another():
    clock = Clock()
    lockstep = LockStep(clock)
    for name in ("one", "two"):
        lockstep.open(name, 1.0, 1.0, 0)
    assert lockstep.reach(0) == [1.0]
    lockstep.open("three", 1.0, 1.0, 0)
    lockstep.done("three", 0)
    lockstep.done("three", 5_000_000)  # nobody has come so far
    for name in ("one", "two"):
        lockstep.done(name, 0)
    assert lockstep.limit == 1_000_000
