"""Clearance of a shop's run: who, where, when; what stands in a fence is refused with a way out."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from trimesh.creation import box

from tests.physics.shop import plant, shapes
from twin.errors import CommandError
from twin.journal import Journal
from twin.motion.frame import compose
from twin.physics.shapes import Shapes
from twin.physics.solids import Solid
from twin.plant import Plant, Pose
from twin.report.clearance import Nearness, body_clearance, shop_clearance
from twin.report.clearance_table import clearance_rows, headline, summary
from twin.report.cycle import cycle, window
from twin.report.fenced import fence_problems
from twin.report.page.clearance import clearance_page
from twin.report.unseen import unseen


@cache
def journal() -> Journal:
    return cycle(plant())


def one_station(shapes: Shapes, name: str) -> Shapes:
    """Only the robots of one station have a shape."""
    nobody = np.empty(0, np.int64)
    robots = [
        shape
        if f"/{name}/" in robot.path
        else replace(shape, solids=nobody, links=nobody, paths=())
        for robot, shape in zip(plant().robots, shapes.robots, strict=True)
    ]
    return replace(shapes, robots=tuple(robots))


def test_a_cycle_holds_a_whole_program_of_every_robot():
    since, until = window(journal())
    assert until == journal().until
    assert 30e6 < until - since < 300e6


def test_robots_of_a_station_are_told_by_link_time_and_place():
    rows = shop_clearance(journal(), one_station(shapes(), "Station_040"))
    robots = [row for row in rows if row.kind == "robots"]
    assert robots
    assert all(row.one.startswith("/BodyShop/Line/Station_040/Robot_") for row in robots)
    assert all(row.place == "/BodyShop/Line/Station_040" for row in robots)
    assert all(0 <= row.upper - row.lower <= 0.001 for row in rows if not row.contact)
    assert [row.upper for row in rows] == sorted(row.upper for row in rows)
    since, until = window(journal())
    assert all(since <= row.tick <= until for row in rows)
    assert "/BodyShop/Line/Station_040/Robot_" in headline(rows, 0.25)
    assert clearance_rows(rows)[0]["lower"] == rows[0].lower


def test_guns_at_work_touch_the_body_and_nothing_touches_one_on_its_way():
    rows = body_clearance(journal(), one_station(shapes(), "Station_060"), "Suv")
    assert any(row.at_work for row in rows)
    assert not any(row.contact for row in rows if row.kind == "robot, moving body")


def with_a_plate(link: int) -> Shapes:
    """A bulky plate on one link of the robots of a station: it runs into what stands there."""
    some = one_station(shapes(), "Station_060")
    plate = Solid(path="/plate", triangles=np.array(box((2.0, 2.0, 2.0)).triangles))
    number = len(some.solids)
    robots = tuple(
        replace(shape, solids=np.where(shape.links == link, number, shape.solids))
        for shape in some.robots
    )
    return replace(some, solids=(*some.solids, plate), robots=robots)


@pytest.mark.parametrize("link", [4, 5])
def test_an_arm_that_hits_the_body_is_told_while_its_tool_is_at_work(link: int):
    rows = body_clearance(journal(), with_a_plate(link), "Suv")
    tools = {row.one.rpartition("/")[2] for row in rows if row.at_work}
    hits = {row.one for row in rows if row.contact and row.kind == "robot, body"}
    assert tools == {"link_6"}
    assert hits
    assert all(path.endswith(f"/link_{link}") for path in hits)
    assert "touched" in headline(rows, 0.25)


def near(kind: str, one: str, lower: float, place: str = "/P") -> Nearness:
    points = np.zeros((2, 3))
    return Nearness(
        kind=kind, one=one, other="/B", lower=lower, upper=lower, tick=0, place=place, points=points
    )


def test_what_came_close_is_summed_up_kind_by_kind():
    rows = [near("tool, body", "/T", 0.0), near("robot, body", "/A", 0.0)]
    rows += [near("robot, body", each, 0.02, place) for each, place in (("/A", "/P"), ("/C", "/Q"))]
    rows += [near("robots", "/A", 0.05)]
    assert summary(rows) == (
        "robot, body: 2 pairs at 2 places, 1 touched",
        "robots: 1 pair at 1 place, closest 50 mm",
    )


def test_what_is_not_looked_at_is_told():
    bare = replace(shapes(), standing=())
    assert any("fences" in each for each in unseen(plant(), bare))
    assert not any("fences" in each for each in unseen(plant(), shapes()))
    some = unseen(plant(), one_station(shapes(), "Station_060"))
    assert any(each.startswith("robots without meshes: /BodyShop/Line/") for each in some)


def test_a_page_shows_every_pair_and_needs_no_network():
    some = one_station(shapes(), "Station_040")
    rows = shop_clearance(journal(), some)
    page = clearance_page(journal(), some, rows, margin=0.25, about="a test")
    assert all(row.one in page for row in rows if not row.at_work)
    assert "<script src" not in page


def test_an_unknown_product_is_refused_with_the_nearest():
    with pytest.raises(
        CommandError, match="Sudan is not a product of BodyShop; did you mean Sedan"
    ):
        cycle(plant(), product="Sudan")


def moved(path: str, xyz: tuple[float, float, float], *, turned: bool = False) -> Plant:
    """The plant with one robot's base elsewhere, turned round or not."""
    places = [
        replace(
            place,
            robots=tuple(
                replace(
                    robot, base=Pose(xyz, _turned(robot.base.wxyz) if turned else robot.base.wxyz)
                )
                if robot.path == path
                else robot
                for robot in place.robots
            ),
        )
        for place in plant().places
    ]
    return replace(plant(), places=tuple(places))


def _turned(wxyz: tuple[float, ...]) -> tuple[float, float, float, float]:
    w, x, y, z = compose((0.0, 0.0, 0.0, 1.0), wxyz).tolist()
    return w, x, y, z


ROBOT = "/BodyShop/Line/Station_040/Robot_1"


def test_the_shop_has_nothing_in_a_fence():
    assert fence_problems(plant(), shapes()) == []


def test_a_robot_that_stands_in_a_fence_is_told_how_far_to_move():
    fence = next(each for each in shapes().standing if "/Left_" in each.path)
    x, y, _ = fence.frame[:3, 3].tolist()
    problems = fence_problems(moved(ROBOT, (x + 1.0, y, 0.0)), shapes())
    first = problems[0]
    assert (first.path, first.rule) == (ROBOT, "must not stand in a fence")
    assert fence.path in first.value
    assert first.way_out.startswith("move it 0.")
    assert first.way_out.endswith(("toward -y", "toward +y"))


def test_a_target_inside_a_fence_is_told_with_the_last_pose_that_is_clear():
    robot = next(each for each in plant().robots if each.path == ROBOT)
    x, y, z = robot.base.xyz
    problems = fence_problems(moved(ROBOT, (x, y, z), turned=True), shapes())
    assert problems
    assert all(each.path.startswith(f"{ROBOT}/") and "/spots/" in each.path for each in problems)
    assert all("/Fences/" in each.value for each in problems)
    assert any("% of the way from waypoint" in each.way_out for each in problems)
