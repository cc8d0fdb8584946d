"""`twin weld`: plan who welds which spots, and write the programs."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.options import AsJson, Overrides, Scenarios, Scene, find_scene

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.welding import Plan
    from twin.welding.figures import WeldFigures

__all__ = ["weld"]

WIDTH_OF_FILES = 140
NOT_ALL = 1  # exit code: a spot is left, or robots meet

Out = Annotated[
    Path | None,
    typer.Option(metavar="LAYER.usda", help="Write the programs into this layer of changes."),
]
All = Annotated[bool, typer.Option("--all", help="Show every robot, not only stations.")]


def weld(
    scene: Scene,
    *,
    out: Out = None,
    everything: All = False,
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    as_json: AsJson = False,
) -> None:
    """Plan the spot welding of every body: robots, order and poses; print times and balance.

    twin weld body_shop --all

    twin weld body_shop --out programs.usda

    [bold]Exit codes[/bold]

      0  every spot is welded

      1  spots are left, or robots can't be kept apart

      2  the scene, an option or a file is wrong
    """
    file = find_scene(scene)
    from twin.cli.progress import working
    from twin.scene.stage import open_stage
    from twin.scene.welds import read_weld_line, write_layer
    from twin.welding import plan_welds
    from twin.welding.figures import figures_of

    stage = open_stage(file, scenarios=scenarios or (), overrides=overrides or ())
    line = read_weld_line(stage)
    plans: dict[str, Plan] = {}
    with working("planning welds") as show:
        for number, (product, spots) in enumerate(line.spots.items()):
            show(f"planning {product}", number / len(line.spots))
            plans[product] = plan_welds(spots, line.welders, bodies=line.bodies[product])
    found = [figures_of(product, plan) for product, plan in plans.items()]
    if out:
        write_layer(stage, plans, out)
    if as_json:
        from twin.report import json_text

        typer.echo(json_text({"scene": scene, "plans": [asdict(each) for each in found]}))
    else:
        _print(found, everything=everything)
    if any(each.problems for each in found):
        raise typer.Exit(NOT_ALL)


def _print(found: "list[WeldFigures]", *, everything: bool) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, width=WIDTH_OF_FILES)
    for each in found:
        console.print(
            f"{each.product}: {each.welded} of {each.spots} spots, "
            f"slowest station {each.takt:.1f} s, "
            f"balance {each.balance:.0%} of robots and {each.line_balance:.0%} of stations"
        )
        console.print(f"limited by {each.limit}")
        for problem in each.problems:
            console.print(problem)
        console.print(_table(each, everything=everything))


def _table(figures: "WeldFigures", *, everything: bool) -> "RenderableType":
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("robot" if everything else "station", "spots", "cycle", "weld", "move", "wait"):
        table.add_column(name, justify="left" if name in {"robot", "station"} else "right")
    rows = {each.path: [each] for each in figures.robots}
    if not everything:
        rows = {
            station.path: [each for each in figures.robots if each.path == station.slowest]
            for station in figures.stations
        }
    for path, (each,) in rows.items():
        count = each.spots
        if not everything:
            count = sum(r.spots for r in figures.robots if r.path.startswith(f"{path}/"))
        times = (each.cycle, each.welding, each.moving, each.waiting)
        table.add_row(path, str(count), *(f"{time:.1f} s" for time in times))
    return table
