"""Legal but suspicious: each doubt once, and none in the bundled scenes but for known ones."""

import inspect
from dataclasses import replace

import pytest

from tests.engine.lines import robot_at
from twin.core.work import Work
from twin.data import scene_names, scene_path
from twin.engine.dispatch import KINDS, kind_name
from twin.kinds.assembler import Assembler
from twin.kinds.buffer import Buffer
from twin.kinds.calendar import Calendar
from twin.kinds.conveyor import Conveyor
from twin.kinds.failure import Failure
from twin.kinds.mover import Mover
from twin.kinds.pool import Pool
from twin.kinds.router import Router
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
            "/A is slower than its parts come, one every 60 s from /Source, got 70 s for a part; "
            "the line can't keep up with its source"
        )
    ]


def test_a_buffer_before_a_station_that_is_too_slow_is_named():
    """Shifts count: a station on half of the time has half of the rate."""
    wait = Place(path="/Wait", params=Buffer(capacity=3), next=("/A",))
    slow = Place(path="/A", params=Station(process_time=40.0), next=("/Out",), calendar="/Shifts")
    shifts = Place(path="/Shifts", params=Calendar(period=100.0, starts=(0.0,), ends=(50.0,)))
    first = Place(path="/In", params=Source(interval=60.0), next=("/Wait",))
    plant = Plant(places=(first, wait, slow, Place(path="/Out", params=Sink()), shifts))
    assert [str(each) for each in doubts(plant)] == [
        (
            "/A is slower than its parts come, one every 30 s from /In, got 40 s for a part; "
            "the line can't keep up with its source"
        ),
        (
            "/Wait fills up and stays full: /A is slower than the parts that come; "
            "it decouples nothing"
        ),
    ]


def divided(router, *, cycle, sources=1):
    """Sources into a router, a station behind each exit."""
    ways = ("/A", "/B")
    places = [
        *(Place(path=f"/In_{k}", params=Source(interval=60.0), next=("/Router",))
          for k in range(sources)),
        Place(path="/Router", params=router, next=ways),
        *(Place(path=each, params=Station(process_time=cycle), next=("/Out",)) for each in ways),
        Place(path="/Out", params=Sink()),
    ]  # fmt: skip
    plant = Plant(places=tuple(places))
    assert check(plant) == []
    return [each.path for each in doubts(plant)]


def test_streams_of_several_sources_are_added_and_divided_where_shares_are_known():
    """Two sources, a part a minute each; with 3 : 1, A gets one every 40 s and B every 120 s."""
    share = Router(rule="share", weights=(3.0, 1.0))
    assert divided(share, cycle=39.0, sources=2) == []
    assert divided(share, cycle=41.0, sources=2) == ["/A"]
    assert divided(share, cycle=121.0, sources=2) == ["/A", "/B"]
    assert divided(Router(rule="turn"), cycle=61.0, sources=2) == ["/A", "/B"]


@pytest.mark.parametrize("rule", ["shortest", "first", "turn"])
def test_where_nobody_knows_the_shares_all_exits_together_must_keep_up(rule):
    """A part a minute: two stations of 119 s do, and two of 121 s do not; nobody knows which."""
    router = Router(rule=rule, skip_full=rule == "turn")
    assert divided(router, cycle=119.0) == []
    assert divided(router, cycle=121.0) == ["/Router"]
    assert divided(router, cycle=61.0, sources=2) == ["/Router"]


def test_behind_exits_of_unknown_shares_all_parts_come_to_where_their_ways_meet():
    def doubted(last):
        ways = [Place(path=each, params=Station(process_time=90.0), next=("/Wait",))
                for each in ("/A", "/B")]  # fmt: skip
        places = (
            Place(path="/In", params=Source(interval=60.0), next=("/Router",)),
            Place(path="/Router", params=Router(rule="shortest"), next=("/A", "/B")),
            *ways,
            Place(path="/Wait", params=Buffer(capacity=2), next=("/Last",)),
            Place(path="/Last", params=Station(process_time=last), next=("/Out",)),
            Place(path="/Out", params=Sink()),
        )
        return [each.path for each in doubts(Plant(places=places))]

    assert doubted(59.0) == []
    assert doubted(61.0) == ["/Last", "/Wait"]


