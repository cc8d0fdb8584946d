import numpy as np
import pytest

from tests.report.lines import plant_of, recorded, two_stations
from twin.core.record import EVENT, MOVE
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.journal import COMMAND, Column, Journal, first_difference, replay
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.motion import SEGMENT
from twin.plant import Place, Plant, Pose, connect
from twin.units import to_ticks


def moving_line() -> Plant:
    """A conveyor of 2 m, a station 1 m behind it, and a store."""
    return Plant(
        places=connect(
            [
                ("/L/Source", Source(interval=3.0)),
                ("/L/Belt", Conveyor(length=2.0, speed=0.5, spacing=0.5)),
                Place(
                    path="/L/Station",
                    params=Station(process_time=5.0, transfer_time=2.0),
                    pose=Pose(xyz=(3.0, 0.0, 0.0)),
                ),
                Place(path="/L/Store", params=Buffer(capacity=2), pose=Pose(xyz=(3.0, 0.0, 0.0))),
                Place(path="/L/Sink", params=Sink(), pose=Pose(xyz=(3.0, 0.0, 0.0))),
            ]
        )
    )


def test_rows_stay_as_they_were_however_much_follows():
    column = Column(np.dtype([("tick", "i8")]))
    column.append(np.array([(1,), (2,)], [("tick", "i8")]))
    before = column.rows
    column.append(np.arange(1000, dtype="i8").view([("tick", "i8")]))
    assert before["tick"].tolist() == [1, 2]
    assert column.rows["tick"].tolist() == [1, 2, *range(1000)]
    assert len(column) == 1002


def test_what_is_recorded_can_not_be_changed():
    _, journal = recorded(two_stations(), 50.0)
    with pytest.raises(ValueError, match="read-only"):
        journal.events["tick"] = 0


def test_moves_tell_which_part_went_where_and_when():
    _, journal = recorded(two_stations(), 100.0)
    moves = journal.events[journal.events["code"] == MOVE]
    told = [(row["tick"] // 1_000_000, row["part"], row["value"], row["place"]) for row in moves]
    assert told == [
        (0, 1, 0, 1), (20, 1, 1, 2), (20, 2, 0, 1), (50, 1, 2, 3), (50, 2, 1, 2), (50, 3, 0, 1),
        (80, 2, 2, 3), (80, 3, 1, 2), (80, 4, 0, 1),
    ]  # fmt: skip
    assert journal.events.dtype == EVENT
    assert journal.segments.dtype == SEGMENT


def test_a_journal_made_in_many_steps_is_the_journal_made_in_one():
    plant = two_stations()
    _, whole = recorded(plant, 100.0)
    journal = Journal(plant, seed=1)
    simulation = Simulation(plant, seed=1, recorder=journal, interpreted=True)
    for tick in range(0, to_ticks(100.0) + 1, to_ticks(3.125)):
        simulation.advance(tick)
    journal.close(simulation.now)
    assert first_difference(whole, journal) is None


def test_poses_of_any_past_tick_are_those_that_were_seen():
    plant = moving_line()
    journal = Journal(plant, seed=1)
    simulation = Simulation(plant, seed=1, motion=True, recorder=journal, interpreted=True)
    seen = []
    for tick in range(0, to_ticks(30.0), to_ticks(0.7)):
        simulation.advance(tick)
        seen.append(simulation.poses())
    journal.close(simulation.now)
    assert any(len(poses.serial) > 3 for poses in seen)
    for then in seen:
        poses = journal.poses(then.tick)
        np.testing.assert_array_equal(poses.serial, then.serial)
        np.testing.assert_array_equal(poses.look, then.look)
        np.testing.assert_array_equal(poses.xyz, then.xyz)
        np.testing.assert_array_equal(poses.wxyz, then.wxyz)


def test_a_part_is_halfway_along_its_conveyor_at_half_time():
    _, journal = recorded(moving_line(), 10.0, motion=True)
    poses = journal.poses(to_ticks(2.0))  # 4 s on the way
    assert poses.serial.tolist() == [1]
    assert poses.xyz.tolist() == [[1.0, 0.0, 0.0]]


def test_poses_are_known_within_the_run_only():
    _, journal = recorded(moving_line(), 10.0, motion=True)
    with pytest.raises(CommandError, match="from 0 to 10000000 has no poses at 10000001"):
        journal.poses(to_ticks(10.0) + 1)
    with pytest.raises(CommandError, match="has no poses at -1"):
        journal.poses(-1)


def test_a_journal_without_motion_says_so():
    _, journal = recorded(moving_line(), 10.0)
    with pytest.raises(CommandError, match="holds no motion"):
        journal.poses(0)


def test_a_journal_can_not_be_closed_before_what_it_holds():
    _, journal = recorded(two_stations(), 50.0)
    with pytest.raises(CommandError, match="can't be closed at 1"):
        journal.close(1)


def test_commands_are_kept_as_they_were_carried_out():
    slower = Command(
        action="set", path="/Line/Station_1", attribute="twin:processTime", value=25.0,
        tick=to_ticks(15.0),
    )  # fmt: skip
    _, journal = recorded(two_stations(), 50.0, slower)
    assert journal.commands.dtype == COMMAND
    assert journal.commands.tolist() == [(15_000_000, 1, "set", "twin:processTime", 25.0)]
    assert journal.command_of(journal.commands[0]) == slower


def test_a_run_played_again_is_the_same_run():
    plant = plant_of(
        Source(interval=2.0, interval_distribution="exponential"),
        Station(process_time=3.0, process_distribution="exponential", mtbf=20.0, mttr=4.0),
        Buffer(capacity=2),
        Station(process_time=2.5),
        Sink(),
    )
    commands = [
        Command(action="stop", path="/Line/Station_2", tick=to_ticks(11.0)),
        Command(action="start", path="/Line/Station_2", tick=to_ticks(19.5)),
        Command(action="fail", path="/Line/Station_1", value=5.0, tick=to_ticks(30.0)),
    ]
    _, journal = recorded(plant, 60.0, *commands, seed=3)
    again = replay(journal, interpreted=True)
    assert first_difference(journal, again) is None
    assert again.commands.tolist() == journal.commands.tolist()


def test_the_first_difference_of_two_runs_is_named():
    _, one = recorded(two_stations(), 50.0)
    failure = Command(action="fail", path="/Line/Station_1", value=5.0, tick=to_ticks(12.0))
    _, two = recorded(two_stations(), 50.0, failure)
    assert first_difference(one, two) == to_ticks(12.0)
    _, longer = recorded(two_stations(), 70.0)
    assert first_difference(one, longer) == to_ticks(60.0)  # the next part is made
    _, later = recorded(two_stations(), 51.0)
    assert first_difference(one, later) == to_ticks(50.0)
