"""A whole server on a free port, spoken to over real sockets."""

import asyncio
import gzip
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.runs import Runs
from server.service import Service
from server.wire import FrameType, decode
from tests.scene.shop import shop
from tests.server.serving import TIMEOUT, Serving, Talk, ask, end, hello, text
from tests.server.viewer import Viewer
from twin.errors import CommandError, SceneError


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("scene"))
    yield serving
    serving.stop()


def get(serving: Serving, path: str, **headers: str):
    request = urllib.request.Request(f"{serving.url}/{path}", headers=headers)
    return urllib.request.urlopen(request, timeout=TIMEOUT)


def talk(serving: Serving, conversation: Talk, **options) -> None:
    async def whole() -> None:
        async with asyncio.timeout(TIMEOUT), serving.socket(options=options) as socket:
            await conversation(socket)

    asyncio.run(whole())


def test_the_page_is_served_with_a_policy_that_allows_nothing_foreign(serving: Serving):
    with get(serving, "") as page:
        assert b"<title>Factory twin</title>" in page.read()
        assert page.headers["cache-control"] == "no-cache"
        policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_pack_can_be_kept_for_ever(serving: Serving):
    digest = serving.wait()["scene"]
    with get(serving, f"pack/{digest}/scene.json") as answer:
        assert json.load(answer)["name"] == "Plant"
        assert answer.headers["content-type"] == "application/json"
        assert "immutable" in answer.headers["cache-control"]
    packed = {"Accept-Encoding": "gzip"}
    with get(serving, f"pack/{digest}/prototypes.glb", **packed) as answer:
        assert gzip.decompress(answer.read()).startswith(b"glTF")
        assert answer.headers["content-type"] == "model/gltf-binary"


@pytest.mark.parametrize(
    "path", ["pack/other/scene.json", "pack/40b3/x", "../main.py", "no", "api/no"]
)
def test_what_is_not_there_is_not_found(serving: Serving, path: str):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(serving, path)


def test_a_client_hears_what_holds_and_then_sees_bodies_move(serving: Serving):
    async def conversation(socket: ClientConnection) -> None:
        assert socket.subprotocol == "twin.v1"
        greeting = await hello(socket)
        assert (greeting["run"], greeting["name"]) == ("first", "Plant")
        viewer = Viewer(epoch=greeting["epoch"])
        while "SEG" not in viewer.kinds:
            message = await socket.recv()
            assert isinstance(message, bytes)
            viewer.take([message])
        assert viewer.kinds[:3] == ["TIME", "KEY", "STATE"]

    talk(serving, conversation)


def test_commands_and_questions_are_answered(serving: Serving):
    async def conversation(socket: ClientConnection) -> None:
        await hello(socket)
        pong = await ask(socket, "ping", 1, client=12.5)
        assert (pong["op"], pong["id"], pong["client"]) == ("pong", 1, 12.5)
        assert await ask(socket, "pause", 2) == {"op": "ack", "id": 2}
        done = await ask(socket, "command", 3, path="/Plant/A/Press", action="stop")
        assert (done["op"], done["id"], done["state"]) == ("ack", 3, "done")
        refused = await ask(socket, "command", 4, path="/Plant/A/Pres", action="stop")
        assert (refused["code"], refused["path"]) == ("refused", "/Plant/A/Pres")
        assert "did you mean /Plant/A/Press?" in refused["message"]
        assert (await ask(socket, "command", 11, path="/Plant/A/In", action="fail"))["op"] == "ack"
        refused = await ask(socket, "speed", 5, value=5000)
        assert "speed must be" in refused["message"]
        assert (await ask(socket, "speed", 6, value=50))["value"] == 50.0
        assert (await ask(socket, "jump", 7, seconds=60))["seconds"] == 60
        assert (await ask(socket, "reset", 8))["op"] == "ack"
        assert (await ask(socket, "play", 9))["op"] == "ack"

    talk(serving, conversation)


def test_bad_messages_are_answered_and_the_conversation_goes_on(serving: Serving):
    async def conversation(socket: ClientConnection) -> None:
        await hello(socket)
        await socket.send("{nonsense")
        assert (await text(socket))["op"] == "error"
        await socket.send(b"\0\1")
        assert "not binary" in (await text(socket))["message"]
        assert "did you mean pause?" in (await ask(socket, "paus"))["message"]
        assert (await ask(socket, "ping", 2, client=0))["op"] == "pong"

    talk(serving, conversation)


def test_a_message_that_is_too_large_ends_the_conversation(serving: Serving):
    async def conversation(socket: ClientConnection) -> None:
        await socket.send("x" * 100_000)
        await end(socket)
        assert socket.close_code == 1009

    talk(serving, conversation)


def test_a_client_of_another_protocol_is_told_so(serving: Serving):
    async def conversation(socket: ClientConnection) -> None:
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 1002
        assert "twin.v1" in (socket.close_reason or "")

    talk(serving, conversation, subprotocols=None)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1"])
def test_other_sites_pages_may_not_open_a_socket(serving: Serving, origin: str):
    with pytest.raises(InvalidStatus, match="403"):
        talk(serving, text, origin=origin)


def test_our_own_page_may_open_a_socket(serving: Serving):
    talk(serving, text, origin=serving.url)


def test_a_foreign_name_is_not_served(serving: Serving):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        get(serving, "", Host="evil.example")


def test_two_clients_get_the_same_bytes(serving: Serving):
    async def both() -> None:
        async with asyncio.timeout(TIMEOUT), serving.socket() as a, serving.socket() as b:
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


def test_while_the_engine_is_prepared_the_page_is_served_and_clients_wait(tmp_path: Path):
    async def conversation(socket: ClientConnection) -> None:
        first = await text(socket)
        assert first["op"] in ("preparing", "hello")
        if first["op"] == "preparing":
            assert (await ask(socket, "ping", client=0))["op"] == "pong"
            await hello(socket)

    serving = Serving(tmp_path, wait=False, until=200_000_000)
    try:
        with get(serving, "healthz") as answer:
            assert json.load(answer)["status"] in ("preparing", "ready")
        with get(serving, "") as page:
            assert page.status == 200
        talk(serving, conversation)
        with get(serving, "healthz") as answer:
            assert json.load(answer) == {"status": "ready"}
    finally:
        serving.stop()


def test_a_wrong_scene_ends_the_server_before_it_says_that_it_serves(tmp_path: Path):
    scene = shop(tmp_path, press="double twin:mtbf = 600")
    serving = Serving(tmp_path, wait=False, scene=str(scene))
    serving.thread.join(TIMEOUT)
    assert not serving.thread.is_alive()
    assert isinstance(serving.error, SceneError)
    assert "twin:mttr must be > 0" in str(serving.error)


def test_a_port_that_is_taken_is_refused_with_a_way_out(serving: Serving):
    port = serving.service.port
    with pytest.raises(CommandError, match=f"port {port}.*choose another port"):
        Service(Runs(), address="127.0.0.1", port=port)


def test_the_server_ends_soon_though_a_client_stays(tmp_path: Path):
    serving = Serving(tmp_path)

    async def conversation(socket: ClientConnection) -> None:
        await hello(socket)
        serving.service.stop()
        await end(socket)

    started = time.monotonic()
    talk(serving, conversation)
    serving.stop()
    assert time.monotonic() - started < 5.0
