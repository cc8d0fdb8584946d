"""What USD says of how a stage is put together, in our words."""

import re
from typing import Any, cast

from pxr import Usd

from twin.errors import Problem
from twin.scene.layers import Layers

__all__ = ["composition_problems"]

RULES = {
    "ErrorInvalidSublayerPath": ("must have sublayers that can be opened", "repair the path"),
    "ErrorInvalidAssetPath": ("must refer to a file that can be opened", "repair the path"),
    "ErrorUnresolvedPrimPath": (
        "must refer to a prim that exists",
        "name the prim, or give the file a default prim",
    ),
    "ErrorSublayerCycle": ("must not be a sublayer of itself", "remove the sublayer"),
    "ErrorArcCycle": ("must not refer to itself", "remove the reference"),
    "ErrorCapacityExceeded": ("must be simpler for USD to compose", "remove references"),
}
TARGET = re.compile(r"@([^@]*)@(<[^>]*>)?")


def composition_problems(stage: Usd.Stage, layers: Layers) -> list[Problem]:
    """Every error of composition, in the order of prim paths and texts, each once."""
    root = layers.name(stage.GetRootLayer().realPath)
    errors: list[object] = cast("Any", stage).GetCompositionErrors()  # newer than types-usd
    return sorted({_problem(error, root, layers) for error in errors}, key=str)


def _problem(error: object, root: str, layers: Layers) -> Problem:
    kind, text = type(error).__name__, layers.shorter(str(error))
    site = str(getattr(error, "rootSite", ""))
    path = site[site.rfind("<") + 1 : -1] if site.endswith(">") else "/"
    where = root if path in {"", "/"} else path
    if kind not in RULES:
        return Problem(where, "must compose without errors", text)
    rule, way_out = RULES[kind]
    targets = [each.group() for each in TARGET.finditer(text)] or [text]
    # a cycle tells its steps, the last of which closes it; the others tell first what they need
    return Problem(where, rule, targets[-1 if kind == "ErrorArcCycle" else 0], way_out)
