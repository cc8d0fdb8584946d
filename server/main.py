"""Serve a scene live: what `twin serve` does."""

import os
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from server.pace import Pace
from server.runs import Runs
from server.service import Service
from server.spec import RunSpec
from twin.data import scene_names, scene_path
from twin.errors import CommandError
from twin.units import to_ticks

__all__ = ["serve"]

FARTHEST_START = 86400.0  # s


def serve(
    scene: str | os.PathLike[str],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    seed: int = 1,
    speed: float = 1.0,
    start: float = 0.0,
    scenario: Sequence[str | os.PathLike[str]] = (),
    overrides: Sequence[str] = (),
    data: str | os.PathLike[str] | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve a scene until SIGINT or SIGTERM; the page opens while the engine is still compiled.

    Args:
        scene: its root layer.
        host: network interface; the default is reached from this machine only.
        port: 0 takes any that is free.
        seed: of the run.
        speed: simulated seconds per second, 0.01 to 1000.
        start: simulated time that has passed when the first viewer looks [s], such as the time
            that a line takes to fill; at most a day.
        scenario: layers of opinions over the scene, the strongest first.
        overrides: PRIM.twin:attr=VALUE, over everything else.
        data: folder in which runs are kept, also when the server ends; None: in memory only. The
            run that was made from the same scene and seed goes on where it was.
        on_ready: told the page's address when it can be opened.

    Raises:
        SceneError: the scene is wrong; it lists every problem.
        CommandError: an option is wrong, or the port is taken.
    """
    _check(speed, start)
    root = Path(scene).resolve()
    first = RunSpec(
        id=secrets.token_hex(6), scene=str(root), seed=seed, speed=speed, until=to_ticks(start),
        scenarios=tuple(str(Path(layer).resolve()) for layer in scenario),
        overrides=tuple(overrides), created=time.time(),
    )  # fmt: skip
    scenes = {name: scene_path(name) for name in scene_names()} | {root.stem: root}
    journal = "" if data is None else str(Path(data).resolve() / "runs")
    runs = Runs(first, scenes=scenes, journal=journal)
    Service(runs, address=host, port=port, on_ready=on_ready).run()


def _check(speed: float, start: float) -> None:
    """Refuse wrong numbers before anything else is done."""
    Pace(0.0, speed=speed)
    if not 0 <= start <= FARTHEST_START:
        raise CommandError(f"start must be >= 0 s and <= {FARTHEST_START:g} s, got {start:g}")
