"""Commands: what they do, and what they say when they can't."""

import pytest

from tests.engine.lines import little_shop, serial_line
from twin.core.state import DOWN, STATES, WORKING
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.errors import CommandError, RunError
from twin.kinds.station import Station

SECOND = 1_000_000


def running(until=65):
    simulation = Simulation(serial_line([Station(process_time=10.0)]))
    simulation.advance(until * SECOND)
    return simulation


def finished(simulation):
    return int(simulation.world.clock[0].finished)


def test_a_stopped_station_goes_on_where_it_stopped():
    simulation = running()
    simulation.apply(Command(action="stop", path="/Station_0"))
    assert simulation.world.place.state[1] == DOWN
    simulation.advance(165 * SECOND)
    assert finished(simulation) == 6
    simulation.apply(Command(action="start", path="/Station_0"))
    assert simulation.world.place.state[1] == WORKING
    simulation.advance(170 * SECOND - 1)
    assert finished(simulation) == 6
    simulation.advance(170 * SECOND)
    assert finished(simulation) == 7
    assert simulation.totals().place.times[1][DOWN] == 100 * SECOND


def test_an_injected_failure_lasts_as_long_as_it_says():
    simulation = running()
    simulation.apply(Command(action="fail", path="/Station_0", value=30.0))
    simulation.advance(200 * SECOND)
    assert simulation.totals().place.times[1][DOWN] == 30 * SECOND
    assert simulation.world.place.failures[1] == 1
    assert finished(simulation) == 17


def test_a_stop_and_a_failure_both_have_to_end():
    simulation = running()
    simulation.apply(Command(action="fail", path="/Station_0", value=30.0))
    simulation.apply(Command(action="stop", path="/Station_0"))
    simulation.advance(100 * SECOND)
    assert STATES[simulation.world.place.state[1]] == "down"
    simulation.apply(Command(action="start", path="/Station_0"))
    assert STATES[simulation.world.place.state[1]] == "working"


def test_a_set_parameter_holds_from_the_next_part_on():
    simulation = running()
    change = Command(action="set", path="/Station_0", attribute="twin:processTime", value=20.0)
    simulation.apply(change)
    assert simulation.params[1].process_time == 20.0
    simulation.advance(110 * SECOND)
    assert finished(simulation) == 9  # at 70, then every 20 s


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            Command(action="stop", path="/Station_1"),
            "/Station_1 is not a place of Plant; did you mean /Station_0?",
        ),
        (
            Command(action="strt", path="/Station_0"),
            "/Station_0 has no action 'strt'; did you mean start?",
        ),
        (
            Command(action="set", path="/Station_0", attribute="twin:processTme", value=1.0),
            "/Station_0 has no 'twin:processTme'; did you mean twin:processTime?",
        ),
        (
            Command(action="set", path="/Station_0", attribute="twin:processTime", value=-1.0),
            "/Station_0 twin:processTime must be >= 0 and <= 1e+09 s, got -1.0",
        ),
        (
            Command(action="set", path="/Station_0", attribute="twin:form", value=1.0),
            "/Station_0 twin:form can't change while the plant runs",
        ),
        (
            Command(action="fail", path="/Station_0", value=-3.0),
            "/Station_0 value must be >= 0 s and <= 1e9 s, got -3",
        ),
    ],
)
def test_a_command_that_is_wrong_says_why_and_changes_nothing(command, message):
    simulation = running()
    before = simulation.digest()
    with pytest.raises(CommandError) as refused:
        simulation.apply(command)
    assert str(refused.value) == message
    assert simulation.digest() == before


def test_a_loop_without_time_is_an_error_that_names_its_places():
    named = "/Sink > /Station_0 > /Sink is a loop in which no time passes"
    with pytest.raises(RunError, match=named):
        Simulation(serial_line([Station()]))


@pytest.mark.parametrize("path", [place.path for place in little_shop().places])
def test_every_place_can_be_stopped_and_started_at_any_time(path):
    simulation = Simulation(little_shop(), seed=8, motion=True)
    for second in range(0, 600, 13):
        simulation.advance(second * SECOND)
        simulation.apply(Command(action="stop" if second % 2 else "start", path=path))
    simulation.apply(Command(action="start", path=path))
    before = finished(simulation)
    simulation.advance(1200 * SECOND)
    assert finished(simulation) > before + 20
    assert (simulation.totals().place.times.sum(axis=1) == 1200 * SECOND).all()
