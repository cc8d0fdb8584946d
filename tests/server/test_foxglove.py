"""The endpoint for Foxglove, on a whole server, with clients that know only what it advertises."""

import asyncio
import base64
import json
import os
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from server.tokens import add_token
from tests.server.foxglove_client import Foxglove
from tests.server.serving import TIMEOUT, Serving

SECOND = 10**9
Talk = Callable[[Foxglove], Awaitable[None]]


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("scene"))
    yield serving
    serving.stop()


@pytest.fixture(autouse=True)
def playing(serving: Serving) -> None:
    """Every test begins with a run that goes on at its head, ten times as fast as the clock."""

    async def conversation(client: Foxglove) -> None:
        await client.control(play=True, speed=10.0, seek=10**18)
        assert client.statuses == []

    talk(serving, conversation)


def talk(serving: Serving, conversation: Talk, **options) -> None:
    async def whole() -> None:
        async with asyncio.timeout(TIMEOUT), Foxglove.open(serving.service.port, **options) as one:
            client = Foxglove(one)
            await client.greet()
            await conversation(client)

    asyncio.run(whole())


def test_it_says_what_there_is(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        assert client.socket.subprotocol == "foxglove.sdk.v1"
        assert client.info["capabilities"] == ["time", "services", "assets", "playbackControl"]
        assert client.info["dataStartTime"] == {"sec": 0, "nsec": 0}
        assert client.info["dataEndTime"]["sec"] >= 3600
        schemas = {each["schemaName"] for each in client.channels.values()}
        assert {"foxglove.SceneUpdate", "foxglove.FrameTransforms", "foxglove.Log"} <= schemas

    talk(serving, conversation)


def test_the_older_name_of_the_protocol_is_spoken_too(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        assert client.socket.subprotocol == "foxglove.websocket.v1"
        assert "playbackControl" not in client.info["capabilities"]
        await client.until(lambda: len(client.times) > 3)
        assert client.states == []  # its clients don't know such messages

    talk(serving, conversation, options={"subprotocols": ["foxglove.websocket.v1"]})


def test_another_protocol_is_refused(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        raise AssertionError(client)

    with pytest.raises(ConnectionClosed) as closed:
        talk(serving, conversation, options={"subprotocols": ["foxglove.v9"]})
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1002


def test_parts_move_in_frames_that_follow_the_clock(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        await client.subscribe("/tf", "/parts")
        await client.until(lambda: any(update.entities for _, update in client.messages["/parts"]))
        rows = await client.wait("/tf", 12)
        times = [nanoseconds for nanoseconds, _ in rows]
        assert times == sorted(times)
        assert times[-1] - times[0] > 5 * SECOND  # ten looks a second, ten seconds each
        ways: dict[str, set[float]] = {}
        for nanoseconds, message in rows:
            for each in message.transforms:
                assert each.parent_frame_id == "world"
                assert each.timestamp.ToNanoseconds() == nanoseconds
                turn = each.rotation
                norm = turn.x**2 + turn.y**2 + turn.z**2 + turn.w**2
                assert norm == pytest.approx(1.0)
                ways.setdefault(each.child_frame_id, set()).add(each.translation.x)
        assert any(len(way) > 3 for way in ways.values())
        entity = client.messages["/parts"][-1][1].entities[0]
        assert entity.id == entity.frame_id
        assert entity.id.startswith("part_")

    talk(serving, conversation)


def test_places_states_and_figures_are_told(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        topics = ("/places", "/states", "/figures", "/scene")
        await client.subscribe(*topics)
        await client.until(lambda: all(client.messages[topic] for topic in topics))
        entities = {each.id: each for each in client.messages["/places"][0][1].entities}
        assert "/Plant/A/Press" in entities
        told = client.messages["/states"][0][1]["places"]
        states = {each["path"]: each["state"] for each in told}
        assert set(states) == set(entities)
        metadata = {each.key: each.value for each in entities["/Plant/A/Press"].metadata}
        assert metadata["state"] in ("working", "starved", "blocked")
        figures = client.messages["/figures"][0][1]
        assert figures["created"] >= figures["wip"] >= 0

    talk(serving, conversation)


def test_who_has_not_subscribed_gets_nothing(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        await client.rest(0.5)
        assert client.messages == {}
        await client.subscribe("/tf", "/states")
        await client.wait("/tf", 2)
        await client.unsubscribe("/tf")
        await client.rest(0.3)
        client.messages["/tf"].clear()
        await client.rest(0.5)
        assert client.messages["/tf"] == []

    talk(serving, conversation)


def test_the_time_controls_pause_seek_and_go_on(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        await client.subscribe("/tf")
        await client.until(lambda: client.times and client.times[-1] > 20 * SECOND)
        paused = await client.control(play=False, speed=10.0, name="pause")
        assert paused["status"] == 1
        await client.rest(0.4)
        stood = client.times[-1]
        await client.rest(0.5)
        assert client.times[-1] == stood
        sought = await client.control(play=False, speed=10.0, seek=5 * SECOND, name="seek")
        assert sought["did_seek"] == 1
        assert sought["nanoseconds"] == 5 * SECOND
        rows = await client.wait("/tf")
        assert rows[-1][0] == 5 * SECOND
        playing = await client.control(play=True, speed=2.0, name="play")
        assert (playing["status"], playing["speed"]) == (0, 2.0)
        await client.until(lambda: client.times[-1] > 6 * SECOND)

    talk(serving, conversation)
    status = serving.get("/runs/default")
    assert status["speed"] == 2.0
    assert not status["live"]


def test_a_seek_beyond_the_head_goes_live(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        await client.until(lambda: client.times and client.times[-1] > 8 * SECOND)
        await client.control(play=False, speed=10.0, seek=SECOND, name="back")
        far = await client.control(play=True, speed=10.0, seek=10**18, name="forth")
        assert far["nanoseconds"] > 5 * SECOND

    talk(serving, conversation)
    assert serving.get("/runs/default")["live"]


def test_the_others_are_told_how_time_goes(serving: Serving):
    async def both() -> None:
        port = serving.service.port
        async with asyncio.timeout(TIMEOUT), Foxglove.open(port) as one, Foxglove.open(port) as two:
            driver, other = Foxglove(one), Foxglove(two)
            await driver.greet()
            await other.greet()
            await driver.until(lambda: driver.times and driver.times[-1] > 3 * SECOND)
            await driver.control(play=False, speed=10.0, seek=2 * SECOND, name="seek")
            await other.until(lambda: any(state["did_seek"] for state in other.states))
            assert other.states[-1]["status"] == 1
            assert other.states[-1]["request"] == ""

    asyncio.run(both())


def test_services_drive_time_and_command_equipment(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        await client.subscribe("/events", "/states")
        done = await client.call("/command", path="/Plant/A/Press", action="fail", value=30.0)
        assert done["state"] in ("accepted", "done")
        await client.until(
            lambda: any("is down" in log.message for _, log in client.messages["/events"])
        )
        assert await client.call("/speed", value=20.0) == {"value": 20.0}
        refused = await client.call("/speed", value=1e9)
        assert "speed" in refused
        refused = await client.call("/command", path="/Plant/A/Pres", action="stop")
        assert "/Plant/A/Press" in refused

    talk(serving, conversation)


def test_malformed_messages_are_answered_and_change_nothing(serving: Serving):
    sent = [
        "no json", "[]", '{"op": "subscribe"}', '{"op": "advertise", "channels": []}',
        '{"op": "subscribe", "subscriptions": [{"id": 1, "channelId": 99}]}',
        '{"op": "subscribe", "subscriptions": [{"id": -1, "channelId": 1}]}',
        '{"op": "subscribe", "subscriptions": [{"id": 1, "channelId": NaN}]}',
        "[" * 1000, "x" * 9000, b"", b"\x01", b"\x03", b"\x02" + bytes(12), b"\x03" + bytes(17),
        b"\x03\x00\x00\x00\xc0\x7f" + bytes(13), b"\x02" + b"\xff" * 40, b"\xff" * 100,
    ]  # fmt: skip

    async def conversation(client: Foxglove) -> None:
        for message in sent:
            await client.socket.send(message)
        await client.until(lambda: len(client.statuses) >= len(sent) - 1)
        assert {status["level"] for status in client.statuses} == {2}
        await client.subscribe("/tf")
        await client.wait("/tf")

    talk(serving, conversation)


def test_subscriptions_are_bounded(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        rows = [{"id": number, "channelId": 1} for number in range(200)]
        await client.say(op="subscribe", subscriptions=rows)
        client._topics = dict.fromkeys(range(200), "/tf")
        client.messages["/tf"] = []
        await client.until(lambda: client.statuses)
        assert "at most 64" in client.statuses[0]["message"]

    talk(serving, conversation)


def test_models_that_do_not_exist_are_refused(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        for uri in ("package://twin/x/1.glb", "file:///etc/passwd", "package://twin/../0.glb", ""):
            assert await client.fetch(uri) == "there is no such model"

    talk(serving, conversation)


def test_a_run_that_is_not_there_is_refused(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        raise AssertionError(client)

    with pytest.raises(ConnectionClosed) as closed:
        talk(serving, conversation, run="none")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404


def test_a_viewer_watches_and_only_an_operator_drives(tmp_path):
    tokens = tmp_path / "tokens"
    looks, drives = (
        add_token(tokens, name, role) for name, role in (("eye", "viewer"), ("op", "operator"))
    )
    serving = Serving(tmp_path, wait=False, guarded=(tokens, None))
    try:

        async def looking(client: Foxglove) -> None:
            await client.subscribe("/tf")
            await client.wait("/tf")
            state = await client.control(play=False, speed=10.0)
            assert state["status"] == 0
            assert "operator" in client.statuses[-1]["message"]
            assert "operator" in await client.call("/pause")

        async def driving(client: Foxglove) -> None:
            assert (await client.control(play=False, speed=10.0))["status"] == 1

        for token, conversation in ((looks, looking), (drives, driving)):
            headers = {"Authorization": f"Bearer {token}"}
            talk(serving, conversation, options={"additional_headers": headers})
    finally:
        serving.stop()


def test_who_never_reads_is_closed_and_costs_the_others_nothing(tmp_path):
    stuck, patience = 20, 1.0
    serving = Serving(tmp_path, patience=patience)
    port = serving.service.port

    async def everybody() -> None:
        sockets = [await silent(port) for _ in range(stuck)]
        before = memory()
        async with asyncio.timeout(TIMEOUT), Foxglove.open(port) as one:
            reader = Foxglove(one)
            await reader.greet()
            await reader.subscribe("/tf")
            started = time.monotonic()
            await reader.wait("/tf", 3)
            while count(serving, "twin_sockets") > 1:
                await reader.wait("/tf", 3)
                assert time.monotonic() - started < 30 * patience
            assert memory() - before < 60e6
        for writer in sockets:
            writer.close()

    try:
        asyncio.run(everybody())
        assert count(serving, "twin_sent_bytes_total") > 1e6
        assert httpx.get(f"{serving.url}/healthz", timeout=TIMEOUT).json() == {"status": "ready"}
    finally:
        serving.stop()


async def silent(port: int) -> asyncio.StreamWriter:
    """A client that subscribes to all, and reads nothing any more."""
    plain = socket.create_connection(("127.0.0.1", port))
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader, writer = await asyncio.open_connection(sock=plain, limit=1024)
    key = base64.b64encode(bytes(16)).decode()
    head = (
        f"GET /foxglove HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: foxglove.sdk.v1\r\n\r\n"
    )
    writer.write(head.encode())
    await reader.readuntil(b"\r\n\r\n")
    rows = [{"id": number, "channelId": number % 7 + 1} for number in range(64)]
    text = json.dumps({"op": "subscribe", "subscriptions": rows}).encode()
    writer.write(b"\x81\xfe" + len(text).to_bytes(2, "big") + bytes(4) + text)  # masked by zeros
    await writer.drain()
    writer.transport.pause_reading()
    return writer


def count(serving: Serving, name: str) -> float:
    """A figure of the server's own."""
    text = httpx.get(f"{serving.url}/metrics", timeout=TIMEOUT).text
    return float(next(line for line in text.splitlines() if line.startswith(f"{name} ")).split()[1])


def memory() -> float:
    """Bytes that this process, the server's, holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def test_a_run_as_fast_as_possible_is_watched_too(serving: Serving):
    async def conversation(client: Foxglove) -> None:
        await client.subscribe("/tf", "/figures")
        await client.call("/speed", value="max")
        await client.wait("/tf", 3)
        begin = client.times[-1]
        await client.wait("/figures", 2)
        await client.until(lambda: client.times[-1] > begin + 30 * SECOND)

    talk(serving, conversation)


def test_a_run_that_stops_says_so_and_goes_on_with_the_same_client(serving: Serving):
    run = serving.post("/runs", {"scene": "two_lines", "speed": 10.0})["run"]["id"]
    serving.wait(run)

    async def conversation(client: Foxglove) -> None:
        await client.subscribe("/tf")
        await client.wait("/tf")
        for op, told in (("stop", "is stopped"), ("start", "answers again")):
            await asyncio.to_thread(serving.post, f"/runs/{run}/{op}")
            await client.until(lambda told=told: told in str(client.statuses[-1:]))
        await client.call("/play")  # it stands at first
        await client.wait("/tf", 2)
        await asyncio.to_thread(serving.call, "DELETE", f"/runs/{run}")
        await client.until(lambda: False)

    with pytest.raises(ConnectionClosed) as closed:
        talk(serving, conversation, run=run)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404
