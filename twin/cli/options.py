"""Arguments and options that several subcommands share, and what they stand for."""

from pathlib import Path
from typing import Annotated

import typer

from twin.data import scene_names, scene_path
from twin.errors import Problem, SceneError, nearest

__all__ = [
    "AsJson",
    "Overrides",
    "Scenarios",
    "Scene",
    "Seed",
    "Until",
    "WarmUp",
    "find_scene",
]

Scene = Annotated[
    str, typer.Argument(metavar="SCENE", help="A USD file, or a bundled scene such as body_shop.")
]
Until = Annotated[
    str,
    typer.Option(metavar="TIME", help="Simulated time, such as 8h, 90min, 1h30min or 45s."),
]
WarmUp = Annotated[
    str | None,
    typer.Option(
        "--warmup", metavar="TIME", help="Time from which statistics count; before it, lines fill."
    ),
]
Seed = Annotated[
    int, typer.Option(min=0, help="Seed of all chances; the same seed gives the same run.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PRIM.twin:attr=VALUE",
        help="Change a parameter for this run; may be given again.",
    ),
]
Scenarios = Annotated[
    list[Path] | None,
    typer.Option(
        "--scenario",
        metavar="LAYER",
        help="A USD layer of changes on top of the scene; may be given again, strongest first.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON for machines.")]


def find_scene(scene: str) -> Path:
    """The file that SCENE stands for.

    Raises:
        SceneError: it is neither a file nor a bundled scene.
    """
    file = Path(scene)
    if file.is_file():
        return file
    if scene in scene_names():
        return scene_path(scene)
    rule = "is neither a file nor a bundled scene"
    raise SceneError([Problem(scene, rule, way_out=nearest(scene, scene_names()))])
