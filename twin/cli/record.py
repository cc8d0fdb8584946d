"""`twin record`: record a live run from a server."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from twin.units import parse_duration

__all__ = ["record"]

Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the files are made.")]
Length = Annotated[
    str, typer.Option("--for", metavar="TIME", help="How much of the run, otherwise until Ctrl-C.")
]
Rate = Annotated[float, typer.Option(help="Poses a second of the run.")]
LockStep = Annotated[
    bool, typer.Option("--lock-step", help="Let the run wait: nothing is missed, ever.")
]
Play = Annotated[bool, typer.Option("--play", help="Let time run once the recorder is ready.")]
Run = Annotated[str, typer.Option(metavar="ID", help="Which run; otherwise the first one.")]
Topic = Annotated[
    list[str] | None,
    typer.Option(metavar="PRIM", help="Only what lies at or below; may be given again."),
]
Token = Annotated[
    str, typer.Option(metavar="TOKEN", envvar="TWIN_TOKEN", help="Of `twin token`, if needed.")
]


def record(
    url: Annotated[str, typer.Argument(metavar="URL", help="Such as http://localhost:8000.")],
    *,
    out: Out,
    length: Length = "",
    rate: Rate = 60.0,
    lock_step: LockStep = False,
    play: Play = False,
    run: Run = "",
    topic: Topic = None,
    token: Token = "",
) -> None:
    """Record a live run: poses, joints, states and events, as Parquet for any tool.

    twin record http://localhost:8000 --out recording --for 60s

    twin record http://localhost:8000 --out recording --for 10min --lock-step --play
    """
    from twin.client.client import connect
    from twin.client.recording import Recording
    from twin.client.recording import record as record_run

    ticks = parse_duration(length) if length else None
    recording = Recording()

    async def whole() -> None:
        async with connect(url, run=run, topics=topic or (), token=token) as client:
            typer.echo(f"recording {client.pack.name} from {url}", err=True)
            await record_run(
                client, out, rate=rate, length=ticks, lock_step=lock_step, play=play,
                recording=recording,
            )  # fmt: skip

    try:
        asyncio.run(whole())
    except KeyboardInterrupt:
        pass  # this is how people end it
    finally:
        if recording.since is not None:
            gaps = f", {recording.gaps} gaps" if recording.gaps else ""
            told = f"{recording.seconds:g} s of the run, {recording.samples} samples{gaps}"
            typer.echo(f"{told}, in {out}", err=True)
