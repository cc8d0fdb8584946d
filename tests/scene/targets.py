"""A cell of robots with programs by targets on the body before them, to be filled by tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pxr import Usd

from tests.sources import ROOT
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant.declared import ProductParams, ProgramParams, RobotParams
from twin.scene.author import apply, link, new_stage, stand

__all__ = ["BODY", "HOME", "TOWARDS", "TargetCell"]

HS220 = ROOT / "assets" / "robots" / "hs220" / "hs220.usda"
SOURCE: dict[str, Any] = {"source": "a test", "confidence": "proposal"}
BODY = "/Cell/Products/Body"
HOME = (0.0, 120.0, -30.0, 0.0, 0.0, 0.0)
HALF = 0.5**0.5
TOWARDS = (HALF, -HALF, 0.0, 0.0)  # Z of the target along Y of the station
ACROSS = (HALF, 0.0, 0.0, HALF)  # X of the robot along Y of the station
ALONG = (HALF, 0.0, HALF, 0.0)  # Z of the tool along X of the flange


class TargetCell:
    """A stage in the making: a station of robots on one side of a body, at x = 7 m."""

    def __init__(self, folder: Path, *, robots: Mapping[str, float] | None = None) -> None:
        """Begin a cell; robots are given by name and place along the body [m]."""
        self.stage = new_stage(folder / "cell.usda", "Cell")
        self.path = folder / "cell.usda"
        kinds = {"In": Source(interval=100.0), "Weld": Station(transfer_time=5.0), "Out": Sink()}
        for name, params in kinds.items():
            apply(self.stage.DefinePrim(f"/Cell/{name}", "Xform"), params, **SOURCE)
        link(self.stage.GetPrimAtPath("/Cell/In"), "/Cell/Weld")
        link(self.stage.GetPrimAtPath("/Cell/Weld"), "/Cell/Out")
        stand(self.stage.GetPrimAtPath("/Cell/Weld"), (7.0, 0.0, 0.0))
        body = self.stage.DefinePrim(BODY, "Xform")
        apply(body, ProductParams(), **SOURCE)
        stand(body, (0.0, 0.0, 0.5))  # the look stands so high in the part
        for name, x in (robots or {"Robot": 0.0}).items():
            self._robot(name, x)

    def _robot(self, name: str, x: float) -> None:
        robot = self.stage.DefinePrim(f"/Cell/Weld/{name}", "Xform")
        robot.GetReferences().AddReference(str(HS220))
        stand(robot, (x, -2.85, 0.3), ACROSS)
        apply(robot, RobotParams(home=HOME), **SOURCE)
        tool = self.stage.DefinePrim(f"/Cell/Weld/{name}/link_6/Tool", "Xform")
        stand(tool, (0.3, 0.0, 0.0), ALONG)

    def target(self, name: str, xyz: tuple[float, float, float]) -> str:
        """A frame on the body, in the frame of the station; returns its path."""
        path = f"{BODY}/{name}"
        stand(self.stage.DefinePrim(path, "Xform"), (xyz[0], xyz[1], xyz[2] - 0.5), TOWARDS)
        return path

    def program(self, robot: str = "Robot", *, tool: bool = True, **values: Any) -> Usd.Prim:
        """Give a robot a program."""
        path = f"/Cell/Weld/{robot}"
        prim = self.stage.DefinePrim(f"{path}/Programs/Work", "Scope")
        tools = (f"{path}/link_6/Tool",) if tool else ()
        apply(prim, ProgramParams(tool=tools, **values), **SOURCE)
        return prim

    def saved(self) -> Path:
        """Write the scene."""
        self.stage.Save()
        return self.path
