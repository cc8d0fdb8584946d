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

    What is legal but looks like a mistake is told as a warning. The exit code is 0 only if there is
    no problem.

      twin check scenes/body_shop/body_shop.usda

      twin check body_shop --json
    """
    from twin.plant import doubts
    from twin.scene import check_scene, load

    file, layers, values = find_scene(scene), scenarios or (), overrides or ()
    problems = check_scene(file, scenarios=layers, overrides=values)
    warnings: list[Problem] = []
    if not problems:
        warnings = doubts(load(file, scenarios=layers, overrides=values))
    if as_json:
        _print_json(scene, problems, warnings)
    else:
        _print(scene, problems, warnings)
    if problems:
        raise typer.Exit(PROBLEMS_FOUND)


def _print(scene: str, problems: Sequence[Problem], warnings: Sequence[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem))
    for warning in warnings:
        typer.echo(f"warning: {warning}")
    count = {0: "no problems", 1: "1 problem"}.get(len(problems), f"{len(problems)} problems")
    typer.echo(f"{scene}: {count}")


def _print_json(scene: str, problems: Sequence[Problem], warnings: Sequence[Problem]) -> None:
    from twin.report import json_text

    rows, doubts = [
        [
            {"path": each.path, "rule": each.rule, "value": each.value, "way_out": each.way_out}
            for each in found
        ]
        for found in (problems, warnings)
    ]
    tree = {"scene": scene, "clean": not rows, "problems": rows, "warnings": doubts}
    typer.echo(json_text(tree))
