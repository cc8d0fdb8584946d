"""Many clients and bad ones: nothing is left of those who go, and who does not read is cut off."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection

from server import service
from server.wire import FrameType, decode
from tests.bench.readers import Reader
from tests.server.serving import Serving, hello

OPEN = Path("/proc/self/fd")  # of this process, in which the server is a thread
WITHIN = 20.0  # s
COMING, STUCK = 200, 10

pytestmark = pytest.mark.skipif(not OPEN.exists(), reason="descriptors are counted as Linux does")


@pytest.fixture
def serving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """Asks clients often whether they are there."""
    monkeypatch.setattr(service, "ASKED_EVERY", 0.5)
    monkeypatch.setattr(service, "ANSWERED_WITHIN", 1.0)
    serving = Serving(tmp_path, until=60_000_000)
    yield serving
    serving.stop()


def descriptors() -> int:
    return len([*OPEN.iterdir()])


def clients(serving: Serving) -> int:
    return serving.get("/runs/default")["clients"]


def until_left(serving: Serving, count: int) -> None:
    deadline = time.monotonic() + WITHIN
    while (now := clients(serving)) != count:
        assert time.monotonic() < deadline, f"{now} clients are left"
        time.sleep(0.1)


def test_who_never_reads_is_cut_off_and_others_read_on(serving: Serving):
    stuck = [Reader.connect(serving.service.port, "/ws", "twin.v1") for _ in range(STUCK)]

    async def reads(socket: ClientConnection) -> None:
        await hello(socket)
        while await asyncio.to_thread(clients, serving) > 1:
            await socket.recv()
        message = await socket.recv()
        while isinstance(message, str) or decode(message).kind is not FrameType.TIME:
            message = await socket.recv()

    serving.talk(reads)
    until_left(serving, 0)
    for each in stuck:
        each.socket.close()


def test_many_that_come_and_go_leave_no_descriptors(serving: Serving):
    Reader.connect(serving.service.port, "/ws", "twin.v1").socket.close()
    until_left(serving, 0)
    before = descriptors()
    for number in range(COMING):
        reader = Reader.connect(serving.service.port, "/ws", "twin.v1")
        if number % 2:
            reader.socket.sendall(bytes((0x88, 0x80, 0, 0, 0, 0)))  # says that it goes
        reader.socket.close()
    until_left(serving, 0)
    deadline = time.monotonic() + WITHIN
    while (now := descriptors()) > before:
        assert time.monotonic() < deadline, f"{now - before} descriptors are left"
        time.sleep(0.1)
