"""Legal but suspicious: each doubt once, and none in the bundled scenes but for known ones."""

import inspect
from dataclasses import replace

import pytest

from tests.engine.lines import robot_at
from twin.core.work import Work
from twin.data import scene_names, scene_path
from twin.engine.dispatch import KINDS, kind_name
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.mover import Mover
from twin.kinds.pool import Pool
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Product, check, connect, doubts
from twin.plant.doubts import WITH_ROBOTS
from twin.scene import load


def told(*middle, more=(), products=("part",), **source):
    places = connect([("/Source", Source(**source)), *middle, ("/Sink", Sink())])
    plant = Plant(places=(*places, *more), products=tuple(Product(name=each) for each in products))
    assert check(plant) == []
    return [str(each) for each in doubts(plant)]


def test_a_product_that_nobody_releases_is_named():
    assert told(sequence=("a",), products=("a", "b")) == [
        "b is released by no source; name it in a twin:sequence"
    ]


def test_a_pool_that_nobody_asks_is_named():
    crew = Place(path="/Crew", params=Pool())
    assert told(more=(crew,)) == ["/Crew is asked by nobody; name it in twin:workers"]


def test_a_conveyor_just_too_short_for_one_more_part_is_named():
    belt = Conveyor(length=28.9, speed=1.0, spacing=5.8)
    assert told(("/Belt", belt)) == [
        (
            "/Belt twin:length holds 4 parts, and is just too short for one more, got 28.9 m; "
            "make it 29 m"
        )
    ]


def test_a_station_slower_than_its_source_is_named():
    assert told(("/A", Station(process_time=70.0)), ("/B", Station(process_time=50.0))) == [
        (
            "/A is slower than /Source (every 60 s), got 70 s for a part; "
            "the line can't keep up with its source"
        )
    ]


def test_a_failure_that_never_strikes_is_named():
    belt = ("/Belt", Conveyor(length=29.0, speed=1.0, spacing=5.8))
    jam = Place(path="/Belt/Jam", params=Failure(mtbf=60.0, mttr=6.0))
    assert told(belt, more=(jam,)) == [
        (
            "/Belt/Jam never strikes: a conveyor does no work that an operating clock could count; "
            "make its twin:failureClock calendar"
        )
    ]


def test_a_sound_line_raises_no_doubt():
    assert told(("/A", Station(process_time=50.0)), interval=60.0) == []
    assert told(("/A", Station(process_time=50.0)), interval=0.0) == []


@pytest.mark.parametrize("name", scene_names())
def test_the_bundled_scenes_raise_none(name):
    assert [str(each) for each in doubts(load(scene_path(name)))] == []


def test_a_robot_that_never_runs_is_named():
    mover = Mover(mode="turn", move_times=(2.0,))
    places = connect([("/Source", Source()), ("/Turn", mover), ("/Sink", Sink())])
    robots = (robot_at("/Turn/Robot"),)
    places = tuple(replace(p, robots=robots) if p.path == "/Turn" else p for p in places)
    assert [str(each) for each in doubts(Plant(places=places))] == [
        (
            "/Turn/Robot never runs: no program runs at a mover; "
            "put it under a station, assembler or disassembler"
        )
    ]


def test_robots_run_at_exactly_the_kinds_that_are_said_to_let_them():
    running = {kind_name(kind) for kind in KINDS if "robot_count" in inspect.getsource(kind)}
    sharing = {kind_name(kind) for kind in KINDS if issubclass(kind.PARAMS, Work)}
    assert running | sharing == set(WITH_ROBOTS)
