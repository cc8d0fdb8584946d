"""`twin new`, `twin import list`, `twin import part`: scenes and assets from what others keep."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.options import AsJson

if TYPE_CHECKING:
    from twin.scene.listing import Made

__all__ = ["import_a_list", "import_a_part", "new"]

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
Mesh = Annotated[Path, typer.Argument(metavar="FILE", help="A mesh file, such as a .stl.")]
Unit = Annotated[str, typer.Option(metavar="UNIT", help="Of length in the file: m, cm, mm, in.")]
Up = Annotated[str, typer.Option(metavar="AXIS", help="That points up in the file: Y or Z.")]
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


def import_a_part(
    file: Mesh, *, out: Out = None, unit: Unit = "m", up: Up = "Z", as_json: AsJson = False
) -> None:
    """Write an asset from CAD: STL, OBJ, PLY, OFF, 3MF, COLLADA or GLB.

    twin import part fixture.stl --unit mm --out assets/fixture
    """
    from twin.report import json_text
    from twin.scene.part import import_part

    done = import_part(file, out or Path(file.stem), unit=unit, up=up)
    for note in done.notes:
        typer.echo(f"note: {note}", err=True)
    if as_json:
        tree = {"asset": str(done.asset), "size": list(done.size), "triangles": done.triangles}
        typer.echo(json_text(tree))
    else:
        x, y, z = done.size
        typer.echo(f"{done.asset}: {x:.3f} x {y:.3f} x {z:.3f} m, {done.triangles:,} triangles")


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
