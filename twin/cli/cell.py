"""`twin cell`: simulate a scene whose parts are bodies in one cell."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.options import AsJson, Overrides, Scenarios, Scene, Seed, Until, find_scene
from twin.errors import CommandError
from twin.units import parse_duration

if TYPE_CHECKING:
    from twin.hifi.cell import Cell

__all__ = ["cell"]

Image = Annotated[
    Path | None, typer.Option("--image", metavar="FILE", help="A PNG of the cell at the end.")
]
Camera = Annotated[
    str, typer.Option(metavar="NAME", help="The scene's camera that the image is taken with.")
]


def cell(
    scene: Scene,
    *,
    until: Until = "1min",
    seed: Seed = 1,
    image: Image = None,
    camera: Camera = "Cell",
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a scene with one cell in which parts slide, tip and pile (extra hifi).

    twin cell bracket_bin --until 1min --image bin.png
    """
    ticks = parse_duration(until)
    file = find_scene(scene)
    from twin.cli.progress import compiled_first, working
    from twin.hifi.cell import Cell
    from twin.hifi.library import library
    from twin.scene.cell import cameras, load_cells

    library()
    plant, cells = load_cells(file, scenarios=scenarios or (), overrides=overrides or ())
    views = cameras(file) if image else {}
    if image and camera not in views:
        names = ", ".join(views) or "none"
        raise CommandError(f"{scene} has no camera {camera}; there are: {names}")
    compiled_first(plant)
    run = Cell(cells[0], plant, seed=seed)
    with working("simulating") as show:
        for share in range(1, 101):
            run.step(max(run.tick, ticks * share // 100))
            show("simulating", share / 100)
    if image:
        _draw(run, image, *views[camera])
    _tell(run, as_json=as_json)


def _draw(run: "Cell", file: Path, eye: tuple[float, ...], target: tuple[float, ...]) -> None:
    from twin.hifi.picture import draw, png

    file.write_bytes(png(draw(run.bodies, eye, target)))


def _tell(run: "Cell", *, as_json: bool) -> None:
    from twin.report import json_text

    jumps = [each.distance for each in run.hand_overs]
    facts = {
        "seconds": run.tick / 1e6,
        "entered": run.entered,
        "left": run.left,
        "inside": len(run.slots),
        "brought_back": run.returned,
        "waiting": run.waiting,
        "largest_jump": max(jumps, default=0.0),
    }
    if as_json:
        typer.echo(json_text(facts))
        return
    typer.echo(f"{run.plan.path} after {facts['seconds']:g} s, in steps of {run.plan.step} us")
    typer.echo(f"  {run.entered} parts came in, {run.left} went out, {len(run.slots)} are inside")
    typer.echo(f"  {run.returned} that had strayed were brought back")
    if jumps:
        typer.echo(f"  parts jumped by at most {max(jumps):.3f} m when the plant took them over")
    if run.waiting:
        typer.echo("  its station is stopped: the robot finds no part that it can pick")
