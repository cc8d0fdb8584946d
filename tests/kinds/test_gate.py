"""Stop gates: schedules by hand, Newell's recursion step by step, and plain belts as oracles."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.engine.lines import Tape, exponential
from tests.kinds.shop_gates import gated_belt, metered_belt
from twin.core.record import MOVE, PASSED
from twin.core.state import BLOCKED, DOWN, STARVED
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.kinds.gate import Gate
from twin.kinds.sensor import Sensor
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import check

SECOND = 1_000_000
GATE = "/Belt/Gate"


def tape_of(plant, until, commands=(), **options):
    """What a run with commands (s, action, path) recorded."""
    tape = Tape()
    simulation = Simulation(plant, recorder=tape, **({"interpreted": True} | options))
    for time, action, path in commands:
        simulation.advance(time * SECOND)
        simulation.apply(Command(action=action, path=path))
    simulation.advance(until * SECOND)
    return np.concatenate(tape.events), simulation


def seconds(events, plant, path, code=PASSED, side="place"):
    row = plant.index(path)
    return (events["tick"][(events["code"] == code) & (events[side] == row)] / SECOND).tolist()


def belt(*, service=0.0, interval=1.0, more=None, **gate):
    """12 m at 1 m/s with spacing 2 m; the gate stands at 6 m."""
    return gated_belt(
        {"Gate": Gate(position=6.0, **gate), **(more or {})},
        source=Source(interval=interval),
        after=Station(process_time=service),
    )


def test_parts_queue_up_behind_a_closed_gate_and_follow_at_the_spacing_when_it_opens():
    """A part enters every 2 s. The first stands at 6 m from 6 s on, the next ones at 4, 2 and 0 m.

    So the fourth comes in at 6 s, and none after it before the gate opens at 20 s. Then parts pass
    it every 2 s, reach the end 6 s later, and the fifth comes in when the fourth is 2 m on.
    """
    plant = belt(closed=True)
    events, _ = tape_of(plant, 34, [(20, "start", GATE)])
    assert seconds(events, plant, "/Belt", MOVE)[:6] == [0, 2, 4, 6, 22, 24]
    assert seconds(events, plant, GATE)[:5] == [20, 22, 24, 26, 28]
    assert seconds(events, plant, "/Belt", MOVE, "value")[:5] == [26, 28, 30, 32, 34]


def test_a_gate_that_closes_holds_no_part_whose_point_has_come_by():
    plant = belt(interval=3.0)
    events, simulation = tape_of(plant, 30, [(6, "stop", GATE)])
    assert seconds(events, plant, GATE) == [6]
    assert seconds(events, plant, "/Belt", MOVE, "value") == [12]
    assert simulation.world.place[1]["count"] == 4


def test_a_gate_shows_whether_it_is_closed_or_holds_a_part_by_its_own_rule():
    plant = belt(release_time=5.0)
    simulation = Simulation(plant, interpreted=True)
    row = plant.index(GATE)
    states = []
    for time in (5, 6, 7, 8, 11):
        simulation.advance(time * SECOND)
        states.append(int(simulation.world.place[row].state))
    assert states == [STARVED, STARVED, STARVED, BLOCKED, STARVED]
    simulation.apply(Command(action="stop", path=GATE))
    assert simulation.world.place[row].state == DOWN
    assert Simulation(belt(closed=True), interpreted=True).world.place[row].state == DOWN


def test_a_meter_lets_a_part_go_every_so_many_seconds():
    plant = belt(release_time=5.0)
    events, _ = tape_of(plant, 40)
    assert seconds(events, plant, GATE) == [6, 11, 16, 21, 26, 31, 36]
    assert seconds(events, plant, "/Belt", MOVE, "value") == [12, 17, 22, 27, 32, 37]


def test_a_meter_may_be_set_while_the_plant_runs():
    plant = belt(release_time=5.0)
    simulation = Simulation(plant, recorder=(tape := Tape()), interpreted=True)
    simulation.advance(13 * SECOND)
    simulation.apply(Command(action="set", path=GATE, attribute="twin:releaseTime", value=3.0))
    simulation.advance(30 * SECOND)
    events = np.concatenate(tape.events)
    assert seconds(events, plant, GATE)[:5] == [6, 11, 16, 19, 22]


def test_one_at_a_time_waits_until_the_part_before_has_left_the_end():
    """The first part is at the end at 12 s and leaves; the next one at 18 s finds the station busy.

    The station works 20 s: it is free at 32 s.
    """
    plant = belt(one_at_a_time=True, service=20.0)
    events, _ = tape_of(plant, 80)
    assert seconds(events, plant, GATE) == [6, 12, 32, 52, 72]
    assert seconds(events, plant, "/Belt", MOVE, "value") == [12, 32, 52, 72]


def test_one_at_a_time_looks_as_far_as_the_next_gate():
    plant = belt(one_at_a_time=True, more={"Last": Gate(position=9.0), "Eye": Sensor(position=8.0)})
    events, _ = tape_of(plant, 16)
    assert seconds(events, plant, GATE) == [6, 9, 12, 15]


def test_a_held_part_goes_on_only_when_the_belt_runs_again():
    plant = belt(closed=True, interval=100.0)
    commands = [(8, "stop", "/Belt"), (10, "start", GATE), (25, "start", "/Belt")]
    events, _ = tape_of(plant, 50, commands)
    assert seconds(events, plant, GATE) == [25]
    assert seconds(events, plant, "/Belt", MOVE, "value") == [31]


def test_a_stop_of_the_belt_delays_all_that_is_on_it():
    plant = belt(interval=5.0)
    events, _ = tape_of(plant, 30, [(4, "stop", "/Belt"), (11, "start", "/Belt")])
    assert seconds(events, plant, "/Belt", MOVE) == [0, 11, 16, 21, 26]
    assert seconds(events, plant, GATE) == [13, 17, 22, 27]
    assert seconds(events, plant, "/Belt", MOVE, "value") == [19, 23, 28]


def test_parts_stand_one_spacing_apart_behind_a_gate():
    simulation = Simulation(belt(closed=True), motion=True, interpreted=True)
    simulation.advance(60 * SECOND)
    np.testing.assert_allclose(np.sort(simulation.poses().xyz[:, 0]), [0, 2, 4, 6], atol=1e-9)
    simulation.apply(Command(action="start", path=GATE))
    simulation.advance(61 * SECOND)
    np.testing.assert_allclose(np.sort(simulation.poses().xyz[:, 0]), [1, 3, 5, 7], atol=1e-9)


@settings(deadline=None)
@example(
    length=15.38,
    speed=1.727,
    spacing=2.53,
    shares=[0.076, 0.163, 0.621, 0.942],
    service=3.9,
    accumulating=False,
    seed=80,
)  # the next one may enter as the first comes to the end
@example(
    length=3.1, speed=1.0, spacing=0.5, shares=[0.5], service=1.0, accumulating=False, seed=0
)  # at the sensor as another stops at the end
@example(
    length=3.0, speed=1.125, spacing=0.3, shares=[0.5], service=1.0, accumulating=True, seed=0
)  # ten spacings of 266666.67 ticks, rounded, are longer than the belt
@given(
    length=st.floats(3.0, 30.0) | st.integers(3, 30).map(float),
    speed=st.floats(0.1, 3.0),
    spacing=st.floats(0.3, 3.0) | st.sampled_from([0.3, 0.5, 1.0, 1.5, 3.0]),
    shares=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=4, unique=True),
    service=st.floats(0.1, 4.0),
    accumulating=st.booleans(),
    seed=st.integers(0, 100),
)
def test_open_gates_and_sensors_change_no_tick(
    length, speed, spacing, shares, service, accumulating, seed
):
    """The same moves, states and random draws as on the plain conveyor, through failures too."""
    kind = Gate if accumulating else Sensor
    crossings = {f"C{n}": kind(position=share * length) for n, share in enumerate(shares)}
    plant = gated_belt(
        crossings,
        source=Source(interval=1.0, interval_distribution="exponential"),
        after=exponential(service, mtbf=40.0, mttr=10.0),
        length=length, speed=speed, spacing=spacing, accumulating=accumulating,
    )  # fmt: skip
    plain = replace(plant, places=plant.places[:4])
    if check(plant):
        return
    commands = [(50, "stop", "/Belt"), (57, "start", "/Belt"), (90, "stop", "/After")]
    one, two = (
        tape_of(each, 200, commands, seed=seed, interpreted=False) for each in (plant, plain)
    )
    ours = one[0][one[0]["place"] < 4]
    ours = ours[ours["code"] != PASSED]
    fields = ["tick", "part", "code", "place", "value"]
    theirs = two[0]
    assert np.sort(ours[fields], order=fields).tolist() == (
        np.sort(theirs[fields], order=fields).tolist()
    )


def newell(gates, toggles, *, length, spacing, service, parts):
    """Ticks at which parts enter, go by each gate and leave, part by part and metre by metre.

    `gates` maps positions to (closed, release_time, one_at_a_time), `toggles` to the seconds at
    which each is closed or opened; speed 1 m/s, all lengths in whole metres.
    """
    came: list[list[int]] = []  # tick at which each part comes to each metre
    gone: list[dict[int, int]] = []  # tick at which it goes by each stop
    stops = [*sorted(gates), length]
    for k in range(parts):
        before, left = (came[-1], gone[-1]) if k else ([], {})

        def ahead(x, before=before, left=left):
            if not before:
                return 0
            return before[x] if x <= length else left[length] + x - length

        entry = max(before[0] if k else 0, ahead(spacing))
        capacity = length // spacing
        if k >= capacity:
            entry = max(entry, gone[k - capacity][length])
        mine, by = [entry], {}
        for x in range(length + 1):
            tick = mine[x]
            if x in gates:
                closed, release, single = gates[x]
                if k:
                    tick = max(tick, left[x] + release)
                if k and single:
                    tick = max(tick, left[stops[stops.index(x) + 1]])
                tick = next_open(tick, toggles[x], closed=closed)
            if x == length:
                tick = max(tick, left[length] + service) if k else tick
            by[x] = tick
            mine.append(max(tick + 1, ahead(x + 1 + spacing)))
        came.append(mine)
        gone.append(by)
    return came, gone


def next_open(tick, toggles, *, closed):
    """The first tick from one on at which a gate is open, before or after its commands."""
    while all(closed ^ (sum(each <= t for each in toggles) % 2) for t in (tick - 1, tick)):
        tick += 1
    return tick


@settings(deadline=None)
@given(data=st.data())
def test_parts_pass_gates_and_leave_as_in_newells_recursion(data):
    length = data.draw(st.integers(4, 14), "length")
    spacing = data.draw(st.integers(1, 4), "spacing")
    service = data.draw(st.integers(0, 5), "service")
    places = st.lists(st.integers(1, length - 1), min_size=1, max_size=3, unique=True)
    gates = {
        x: (data.draw(st.booleans()), data.draw(st.integers(0, 6)), data.draw(st.booleans()))
        for x in data.draw(places, "gates")
    }
    times = st.lists(st.integers(1, 60), max_size=6, unique=True)
    toggles = {x: sorted(data.draw(times, "toggles")) for x in gates}
    toggles = {
        x: each if (len(each) % 2 == 1) == gates[x][0] else [*each, 61]
        for x, each in toggles.items()
    }  # all are open in the end
    plant = gated_belt(
        {
            f"G{x}": Gate(position=x, closed=closed, release_time=wait, one_at_a_time=single)
            for x, (closed, wait, single) in gates.items()
        },
        source=Source(interval=0.0),
        after=Station(process_time=service),
        length=length, spacing=spacing,
    )  # fmt: skip
    commands = sorted(
        (time, "start" if gates[x][0] ^ (number % 2) else "stop", f"/Belt/G{x}")
        for x, each in toggles.items()
        for number, time in enumerate(each)
    )
    events, _ = tape_of(plant, 200, commands, interpreted=False)
    came, gone = newell(
        gates, toggles, length=length, spacing=spacing, service=service, parts=12
    )  # fmt: skip
    entered = [mine[0] for mine in came]
    assert seconds(events, plant, "/Belt", MOVE)[:12] == entered
    for x in gates:
        assert seconds(events, plant, f"/Belt/G{x}")[:12] == [each[x] for each in gone]
    assert seconds(events, plant, "/Belt", MOVE, "value")[:12] == [each[length] for each in gone]


def test_compiled_and_interpreted_runs_are_the_same():
    worlds = []
    for interpreted in (True, False):
        simulation = Simulation(metered_belt(), seed=3, motion=True, interpreted=interpreted)
        simulation.advance(300 * SECOND)
        worlds.append(simulation.digest())
    assert worlds[0] == worlds[1]


@pytest.mark.parametrize(
    ("more", "belt_more", "message"),
    [
        ({"position": 12.0}, {}, "twin:position must be < the length of the conveyor (12 m), got"),
        ({"position": 0.0}, {}, "twin:position must be > 0 and <= 10000 m, got 0"),
        ({"position": 3.0}, {"accumulating": False}, " must be the child of a conveyor with twin:"),
    ],
)
def test_gates_that_can_hold_nothing_are_refused(more, belt_more, message):
    plant = gated_belt({"Gate": Gate(**more)}, source=Source(), after=Station(), **belt_more)
    problems = [str(each) for each in check(plant)]
    assert problems
    assert message in problems[0]


def test_two_crossings_at_one_point_or_one_beside_a_conveyor_are_refused():
    both = {"Gate": Gate(position=3.0), "Other": Sensor(position=3.0)}
    plant = gated_belt(both, source=Source(), after=Station())
    assert [str(each) for each in check(plant)] == [
        "/Belt/Other twin:position must not be that of /Belt/Gate, got 3"
    ]
    lost = [replace(each, path=each.path.replace("/Belt/G", "/G")) for each in plant.places]
    problems = [str(each) for each in check(replace(plant, places=tuple(lost)))]
    assert "/Gate must be the child of a conveyor, move it" in problems[0].replace(";", ",")


def test_parts_can_not_be_sent_to_a_gate_by_a_command_that_it_does_not_know():
    with pytest.raises(CommandError):
        Simulation(belt(), interpreted=True).apply(Command(action="open", path=GATE))
