"""A whole server on a free port, spoken to over real sockets."""

import asyncio
import gzip
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.host import Host
from server.live import Live
from server.service import Service
from server.wire import FrameType, decode
from tests.server.line import PACK, line
from tests.server.viewer import Viewer
from twin.errors import CommandError, RunError, TwinError

TIMEOUT = 20.0


def live() -> Live:
    return Live(line(), clock=time.monotonic, seed=3, speed=10.0, interpreted=True)


class Running:
    """A service in a thread of its own."""

    def __init__(self, prepare: Callable[[], Any]) -> None:
        opened = threading.Event()
        self.error: BaseException | None = None
        self.service = Service(
            Host(prepare, clock=time.monotonic),
            address="127.0.0.1",
            port=0,
            on_ready=lambda _: opened.set(),
        )
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        assert opened.wait(TIMEOUT)

    def _run(self) -> None:
        try:
            self.service.run()
        except TwinError as error:
            self.error = error

    def stop(self) -> None:
        self.service.stop()
        self.thread.join(TIMEOUT)
        assert not self.thread.is_alive()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    running = Running(lambda: (live(), PACK))
    yield running.service
    running.stop()


def get(service: Service, path: str, **headers: str):
    request = urllib.request.Request(service.url + path, headers=headers)
    return urllib.request.urlopen(request, timeout=TIMEOUT)


def talk(service: Service, conversation: Callable[[ClientConnection], Awaitable[None]], **options):
    """Open a WebSocket, and speak."""

    async def whole() -> None:
        url = f"ws://127.0.0.1:{service.port}/ws"
        async with asyncio.timeout(TIMEOUT), connect(url, **SPOKEN | options) as socket:
            await conversation(socket)

    asyncio.run(whole())


SPOKEN: dict[str, Any] = {
    "subprotocols": ["twin.v1"],
    "compression": None,
    "max_size": None,
    "max_queue": None,  # else the client stops reading, and does not see the server close
}


async def text(socket: ClientConnection) -> dict[str, Any]:
    """The next text message; frames before it are passed over."""
    while not isinstance(message := await socket.recv(), str):
        pass
    return json.loads(message)


async def end(socket: ClientConnection) -> None:
    """Wait until the server closes; what comes before is passed over."""
    with suppress(ConnectionClosed):
        async for _ in socket:
            pass


async def ask(socket: ClientConnection, **message: Any) -> dict[str, Any]:
    await socket.send(json.dumps(message))
    return await text(socket)


def test_the_page_is_served_with_a_policy_that_allows_nothing_foreign(service: Service):
    with get(service, "") as page:
        assert b"<title>Factory twin</title>" in page.read()
        assert page.headers["cache-control"] == "no-cache"
        policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_pack_can_be_kept_for_ever(service: Service):
    talk(service, text)  # wait until it is ready
    with get(service, f"pack/{PACK.digest}/scene.json") as answer:
        assert answer.read() == PACK.scene
        assert answer.headers["content-type"] == "application/json"
        assert "immutable" in answer.headers["cache-control"]
    with get(
        service, f"pack/{PACK.digest}/prototypes.glb", **{"Accept-Encoding": "gzip"}
    ) as answer:
        assert gzip.decompress(answer.read()) == PACK.prototypes
        assert answer.headers["content-type"] == "model/gltf-binary"


@pytest.mark.parametrize(
    "path", ["pack/other/scene.json", f"pack/{PACK.digest}/x", "../main.py", "no"]
)
def test_what_is_not_there_is_not_found(service: Service, path: str):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(service, path)


def test_a_client_hears_what_holds_and_then_sees_bodies_move(service: Service):
    async def conversation(socket: ClientConnection) -> None:
        assert socket.subprotocol == "twin.v1"
        hello = await text(socket)
        assert hello["op"] == "hello"
        assert (hello["scene"], hello["name"]) == (PACK.digest, PACK.name)
        viewer = Viewer(epoch=hello["epoch"])
        while "SEG" not in viewer.kinds:
            message = await socket.recv()
            assert isinstance(message, bytes)
            viewer.take([message])
        assert viewer.kinds[:3] == ["TIME", "KEY", "STATE"]

    talk(service, conversation)


