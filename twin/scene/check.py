"""Is a scene sound? Every problem of layers, composition, values and plant, all at once."""

import os
from collections.abc import Sequence
from pathlib import Path

from pxr import Usd

from twin.engine.layout import lay_out
from twin.errors import CommandError, Problem, SceneError
from twin.plant import Plant, check
from twin.scene.overrides import override, parse_override
from twin.scene.read import Draft
from twin.scene.stage import opened

__all__ = ["check_scene", "load"]


def check_scene(
    path: str | os.PathLike[str],
    *,
    scenarios: Sequence[str | os.PathLike[str]] = (),
    overrides: Sequence[str] = (),
) -> list[Problem]:
    """Every problem of a scene in a stable order: layers, composition, prims, plant; [] if none."""
    return _examine(path, scenarios=scenarios, overrides=overrides)[1]


def load(
    path: str | os.PathLike[str],
    *,
    scenarios: Sequence[str | os.PathLike[str]] = (),
    overrides: Sequence[str] = (),
) -> Plant:
    """Open a scene, read its plant and check it.

    Raises:
        SceneError: something is wrong; it lists everything that is.
    """
    plant, problems = _examine(path, scenarios=scenarios, overrides=overrides)
    if problems or plant is None:
        raise SceneError(problems)
    return plant


def _examine(
    path: str | os.PathLike[str],
    *,
    scenarios: Sequence[str | os.PathLike[str]],
    overrides: Sequence[str],
) -> tuple[Plant | None, list[Problem]]:
    found = opened(path, scenarios=scenarios)
    problems = list(found.problems)
    if found.stage is None:
        return None, problems
    problems += _default_prim(found.stage)
    problems += _override(found.stage, overrides)
    draft = Draft(found.stage)
    plant = draft.plant()
    problems += draft.problems
    problems += [each for each in check(plant) if _is_certain(each, draft.unclear)]
    problems = list(dict.fromkeys(problems))
    return plant, problems or _motion(plant)


def _default_prim(stage: Usd.Stage) -> list[Problem]:
    name = stage.GetRootLayer().defaultPrim
    if not name or stage.GetDefaultPrim():
        return []
    where = Path(stage.GetRootLayer().realPath).name
    return [Problem(where, "must have its default prim", name, "define it, or name another")]


def _override(stage: Usd.Stage, overrides: Sequence[str]) -> list[Problem]:
    problems: list[Problem] = []
    for text in overrides:
        try:
            override(stage, *parse_override(text))
        except CommandError as error:
            where, _, rest = str(error).partition(" ")
            problems.append(Problem(where, rest))
    return problems


def _is_certain(problem: Problem, unclear: set[str]) -> bool:
    """Whether a rule was broken by what the scene says, and not by a stand-in for what it says."""
    where, _, attribute = problem.path.partition(" ")
    if where in unclear and attribute not in {"", "twin:next"}:
        return False
    words = problem.rule.replace(":", " ").split()
    return not unclear.intersection(words)


def _motion(plant: Plant) -> list[Problem]:
    """Robot programs and paths that can't be run."""
    try:
        lay_out(plant)
    except SceneError as error:
        return list(error.problems)
    return []
