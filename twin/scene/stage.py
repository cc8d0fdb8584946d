"""Opening a scene: its root layer, scenario layers over it, and overrides over these."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pxr import Tf, Usd, UsdUtils

from twin.errors import Problem, SceneError
from twin.scene.composition import composition_problems
from twin.scene.expansion import MOST_PRIMS, prim_count
from twin.scene.layers import Layers, open_layers, reason
from twin.scene.overrides import override, parse_override
from twin.scene.schema import register

__all__ = ["Opened", "open_stage", "opened"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A stage, None if there can be none, and every problem on the way to it."""

    stage: Usd.Stage | None
    problems: list[Problem]


def open_stage(
    path: str | os.PathLike[str],
    *,
    scenarios: Sequence[str | os.PathLike[str]] = (),
    overrides: Sequence[str] = (),
) -> Usd.Stage:
    """Open a scene that composes without errors, all payloads loaded.

    Args:
        path: the root layer.
        scenarios: layers of opinions over it, the strongest first.
        overrides: PRIM.twin:attr=VALUE, over everything else.

    Raises:
        SceneError: the scene can't be opened; it lists every reason.
        CommandError: an override is wrong.
    """
    result = opened(path, scenarios=scenarios)
    if result.problems or result.stage is None:
        raise SceneError(result.problems)
    for text in overrides:
        override(result.stage, *parse_override(text))
    return result.stage


def opened(
    path: str | os.PathLike[str], *, scenarios: Sequence[str | os.PathLike[str]] = ()
) -> Opened:
    """Open a scene as far as that goes."""
    register()
    root, others = Path(path), tuple(map(Path, scenarios))
    for each in (root, *others):
        if "\0" in str(each):
            return Opened(None, [Problem(repr(str(each)), "must be the path of a file")])
    # USD prints each error of composition; they are told once, as problems
    delegate = UsdUtils.CoalescingDiagnosticDelegate()
    try:
        return _composed(root, others)
    finally:
        delegate.TakeUncoalescedDiagnostics()


def _composed(root: Path, scenarios: tuple[Path, ...]) -> Opened:
    layers = open_layers(root, scenarios=scenarios)
    layer = layers.opened.get(str(root.resolve()))
    if layer is None or layers.unfit:  # what is unfit for USD must not be composed by it
        return Opened(None, layers.problems)
    count = prim_count(layers)
    if count > MOST_PRIMS:
        problem = Problem(
            layers.name(root), f"must have at most {MOST_PRIMS:,} prims", f"{count:,}"
        )
        return Opened(None, [*layers.problems, problem])
    try:
        stage = Usd.Stage.Open(layer)
        for scenario in scenarios:
            stage.GetSessionLayer().subLayerPaths.append(str(scenario.resolve()))
    except Tf.ErrorException as error:
        problem = Problem(layers.name(root), "must be a USD layer", layers.shorter(reason(error)))
        return Opened(None, [*layers.problems, problem])
    problems = [*layers.problems, *composition_problems(stage, layers)]
    return Opened(stage, problems + _idle(stage, scenarios, layers))


def _idle(stage: Usd.Stage, scenarios: tuple[Path, ...], layers: Layers) -> list[Problem]:
    """Scenarios that change nothing: what they say is about other prims than the scene's."""
    root = stage.GetDefaultPrim()
    problems: list[Problem] = []
    for scenario in scenarios if root else ():
        layer = layers.opened.get(str(scenario.resolve()))
        if layer and not layer.subLayerPaths and not layer.GetPrimAtPath(root.GetPath()):
            rule = f"must say something about {root.GetPath()}, the scene's default prim"
            names = [f"/{spec.name}" for spec in layer.rootPrims]
            found = ", ".join(names[:3]) or "nothing"
            problems.append(Problem(layers.name(scenario), rule, found))
    return problems
