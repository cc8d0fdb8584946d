"""The same run gives the same bits: at any step size, in both executions, snapshot or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.lines import Tape, exponential, little_shop, serial_line
from tests.kinds.shops import SHOPS as SHOPS_BY_NAME
from twin.core.record import MOVE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import CommandError

MINUTE = 60_000_000
SHOPS = list(SHOPS_BY_NAME.values())


def recorded(plant, *, interpreted=False, seed=3):
    tape = Tape()
    return Simulation(plant, seed=seed, motion=True, recorder=tape, interpreted=interpreted), tape


@pytest.mark.parametrize("plant", SHOPS, ids=list(SHOPS_BY_NAME))
def test_interpreted_handlers_give_the_same_bits_as_compiled_ones(plant):
    compiled, compiled_tape = recorded(plant)
    interpreted, interpreted_tape = recorded(plant, interpreted=True)
    for until in (MINUTE, 2 * MINUTE):
        compiled.advance(until)
        interpreted.advance(until)
        assert compiled.digest() == interpreted.digest()
    assert compiled_tape.bytes() == interpreted_tape.bytes()
    assert len(compiled_tape.segments) > 100 or not len(compiled.layout.paths.length)


@settings(max_examples=25)
@given(
    shop=st.sampled_from(SHOPS),
    cuts=st.lists(st.integers(0, 10 * MINUTE), max_size=40),
    seed=st.integers(0, 2**32),
)
def test_any_cuts_of_time_give_the_same_bits_as_one_step(shop, cuts, seed):
    whole, whole_tape = recorded(shop, seed=seed)
    whole.advance(10 * MINUTE)
    pieces, pieces_tape = recorded(shop, seed=seed)
    for cut in sorted(cuts):
        pieces.advance(cut)
    pieces.advance(10 * MINUTE)
    assert pieces.digest() == whole.digest()
    assert pieces_tape.bytes() == whole_tape.bytes()


def test_sixty_hertz_steps_give_the_same_bits_as_one_step():
    plant = little_shop()
    whole, stepped = Simulation(plant, seed=1, motion=True), Simulation(plant, seed=1, motion=True)
    whole.advance(MINUTE)
    for frame in range(3600):
        stepped.advance(round((frame + 1) * 1e6 / 60))
        stepped.poses()
    assert stepped.digest() == whole.digest()


def test_tables_that_grow_do_so_at_the_same_event_for_every_step_size():
    plant = serial_line([exponential()], interval=0.2, limit=400)
    crowd = serial_line([exponential(5.0), exponential(5.0)], [100_000])
    for each in (plant, crowd):
        whole, pieces = Simulation(each, seed=4), Simulation(each, seed=4)
        whole.advance(20 * MINUTE)
        for second in range(0, 20 * 60, 7):
            pieces.advance(second * 1_000_000)
        pieces.advance(20 * MINUTE)
        assert pieces.digest() == whole.digest()


def test_recording_and_looking_change_nothing():
    plant = little_shop()
    watched, _ = recorded(plant, seed=2)
    unwatched = Simulation(plant, seed=2, motion=True)
    watched.advance(5 * MINUTE)
    unwatched.advance(5 * MINUTE)
    assert watched.digest() == unwatched.digest()


def test_a_run_without_motion_has_the_same_flow():
    plant = little_shop()
    seen, unseen = Simulation(plant, seed=2, motion=True), Simulation(plant, seed=2)
    seen.advance(20 * MINUTE)
    unseen.advance(20 * MINUTE)
    for column in ("state", "times", "passed", "failures", "count"):
        np.testing.assert_array_equal(seen.world.place[column], unseen.world.place[column])
    assert seen.world.clock.processed == unseen.world.clock.processed


@settings(max_examples=15)
@given(shop=st.sampled_from(SHOPS), at=st.integers(0, 5 * MINUTE), more=st.integers(1, 5 * MINUTE))
def test_snapshot_restore_and_fork_go_on_as_the_run_itself_does(shop, at, more):
    run = Simulation(shop, seed=5, motion=True)
    run.advance(at)
    snapshot, fork = run.snapshot(), run.fork()
    assert fork.digest() == snapshot.digest == run.digest()
    run.advance(at + more)
    fork.advance(at + more)
    end = run.digest()
    assert fork.digest() == end
    run.restore(snapshot)
    assert run.digest() == snapshot.digest
    run.advance(at + more)
    assert run.digest() == end


def test_a_fork_with_another_seed_has_the_same_past_and_another_future():
    run = Simulation(little_shop(), seed=5)
    run.advance(5 * MINUTE)
    fork = run.fork(seed=6)
    assert fork.world.clock.finished == run.world.clock.finished
    before = run.digest()
    fork.advance(10 * MINUTE)
    assert run.digest() == before
    run.advance(10 * MINUTE)
    assert fork.digest() != run.digest()


def test_another_machine_does_not_disturb_the_streams_of_the_others():
    def arrivals(plant):
        simulation, tape = recorded(plant)
        simulation.advance(10 * MINUTE)
        events = np.concatenate(tape.events)
        return events["tick"][(events["code"] == MOVE) & (events["place"] == 1)]

    short = serial_line([exponential(0.5)], interval=3.0, interval_distribution="exponential")
    long = serial_line(
        [exponential(0.5)] * 3, [9, 9], interval=3.0, interval_distribution="exponential"
    )
    np.testing.assert_array_equal(arrivals(short), arrivals(long))


def test_commands_are_part_of_the_run_at_their_tick():
    def run(cuts):
        simulation, tape = recorded(little_shop())
        for cut in cuts:
            simulation.advance(cut)
        simulation.advance(MINUTE)
        simulation.apply(Command(action="stop", path="/Line/Check"))
        simulation.advance(2 * MINUTE)
        simulation.apply(Command(action="start", path="/Line/Check"))
        simulation.apply(
            Command(action="set", path="/Line/Check", attribute="twin:processTime", value=8.0)
        )
        simulation.apply(Command(action="fail", path="/Line/In", value=20.0))
        simulation.advance(8 * MINUTE)
        return simulation.digest(), tape.bytes(), tape.commands

    assert run([]) == run([1, 100, 12_345_678, 59_999_999])
    assert [command.tick for command in run([])[2]] == [MINUTE, *[2 * MINUTE] * 3]


def test_time_does_not_run_backwards():
    simulation = Simulation(little_shop())
    simulation.advance(MINUTE)
    with pytest.raises(CommandError, match="can't advance to 5: the run is at 60000000 already"):
        simulation.advance(5)
