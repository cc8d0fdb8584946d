"""`twin export`: simulate a scene and write it for other tools."""

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.options import AsJson, Overrides, Scenarios, Scene, Seed, Until, find_scene
from twin.units import parse_duration

if TYPE_CHECKING:
    from twin.scene.export import ExportSummary

__all__ = ["Target", "export"]


class Target(StrEnum):
    """What `twin export` can write."""

    USD = "usd"


To = Annotated[Target, typer.Option("--to", help="The format to write.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write; it is made.")]


def export(
    scene: Scene,
    *,
    out: Out,
    until: Until = "10min",
    to: To = Target.USD,
    seed: Seed = 1,
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    as_json: AsJson = False,
) -> None:
    """Write a scene with an animation layer that plays in any USD tool.

    twin export body_shop --until 10min --to usd --out body_shop_animated
    """
    assert to is Target.USD
    ticks = parse_duration(until)
    file = find_scene(scene)
    from twin.cli.progress import working
    from twin.scene.export import export_usd

    with working("exporting") as show:
        summary = export_usd(
            file, ticks, out, seed=seed,
            scenario=scenarios or (), overrides=overrides or (), progress=show,
        )  # fmt: skip
    if as_json:
        _print_json(summary)
    else:
        _print(summary)


def _print(summary: "ExportSummary") -> None:
    typer.echo(f"{summary.root}: open it in any USD tool")
    typer.echo(
        f"  {summary.serials} parts, {summary.robots} robots, {summary.keys} keys, "
        f"{summary.bytes / 1e6:.1f} MB"
    )


def _print_json(summary: "ExportSummary") -> None:
    from twin.report import json_text

    tree = {
        field.name: str(value) if isinstance(value := getattr(summary, field.name), Path) else value
        for field in dataclasses.fields(summary)
    }
    typer.echo(json_text(tree))
