"""The command itself: its subcommands, its version, and how errors become exit codes.

0    all is well
1    the run could not finish, or its output could not be written
2    the input is wrong: a scene, an option, a file
"""

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from twin import __version__
from twin.cli.cell import cell
from twin.cli.check import check
from twin.cli.clearance import clearance
from twin.cli.export import export
from twin.cli.import_robot import importing
from twin.cli.new import import_a_list, import_a_part, new
from twin.cli.program import program
from twin.cli.replay import replay
from twin.cli.run import run
from twin.cli.serve import demo, serve, token
from twin.cli.weld import weld
from twin.errors import RunError, SceneError, TwinError

__all__ = ["app", "main"]

RUN_FAILED, BAD_INPUT = 1, 2


class Commands(TyperGroup):
    """Tells users about their errors in one message each, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a subcommand; an error of ours ends the process with its exit code."""
        try:
            return super().invoke(ctx)
        except TwinError as error:
            _tell(error)
            raise typer.Exit(RUN_FAILED if isinstance(error, RunError) else BAD_INPUT) from None


def _tell(error: TwinError) -> None:
    head = typer.style("error:", fg="red", bold=True)
    if isinstance(error, SceneError) and len(error.problems) > 1:
        typer.echo(f"{head} {len(error.problems)} problems", err=True)
        for problem in error.problems:
            typer.echo(f"  {problem}", err=True)
    else:
        typer.echo(f"{head} {error}", err=True)


def _version(wanted: bool) -> None:  # noqa: FBT001  # typer calls it with the flag
    if wanted:
        typer.echo(f"twin {__version__}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit."),
]

app = typer.Typer(
    name="twin",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # bad input never raises, and a bug needs its whole traceback
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def twin(*, _version: Version = False) -> None:
    """An exact digital twin of car-factory lines, described in OpenUSD.

    [bold]First steps[/bold]

      twin demo                       watch a body shop in the browser

      twin check body_shop            is the scene sound?

      twin run body_shop --until 8h   throughput, bottleneck and why

      twin new my_line                a scene of your own to begin with

    SCENE is a USD file, or the name of a bundled scene such as body_shop.
    Every command explains itself: twin run --help
    """


for command in (
    new,
    check,
    run,
    replay,
    program,
    clearance,
    weld,
    serve,
    token,
    demo,
    export,
    cell,
):
    app.command()(command)
importing.command("list")(import_a_list)
importing.command("part")(import_a_part)
app.add_typer(importing)


def main() -> None:
    """Run the command that the process was started with."""
    try:
        try:
            app(prog_name="twin")
        finally:
            if sys.stdout is not None:  # as it is for a process that was started without one
                sys.stdout.flush()
    except OSError as error:
        if error.filename is not None:
            raise  # of a file, not of a stream: a bug that needs its whole traceback
        _drop_output()
        if not isinstance(error, BrokenPipeError):  # `| head -1` has all that it wants
            _tell(RunError(f"the output can't be written: {error.strerror}"))
        sys.exit(RUN_FAILED)


def _drop_output() -> None:
    """Let what is still to be written go nowhere, or Python would try again as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
