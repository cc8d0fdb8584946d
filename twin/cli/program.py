"""`twin program`: what robots do, how long it takes, and what limits it."""

from dataclasses import asdict
from typing import Annotated

import typer

from twin.cli.options import AsJson, Overrides, Scenarios, Scene, find_scene

__all__ = ["program"]

WIDE = 160  # characters, where the output is no terminal

Robot = Annotated[
    str, typer.Argument(metavar="[ROBOT]", help="Prim path of one robot, or of a station.")
]


def program(
    scene: Scene,
    robot: Robot = "",
    *,
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    as_json: AsJson = False,
) -> None:
    """Plan all robot programs: cycle time, shares of moving, process and waiting, what limits it.

    The slowest robot of a station makes its time. Slack is how much sooner the others are done.

      twin program body_shop

      twin program body_shop /BodyShop/Line/Station_060/Robot_2 --json
    """
    from rich.console import Console

    from twin.report import json_text
    from twin.report.programs import program_rows, program_table
    from twin.scene import load

    plant = load(find_scene(scene), scenarios=scenarios or (), overrides=overrides or ())
    rows = program_rows(plant, robot)
    if as_json:
        typer.echo(json_text({"scene": scene, "programs": [asdict(row) for row in rows]}))
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDE)
    console.print(program_table(rows))
