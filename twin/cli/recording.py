"""The MCAP side of `twin export`."""

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import typer

from twin.errors import CommandError, SceneError

__all__ = ["write_recording"]

RATE = 10.0  # looks a second


def write_recording(
    scene: Path,
    out: Path,
    *,
    start: int,
    until: int,
    rate: float | None,
    seed: int,
    scenarios: Sequence[Path],
    overrides: Sequence[str],
    as_json: bool,
) -> None:
    """Simulate a scene and write it as an MCAP file, which appears when it is whole.

    Raises:
        CommandError: the extra `foxglove` is not installed, or the file can't be written.
        SceneError: the scene is wrong.
        RunError: the run can't go on.
    """
    try:
        from twin.foxglove.recording import record_run
    except ImportError as error:
        way_out = 'pip install "factory-twin[foxglove]"'
        raise CommandError(f"recordings need the package {error.name}: {way_out}") from None
    from server.figures import Ledger
    from twin.cli.progress import compiled_first, working
    from twin.plant import check
    from twin.scene.pack import build_pack
    from twin.scene.read import read_plant
    from twin.scene.stage import open_stage

    if out.is_dir():
        raise CommandError(f"--out {out} is a folder; name a file in it")
    stage = open_stage(scene, scenarios=scenarios, overrides=overrides)
    plant = read_plant(stage)
    problems = check(plant)
    if problems:
        raise SceneError(problems)
    compiled_first(plant)
    pack = build_pack(stage, plant)
    part = _beside(out)
    try:
        with working("recording") as show, part.open("wb") as file:
            done = record_run(
                plant, (pack.scene, pack.prototypes), file, until=until, start=start,
                rate=RATE if rate is None else rate, seed=seed, gauge=Ledger(plant),
                progress=lambda share: show("recording", share),
            )  # fmt: skip
        part.replace(out)
    except OSError as error:
        raise CommandError(f"the recording can't be written to {out}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    size = out.stat().st_size
    if as_json:
        from twin.report import json_text

        typer.echo(json_text({"file": str(out), "bytes": size, **asdict(done)}))
    else:
        typer.echo(f"{out}: open it in Foxglove, Lichtblick or Rerun")
        typer.echo(f"  {done.seconds:g} s, {done.messages} messages, {size / 1e6:.1f} MB")


def _beside(out: Path) -> Path:
    """A new file in the folder of another one.

    Raises:
        CommandError: the folder can't be written to.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    except OSError as error:
        raise CommandError(f"can't write to {out.parent}: {error.strerror}") from error
    os.close(handle)
    mask = os.umask(0)
    os.umask(mask)
    Path(name).chmod(0o666 & ~mask)
    return Path(name)
