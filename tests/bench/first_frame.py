"""The time from starting `twin serve` until a client holds all that a first moving frame needs."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from server.wire import PROTOCOL, FrameType, decode
from twin.data import scene_path

__all__ = ["seconds_to_first_motion"]

PATIENCE = 120.0  # s; a cold start compiles the engine
SERVE = "import sys; from twin.cli import main; sys.exit(main())"


def seconds_to_first_motion() -> float:
    """Start the server, load page and scene pack, wait until something moves; wall time [s]."""
    begin = time.perf_counter()
    port = _free_port()
    with _server(port) as process, _connection(port, process) as stream:
        pack = f"pack/{_scene(stream)}"
        for path in ("", f"{pack}/scene.json", f"{pack}/prototypes.glb"):
            with urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
                answer.read()
        while not _moves(stream.recv(timeout=PATIENCE)):
            pass
        return time.perf_counter() - begin


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextmanager
def _server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", SERVE, "serve", str(scene_path("body_shop"))]
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=10)


def _connection(port: int, process: subprocess.Popen[bytes]) -> ClientConnection:
    """Connect as soon as the server answers; it must not end before."""
    deadline = time.perf_counter() + PATIENCE
    while True:
        try:
            return connect(
                f"ws://127.0.0.1:{port}/ws",
                subprotocols=[PROTOCOL],
                compression=None,
                max_size=None,
            )
        except (OSError, WebSocketException):
            if process.poll() is not None or time.perf_counter() > deadline:
                raise
            time.sleep(0.02)


def _scene(stream: ClientConnection) -> str:
    """The scene's hash, from the server's hello."""
    while True:
        message = stream.recv(timeout=PATIENCE)
        if isinstance(message, str) and (said := json.loads(message))["op"] == "hello":
            return said["scene"]


def _moves(message: str | bytes) -> bool:
    """Whether a message brings a segment along which something moves."""
    if isinstance(message, str):
        return False
    frame = decode(message)
    if frame.kind not in (FrameType.KEY, FrameType.SEG):
        return False
    segments = frame.arrays
    return bool(((segments["duration"] > 0) & (segments["start"] != segments["end"])).any())
