"""Scenario layers: what-ifs as overrides of the scene, strongest when one is chosen."""

from collections.abc import Callable
from pathlib import Path

from pxr import Usd

from scenes.cell_factory.authoring import plan
from scenes.cell_factory.authoring.plan import ROOT, path
from twin.kinds.calendar import Calendar
from twin.kinds.source import Source
from twin.scene.author import new_layer, set_values

__all__ = ["author_scenarios"]

EAGER, PAUSES = ("what if more bodies came", "proposal"), ("what if others stood in", "proposal")


def author_scenarios(folder: Path, root: Path) -> list[Path]:
    """Write the layers into a folder; root is the scene that they change."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, (text, change) in SCENARIOS.items():
        layer = new_layer(folder / f"{name}.usda", ROOT[1:])
        layer.documentation = text
        stage = Usd.Stage.Open(str(root))
        stage.GetSessionLayer().subLayerPaths.append(layer.identifier)
        with Usd.EditContext(stage, layer):
            change(stage)
        layer.Save()
        written.append(folder / f"{name}.usda")
    return written


def _full_load(stage: Usd.Stage) -> None:
    prim = stage.OverridePrim(path("Painted_Bodies"))
    set_values(prim, Source, {"interval": 300.0}, source=EAGER[0], confidence=EAGER[1])


def _no_breaks(stage: Usd.Stage) -> None:
    for group in plan.BREAK_ENDS:
        prim = stage.OverridePrim(path(f"Breaks_{group}"))
        values = {"starts": (0.0,), "ends": (plan.SHIFT,)}
        set_values(prim, Calendar, values, source=PAUSES[0], confidence=PAUSES[1])


SCENARIOS: dict[str, tuple[str, Callable[[Usd.Stage], None]]] = {
    "full_load": ("What can the cells do at most? A body every 5 min.", _full_load),
    "no_breaks": ("What if others stood in for the workers in their breaks?", _no_breaks),
}
