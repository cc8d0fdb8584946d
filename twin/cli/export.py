"""`twin export`: simulate a scene and write it for other tools."""

import dataclasses
import math
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


class Motion(StrEnum):
    """The forms of motion, as twin.scene.export.options has them; loading that takes a while."""

    AUTO = "auto"
    SAMPLES = "samples"
    CLIPS = "clips"
    SPLINES = "splines"


class Parts(StrEnum):
    """The forms of parts."""

    AUTO = "auto"
    PRIMS = "prims"
    INSTANCER = "instancer"


class Format(StrEnum):
    """The types of layers."""

    USDC = "usdc"
    USDA = "usda"


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
Static = Annotated[bool, typer.Option("--static", help="Write the plant only, without a run.")]
MotionForm = Annotated[
    Motion,
    typer.Option(
        "--motion",
        help="How robots move: samples, clips (each program once, for long runs), or samples and "
        "exact splines. auto: clips if the run is longer than 10 min.",
    ),
]
PartsForm = Annotated[
    Parts,
    typer.Option(
        "--parts", help="How parts are shown: prims or a point instancer. auto: if many, instancer."
    ),
]
LayerFormat = Annotated[Format, typer.Option("--format", help="The type of large layers.")]
Flatten = Annotated[bool, typer.Option("--flatten", help="Write one layer with everything.")]
Usdz = Annotated[bool, typer.Option("--usdz", help="Write one usdz with everything.")]
Metres = Annotated[
    float, typer.Option("--position-error", metavar="M", help="Bound of positions [m].")
]
Degrees = Annotated[
    float, typer.Option("--angle-error", metavar="DEG", help="Bound of orientations [degrees].")
]


def export(
    scene: Scene,
    *,
    out: Out,
    until: Until = "10min",
    static: Static = False,
    to: To = Target.USD,
    motion: MotionForm = Motion.AUTO,
    parts: PartsForm = Parts.AUTO,
    layers: LayerFormat = Format.USDC,
    flatten: Flatten = False,
    usdz: Usdz = False,
    position_error: Metres = 1e-3,
    angle_error: Degrees = 0.1,
    seed: Seed = 1,
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    start: Start = None,
    rate: Rate = None,
    as_json: AsJson = False,
) -> None:
    """Write a scene as a package that plays in any USD tool, or a recording for Foxglove and Rerun.

    twin export body_shop --until 10min --to usd --out body_shop_animated

    twin export body_shop --from 15min --until 20min --to mcap --out body_shop.mcap
    """
    ticks = parse_duration(until)
    file = find_scene(scene)
    if to is Target.MCAP:
        if static:
            raise CommandError("--static is of USD; a recording is of a run")
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
    from twin.scene import export as usd

    options = usd.Options(
        motion=usd.Motion(motion.value), parts=usd.PartForm(parts.value),
        format=usd.Format(layers.value), flatten=flatten, usdz=usdz,
        position_error=position_error, angle_error=math.radians(angle_error),
    )  # fmt: skip
    with working("exporting") as show:
        summary = usd.export_usd(
            file, None if static else ticks, out, seed=seed, options=options,
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
