"""Every rule about a plant, each broken once."""

from dataclasses import replace

import pytest

from tests.engine.lines import little_shop, robot_at
from twin.engine.simulation import Simulation
from twin.errors import SceneError
from twin.kinds.buffer import Buffer
from twin.kinds.conveyor import Conveyor
from twin.kinds.merge import Merge
from twin.kinds.router import Router
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant import Place, Plant, Pose, check, connect


def messages(*places, **more):
    return [str(problem) for problem in check(Plant(places=places, **more))]


def line(*middle, **source):
    return connect([("/Source", Source(**source)), *middle, ("/Sink", Sink())])


def relinked(places, path, *targets):
    return tuple(replace(p, next=targets) if p.path == path else p for p in places)


def test_a_sound_plant_has_no_problems():
    assert check(little_shop()) == []


@pytest.mark.parametrize(
    ("places", "message"),
    [
        (
            relinked(line(("/A", Buffer())), "/A", "/Snk"),
            "/A twin:next must point at a place, got /Snk; did you mean /Sink?",
        ),
        (
            relinked(line(("/A", Buffer())), "/A", "/A"),
            "/A twin:next must not point at the place itself, got /A",
        ),
        (
            relinked(line(("/A", Buffer())), "/A"),
            "/A twin:next must point at the place that takes its parts, got nothing",
        ),
        (
            relinked(line(("/A", Buffer()), ("/B", Buffer())), "/A", "/Sink"),
            "/B can't be reached from any source; link it with twin:next of the place before it",
        ),
        (
            line(("/A", Station(mtbf=5.0))),
            "/A twin:mttr must be > 0 s where twin:mtbf is set, got 0",
        ),
        (
            line(("/A", Conveyor(length=1.0, speed=1.0, spacing=2.0))),
            "/A twin:spacing must be <= twin:length (1 m), got 2",
        ),
        (
            line(("/A", Buffer()), sequence=("Part",)),
            "/Source twin:sequence must name products of the plant, got Part; did you mean part?",
        ),
        (
            line(Place(path="/A", params=Station(), pose=Pose((7.0, 0.0, 0.0)))),
            "/A twin:transferTime must be > 0 s: /Source ends 7.000 m away, got 0",
        ),
        (
            line(
                Place(
                    path="/A",
                    params=Conveyor(length=2.0, speed=1.0, spacing=1.0),
                    pose=Pose((0.5, 0.0, 0.0)),
                )
            ),
            "/A must begin where /Source ends, got a gap of 0.500 m; move it or change its length",
        ),
        (
            line(
                Place(
                    path="/A",
                    params=Station(),
                    robots=(replace(robot_at("/A/Robot"), programs=()),),
                )
            ),
            (
                "/A/Robot needs a program for part; add one under its Programs, or one without "
                "twin:products for all"
            ),
        ),
    ],
)
def test_a_broken_rule_is_named(places, message):
    assert message in messages(*places)


def test_a_robot_may_not_jump_between_its_programs():
    robot = robot_at("/A/Robot")
    bent = robot.programs[0].waypoints.copy()
    bent[-1, 1] += 0.1
    programs = (robot.programs[0], replace(robot.programs[0], path="/A/Robot/Bent", waypoints=bent))
    places = line(Place(path="/A", params=Station(), robots=(replace(robot, programs=programs),)))
    assert messages(*places) == [
        (
            "/A/Robot/Bent twin:waypoints must begin and end where the robot's first program "
            "begins, got a joint 5.73 degrees off"
        )
    ]


def test_links_may_lead_back():
    places = line(("/A", Buffer()), ("/B", Buffer()), ("/C", Buffer()))
    assert messages(*relinked(places, "/C", "/A", "/Sink")) == []


def test_a_simulation_refuses_a_broken_plant_with_all_problems():
    places = relinked(line(("/A", Station(mtbf=5.0)), ("/B", Buffer(capacity=0))), "/B", "/Sinc")
    with pytest.raises(SceneError) as refused:
        Simulation(Plant(places=places))
    assert [problem.path for problem in refused.value.problems] == [
        "/B twin:capacity",
        "/A twin:mttr",
        "/B twin:next",
    ]


def through(*, belt_at, router_at=(0.0, 0.0, 0.0), transfer=None):
    """A station at 0, a router and a merge, and a conveyor or a station behind them."""
    after = Conveyor(length=4.0, speed=1.0, spacing=1.0)
    if transfer is not None:
        after = Station(transfer_time=transfer)
    pose = Pose(router_at)
    return messages(
        *connect([
            ("/Source", Source()),
            ("/A", Station()),
            Place(path="/Router", params=Router(), pose=pose),
            Place(path="/Merge", params=Merge(), pose=pose),
            Place(path="/B", params=after, pose=Pose(belt_at)),
            ("/Sink", Sink()),
        ])
    )  # fmt: skip


def test_a_part_may_not_jump_through_a_router_and_a_merge():
    assert through(belt_at=(0.0, 0.0, 0.0)) == []
    assert through(belt_at=(0.5, 0.0, 0.0)) == [
        "/B must begin where /A ends, got a gap of 0.500 m; move it or change its length"
    ]
    assert through(belt_at=(0.5, 0.0, 0.0), router_at=(0.5, 0.0, 0.0)) == [
        "/B must begin where /A ends, got a gap of 0.500 m; move it or change its length"
    ]
    assert through(belt_at=(0.5, 0.0, 0.0), transfer=0.0) == [
        "/B twin:transferTime must be > 0 s: /A ends 0.500 m away, got 0"
    ]
    assert through(belt_at=(0.5, 0.0, 0.0), transfer=1.0) == []


def test_a_circle_of_routers_is_looked_through_once():
    places = [
        Place(path="/Source", params=Source(), next=("/M",)),
        Place(path="/M", params=Merge(), next=("/R",)),
        Place(path="/R", params=Router(), next=("/M", "/B")),
        Place(
            path="/B", params=Conveyor(length=2.0, speed=1.0, spacing=1.0),
            pose=Pose((1.0, 0.0, 0.0)), next=("/Sink",),
        ),
        Place(path="/Sink", params=Sink()),
    ]  # fmt: skip
    assert messages(*places) == [
        "/B must begin where /Source ends, got a gap of 1.000 m; move it or change its length"
    ]
