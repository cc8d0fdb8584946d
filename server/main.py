"""Serve a scene live: what `twin serve` does."""

import os
import time
from collections.abc import Callable, Sequence

from server.host import Host
from server.live import FARTHEST_JUMP, Live
from server.pace import Pace
from server.service import Service
from twin.errors import CommandError, SceneError
from twin.plant import check
from twin.scene.pack import ScenePack, build_pack
from twin.scene.read import read_plant
from twin.scene.stage import open_stage

__all__ = ["serve"]


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
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve a scene until SIGINT or SIGTERM; the page opens while the engine is still compiled.

    Args:
        scene: its root layer.
        host: network interface; the default is reached from this machine only.
        port: 0 takes any that is free.
        seed: of the run.
        speed: simulated seconds per second, 0.1 to 1000.
        start: simulated time that has passed when the first viewer looks [s], such as the time
            that a line takes to fill; at most a day.
        scenario: layers of opinions over the scene, the strongest first.
        overrides: PRIM.twin:attr=VALUE, over everything else.
        on_ready: told the page's address when it can be opened.

    Raises:
        SceneError: the scene is wrong; it lists every problem.
        CommandError: an option is wrong, or the port is taken.
    """
    _check(speed, start)
    stage = open_stage(scene, scenarios=scenario, overrides=overrides)
    plant = read_plant(stage)
    problems = check(plant)
    if problems:
        raise SceneError(problems)

    def prepare() -> tuple[Live, ScenePack]:
        pack = build_pack(stage, plant)
        live = Live(plant, clock=time.monotonic, seed=seed, speed=speed)
        if start > 0:
            live.jump(start)
        return live, pack

    Service(Host(prepare, clock=time.monotonic), address=host, port=port, on_ready=on_ready).run()


def _check(speed: float, start: float) -> None:
    """Refuse wrong numbers before anything else is done."""
    Pace(0.0, speed=speed)
    if not 0 <= start <= FARTHEST_JUMP:
        raise CommandError(f"start must be >= 0 s and <= {FARTHEST_JUMP:g} s, got {start:g}")
