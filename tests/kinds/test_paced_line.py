"""Paced lines against hand-made schedules, a SimPy model, and renewal reward."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.test_oracles import exponential_ticks, philox
from tests.kinds.visits import SECOND, stopped_visits, visits
from tests.theory import simpy_models
from twin.core.draw import stream_key
from twin.core.state import BLOCKED, STARVED, WAITING_OPERATOR, WORKING
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.kinds.paced_line import PacedLine
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant, check, connect

HOUR = 3600 * SECOND
HEADWAY = 4 * SECOND


def paced(stations=3, **more):
    """Stations of 4 m at 1 m/s: a part every 4 s."""
    return PacedLine(**({"length": 4.0 * stations, "speed": 1.0, "pitch": 4.0} | more))


def line(paced, *, interval=0.0, service=0.0, **source):
    """A source, a paced line, a station where parts arrive at once, and a sink."""
    after = Station(process_time=service, transfer_time=1e-6)
    places = [("/Source", Source(interval=interval, **source)), ("/Line", paced)]
    return Plant(places=connect([*places, ("/After", after), ("/Sink", Sink())]))


def seconds(plant, until):
    came, left = visits(plant, "/Line", until)
    return [tick / SECOND for tick in came], [tick / SECOND for tick in left]


@given(stations=st.integers(1, 6), speed=st.floats(0.05, 3.0), pitch=st.floats(0.5, 9.0))
def test_the_rate_is_speed_over_pitch_and_the_transit_length_over_speed(stations, speed, pitch):
    plant = line(PacedLine(length=stations * pitch, speed=speed, pitch=pitch))
    headway = round(pitch / speed * SECOND)
    came, left = visits(plant, "/Line", 10.5 * headway / SECOND)
    assert came == [k * headway for k in range(11)]
    assert left == [k * headway for k in range(stations, 11)]


def test_slots_pass_empty_while_no_part_is_offered():
    """Parts are ready at 0, 7, 15 and 23 s, and wait for the slots at 0, 8, 16 and 24 s."""
    came, left = seconds(line(paced(), interval=7.0), 36)
    assert came == [0, 8, 16, 24, 32]
    assert left == [12, 20, 28, 36]


def test_a_part_offered_at_the_tick_of_a_slot_takes_it():
    assert seconds(line(paced(), interval=8.0), 25)[0] == [0, 8, 16, 24]


def test_an_empty_line_has_no_events():
    simulation = Simulation(line(paced(), limit=1), interpreted=True)
    simulation.advance(HOUR)
    assert simulation.world.clock[0].pending == 0
    assert simulation.world.clock[0].processed < 15
    assert simulation.totals().place.times[1][STARVED] == HOUR - 3 * HEADWAY


def test_the_whole_line_stands_while_its_first_part_cannot_leave():
    """The station after it takes 9 s: out at 12, 21, 30; in whenever the line has gone 4 s on."""
    plant = line(paced(), service=9.0)
    came, left = seconds(plant, 31)
    assert np.round(left, 3).tolist() == [12, 21, 30]
    assert np.round(came, 3).tolist() == [0, 4, 8, 12, 21, 30]
    simulation = Simulation(plant, motion=True, interpreted=True)
    simulation.advance(18 * SECOND)
    on_it = simulation.world.part.serial[simulation.world.part.place == 1]
    poses = simulation.poses()
    x = np.sort(poses.xyz[np.isin(poses.serial, on_it), 0])
    np.testing.assert_allclose(x, [4.0, 8.0, 12.0], atol=1e-5)
    simulation.advance(31 * SECOND)
    times = simulation.totals().place.times[1] / SECOND
    np.testing.assert_allclose(times[[WORKING, BLOCKED]], [21, 10], atol=1e-4)


def calls_of(stations, share, mean, pitches):
    """Station to (offset, hold), pitch by pitch, drawn outside the engine; all stations busy."""
    key, counter = stream_key(7, 0, "/Line", "choice"), iter(range(10**6))
    holds = iter(exponential_ticks("/Line", stations * pitches, mean))
    calls = []
    for pitch in range(pitches):
        uniforms = [
            (philox(key, next(counter)) >> 11) / 2**53 for _ in range(min(pitch + 1, stations))
        ]
        pulls = sorted(1 + int(u / share * HEADWAY) for u in uniforms if u < share)
        assert len(set(pulls)) == len(pulls)
        calls.append({cord: (pull, next(holds)) for cord, pull in enumerate(pulls)})
    return calls


@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize(("stations", "share"), [(1, 1.0), (4, 0.2), (3, 0.6)])
def test_stops_for_cords_are_those_of_a_simpy_model(stations, share, fixed):
    """A SimPy model of the same line, with the numbers drawn outside the engine."""
    cords = paced(
        stations, andon_share=share, andon_time=3.0, andon_distribution="exponential",
        fixed_position=fixed,
    )  # fmt: skip
    came, left = visits(line(cords), "/Line", 1500)
    calls = calls_of(stations, share, 3.0, 400)
    over = simpy_models.paced_line(calls, HEADWAY, fixed_position=fixed)
    assert came == [0, *over][: len(came)]
    if fixed:  # the first part leaves at the end of the pitch, though the line stands there
        assert left == [tick + HEADWAY for tick in came[stations - 1 :]][: len(left)]
    else:
        assert left == came[stations:]
    assert len(left) > 100


def test_a_cord_released_before_the_end_of_the_pitch_stops_nothing():
    free = visits(line(paced(2)), "/Line", 400)
    cords = paced(2, andon_share=0.3, andon_time=1e-6)
    assert visits(line(cords), "/Line", 400) == free


def waiting_share(cords, hours):
    simulation = Simulation(line(cords), seed=3)
    simulation.advance(hours * HOUR)
    row = simulation.totals().place[1]
    return row.times[WAITING_OPERATOR] / (hours * HOUR), int(row.cords), int(row.andon_stops)


def test_the_share_of_stops_at_once_is_that_of_renewal_reward():
    """A pitch takes H, and h more with chance p: p h / (H + p h); all in seconds."""
    share, hold, pitch, hours = 0.2, 6.0, 4.0, 500
    cords = paced(1, andon_share=share, andon_time=hold, fixed_position=False)
    actual, pulled, stops = waiting_share(cords, hours)
    pitches = hours * 3600 / (pitch + share * hold)
    error = hold * (share * (1 - share) / pitches) ** 0.5 / pitch
    assert actual == pytest.approx(share * hold / (pitch + share * hold), abs=4 * error)
    assert pulled == stops
    assert pulled == pytest.approx(share * pitches, abs=4 * (share * pitches) ** 0.5)


def test_the_share_of_stops_at_fixed_positions_is_that_of_renewal_reward():
    """A cord pulled at U, even in (0, H), stops the line for h - (H - U): h^2 / 2H on average."""
    share, hold, pitch, hours = 0.5, 3.0, 4.0, 500
    actual, pulled, stops = waiting_share(paced(1, andon_share=share, andon_time=hold), hours)
    mean, square = share * hold**2 / (2 * pitch), share * hold**3 / (3 * pitch)
    pitches = hours * 3600 / (pitch + mean)
    error = ((square - mean**2) / pitches) ** 0.5 / pitch
    assert actual == pytest.approx(mean / (pitch + mean), abs=4 * error)
    deviation = (pulled * hold / pitch * (1 - hold / pitch)) ** 0.5
    assert stops == pytest.approx(pulled * hold / pitch, abs=4 * deviation)


@settings(max_examples=40)
@given(stop=st.integers(0, 60 * SECOND), fixed=st.booleans())
def test_a_stop_delays_all_that_follows_by_its_length(stop, fixed):
    """Running or standing for a cord, also while a cord is held and the line runs on."""
    cords = paced(
        2, andon_share=0.4, andon_time=5.0, andon_distribution="exponential", fixed_position=fixed
    )
    plant, pause = line(cords), 7 * SECOND
    free = visits(plant, "/Line", 100)
    late = stopped_visits(plant, "/Line", stop / SECOND, (stop + pause) / SECOND, 107)
    for before, after in zip(free, late, strict=True):
        expected = [(tick + pause if tick > stop else tick) / SECOND for tick in before]
        assert after == expected


@pytest.mark.parametrize(("start", "out"), [(17, 21), (23, 23)])
def test_a_stop_while_its_first_part_waits_delays_it_only_if_it_is_longer(start, out):
    came, left = stopped_visits(line(paced(), service=9.0), "/Line", 16, start, out + 1)
    assert np.round(left, 3).tolist() == [12, out]
    assert np.round(came, 3).tolist() == [0, 4, 8, 12, out]


def test_a_stop_while_it_is_empty_moves_the_slots():
    """Slots at 0, 4 and 8; from 9 to 12 it stands, then they come at 15 and 19."""
    plant = line(paced(1), interval=11.0)
    assert stopped_visits(plant, "/Line", 9, 12, 20) == ([0, 15], [4, 19])


def test_chances_of_cords_may_change_while_it_runs():
    simulation = Simulation(line(paced(andon_time=2.0)), interpreted=True)
    for share in (0.0, 0.5, 0.0, 1.0):
        simulation.apply(
            Command(action="set", path="/Line", attribute="twin:andonShare", value=share)
        )
        simulation.advance(simulation.now + 8 * SECOND)  # what was drawn before still comes
        before = int(simulation.world.place.cords[1])
        simulation.advance(simulation.now + 200 * SECOND)
        assert (int(simulation.world.place.cords[1]) > before) == (share > 0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"length": 11.0}, "/Line twin:length must be a whole number of twin:pitch (4 m), got 11;"),
        ({"andon_share": 0.1}, "/Line twin:andonTime must be > 0 s where twin:andonShare is set"),
        ({"andon_share": 1.5}, "/Line twin:andonShare must be >= 0 and <= 1"),
        (
            {"andon_time": 5.0, "andon_distribution": "uniform", "andon_spread": 6.0},
            "/Line twin:andonSpread must be <= the mean of a uniform time, got 6",
        ),
    ],
)
def test_what_breaks_a_rule_is_named(wrong, message):
    problems = [str(problem) for problem in check(line(paced(**wrong)))]
    assert any(message in problem for problem in problems), problems
