"""`twin import robot`: a URDF file becomes a robot asset."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.options import AsJson

if TYPE_CHECKING:
    from twin.scene.urdf import Imported

__all__ = ["importing"]

importing = typer.Typer(
    name="import", no_args_is_help=True, help="Make assets of what other tools wrote."
)

File = Annotated[Path, typer.Argument(metavar="FILE.urdf", help="A URDF file, xacro expanded.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="The folder to write; else named as the file is."),
]
Flange = Annotated[
    str | None,
    typer.Option(metavar="LINK", help="The link for tools; else tool0, flange or the last one."),
]
Root = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Meshes are read below it only; else one above the file's."),
]
Ramp = Annotated[
    float,
    typer.Option("--ramp", metavar="SECONDS", help="Time of a joint to full speed: not in URDF."),
]


@importing.callback()
def _group() -> None:
    """Make assets of what other tools wrote."""


@importing.command()
def robot(
    file: File,
    *,
    out: Out = None,
    flange: Flange = None,
    root: Root = None,
    ramp: Ramp = 0.4,
    as_json: AsJson = False,
) -> None:
    """Write a robot asset from a URDF: geometry, joints, limits, drives and masses.

    URDF has no accelerations: a joint reaches its full speed in --ramp seconds.

      twin import robot kr16_2.urdf --out assets/kr16
    """
    from twin.scene.urdf import import_robot

    done = import_robot(file, out or Path(file.stem), flange=flange, root=root, ramp_time=ramp)
    if as_json:
        _print_json(done)
    else:
        _print(done)


def _print(done: "Imported") -> None:
    for note in done.notes:
        typer.echo(f"note: {note}", err=True)
    arm = done.arm
    typer.echo(f"{done.asset}: reference it where a robot stands")
    typer.echo(f"  {arm.joint_count} joints, {done.meshes} meshes, flange {done.flange}")


def _print_json(done: "Imported") -> None:
    from twin.report import json_text

    tree = {
        "asset": str(done.asset),
        "joints": list(done.arm.joint_names),
        "links": list(done.arm.link_names),
        "flange": done.flange,
        "meshes": done.meshes,
        "notes": [str(note) for note in done.notes],
    }
    typer.echo(json_text(tree))
