"""Serve a scene live: what `twin serve` does."""

import logging
import os
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from server import traces
from server.audit import Audit
from server.confine import MEMORY
from server.enclosure import can_enclose
from server.logs import set_up
from server.pace import Pace
from server.runs import Runs
from server.service import Service
from server.settings import read_settings
from server.spec import RunSpec
from server.tokens import Tokens
from server.uploads import Uploads
from twin.data import scene_names, scene_path
from twin.errors import CommandError
from twin.units import to_ticks

__all__ = ["scenes_in", "serve"]

SCENES = (".usda", ".usdc", ".usd", ".usdz")
log = logging.getLogger("twin.server")

FARTHEST_START = 86400.0  # s


def serve(
    scene: str | os.PathLike[str],
    *,
    host: str | None = None,
    port: int | None = None,
    seed: int = 1,
    speed: float = 1.0,
    start: float = 0.0,
    scenario: Sequence[str | os.PathLike[str]] = (),
    overrides: Sequence[str] = (),
    data: str | os.PathLike[str] | None = None,
    config: str | os.PathLike[str] | None = None,
    on_ready: Callable[[str], None] | None = None,
    **settings: Any,
) -> None:
    """Serve a scene until SIGINT or SIGTERM; the page opens while the engine is still compiled.

    Args:
        scene: its root layer.
        host: network interface; the default is reached from this machine only.
        port: 0 takes any that is free; the default is 8000.
        seed: of the run.
        speed: simulated seconds per second, 0.01 to 1000.
        start: simulated time that has passed when the first viewer looks [s], such as the time
            that a line takes to fill; at most a day.
        scenario: layers of opinions over the scene, the strongest first.
        overrides: PRIM.twin:attr=VALUE, over everything else.
        data: folder in which runs are kept, also when the server ends; None: in memory only. The
            run that was made from the same scene and seed goes on where it was.
        config: TOML file of settings.
        on_ready: told the page's address when it can be opened.
        settings: any other one of `server.settings.Settings`; None: it is not given.

    Raises:
        SceneError: the scene is wrong; it lists every problem.
        CommandError: an option is wrong, or the port is taken.
    """
    _check(speed, start)
    held = read_settings(
        None if config is None else Path(config), host=host, port=port, data=data, **settings
    )
    set_up(held.log)
    traces.set_up(held.traces)
    if not can_enclose():
        log.warning("this system has no Landlock: uploads are checked, but not shut in by it")
    os.environ[MEMORY] = f"{held.run_memory:g}"  # for the runs' processes
    root = Path(scene).resolve()
    first = RunSpec(
        id=secrets.token_hex(6), scene=str(root), seed=seed, speed=speed, until=to_ticks(start),
        scenarios=tuple(str(Path(layer).resolve()) for layer in scenario),
        overrides=tuple(overrides), created=time.time(),
    )  # fmt: skip
    scenes = {name: scene_path(name) for name in scene_names()} | {root.stem: root}
    if held.scenes is not None:
        scenes = scenes_in(held.scenes) | scenes
    folder = None if held.data is None else held.data.resolve()
    uploads = Uploads(None if folder is None else folder / "uploads", most=held.uploads)
    runs = Runs(
        first, scenes=scenes, journal="" if folder is None else str(folder / "runs"),
        most=held.runs, uploads=uploads,
    )  # fmt: skip
    service = Service(
        runs, address=held.host, port=held.port, on_ready=on_ready, origins=held.origins,
        tokens=None if held.tokens is None else Tokens(held.tokens), limits=held.limits(),
        audit=Audit(None if folder is None else folder / "audit.jsonl"), tls=held.tls(),
    )  # fmt: skip
    log.info("serving %s at %s", root.stem, service.url, extra={"fields": {"url": service.url}})
    try:
        service.run()
    finally:
        traces.end()
        log.info("ended")


def scenes_in(folder: Path) -> dict[str, Path]:
    """Root layers right in a folder, or one folder deeper, by name; links out of it are left out.

    Raises:
        CommandError: there is no such folder.
    """
    home = folder.resolve()
    if not home.is_dir():
        raise CommandError(f"scenes must be a folder, got {folder}")
    files = (
        file for one in ("*", "*/*") for end in SCENES for file in sorted(home.glob(one + end))
    )
    found = {file.stem: file.resolve() for file in files}
    return {name: file for name, file in found.items() if file.is_relative_to(home)}


def _check(speed: float, start: float) -> None:
    """Refuse wrong numbers before anything else is done."""
    Pace(0.0, speed=speed)
    if not 0 <= start <= FARTHEST_START:
        raise CommandError(f"start must be >= 0 s and <= {FARTHEST_START:g} s, got {start:g}")
