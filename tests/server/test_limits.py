"""The door's bounds: rates, sizes, counts; each refusal has a name."""

import asyncio
import json
import socket as sockets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import InvalidStatus

from server.limits import Limits
from server.rate import Bucket, Buckets
from server.service import LONGEST_MESSAGE
from tests.server.serving import TIMEOUT, Serving, ask, end, hello

SMALL = Limits(
    message_rate=20.0, message_burst=40.0, request_rate=50.0, request_burst=100.0, body=1000,
    body_within=0.5, sockets=3,
)  # fmt: skip


@given(
    rate=st.floats(0.1, 100),
    burst=st.integers(1, 50),
    gaps=st.lists(st.floats(0, 2), min_size=1, max_size=100),
)
def test_a_bucket_lets_no_more_pass_than_its_burst_and_its_rate(
    rate: float, burst: int, gaps: list[float]
):
    bucket, wall, passed = Bucket(rate, burst), 0.0, 0
    for gap in gaps:
        wall += gap
        passed += bucket.take(wall)
        assert passed <= burst + rate * (wall - gaps[0]) + 1e-6


def test_many_names_take_bounded_memory():
    buckets = Buckets(1.0, 1.0, most=10)
    assert all(buckets.take(str(number), 0.0) for number in range(1000))
    assert not buckets.take("999", 0.0)
    assert buckets.take("0", 0.0)  # it was forgotten


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("scene"), limits=SMALL)
    yield serving
    serving.stop()


def run(conversation: Any) -> None:
    asyncio.run(asyncio.wait_for(conversation(), TIMEOUT))


def test_who_writes_too_often_is_sent_away_and_others_stay(serving: Serving):
    async def whole() -> None:
        async with serving.socket() as calm, serving.socket() as loud:
            await hello(calm)
            await hello(loud)
            for number in range(60):
                await loud.send(json.dumps({"op": "ping", "id": number, "client": 1.0}))
            await end(loud)
            assert loud.close_code == 1008
            assert loud.close_reason == "rate: at most 20 messages a second"
            assert (await ask(calm, "ping", client=1.0))["op"] == "pong"

    run(whole)


def test_only_so_many_sockets_are_open(serving: Serving):
    async def whole() -> None:
        async with serving.socket() as one, serving.socket(), serving.socket():
            with pytest.raises(InvalidStatus) as refused:
                async with serving.socket():
                    pass
            response = refused.value.response
            assert (response.status_code, json.loads(response.body)["code"]) == (503, "busy")
            await one.close()
            await asyncio.sleep(0.2)
            async with serving.socket() as again:
                await hello(again)

    run(whole)


def test_a_message_is_no_longer_than_the_protocol_says(serving: Serving):
    async def whole() -> None:
        async with serving.socket() as socket:
            await hello(socket)
            await socket.send("x" * (LONGEST_MESSAGE + 1))
            await end(socket)
            assert socket.close_code == 1009

    run(whole)


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size):
        yield b"x" * 100


def test_a_long_request_is_refused_whether_it_says_so_or_not(serving: Serving):
    for content in (b"x" * 1001, chunks(11)):
        answer = serving.call("POST", "/runs", content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_request_that_does_not_arrive_is_refused(serving: Serving):
    with sockets.create_connection(("127.0.0.1", serving.service.port), timeout=TIMEOUT) as slow:
        slow.sendall(b"POST /api/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
        head = slow.recv(4096)
    assert head.startswith(b"HTTP/1.1 408")


def test_who_asks_too_often_is_told_to_wait(serving: Serving):
    with httpx.Client(base_url=serving.url, timeout=TIMEOUT) as client:
        for _ in range(1000):
            answer = client.get("/healthz")
            if answer.status_code != 200:
                break
    assert (answer.status_code, answer.json()["code"]) == (429, "rate")
    assert answer.headers["retry-after"] == "1"
