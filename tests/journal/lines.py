"""A small line for the tests of durable journals, and runs of it."""

from dataclasses import replace

from tests.report.lines import plant_of
from twin.engine.command import Command
from twin.engine.simulation import Simulation
from twin.journal import CommandRow, Keeper, RunRecord, RunStore, recover
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Plant
from twin.units import to_ticks

FIRST, SECOND = "/Line/Station_1", "/Line/Station_2"


def failing_line() -> Plant:
    """Two stations with chances in all they do; the first fails now and then."""
    first = Station(process_time=8.0, process_distribution="exponential", mtbf=60.0, mttr=9.0)
    second = Station(process_time=7.0, process_distribution="exponential")
    return plant_of(Source(interval=9.0), first, second, Sink())


def record_of(name: str = "r1", **more: object) -> RunRecord:
    return replace(RunRecord(id=name, scene="line.usda", seed=4, created=1.0), **more)


def begun(run: RunStore, plant: Plant) -> tuple[Keeper, Simulation]:
    """The simulation of a run at the end of what is known, and who records it."""
    keeper = Keeper(run, plant)
    return keeper, recover(run, plant, keeper=keeper, interpreted=True)


def went_on(keeper: Keeper, simulation: Simulation, seconds: float, *, times: int = 1) -> None:
    """Go on, so many times so far, with a command and a snapshot each time."""
    for _ in range(times):
        simulation.advance(simulation.now + to_ticks(seconds))
        decided(keeper, simulation, Command(action="fail", path=FIRST, value=3.0))
        keeper.take(simulation)
        keeper.settle(simulation.now)


def decided(keeper: Keeper, simulation: Simulation, command: Command) -> CommandRow:
    (row,) = keeper.run.append_commands([CommandRow.of(simulation.apply(command))])
    return row


def reference(run: RunStore, plant: Plant, until: int) -> Simulation:
    """The same run by hand: from tick 0, command by command, up to a tick."""
    simulation = Simulation(plant, seed=run.record.seed, motion=run.record.motion, interpreted=True)
    for row in [each for each in run.commands() if each.tick <= until]:
        simulation.advance(row.tick)
        simulation.apply(row.command)
    simulation.advance(until)
    return simulation
