"""Thousands of hostile messages: the server answers, closes, and goes on; the run is untouched."""

import asyncio
import json
import random
import socket as sockets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from server.limits import Limits
from server.messages import OPS
from server.wire import HEADER
from tests.server.rfc6455 import frame, upgrade
from tests.server.serving import TIMEOUT, Serving, ask, hello, text

MANY = Limits(message_rate=1e6, message_burst=1e6, request_rate=1e6, request_burst=1e6)
HARMLESS = ("ping", "subscribe", "detach", "drive", "release", "handover", "attach")
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**53 + 1, 2**63, -(2**63) - 1, 2**64, 10**400, -1e308, 1e-320,
    "", "x", "\0", "\ud800", "a" * 3000, "../../etc/passwd", "/Plant/A/Press\0", [], [[]], {},
    {"op": 1}, [None] * 50,
)  # fmt: skip
NOT_JSON = (
    "", " ", "{", "}", "nul", "NaN", "[NaN]", '{"op": NaN}',
    '{"op": "ping", "id": 1, "client": NaN}',
    '{"op": "ping", "id": Infinity}', '{"op": "pause" "id": 1}', "\ufeff{}", "'", "[" * 1000,
    '{"a":' * 1000, "[" * 1000 + "]" * 1000, '{"op":' * 1000 + "1" + "}" * 1000, "9" * 5000,
    '{"id": ' + "9" * 5000 + "}", '{"op": "pause", "id": 1e999}', '{"op": "\\ud800", "id": 1}',
    '{"op":"seek","id":1,"tick":' + "1" * 4000 + "}",
)  # fmt: skip


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(
        tmp_path_factory.mktemp("scene"), limits=MANY, playing=False, until=60_000_000
    )
    yield serving
    serving.stop()


def state(serving: Serving) -> tuple[Any, ...]:
    """All that the paused run shows: motion, states, figures, commands."""
    seen: list[bytes] = []

    async def look(socket: ClientConnection) -> None:
        await hello(socket)
        while len(seen) < 3:
            frame = await socket.recv()
            if isinstance(frame, bytes) and HEADER.unpack_from(frame)[2] in (2, 4, 5):
                seen.append(frame[HEADER.size :])

    serving.talk(look)
    tick = serving.get("/runs/default")["tick"]
    assert tick == 60_000_000
    assert len(seen[0]) > 300
    return tick, seen, serving.get("/runs/default/commands"), serving.get("/runs/default/figures")


def hostile(chance: random.Random) -> str:
    """A message of wrong types, wrong fields, or no message at all; none may change the run."""
    if chance.random() < 0.2:
        return chance.choice(NOT_JSON)
    op: Any = chance.choice((*OPS, *VALUES))
    fields = ("value", "seconds", "events", "tick", "path", "action", "attribute", "paths", "run")
    message: dict[str, Any] = {"op": op, "id": chance.choice(VALUES)}
    for name in chance.sample((*fields, "to", "client", "key"), 3):
        message[name] = chance.choice(VALUES)
    number = message["id"]
    is_number = isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= 2**53
    if is_number and op not in HARMLESS:
        message["id"] = "1"  # else some of them would be sound
    return json.dumps(message)


def test_hostile_messages_are_answered_and_change_nothing(serving: Serving):
    before = state(serving)
    chance = random.Random(5)

    async def whole(socket: ClientConnection) -> None:
        await hello(socket)
        for number in range(200):
            for _ in range(50):
                await socket.send(hostile(chance))
            for _ in range(3):
                await socket.send(chance.randbytes(50))
            pong = await ask(socket, "ping", 1000 + number, client=1.0)
            while pong["id"] != 1000 + number:
                pong = await text(socket, "pong")

    serving.talk(whole)
    assert state(serving) == before


def test_garbage_on_raw_sockets_harms_nobody(serving: Serving):
    before = state(serving)
    chance = random.Random(7)
    for number in range(150):
        if number % 3 == 0:
            raw = upgrade(serving.service.port)
        else:
            raw = sockets.create_connection(("127.0.0.1", serving.service.port), timeout=TIMEOUT)
        with raw:
            try:
                raw.sendall(chance.randbytes(chance.randrange(1, 400)))
                raw.shutdown(sockets.SHUT_WR)
                while data := raw.recv(65536):
                    assert not data.startswith(b"HTTP/1.1 5")
            except ConnectionError:
                pass
    assert state(serving) == before


PATHS = (
    "/runs", "/runs/default/speed", "/runs/default/seek", "/runs/default/step",
    "/runs/default/commands", "/runs/default/fork", "/runs/default/driver",
    "/runs/%00", "/runs/..%2f",    "/runs/default/jump",
)  # fmt: skip


def bodies(chance: random.Random) -> bytes:
    kind = chance.randrange(4)
    if kind == 0:
        text = chance.choice(NOT_JSON).lstrip("\ufeff")  # behind a byte order mark {} is sound
        return (text if text != "{}" else "{").encode()
    if kind == 1:
        return chance.randbytes(chance.randrange(200))
    if kind == 2:
        return b"[" * 60000
    names = ("value", "tick", "seconds", "events", "action", "path", "overrides", "seed", "scene")
    message: dict[str, Any] = {"no such field": 1}
    for name in chance.sample(names, 3):
        message[name] = chance.choice(VALUES)
    return json.dumps(message).encode()


def test_hostile_requests_never_find_a_fault(serving: Serving):
    before = state(serving)
    chance = random.Random(11)
    with httpx.Client(base_url=f"{serving.url}/api", timeout=TIMEOUT) as client:
        for _ in range(3000):
            path, method = chance.choice(PATHS), chance.choice(("POST", "PUT", "GET", "PATCH"))
            headers = {"content-type": chance.choice(("application/json", "text/plain", "x"))}
            answer = client.request(method, path, content=bodies(chance), headers=headers)
            assert answer.status_code < 500, (method, path, answer.text)
            assert method == "GET" or answer.status_code >= 400, (method, path, answer.text)
    assert state(serving) == before


def test_what_is_no_json_is_refused_in_the_form_that_is_documented(serving: Serving):
    headers = {"content-type": "application/json"}
    answer = serving.call("POST", "/runs/default/speed", content=b"#\xff", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert serving.call("PUT", "/runs").json()["code"] == "invalid"
    assert serving.call("GET", "/no").json()["code"] == "not_found"


def test_a_socket_that_is_cut_in_the_middle_is_forgotten(serving: Serving):
    for _ in range(20):
        raw = upgrade(serving.service.port)
        raw.sendall(frame(1, b"x" * 1000)[:500])
        raw.close()

    async def alone(socket: ClientConnection) -> None:
        await hello(socket)
        for _ in range(100):
            if serving.get("/runs/default")["clients"] == 1:
                return
            await asyncio.sleep(0.1)
        pytest.fail("clients are left")

    try:
        serving.talk(alone)
    except ConnectionClosed:
        pytest.fail("others stay")
