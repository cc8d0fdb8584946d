"""`twin run`: simulate a scene and report."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.options import AsJson, Overrides, Scenarios, Scene, Seed, Until, find_scene
from twin.units import parse_duration

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.journal import Journal
    from twin.plant import Plant

__all__ = ["run"]

WIDTH_OF_FILES = 140  # characters

Count = Annotated[
    int,
    typer.Option(
        min=1, max=100_000, help="Runs with different chances; more than one give 95 % intervals."
    ),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Keep every event and motion in this folder; with replications in one folder each.",
    ),
]


def run(
    scene: Scene,
    *,
    until: Until = "8h",
    seed: Seed = 1,
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    replications: Count = 1,
    journal: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a scene; print throughput, lead time, states, OEE, and the bottleneck and why.

    twin run body_shop --until 8h --seed 1

    twin run body_shop --set /BodyShop/Line/Respot_1.twin:processTime=50

    twin run body_shop --scenario slower_framing.usda --replications 20 --json
    """
    ticks = parse_duration(until)
    file = find_scene(scene)
    from twin.cli.progress import compiled_first
    from twin.scene import load

    plant = load(file, scenarios=scenarios or (), overrides=overrides or ())
    compiled_first(plant)
    keep = _keeper(journal, replications) if journal else None
    if replications == 1:
        _run_once(plant, ticks, seed, keep, as_json=as_json)
    else:
        _run_many(plant, ticks, seed, keep, replications=replications, as_json=as_json)


def _keeper(folder: Path, replications: int) -> "Callable[[Journal], None]":
    from twin.journal import save

    def keep(journal: "Journal") -> None:
        own = folder if replications == 1 else folder / f"replication_{journal.replication}"
        save(journal, own)

    return keep


def _run_once(
    plant: "Plant",
    until: int,
    seed: int,
    keep: "Callable[[Journal], None] | None",
    *,
    as_json: bool,
) -> None:
    from twin.cli.progress import working
    from twin.report import json_text, report_json
    from twin.report.tables import report_view
    from twin.study.replicate import run as simulate

    with working("simulating") as show:
        report = simulate(
            plant, until, seed=seed, keep=keep, progress=lambda done: show("simulating", done)
        )
    if as_json:
        typer.echo(json_text(report_json(report)))
    else:
        _print(lambda width: report_view(report, width))


def _run_many(
    plant: "Plant",
    until: int,
    seed: int,
    keep: "Callable[[Journal], None] | None",
    *,
    replications: int,
    as_json: bool,
) -> None:
    from twin.cli.progress import working
    from twin.report import json_text
    from twin.study import replicate
    from twin.study.replications import replications_json
    from twin.study.tables import replications_view

    with working("simulating") as show:
        many = replicate(
            plant, until, seed=seed, replications=replications, keep=keep,
            progress=lambda done: show("simulating", done),
        )  # fmt: skip
    if as_json:
        typer.echo(json_text(replications_json(many)))
    else:
        _print(lambda width: replications_view(many, width))


def _print(view: "Callable[[int], RenderableType]") -> None:
    """Print tables as wide as the terminal; as wide as they like where there is none."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH_OF_FILES)
    console.print(view(console.width))