def test_a_way_without_a_time_of_its_own_takes_whatever_comes():
    places = (
        Place(path="/In", params=Source(interval=60.0), next=("/Router",)),
        Place(path="/Router", params=Router(), next=("/Slow", "/Out")),
        Place(path="/Slow", params=Station(process_time=1000.0), next=("/Out",)),
        Place(path="/Out", params=Sink()),
    )
    assert doubts(Plant(places=places)) == []


def test_an_exit_that_no_part_takes_is_named():
    assert divided(Router(rule="share", weights=(1.0, 0.0)), cycle=1.0) == ["/B"]


def joined(wheel_cycle, *, wheels=0.0, bodies=60.0):
    """A wheel line of one station that feeds an assembler which needs four wheels a body."""
    join = Assembler(components=("Wheel",), counts=(4,), process_time=10.0)
    places = (
        Place(path="/Wheels", params=Source(interval=wheels, sequence=("Wheel",)), next=("/Rim",)),
        Place(path="/Rim", params=Station(process_time=wheel_cycle), next=("/Join",)),
        Place(path="/Bodies", params=Source(interval=bodies, sequence=("Body",)), next=("/Join",)),
        Place(path="/Join", params=join, next=("/Out",)),
        Place(path="/Out", params=Sink()),
    )
    plant = Plant(places=places, products=(Product(name="Body"), Product(name="Wheel")))
    assert check(plant) == []
    return [each.path for each in doubts(plant)]


def test_a_line_of_components_is_held_against_what_the_bases_need():
    """Four wheels a minute are needed, however fast the source of wheels could be."""
    assert joined(15.0) == joined(15.0, wheels=1.0) == []
    assert joined(15.1) == joined(15.1, wheels=1.0) == ["/Rim"]
    assert joined(15.1, bodies=120.0) == []


def test_rework_comes_again_to_the_place_that_it_passes():
    """With a quarter bad, each body passes the booth 1 / (1 - 0.25) times."""
    places = (
        Place(path="/In", params=Source(interval=60.0), next=("/Booth",)),
        Place(path="/Booth", params=Station(process_time=46.0), next=("/Check",)),
        Place(
            path="/Check", params=Station(process_time=1.0, defects=0.25, rework=("/Again",)),
            next=("/Out", "/Again"),
        ),
        Place(path="/Again", params=Buffer(capacity=5), next=("/Booth",)),
        Place(path="/Out", params=Sink()),
    )  # fmt: skip
    assert [each.path for each in doubts(Plant(places=places))] == ["/Booth", "/Again"]


def test_a_failure_that_never_strikes_is_named():
    rack = ("/Rack", Buffer(capacity=4))
    jam = Place(path="/Rack/Jam", params=Failure(mtbf=60.0, mttr=6.0))
    assert told(rack, more=(jam,)) == [
        (
            "/Rack/Jam never strikes: a buffer does no work that an operating clock could count; "
            "make its twin:failureClock calendar"
        )
    ]


def test_a_sound_line_raises_no_doubt():
    assert told(("/A", Station(process_time=50.0)), interval=60.0) == []
    assert told(("/A", Station(process_time=50.0)), interval=0.0) == []


@pytest.mark.parametrize("name", scene_names())
def test_the_bundled_scenes_raise_none(name):
    """But for the bin that is to fill up: its supply is quicker than the station."""
    told = [each.path for each in doubts(load(scene_path(name)))]
    assert told == (["/BracketBin/Plant/Weld"] if name == "bracket_bin" else [])


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
