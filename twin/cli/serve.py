"""`twin serve` and `twin demo`: simulate live and show it in a browser."""

import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.options import Overrides, Scenarios, Scene, Seed, find_scene
from twin.errors import CommandError
from twin.units import parse_duration, to_seconds

__all__ = ["demo", "serve", "token"]

DEMO_PORT = 8000
AT_WORK = 7200.0  # s: by then the line is full and its figures are settled

Host = Annotated[
    str | None, typer.Option(help="Address to listen at; 0.0.0.0: other machines connect.")
]
Port = Annotated[
    int | None,
    typer.Option(min=0, max=65535, help="Port to listen at, otherwise 8000; 0 is any free one."),
]
StartAt = Annotated[
    str, typer.Option(metavar="TIME", help="Begin so far into the run, such as 2h; at most 24h.")
]
Data = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Keep runs there: they outlive the server."),
]
Config = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="TOML file of settings; TWIN_NAME and flags go before it."),
]
SceneFolder = Annotated[
    Path | None,
    typer.Option("--scenes", metavar="FOLDER", help="Offer the scenes in it for new runs as well."),
]
TokenFile = Annotated[
    Path | None, typer.Option("--tokens", metavar="FILE", help="Let in only who has a token.")
]
Origins = Annotated[
    list[str] | None,
    typer.Option(
        "--origin", metavar="URL", help="Another site whose pages may connect; may be given again."
    ),
]
Certificate = Annotated[
    Path | None, typer.Option("--certfile", metavar="FILE", help="Serve over TLS, with this PEM.")
]
Key = Annotated[Path | None, typer.Option("--keyfile", metavar="FILE", help="Its key.")]
Log = Annotated[str | None, typer.Option(metavar="KIND", help="Log lines as text or json.")]
Speed = Annotated[float, typer.Option(min=0.01, max=1000, help="Simulated seconds per second.")]


def serve(
    scene: Scene,
    *,
    host: Host = None,
    port: Port = None,
    speed: Speed = 1.0,
    start: StartAt = "",
    seed: Seed = 1,
    overrides: Overrides = None,
    scenarios: Scenarios = None,
    data: Data = None,
    scenes: SceneFolder = None,
    tokens: TokenFile = None,
    origins: Origins = None,
    certfile: Certificate = None,
    keyfile: Key = None,
    log: Log = None,
    config: Config = None,
) -> None:
    """Simulate a scene live and serve the viewer, until Ctrl-C.

    twin serve body_shop --speed 10

    twin serve body_shop --scenario scenes/body_shop/scenarios/double_failures.usda
    """
    file = find_scene(scene)
    from server.main import serve as serve_scene

    serve_scene(
        file, host=host, port=port, seed=seed, speed=speed, start=_seconds(start),
        scenario=scenarios or (), overrides=overrides or (), data=data, on_ready=_say,
        scenes=scenes, tokens=tokens, origins=origins, certfile=certfile, keyfile=keyfile, log=log,
        config=config,
    )  # fmt: skip


def token(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Whose it is, such as hall-2-screen.")
    ],
    *,
    role: Annotated[str, typer.Option(help="viewer, operator or engineer.")],
    days: Annotated[
        float | None, typer.Option(help="How long it holds; otherwise for ever.")
    ] = None,
    file: Annotated[
        Path, typer.Option("--file", metavar="FILE", help="What `twin serve --tokens` reads.")
    ] = Path("tokens.json"),
) -> None:
    """Make a token with which somebody may connect, and show it this once.

    twin token anna --role operator --days 90
    """
    from server.tokens import add_token

    typer.echo(add_token(file, name, role, days))
    typer.echo(f"{file} knows {name} as {role}; the token is not shown again", err=True)


def demo(
    *,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; otherwise 8000, or any free one.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser where there is one.")] = True,
) -> None:
    """Watch the bundled body shop at work: 60 robots, 12 stations, a body a minute.

    twin demo

    twin demo --port 0 --no-browser
    """
    from server.main import serve as serve_scene

    show = _open if browser else _say
    scene = find_scene("body_shop")
    try:
        serve_scene(scene, port=DEMO_PORT if port is None else port, start=AT_WORK, on_ready=show)
    except CommandError:
        if port is not None:
            raise
        serve_scene(scene, port=0, start=AT_WORK, on_ready=show)  # 8000 is taken


def _seconds(duration: str) -> float:
    return to_seconds(parse_duration(duration)) if duration else 0.0


def _say(url: str) -> None:
    typer.echo(f"The viewer is at {url}   (Ctrl-C ends it)")
    sys.stdout.flush()


def _open(url: str) -> None:
    _say(url)
    if _has_screen():
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _has_screen() -> bool:
    """Whether a browser would have a window; a text browser would take over the terminal."""
    if (
        sys.platform.startswith("linux")
        and not Path("/proc/sys/fs/binfmt_misc/WSLInterop").exists()
    ):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True
