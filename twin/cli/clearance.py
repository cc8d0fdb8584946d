"""`twin clearance`: who comes how close to whom, where and when."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.options import AsJson, Overrides, Scenarios, Scene, Seed, find_scene

if TYPE_CHECKING:
    from twin.journal import Journal
    from twin.physics.shapes import Shapes
    from twin.report.clearance import Nearness

__all__ = ["clearance"]

WIDTH_OF_FILES = 160

Body = Annotated[
    str | None,
    typer.Option(
        metavar="PRODUCT", help="Follow the first body of this product through the whole line."
    ),
]
Against = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PRIM", help="Something else that stands and nothing may touch; may be given again."
    ),
]
Margin = Annotated[float, typer.Option(min=0.001, help="Tell what comes closer than this [m].")]
Page = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Draw it as a page of its own.")
]
All = Annotated[bool, typer.Option("--all", help="Show every pair.")]


def clearance(
    scene: Scene,
    *,
    body: Body = None,
    against: Against = None,
    margin: Margin = 0.25,
    seed: Seed = 1,
    html: Page = None,
    everything: All = False,
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    as_json: AsJson = False,
) -> None:
    """Print and draw the smallest clearances: robots, fences and bodies, along all of the motion.

    Distances are those of the meshes, guaranteed to a millimetre between any two moments, for one
    cycle of the shop, or for one body from the source to the end of the line.

    twin clearance body_shop

    twin clearance body_shop --body Suv --against /BodyShop/Line/Station_120 --html suv.html
    """
    file = find_scene(scene)
    from twin.cli.progress import compiled_first, working
    from twin.errors import SceneError
    from twin.report.clearance import body_clearance, shop_clearance
    from twin.report.cycle import cycle
    from twin.report.fenced import fence_problems
    from twin.report.unseen import unseen
    from twin.scene import load
    from twin.scene.solids import read_shapes
    from twin.scene.stage import open_stage

    layers, values = scenarios or (), overrides or ()
    plant = load(file, scenarios=layers, overrides=values)
    stage = open_stage(file, scenarios=layers, overrides=values)
    shapes = read_shapes(stage, plant, against=against or ())
    if problems := fence_problems(plant, shapes):
        raise SceneError(problems)
    compiled_first(plant)
    with working("simulating") as show:
        journal = cycle(plant, product=body, seed=seed)
        show("measuring clearance", 0.5)
        rows = (
            body_clearance(journal, shapes, body, margin=margin)
            if body
            else shop_clearance(journal, shapes, margin=margin)
        )
    rest = unseen(plant, shapes)
    if html:
        _write(html, journal, shapes, rows, margin=margin, body=body, rest=rest)
    if as_json:
        _print_json(scene, rows, body=body, margin=margin, rest=rest)
    else:
        _print(rows, margin=margin, everything=everything, rest=rest)


def _write(
    file: Path,
    journal: "Journal",
    shapes: "Shapes",
    rows: "Sequence[Nearness]",
    *,
    margin: float,
    body: str | None,
    rest: Sequence[str],
) -> None:
    from twin.errors import CommandError
    from twin.report.page.clearance import clearance_page

    about = f"the first {body} on its way through the line" if body else "one cycle of the shop"
    page = clearance_page(journal, shapes, rows, margin=margin, about=about, unseen=rest)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, "utf-8")
    except OSError as error:
        raise CommandError(f"the page can't be written to {file}: {error.strerror}") from error
    typer.echo(f"page in {file}: {len(page.encode()) / 1e6:.1f} MB", err=True)


def _print(
    rows: "Sequence[Nearness]", *, margin: float, everything: bool, rest: Sequence[str]
) -> None:
    from rich.console import Console

    from twin.report.clearance_table import clearance_view

    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, width=WIDTH_OF_FILES)
    console.print(clearance_view(rows, margin, everything=everything, unseen=rest))


def _print_json(
    scene: str,
    rows: "Sequence[Nearness]",
    *,
    body: str | None,
    margin: float,
    rest: Sequence[str],
) -> None:
    from twin.report import json_text
    from twin.report.clearance_table import clearance_rows

    tree = {
        "scene": scene, "body": body, "margin": margin, "notLookedAt": list(rest),
        "pairs": clearance_rows(rows),
    }  # fmt: skip
    typer.echo(json_text(tree))
