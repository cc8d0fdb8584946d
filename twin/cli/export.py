"""`twin export`: simulate a scene and write it for other tools."""

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.options import AsJson, Overrides, Scenarios, Scene, Seed, Until, find_scene
from twin.errors import CommandError
from twin.units import parse_duration

if TYPE_CHECKING:
    from twin.scene.export import ExportSummary

__all__ = ["Target", "export"]


class Target(StrEnum):
    """What `twin export` can write."""

    USD = "usd"
    MCAP = "mcap"


To = Annotated[Target, typer.Option("--to", help="The format to write.")]
Out = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="The folder to write, or the MCAP file.")
]
Start = Annotated[
    str | None,
    typer.Option("--from", metavar="TIME", help="Of MCAP: when it begins; lines are full then."),
]
Rate = Annotated[
    float | None, typer.Option("--rate", metavar="HZ", help="Of MCAP: looks a second; default 10.")
]


def export(
    scene: Scene,
    *,
    out: Out,
    until: Until = "10min",
    to: To = Target.USD,
    seed: Seed = 1,
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    start: Start = None,
    rate: Rate = None,
    as_json: AsJson = False,
) -> None:
    """Write a scene that plays in any USD tool, or a recording for Foxglove and Rerun.

    twin export body_shop --until 10min --to usd --out body_shop_animated

    twin export body_shop --from 15min --until 20min --to mcap --out body_shop.mcap
    """
    ticks = parse_duration(until)
    file = find_scene(scene)
    if to is Target.MCAP:
        from twin.cli.recording import write_recording

        begin = parse_duration(start) if start else 0
        write_recording(
            file, out, start=begin, until=ticks, rate=rate, seed=seed, as_json=as_json,
            scenarios=scenarios or (), overrides=overrides or (),
        )  # fmt: skip
        return
    if start is not None or rate is not None:
        raise CommandError("--from and --rate are of recordings; give --to mcap with them")
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
