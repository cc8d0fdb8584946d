import asyncio
from typing import Any

import pytest

from server.guard import LOOPBACK, Guard


def status(names: Any, kind: str, **headers: str) -> int | str:
    """What a guarded app answers: a status, or the type of its first message."""
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        first = "websocket.accept" if scope["type"] == "websocket" else "http.response.start"
        await send({"type": first, "status": 200, "headers": []})

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "extensions": {"websocket.http.response": {}},
    }
    asyncio.run(Guard(app, names=names)(scope, receive, send))
    if sent[0]["type"].endswith("response.start"):
        assert (b"x-content-type-options", b"nosniff") in sent[0]["headers"]
        return sent[0]["status"]
    return sent[0]["type"]


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:80", "[::1]:8000"])
def test_this_machine_is_reached_by_its_own_names(host: str):
    assert status(LOOPBACK, "http", host=host) == 200
    assert status(LOOPBACK, "websocket", host=host, origin=f"http://{host}") == "websocket.accept"


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "[::1", "a@b:c"])
def test_it_is_not_reached_by_a_name_that_someone_else_pointed_at_it(host: str):
    assert status(LOOPBACK, "http", host=host) == 403
    assert status(LOOPBACK, "websocket", host=host, origin=f"http://{host}") == 403


def test_a_server_for_a_network_is_reached_by_any_name():
    assert status(None, "http", host="plant.example") == 200
    origin = "https://plant.example"
    assert status(None, "websocket", host="plant.example", origin=origin) == "websocket.accept"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://localhost"])
def test_a_page_from_elsewhere_opens_no_socket(origin: str):
    assert status(LOOPBACK, "websocket", host="localhost:8000", origin=origin) == 403


def test_programs_that_are_no_browsers_have_no_origin():
    assert status(LOOPBACK, "websocket", host="localhost:8000") == "websocket.accept"
