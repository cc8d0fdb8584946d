"""`twin new` and `twin import list`: a scene from a list of equipment."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.options import AsJson

if TYPE_CHECKING:
    from twin.scene.listing import Made

__all__ = ["import_a_list", "new"]

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write; it is made.")]
Template = Annotated[
    str, typer.Option("--template", metavar="NAME", help="What to begin with: line or joining.")
]
Hall = Annotated[
    Path | None,
    typer.Option(metavar="FILE.usd", help="A hall to stand around it, in any unit, Y or Z up."),
]
File = Annotated[Path, typer.Argument(metavar="LIST", help="A .csv file or an .xlsx workbook.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="The folder to write; else named as the file is."),
]
Sheet = Annotated[str | None, typer.Option(metavar="NAME", help="Of a workbook; else the first.")]


def new(
    folder: Folder, *, start: Template = "line", hall: Hall = None, as_json: AsJson = False
) -> None:
    """Start a scene of your own: a small plant that runs, and the list that it is made of.

    Change the list and make the scene anew, or change the scene in any USD tool.

      twin new my_line && twin serve my_line/my_line.usda
    """
    from twin.scene.listing import import_list, template

    _tell(import_list(template(start), folder, hall=hall), as_json=as_json)


def import_a_list(
    file: File, *, out: Out = None, sheet: Sheet = None, hall: Hall = None, as_json: AsJson = False
) -> None:
    """Write a scene from a list of equipment: a line for each thing, parameters in columns.

    twin import list plant.xlsx --out plant --hall hall.usd
    """
    from twin.scene.listing import import_list

    _tell(import_list(file, out or Path(file.stem), sheet=sheet, hall=hall), as_json=as_json)


def _tell(made: "Made", *, as_json: bool) -> None:
    if as_json:
        from twin.report import json_text

        tree = {
            "scene": str(made.scene),
            "places": made.places,
            "things": made.things,
            "assets": made.assets,
        }
        typer.echo(json_text(tree))
    else:
        typer.echo(f"{made.scene}: {made.places} places; twin run, serve or check it")
