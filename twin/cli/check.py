"""`twin check`: every problem of a scene."""

from collections.abc import Sequence

import typer

from twin.cli.options import AsJson, Overrides, Scenarios, Scene, find_scene
from twin.errors import Problem

__all__ = ["check"]

PROBLEMS_FOUND = 2


def check(
    scene: Scene,
    *,
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    as_json: AsJson = False,
) -> None:
    """Report every problem of a scene: prim path, rule, value, way out.

    The exit code is 0 only if the scene is clean.

      twin check scenes/body_shop/body_shop.usda

      twin check body_shop --json
    """
    from twin.scene import check_scene

    problems = check_scene(find_scene(scene), scenarios=scenarios or (), overrides=overrides or ())
    if as_json:
        _print_json(scene, problems)
    else:
        _print(scene, problems)
    if problems:
        raise typer.Exit(PROBLEMS_FOUND)


def _print(scene: str, problems: Sequence[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem))
    count = {0: "no problems", 1: "1 problem"}.get(len(problems), f"{len(problems)} problems")
    typer.echo(f"{scene}: {count}")


def _print_json(scene: str, problems: Sequence[Problem]) -> None:
    from twin.report import json_text

    rows = [
        {"path": each.path, "rule": each.rule, "value": each.value, "way_out": each.way_out}
        for each in problems
    ]
    typer.echo(json_text({"scene": scene, "clean": not rows, "problems": rows}))
