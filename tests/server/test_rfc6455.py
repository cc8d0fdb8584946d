"""What breaks the rules of WebSockets ends that socket with the right code, and nothing else."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.server.rfc6455 import ALLOWED, FORBIDDEN, PING, PONG, close_code, frame, frames, upgrade
from tests.server.serving import Serving

LONG = ("10 MB", "10 MB, binary", "length 2^62", "length 2^63")  # it may hang up while we write


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("scene"), playing=False)
    yield serving
    is_ready = serving.get("/runs/default")["state"] == "ready"
    serving.stop()
    assert is_ready


def test_there_are_as_many_cases_as_the_reference_asks_for():
    assert len(FORBIDDEN) >= 60


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_is_forbidden_closes_the_socket(serving: Serving, name: str):
    data, code = FORBIDDEN[name]
    raw = upgrade(serving.service.port)
    with suppress(ConnectionError):
        raw.sendall(data)
    told = close_code(raw)
    assert told == code or (name in LONG and told in (None, 1002, 1009))


@pytest.mark.parametrize("name", ALLOWED)
def test_a_close_is_answered_with_its_code(serving: Serving, name: str):
    data, code = ALLOWED[name]
    raw = upgrade(serving.service.port)
    raw.sendall(data)
    assert close_code(raw) == code


def test_what_is_allowed_is_carried_on(serving: Serving):
    ping = b'{"op": "ping", "id": 7, "client": 1.0}'
    parts = [frame(1, ping[:5], head=0), frame(0, head=0), frame(PING, b"hey"), frame(0, ping[5:])]
    raw = upgrade(serving.service.port)
    with raw:
        raw.sendall(frame(PONG, b"unasked") + b"".join(parts))
        seen = set()
        for opcode, body in frames(raw):
            seen |= {"hey"} if (opcode, body) == (PONG, b"hey") else set()
            seen |= {"pong"} if b'"op":"pong"' in body.replace(b" ", b"") else set()
            if len(seen) == 2:
                return
    pytest.fail(f"only {seen} came")
