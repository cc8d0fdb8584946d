"""Scenario layers: what-ifs as overrides of the scene, strongest when one is chosen."""

from collections.abc import Callable
from pathlib import Path

from pxr import Usd

from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.places import path
from scenes.general_assembly.authoring.plan import PACED_ROWS, ROOT
from twin.kinds.failure import Failure
from twin.kinds.paced_line import PacedLine
from twin.scene.author import new_layer, set_values

__all__ = ["author_scenarios"]

CORDS = ("what if cords are pulled ten times as often, as in the ramp-up of a model", "proposal")
CREWS = ("what if repairs at the slat lines take a minute", "proposal")


def author_scenarios(folder: Path, root: Path) -> list[Path]:
    """Write the layers into a folder; root is the scene that they change."""
    folder.mkdir(exist_ok=True)
    written: list[Path] = []
    for name, (text, change) in SCENARIOS.items():
        layer = new_layer(folder / f"{name}.usda", ROOT[1:])
        layer.documentation = text
        stage = Usd.Stage.Open(str(root))
        stage.GetSessionLayer().subLayerPaths.append(layer.identifier)
        with Usd.EditContext(stage, layer):
            change(stage)
        layer.Save()
        written.append(Path(layer.realPath))
    return written


def _more_cords(stage: Usd.Stage) -> None:
    for line in PACED_ROWS:
        prim = stage.OverridePrim(path(line.name))
        values = {"andon_share": 10 * plan.ANDON_SHARE}
        set_values(prim, PacedLine, values, source=CORDS[0], confidence=CORDS[1])


def _quick_repairs(stage: Usd.Stage) -> None:
    for line in PACED_ROWS:
        prim = stage.OverridePrim(f"{path(line.name)}/Stops")
        set_values(prim, Failure, {"mttr": 60.0}, source=CREWS[0], confidence=CREWS[1])


SCENARIOS: dict[str, tuple[str, Callable[[Usd.Stage], None]]] = {
    "more_cords": (
        "What if people at the slat lines pull the cord ten times as often?",
        _more_cords,
    ),
    "quick_repairs": (
        "What if a slat line is repaired in 60 s on average instead of 90 s?",
        _quick_repairs,
    ),
}
