"""A whole server on a free port, with two short lines as its first run, for tests."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.audit import Audit
from server.conversation import PATIENCE
from server.runs import Runs
from server.service import Service
from server.spec import RunSpec
from server.tokens import Tokens
from twin.errors import TwinError

__all__ = ["TIMEOUT", "Serving", "Talk", "ask", "end", "hello", "text", "two_lines"]

TIMEOUT = 60.0  # s; a process starts in one or two, on a busy machine in many

HEAD = '#usda 1.0\n(\n    defaultPrim = "Plant"\n    metersPerUnit = 1\n    upAxis = "Z"\n)\n'
LINE = """
    def Xform "{name}"
    {{
        double3 xformOp:translate = (0, {y}, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
        def Xform "In" (prepend apiSchemas = ["TwinSourceAPI"])
        {{
            double twin:interval = {interval}
            string twin:intervalDistribution = "exponential"
            rel twin:next = </Plant/{name}/Belt>
        }}
        def Xform "Belt" (prepend apiSchemas = ["TwinConveyorAPI"])
        {{
            double twin:length = 6
            double twin:speed = 1
            double twin:spacing = 1
            rel twin:next = </Plant/{name}/Press>
        }}
        def Xform "Press" (prepend apiSchemas = ["TwinStationAPI"])
        {{
            double twin:processTime = 5
            double twin:transferTime = 1
            double3 xformOp:translate = (7, 0, 0)
            uniform token[] xformOpOrder = ["xformOp:translate"]
            rel twin:next = </Plant/{name}/Out>
        }}
        def Xform "Out" (prepend apiSchemas = ["TwinSinkAPI"])
        {{
            double3 xformOp:translate = (8, 0, 0)
            uniform token[] xformOpOrder = ["xformOp:translate"]
        }}
    }}
"""


def two_lines(folder: Path) -> Path:
    """Write a scene of two lines, /Plant/A and /Plant/B; returns its path."""
    rows = (("A", 0, 8), ("B", 5, 9))
    lines = [LINE.format(name=name, y=y, interval=interval) for name, y, interval in rows]
    file = folder / "two_lines.usda"
    file.write_text(HEAD + 'def Xform "Plant"\n{' + "".join(lines) + "}\n", encoding="utf-8")
    return file


class Serving:
    """A service in a thread of its own."""

    def __init__(self, folder: Path, *, wait: bool = True, **spec: Any) -> None:
        journal = spec.pop("journal", "")
        tokens, audit = spec.pop("guarded", (None, None))
        limits, most = spec.pop("limits", None), spec.pop("most", 16)
        patience = spec.pop("patience", PATIENCE)
        scene = spec.pop("scene", None) or str(two_lines(folder))
        options = {"speed": 10.0, "interpreted": True, **spec}
        first = RunSpec(**{"id": "first", "scene": scene, **options})
        self.runs = Runs(
            first, scenes={"two_lines": Path(scene)}, interpreted=first.interpreted,
            journal=journal, most=most,
        )  # fmt: skip
        self.error: BaseException | None = None
        opened = threading.Event()
        self.service = Service(
            self.runs, address="127.0.0.1", port=0, on_ready=lambda _: opened.set(),
            tokens=None if tokens is None else Tokens(tokens), audit=Audit(audit), limits=limits,
            patience=patience,
        )  # fmt: skip
        self.url = self.service.url.rstrip("/")
        self.thread = threading.Thread(target=self._run, args=(opened,))
        self.thread.start()
        assert opened.wait(TIMEOUT)
        if wait:
            assert self.error is None, self.error
            self.wait()

    def _run(self, opened: threading.Event) -> None:
        try:
            self.service.run()
        except TwinError as error:
            self.error = error
        finally:
            opened.set()

    def wait(self, run: str = "default") -> dict[str, Any]:
        """Wait until a run is ready, by a client that is greeted then."""
        seen: dict[str, Any] = {}

        async def greeted(socket: ClientConnection) -> None:
            seen.update(await hello(socket))

        self.talk(greeted, run=run)
        return seen

    def stop(self) -> None:
        self.service.stop()
        self.thread.join(TIMEOUT)
        assert not self.thread.is_alive()

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request below /api."""
        return httpx.request(method, f"{self.url}/api{path}", timeout=TIMEOUT, **options)

    def post(self, path: str, body: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """A POST below /api that must be done; returns what it gave."""
        answer = self.call("POST", path, json=body, **options)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def get(self, path: str, /, **query: Any) -> Any:
        """A GET below /api that must be done; returns what it gave."""
        answer = self.call("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def socket(self, *, options: Mapping[str, Any] | None = None, **query: Any) -> connect:
        """A WebSocket to be opened; `query` is that of its address."""
        address = httpx.URL(f"ws://127.0.0.1:{self.service.port}/ws", params=query)
        return connect(str(address), **SPOKEN | dict(options or {}))

    def talk(self, conversation: "Talk", **query: Any) -> None:
        """Open a WebSocket, and speak."""

        async def whole() -> None:
            async with asyncio.timeout(TIMEOUT), self.socket(**query) as socket:
                await conversation(socket)

        asyncio.run(whole())


Talk = Callable[[ClientConnection], Awaitable[None]]

SPOKEN: dict[str, Any] = {
    "subprotocols": ["twin.v1"],
    "compression": None,
    "max_size": None,
    "max_queue": None,  # else the client stops reading, and does not see the server close
}


async def text(socket: ClientConnection, *ops: str) -> dict[str, Any]:
    """The next text message, of one of these ops if any are given; others are passed over."""
    while True:
        message = await socket.recv()
        if isinstance(message, str):
            told = json.loads(message)
            if not ops or told["op"] in ops:
                return told


async def hello(socket: ClientConnection) -> dict[str, Any]:
    """The greeting, which comes when the run is ready."""
    return await text(socket, "hello")


async def end(socket: ClientConnection) -> None:
    """Wait until the server closes; what comes before is passed over."""
    with suppress(ConnectionClosed):
        async for _ in socket:
            pass


async def ask(socket: ClientConnection, op: str, number: int = 1, **fields: Any) -> dict[str, Any]:
    """Ask, and read the answer."""
    await socket.send(json.dumps({"op": op, "id": number, **fields}))
    while True:
        answer = await text(socket, "ack", "error", "pong")
        if answer["id"] in (number, None):
            return answer
