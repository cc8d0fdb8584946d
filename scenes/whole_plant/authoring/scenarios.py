"""Scenario layers: what-ifs as overrides of the scene, strongest when one is chosen."""

from collections.abc import Callable
from pathlib import Path

from pxr import Usd

from scenes.whole_plant.authoring.walk import ROOT
from twin.kinds.station import Station
from twin.scene.author import new_layer, set_values

__all__ = ["author_scenarios"]

WHAT_IF = ("what if", "proposal")


def author_scenarios(folder: Path, root: Path) -> list[Path]:
    """Write the layers into a folder; root is the scene that they change."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, (text, change) in SCENARIOS.items():
        layer = new_layer(folder / f"{name}.usda", "WholePlant")
        layer.documentation = text
        stage = Usd.Stage.Open(str(root))
        stage.GetSessionLayer().subLayerPaths.append(layer.identifier)
        with Usd.EditContext(stage, layer):
            change(stage)
        layer.Save()
        written.append(Path(layer.realPath))
    return written


def _set(stage: Usd.Stage, path: str, **values: float) -> None:
    prim = stage.OverridePrim(f"{ROOT}/{path}")
    set_values(prim, Station, values, source=WHAT_IF[0], confidence=WHAT_IF[1])


def _more_rework(stage: Usd.Stage) -> None:
    _set(stage, "Paint/Inspection/Station_130", defects=0.25)


def _slow_framing(stage: Usd.Stage) -> None:
    _set(stage, "Body/Main/Station_200", process_time=18.0)


SCENARIOS: dict[str, tuple[str, Callable[[Usd.Stage], None]]] = {
    "more_rework": (
        "What if 25 % of the bodies had to be painted again, not 10 %?",
        _more_rework,
    ),
    "slow_framing": (
        "What if clamping at the framing station took 15 s longer?",
        _slow_framing,
    ),
}
