"""Control layer: the programs of the robots, one for each product."""

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom

from scenes.body_shop.authoring.layout import mounts
from scenes.body_shop.authoring.line import PRODUCTS, STATIONS, Stop
from scenes.body_shop.authoring.plan import jobs_of
from scenes.body_shop.authoring.welding import Weld, home, weld
from twin.motion.frame import matrix_from
from twin.plant.declared import ProgramParams, RobotParams
from twin.scene.author import apply

__all__ = ["author_programs", "program_params", "programs_of"]

PLAN = ("own weld plan on the body's seams, solved by inverse kinematics of the HS220", "proposal")
WELD = (
    "spot of 2.5 s with its motion (squeeze, weld, hold: bestamp.co.kr) less about 1 s on the way",
    "D",
)
DIGITS = 3  # of a joint position [deg]: a tool tip stays within 0.1 mm


def author_programs(stage: Usd.Stage) -> None:
    """Author all robots and their programs."""
    for stop in STATIONS:
        for number, (xyz, wxyz) in enumerate(mounts(stop.equipment), start=1):
            robot = stage.OverridePrim(f"/BodyShop/Line/{stop.name}/Robot_{number}")
            apply(robot, RobotParams(), source=PLAN[0], confidence=PLAN[1])
            UsdGeom.Scope.Define(stage, f"{robot.GetPath()}/Programs")
            base = matrix_from(xyz, wxyz)
            for product, params in programs_of(stop, number, base).items():
                prim = stage.DefinePrim(f"{robot.GetPath()}/Programs/{product}", "Scope")
                dwells = {"dwells": WELD}
                apply(prim, params, source=PLAN[0], confidence=PLAN[1], provenance=dwells)


def programs_of(stop: Stop, number: int, base: NDArray[np.float64]) -> dict[str, ProgramParams]:
    """The programs of a robot by product; base is its frame in the station, shape [4, 4]."""
    jobs = jobs_of(stop.name, stop.equipment, number)
    where = f"/BodyShop/Line/{stop.name}/Robot_{number}/Programs"
    return {
        product: program_params(
            product, weld(product, jobs, base, rest=home(), where=f"{where}/{product}")
        )
        for product in PRODUCTS
    }


def program_params(product: str, solved: Weld) -> ProgramParams:
    """Joint positions in degrees, rounded."""
    degrees = np.round(np.degrees(solved.waypoints), DIGITS) + 0.0  # without -0
    return ProgramParams(
        products=(product,),
        waypoints=tuple(degrees.ravel().tolist()),
        dwells=tuple(solved.dwells.tolist()),
    )
