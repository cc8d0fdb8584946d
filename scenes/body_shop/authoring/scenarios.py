"""Scenario layers: what-ifs as overrides of the scene, strongest when one is chosen."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pxr import Usd

from scenes.body_shop.authoring.layout import mounts
from scenes.body_shop.authoring.line import MTBF, STATIONS
from twin.kinds.station import Station
from twin.scene.author import new_layer, set_values, stand

__all__ = ["author_scenarios"]

SHUTTLE = ("linear shuttle, 6 m index in 5 to 7 s, engineering judgement", "U")
WORN = ("what if stations fail twice as often", "proposal")
MOVED_STATION, MOVED_ROBOT, MOVED_BY = "Station_040", 3, (0.0, 0.2, 0.0)  # m


def author_scenarios(folder: Path, root: Path) -> list[Path]:
    """Write the layers into a folder; root is the scene that they change."""
    written = []
    for name, (text, change) in SCENARIOS.items():
        layer = new_layer(folder / f"{name}.usda", "BodyShop")
        layer.documentation = text
        stage = Usd.Stage.Open(str(root))
        stage.GetSessionLayer().subLayerPaths.append(layer.identifier)
        with Usd.EditContext(stage, layer):
            change(stage)
        layer.Save()
        written.append(Path(layer.realPath))
    return written


def _faster_transfer(stage: Usd.Stage) -> None:
    _all_stations(stage, {"transfer_time": 7.0}, SHUTTLE)


def _double_failures(stage: Usd.Stage) -> None:
    _all_stations(stage, {"mtbf": MTBF / 2}, WORN)


def _all_stations(stage: Usd.Stage, values: dict[str, float], origin: tuple[str, str]) -> None:
    for stop in STATIONS:
        prim = stage.OverridePrim(f"/BodyShop/Line/{stop.name}")
        set_values(prim, Station, values, source=origin[0], confidence=origin[1])


def _one_robot_moved(stage: Usd.Stage) -> None:
    """Move one robot back from the body: its programs follow, as their targets are on the body."""
    stop = next(stop for stop in STATIONS if stop.name == MOVED_STATION)
    xyz, wxyz = mounts(stop.equipment)[MOVED_ROBOT - 1]
    xyz = tuple(np.round(np.add(xyz, MOVED_BY), 6).tolist())
    stand(stage.OverridePrim(f"/BodyShop/Line/{stop.name}/Robot_{MOVED_ROBOT}"), xyz, wxyz)


SCENARIOS: dict[str, tuple[str, Callable[[Usd.Stage], None]]] = {
    "faster_transfer": (
        "What if a linear shuttle moved bodies from station to station in 7 s instead of 10 s?",
        _faster_transfer,
    ),
    "double_failures": (
        "What if every station failed twice as often, every 210 minutes of operation?",
        _double_failures,
    ),
    "one_robot_moved": (
        "What if Robot_3 of station 040 stood 0.2 m farther off? Its programs follow.",
        _one_robot_moved,
    ),
}
