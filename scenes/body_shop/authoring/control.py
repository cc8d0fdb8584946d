"""Control layer: what the robots can weld, and their programs, planned from the bodies' spots."""

from pxr import Usd

from scenes.body_shop.authoring.layout import mounts
from scenes.body_shop.authoring.line import STATIONS, Stop
from scenes.body_shop.authoring.welding import home_degrees
from twin.plant.declared import RobotParams, WelderParams
from twin.scene.author import apply
from twin.scene.welds import read_weld_line, write_programs
from twin.welding import plan_welds

__all__ = ["PLAN", "WELD", "author_programs", "author_welders"]

PLAN = (
    "planned by twin weld: 1,000 spots a body shared among robots by reach, gun and load",
    "proposal",
)
GUNS = ("framing and respot robots have guns for thick stacks as well", "proposal")
REST = ("gun upright, drawn back from the body", "proposal")
WELD = (
    "stroke 0.5 s, squeeze 0.5 s, 14 cycles of 60 Hz for 0.8 mm, hold a third (bestamp.co.kr)",
    "D",
)


def author_welders(stage: Usd.Stage) -> None:
    """Author all robots: where they rest, and what they can weld."""
    for stop in STATIONS:
        for number, _ in enumerate(mounts(stop.equipment), start=1):
            robot = stage.OverridePrim(f"/BodyShop/Line/{stop.name}/Robot_{number}")
            apply(robot, RobotParams(home=home_degrees()), source=REST[0], confidence=REST[1])
            tip = (f"{robot.GetPath()}/link_6/Gun/tcp",)
            welder = WelderParams(guns=_guns(stop), steps=(stop.equipment,), gun_tip=tip)
            apply(robot, welder, source=GUNS[0], confidence=GUNS[1])


def _guns(stop: Stop) -> tuple[str, ...]:
    return ("light",) if stop.equipment == "roof" else ("light", "heavy")


def author_programs(stage: Usd.Stage) -> None:
    """Plan and author all programs; the stage has everything else already."""
    line = read_weld_line(stage)
    plans = {
        product: plan_welds(spots, line.welders, bodies=line.bodies[product])
        for product, spots in line.spots.items()
    }
    write_programs(stage, plans, source=PLAN[0], confidence=PLAN[1], weld=WELD)
