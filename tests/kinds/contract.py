"""What a run of any plant owes to the engine and to those who look at it, whatever its kinds.

Each check takes a run and raises AssertionError with what is wrong. `keep` and `keep_each_stop` are
whole runs that are held to all of them: the plant stands for some time in one, and each place in
the other.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from tests.engine.lines import Tape
from twin.core.failure import OFF
from twin.core.state import BLOCKED, DOWN, OFF_SHIFT, STARVED, WAITING_PART
from twin.core.world import NONE
from twin.engine.command import Command
from twin.engine.poses import segments_now
from twin.engine.simulation import Simulation
from twin.kinds.calendar import Calendar
from twin.motion import Segments, Timeline, coordinate
from twin.plant import Plant
from twin.plant.check import kind_of

__all__ = ["assert_conserved", "assert_no_jump", "assert_spaced", "assert_timed", "keep"]
__all__ += ["keep_each_stop"]

SECOND = 1_000_000
LOOK, STOP, SPELL = 5, 20, 150  # s
COMES_TO_REST = 30  # s, as vehicles that free a circle end their lanes
TICK_OF_WAY = 2e-6  # m, of a part at 1 m/s

NOT_EQUIPMENT = ("pool", "calendar", "failure")
WAITING = (STARVED, WAITING_PART, BLOCKED)
ACTIVE_WITHOUT_PARTS = ("source", "mover", "warehouse", "vehicle", "fleet", "dock", "sensor")
ACTIVE_WITH_OFFERS = ("buffer", "store", "parallel", "warehouse", "dock", "paced_line")
STARVED_WITH_PARTS = ("vehicle", "assembler")  # its own body; components without a base
TAKES_WHEN_DOWN = ("dock", "vehicle", "sensor")  # parts that are on their way already
NEVER_GIVES_WHEN_DOWN = ("conveyor", "buffer", "store", "router", "merge", "paced_line")


def keep(plant: Plant) -> None:
    """Let a plant run for some seconds, stand, and run again."""
    tape = Tape()
    simulation = Simulation(plant, seed=1, motion=True, recorder=tape, interpreted=True)
    clock = _observed(simulation, SPELL)
    simulation.apply(Command(action="estop", path="/"))
    made, given = clock.created, simulation.world.place.passed.sum()
    _observed(simulation, COMES_TO_REST)
    standing = _where_all_is(simulation)
    clock = _observed(simulation, COMES_TO_REST)
    assert _where_all_is(simulation) == standing
    assert (clock.created, simulation.world.place.passed.sum()) == (made, given)
    simulation.apply(Command(action="clear", path="/"))
    finished = clock.finished
    clock = _observed(simulation, SPELL)
    assert clock.created > made
    assert clock.finished > finished
    for place, row in zip(plant.places, simulation.world.place, strict=True):
        assert row.passed > 0 or not place.next, f"{place.path} has given nothing"
    assert_timed(simulation)
    assert_no_jump(simulation, tape.segments)


def keep_each_stop(plant: Plant) -> None:
    """Stop every place of a plant for some time, one after another."""
    simulation = Simulation(plant, seed=1, motion=True, interpreted=True)
    _observed(simulation, STOP)
    for i, place in enumerate(plant.places):
        kind = kind_of(place.params)
        if kind in ("failure", "calendar"):
            continue
        simulation.apply(Command(action="stop", path=place.path))
        came, given = _came_into(simulation, i), simulation.world.place[i].passed
        _observed(simulation, STOP)
        assert kind in TAKES_WHEN_DOWN or _came_into(simulation, i) == came, place.path
        assert kind not in NEVER_GIVES_WHEN_DOWN or simulation.world.place[i].passed == given
        simulation.apply(Command(action="start", path=place.path))
    finished = int(simulation.world.clock[0].finished)
    assert _observed(simulation, SPELL).finished > finished
    assert_timed(simulation)


def _came_into(simulation: Simulation, i: int) -> int:
    """How many parts have come into a place."""
    row = simulation.world.place[i]
    return int(row.passed + row["count"])


def _where_all_is(simulation: Simulation) -> list[Any]:
    """Everything in sight, with where it is on its way."""
    segments = segments_now(simulation.world)
    along = coordinate(segments, simulation.now).round(6)
    return sorted(zip(segments["part"], segments["track"], along, strict=True))


def _observed(simulation: Simulation, seconds: int) -> Any:
    """Go on for so long, and look every few seconds; returns a copy of the clock."""
    for _ in range(0, seconds, LOOK):
        simulation.advance(simulation.now + LOOK * SECOND)
        assert_conserved(simulation)
        assert_spaced(simulation)
        _assert_told(simulation)
        _assert_held(simulation)
        _assert_on_shift(simulation)
    return simulation.world.clock.copy()[0]


def assert_conserved(simulation: Simulation) -> None:
    """What was made is in one place, or gone; no place holds more than fits."""
    world, clock = simulation.world, simulation.world.clock[0]
    alive = np.flatnonzero(world.part.serial > 0)
    assert clock.created - clock.finished - clock.scrapped == len(alive)
    held = []
    for row, place in enumerate(world.place):
        slot = int(place.first)
        for _ in range(int(place["count"])):
            assert world.part[slot].place == row
            held += [slot, *_attached(world, slot)]
            slot = int(world.part[slot].next)
        assert place["count"] <= place.capacity
    assert sorted(held) == alive.tolist()
    assert len(set(world.part.serial[alive].tolist())) == len(alive)
    assert clock.free_parts == len(world.part) - len(alive)


def _attached(world: Any, slot: int) -> list[int]:
    """Rows of all parts that travel with one."""
    found, other = [], int(world.part[slot].attached)
    while other != NONE:
        found += [other, *_attached(world, other)]
        other = int(world.part[other].next)
    return found


def assert_timed(simulation: Simulation) -> None:
    """Every place is in one state at each time."""
    times = simulation.totals().place.times
    assert (times.sum(axis=1) == simulation.now).all()
    assert (times >= 0).all()


def assert_no_jump(simulation: Simulation, recorded: Segments) -> None:
    """Just before and at the start of each segment a part is in the same place, while in sight."""
    segments = Timeline.build(recorded).segments
    before, after = segments[:-1], segments[1:]
    goes_on = (before["part"] == after["part"]) & (before["subject"] == after["subject"])
    goes_on &= (before["part"] > 0) & (before["track"] != NONE) & (after["track"] != NONE)
    before, after = before[goes_on], after[goes_on]
    paths = simulation.layout.paths
    was, _ = paths.pose(before["track"], coordinate(before, after["tick"]))
    is_now, _ = paths.pose(after["track"], coordinate(after, after["tick"]))
    assert len(before) > 20 or not len(simulation.layout.paths.length)
    assert np.abs(is_now - was).max(initial=0.0) < TICK_OF_WAY


def assert_spaced(simulation: Simulation) -> None:
    """Parts on a conveyor keep their distance."""
    parts = simulation.world.part
    segments = segments_now(simulation.world)
    assert (segments["duration"] >= 0).all()
    along = coordinate(segments, simulation.now)
    at = dict(zip(segments["part"].tolist(), along.tolist(), strict=True))
    for row, place in enumerate(simulation.plant.places):
        if hasattr(place.params, "spacing"):
            xs, slot = [], int(simulation.world.place[row].first)
            for _ in range(int(simulation.world.place[row]["count"])):
                xs.append(at[int(parts.serial[slot])])
                slot = int(parts.next[slot])
            assert all(a - b >= place.params.spacing - TICK_OF_WAY for a, b in pairwise(xs))


def _assert_told(simulation: Simulation) -> None:
    """The state of each place says what it does."""
    for place, row in zip(simulation.plant.places, simulation.world.place, strict=True):
        kind = kind_of(place.params)
        if kind in NOT_EQUIPMENT:
            continue
        where = f"{place.path}, a {kind}, is in state {row.state}"
        assert (row.down != 0) == (row.state in (DOWN, OFF_SHIFT)), where
        if row.down != 0:
            continue
        if row.offer >= 0 and kind not in ACTIVE_WITH_OFFERS:
            assert row.state == BLOCKED, where
        if row["count"] == 0 and kind not in ACTIVE_WITHOUT_PARTS:
            assert row.state in WAITING, where
        if row["count"] > 0 and kind not in STARVED_WITH_PARTS:
            assert row.state != STARVED, where


def _assert_held(simulation: Simulation) -> None:
    """Every vehicle holds the last waypoint that it may go to."""
    world = simulation.world
    for i, place in enumerate(simulation.plant.places):
        if kind_of(place.params) == "vehicle":
            assert world.place[world.place[i].front].holder == i, place.path


def _assert_on_shift(simulation: Simulation) -> None:
    """Places are off outside the shifts of their calendar, but for what they have to finish."""
    calendars = {each.path: each.params for each in simulation.plant.places}
    for place, row in zip(simulation.plant.places, simulation.world.place, strict=True):
        hours = calendars.get(place.calendar)
        if isinstance(hours, Calendar):
            time = simulation.now / SECOND % hours.period
            shifts = zip(hours.starts, hours.ends, strict=True)
            is_open = any(start <= time < end for start, end in shifts)
            assert (row.down & OFF != 0 or row.closing != 0) == (not is_open), place.path
