"""Clients that share a run's time: who drives, detaches, looks at a part of it, comes back."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from server.wire import Frame, FrameType, decode
from tests.server.serving import TIMEOUT, Serving, ask, end, hello, text

BELTS = {"A": "/Plant/A/Belt", "B": "/Plant/B/Belt"}


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("scene"), until=300_000_000)
    yield serving
    serving.stop()


async def frames(socket: ClientConnection, kind: FrameType, count: int = 1) -> list[Frame]:
    """The next frames of a kind."""
    found: list[Frame] = []
    while len(found) < count:
        message = await socket.recv()
        if isinstance(message, bytes) and (frame := decode(message)).kind is kind:
            found.append(frame)
    return found


def run_with(serving: Serving, count: int, conversation) -> None:
    """Let several clients, greeted already, speak with one another."""

    async def whole() -> None:
        async with asyncio.timeout(TIMEOUT):
            sockets = [await serving.socket() for _ in range(count)]
            try:
                names = [(await hello(socket))["client"] for socket in sockets]
                await conversation(sockets, names)
            finally:
                for socket in sockets:
                    await socket.close()

    asyncio.run(whole())


def test_one_drives_and_the_others_are_told_who(serving: Serving):
    async def conversation(sockets: list[ClientConnection], names: list[str]) -> None:
        driver, other = sockets
        assert (await ask(driver, "drive", seconds=30))["client"] == names[0]
        assert (await text(other, "driver"))["client"] == names[0]
        refused = await ask(other, "pause")
        assert refused["code"] == "not_driver"
        assert names[0] in refused["message"]
        assert (await ask(driver, "pause"))["op"] == "ack"
        act = await ask(other, "command", path="/Plant/A/In", action="stop")
        assert act["state"] == "done"  # equipment is not time
        assert (await ask(driver, "handover", to=names[1]))["client"] == names[1]
        assert (await ask(other, "play"))["op"] == "ack"
        assert (await ask(driver, "play"))["code"] == "not_driver"
        assert (await ask(driver, "handover", to=names[0]))["code"] == "not_driver"
        assert (await ask(other, "handover", to="nobody"))["code"] == "not_found"
        assert (await ask(other, "release"))["client"] == ""
        assert (await ask(driver, "command", path="/Plant/A/In", action="start"))["op"] == "ack"

    run_with(serving, 2, conversation)


def test_a_lease_ends_with_its_holder_or_with_its_time(serving: Serving):
    async def conversation(sockets: list[ClientConnection], _names: list[str]) -> None:
        first, second, third = sockets
        await ask(first, "drive", seconds=1000)
        assert (await ask(second, "pause"))["code"] == "not_driver"
        await first.close()
        assert (await text(second, "driver"))["client"] == ""
        await ask(second, "drive", seconds=0.05)
        await asyncio.sleep(0.1)
        assert (await ask(third, "play"))["op"] == "ack"

    run_with(serving, 3, conversation)


def test_a_driver_over_rest_has_a_name_of_its_own(serving: Serving):
    me, you = {"twin-client": "me"}, {"twin-client": "you"}
    assert serving.post("/runs/default/driver", {"seconds": 60}, headers=me)["client"] == "me"
    assert serving.call("POST", "/runs/default/pause", headers=you).status_code == 409
    assert serving.call("POST", "/runs/default/play", headers=me).status_code == 200
    assert serving.call("DELETE", "/runs/default/driver", headers=me).status_code == 204
    assert serving.get("/runs/default/driver")["client"] == ""


def test_a_client_that_looks_at_an_area_gets_only_what_lies_there(serving: Serving):
    async def conversation(socket: ClientConnection) -> None:
        greeting = await hello(socket)
        assert greeting["paths"] == ["/Plant/A"]
        pack = await asyncio.to_thread(lambda: serving_pack(serving, greeting["scene"]))
        rows = {place["path"]: row for row, place in enumerate(pack["places"])}
        in_area = {row for path, row in rows.items() if path.startswith("/Plant/A")}
        (state,) = await frames(socket, FrameType.STATE)
        assert state.flags & 1
        assert set(state.arrays["place"].tolist()) == in_area
        for frame in await frames(socket, FrameType.STATE, 6):
            assert set(frame.arrays["place"].tolist()) <= in_area
        assert (await ask(socket, "subscribe", paths=[]))["paths"] == []
        assert (await hello(socket))["paths"] == []
        (state,) = await frames(socket, FrameType.STATE)
        assert set(state.arrays["place"].tolist()) == set(rows.values())
        refused = await ask(socket, "subscribe", paths=["/Plant/C"])
        assert "did you mean" in refused["message"]
        assert refused["code"] == "refused"
        assert (await ask(socket, "subscribe", paths=["Plant"]))["code"] == "invalid"
        assert (await ask(socket, "subscribe", paths=[f"/P{n}" for n in range(40)]))[
            "code"
        ] == "limit"

    serving.talk(conversation, topic="/Plant/A")


def serving_pack(serving: Serving, digest: str):
    import httpx

    return httpx.get(f"{serving.url}/pack/{digest}/scene.json").json()


def test_clients_of_one_area_share_the_bytes_and_others_do_not_get_them(serving: Serving):
    async def whole() -> None:
        async with (
            asyncio.timeout(TIMEOUT),
            serving.socket(topic="/Plant/A") as one,
            serving.socket(topic="/Plant/A") as two,
            serving.socket(topic="/Plant/B") as other,
        ):
            seen = [await sent(socket) for socket in (one, two, other)]
        shared = seen[0].keys() & seen[1].keys()
        assert shared
        assert all(seen[0][seq] == seen[1][seq] for seq in shared)
        assert not (seen[0].keys() | seen[1].keys()) & seen[2].keys()

    async def sent(socket: ClientConnection) -> dict[int, bytes]:
        await hello(socket)
        found: dict[int, bytes] = {}
        while len(found) < 6:
            message = await socket.recv()
            if isinstance(message, bytes) and decode(message).kind is FrameType.SEG:
                found[decode(message).stamp.seq] = message
        return found

    asyncio.run(whole())


def test_a_client_that_comes_back_goes_on_where_it_was(serving: Serving):
    async def whole() -> None:
        async with asyncio.timeout(TIMEOUT):
            async with serving.socket() as socket:
                greeting = await hello(socket)
                assert not greeting["resumed"]
                last = (await frames(socket, FrameType.SEG, 2))[-1]
            known = {
                "scene": greeting["scene"], "epoch": last.stamp.epoch, "seq": last.stamp.seq,
            }  # fmt: skip
            async with serving.socket(**known) as socket:
                again = await hello(socket)
                assert again["resumed"]
                assert again["epoch"] == last.stamp.epoch
                first = decode(await binary(socket))
                assert first.stamp.seq > last.stamp.seq  # frames of other topics lie between
                assert first.kind is not FrameType.KEY
            for wrong in ({"scene": "other"}, {"epoch": 1}, {"seq": "x"}):
                async with serving.socket(**known | wrong) as socket:
                    assert not (await hello(socket))["resumed"]
                    assert decode(await binary(socket)).kind is FrameType.TIME
                    assert decode(await binary(socket)).kind is FrameType.KEY

    asyncio.run(whole())


def test_after_a_seek_a_client_that_comes_back_begins_anew(serving: Serving):
    async def whole() -> None:
        async with asyncio.timeout(TIMEOUT):
            async with serving.socket() as socket:
                greeting = await hello(socket)
                last = (await frames(socket, FrameType.SEG))[-1]
                assert (await ask(socket, "seek", seconds=100))["tick"] == 100_000_000
                assert (await ask(socket, "live"))["tick"] > 300_000_000
            known = {"scene": greeting["scene"], "epoch": last.stamp.epoch, "seq": last.stamp.seq}
            async with serving.socket(**known) as socket:
                again = await hello(socket)
                assert not again["resumed"]
                assert again["epoch"] > last.stamp.epoch

    asyncio.run(whole())


async def binary(socket: ClientConnection) -> bytes:
    while not isinstance(message := await socket.recv(), bytes):
        pass
    return message


def test_who_detaches_has_a_time_of_their_own_that_is_gone_when_they_leave(serving: Serving):
    async def conversation(sockets: list[ClientConnection], _names: list[str]) -> None:
        mine, others = sockets
        detached = await ask(mine, "detach")
        assert detached["parent"] == "first"
        greeting = await hello(mine)
        assert (greeting["run"], greeting["private"]) == (detached["run"], True)
        assert (await ask(mine, "seek", seconds=50))["tick"] == 50_000_000
        (time,) = await frames(others, FrameType.TIME)
        assert time.tick > 300_000_000
        assert (await ask(others, "attach", run=detached["run"]))["code"] == "not_found"
        assert detached["run"] not in {run["id"] for run in serving_runs(serving)}
        assert (await ask(mine, "detach"))["code"] == "refused"
        assert (await ask(mine, "attach", run="first"))["run"] == "first"
        assert (await hello(mine))["run"] == "first"
        assert (await ask(mine, "attach", run=detached["run"]))["code"] == "not_found"
        again = await ask(mine, "detach")
        await mine.close()
        while again["run"] in serving.runs._runs:  # noqa: ASYNC110 - it is in another thread
            await asyncio.sleep(0.05)

    run_with(serving, 2, conversation)


def serving_runs(serving: Serving):
    return serving.get("/runs")["runs"]


def test_a_seek_is_seen_by_all_and_the_past_is_played_to_the_head(serving: Serving):
    async def conversation(sockets: list[ClientConnection], _names: list[str]) -> None:
        one, two = sockets
        await ask(one, "pause")
        head = (await ask(one, "seek", seconds=290.0))["tick"]
        _, key = await frames(two, FrameType.KEY, 2)  # the first one greeted it
        assert key.tick == head == 290_000_000
        assert (await ask(one, "speed", value=100.0))["op"] == "ack"
        await ask(one, "play")
        while not (info := serving.get("/runs/default"))["live"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert info["head"] > 300_000_000
        await ask(one, "speed", value=10.0)

    run_with(serving, 2, conversation)


def test_an_unknown_run_closes_the_socket_with_a_code_of_its_own(serving: Serving):
    async def conversation(socket: ClientConnection) -> None:
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 4404
        assert "no run" in (socket.close_reason or "")

    serving.talk(conversation, run="none")
    serving.talk(closed_as_refused, topic="/Nowhere")


async def closed_as_refused(socket: ClientConnection) -> None:
    await end(socket)
    assert socket.close_code == 1008


def test_messages_of_wrong_types_are_refused_by_name(serving: Serving):
    async def conversation(socket: ClientConnection) -> None:
        await hello(socket)
        for message in (
            {"op": "seek", "id": 1, "tick": -1},
            {"op": "seek", "id": 1, "tick": 2**63},
            {"op": "speed", "id": 1, "value": "min"},
            {"op": "drive", "id": 1, "seconds": None},
            {"op": "subscribe", "id": 1, "paths": "/Plant"},
            {"op": "command", "id": 1, "action": "x" * 1000},
            {"op": "attach", "id": 1},
        ):
            await socket.send(json.dumps(message))
            answer = await text(socket, "error")
            assert (answer["id"], answer["code"]) == (1, "invalid"), message
        assert (await ask(socket, "command", action="frobnicate", path="/Plant/A/In"))[
            "code"
        ] == "refused"

    serving.talk(conversation)