def test_commands_and_questions_are_answered(service: Service):
    async def conversation(socket: ClientConnection) -> None:
        await text(socket)
        pong = await ask(socket, op="ping", id=1, client=12.5)
        assert (pong["op"], pong["id"], pong["client"]) == ("pong", 1, 12.5)
        assert await ask(socket, op="pause", id=2) == {"op": "ack", "id": 2}
        done = await ask(socket, op="command", id=3, path="/Line/Check", action="stop")
        assert (done["op"], done["id"]) == ("ack", 3)
        refused = await ask(socket, op="command", id=4, path="/Line/Chek", action="stop")
        assert (refused["op"], refused["path"]) == ("error", "/Line/Chek")
        assert "did you mean /Line/Check?" in refused["message"]
        assert (await ask(socket, op="command", id=11, path="/Line/In", action="fail"))[
            "op"
        ] == "ack"
        refused = await ask(socket, op="speed", id=5, value=5000)
        assert "speed must be" in refused["message"]
        assert await ask(socket, op="speed", id=6, value=50) == {
            "op": "ack",
            "id": 6,
            "value": 50.0,
        }
        assert await ask(socket, op="jump", id=7, seconds=60) == {
            "op": "ack",
            "id": 7,
            "seconds": 60,
        }
        assert (await ask(socket, op="reset", id=8))["op"] == "ack"
        assert (await ask(socket, op="play", id=9))["op"] == "ack"

    talk(service, conversation)


def test_bad_messages_are_answered_and_the_conversation_goes_on(service: Service):
    async def conversation(socket: ClientConnection) -> None:
        await text(socket)
        await socket.send("{nonsense")
        assert (await text(socket))["op"] == "error"
        await socket.send(b"\0\1")
        assert "not binary" in (await text(socket))["message"]
        assert "did you mean pause?" in (await ask(socket, op="paus", id=1))["message"]
        assert (await ask(socket, op="ping", id=2, client=0))["op"] == "pong"

    talk(service, conversation)


def test_a_message_that_is_too_large_ends_the_conversation(service: Service):
    async def conversation(socket: ClientConnection) -> None:
        await socket.send("x" * 100_000)
        await end(socket)
        assert socket.close_code == 1009

    talk(service, conversation)


def test_a_client_of_another_protocol_is_told_so(service: Service):
    async def conversation(socket: ClientConnection) -> None:
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 1002
        assert "twin.v1" in (socket.close_reason or "")

    talk(service, conversation, subprotocols=None)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1"])
def test_other_sites_pages_may_not_open_a_socket(service: Service, origin: str):
    with pytest.raises(InvalidStatus, match="403"):
        talk(service, text, origin=origin)


def test_our_own_page_may_open_a_socket(service: Service):
    talk(service, text, origin=service.url.rstrip("/"))


def test_a_foreign_name_is_not_served(service: Service):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(service, "", Host="evil.example")


def test_two_clients_get_the_same_bytes(service: Service):
    async def both() -> None:
        url = f"ws://127.0.0.1:{service.port}/ws"
        async with (
            asyncio.timeout(TIMEOUT),
            connect(url, **SPOKEN) as a,
            connect(url, **SPOKEN) as b,
        ):
            seen = [await segments(a), await segments(b)]
        common = seen[0].keys() & seen[1].keys()
        assert common
        assert all(seen[0][seq] == seen[1][seq] for seq in common)

    async def segments(socket: ClientConnection) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        while len(found) < 8:
            message = await socket.recv()
            if isinstance(message, bytes) and decode(message).kind is FrameType.SEG:
                found[decode(message).stamp.seq] = message
        return found

    asyncio.run(both())


def test_while_the_engine_is_prepared_the_page_is_served_and_clients_wait():
    go_on = threading.Event()

    def prepare():
        assert go_on.wait(TIMEOUT)
        return live(), PACK

    async def conversation(socket: ClientConnection) -> None:
        assert (await text(socket))["op"] == "preparing"
        assert (await ask(socket, op="ping", id=1, client=0))["op"] == "pong"
        go_on.set()
        assert (await text(socket))["op"] == "hello"

    running = Running(prepare)
    try:
        with get(running.service, "healthz") as answer:
            assert json.load(answer) == {"status": "preparing"}
        with get(running.service, "") as page:
            assert page.status == 200
        talk(running.service, conversation)
        with get(running.service, "healthz") as answer:
            assert json.load(answer) == {"status": "ready"}
    finally:
        go_on.set()
        running.stop()


def test_an_error_while_preparing_ends_the_server():
    def prepare():
        raise RunError("there is a loop without time")

    running = Running(prepare)
    running.thread.join(TIMEOUT)
    assert not running.thread.is_alive()
    assert str(running.error) == "there is a loop without time"


def test_a_port_that_is_taken_is_refused_with_a_way_out(service: Service):
    with pytest.raises(CommandError, match=f"port {service.port}.*choose another port"):
        Service(
            Host(lambda: (live(), PACK), clock=time.monotonic),
            address="127.0.0.1",
            port=service.port,
        )


def test_the_server_ends_soon_though_a_client_stays():
    running = Running(lambda: (live(), PACK))

    async def conversation(socket: ClientConnection) -> None:
        await text(socket)
        running.service.stop()
        await end(socket)

    started = time.monotonic()
    talk(running.service, conversation)
    running.stop()
    assert time.monotonic() - started < 5.0
