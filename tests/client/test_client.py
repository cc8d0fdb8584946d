"""The Python client against a server in a thread, whose runs are processes of their own."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.server.serving import TIMEOUT, Serving
from twin.client import Client, ClientError, FrameType, connect, watch
from twin.engine.simulation import Simulation
from twin.scene import load
from twin.units import to_ticks

PRESS = "/Plant/A/Press"


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("scene"), speed=5.0)
    yield serving
    serving.stop()


def talk(serving: Serving, conversation: Callable[[Client], Awaitable[None]], **options) -> None:
    async def whole() -> None:
        async with asyncio.timeout(TIMEOUT), connect(serving.url, **options) as client:
            await conversation(client)

    asyncio.run(whole())


def made(serving: Serving, **options) -> str:
    """A run of its own; returns its id when it is ready."""
    run = serving.post("/runs", {"seed": 5, **options})["run"]["id"]
    serving.wait(run)
    return run


def test_poses_and_states_are_those_of_the_simulation(serving: Serving):
    run = made(serving, start=120.0, playing=False)
    plant = load(serving.runs.get(run).spec.scene)
    sim = Simulation(plant, seed=5, motion=True, interpreted=True)

    async def conversation(client: Client) -> None:
        assert client.pack.name == "Plant"
        assert client.tick == to_ticks(120)
        mirror = client.mirror
        for seconds in (120, 121.3, 125):
            tick = to_ticks(seconds)
            if tick > client.tick:
                assert (await client.request("step", seconds=(tick - client.tick) / 1e6))["tick"]
                await client.wait_until(lambda tick=tick: client.tick >= tick)
            sim.advance(tick)
            ours, truth = mirror.poses(tick), sim.poses()
            assert len(ours.serial) > 0
            assert ours.serial.tolist() == truth.serial.tolist()
            np.testing.assert_allclose(ours.xyz, truth.xyz, atol=1e-5)
            assert mirror.states(tick).tolist() == sim.world.place.state.tolist()
        assert client.pack.places == tuple(place.path for place in plant.places)
        figures = mirror.figures(client.tick)
        assert figures is not None
        assert figures.totals["finished"] == sim.world.product["finished"].sum()

    talk(serving, conversation, run=run)


def test_the_mirror_knows_what_comes_before_it_is_shown(serving: Serving):
    async def conversation(client: Client) -> None:
        await client.play()
        async for frame in client.frames():
            if frame.kind is FrameType.SEG:
                assert frame.arrays["tick"].max() > client.tick
                break

    talk(serving, conversation)


def test_a_command_is_acknowledged_or_refused_with_its_reason(serving: Serving):
    async def conversation(client: Client) -> None:
        done = await client.command("stop", PRESS, key="one")
        again = await client.command("stop", PRESS, key="one")
        assert done["state"] == "done"
        assert again["number"] == done["number"]
        assert (await client.command("start", PRESS))["number"] > done["number"]
        with pytest.raises(ClientError, match="did you mean /Plant/A/Press") as refused:
            await client.command("stop", "/Plant/A/Pres")
        assert (refused.value.code, refused.value.path) == ("refused", "/Plant/A/Pres")

    talk(serving, conversation)


def test_a_topic_has_only_what_is_there(serving: Serving):
    async def conversation(client: Client) -> None:
        states = client.mirror.states(client.tick)
        known = [path for path, state in zip(client.pack.places, states, strict=True) if state >= 0]
        assert known
        assert all(path.startswith("/Plant/A/") for path in known)

    talk(serving, conversation, topics=["/Plant/A"])


def test_a_client_that_lost_its_connection_goes_on_where_it_was(serving: Serving):
    run = made(serving, speed=5.0)

    async def conversation(client: Client) -> None:
        inbox, epoch = client.frames(), client.mirror.epoch
        before = [await anext(inbox) for _ in range(5)]
        socket = client._link._socket
        assert socket is not None
        socket.transport.abort()
        with pytest.raises(ClientError, match="broke") as lost:
            await client.request("jump", seconds=0.001)
        assert lost.value.code == "lost"
        done = await client.command("stop", PRESS)
        assert done["state"] == "done"
        assert client.greetings == 2
        assert client.hello["resumed"] is True
        assert client.mirror.epoch == epoch
        numbers = [frame.stamp.seq for frame in before]
        while not any(each["kind"] == "command" for each in client.mirror.events):
            numbers.append((await anext(inbox)).stamp.seq)
        assert numbers == sorted(set(numbers))  # nothing twice, in order

    talk(serving, conversation, run=run)


def test_who_comes_back_to_another_time_begins_anew(serving: Serving):
    run = made(serving, start=60.0)

    async def conversation(client: Client) -> None:
        epoch = client.mirror.epoch
        socket = client._link._socket
        assert socket is not None
        socket.transport.abort()
        serving.post(f"/runs/{run}/seek", {"seconds": 10})  # meanwhile this client can do nothing
        await client.wait_until(lambda: client.greetings == 2 and client.mirror.is_ready)
        assert client.hello["resumed"] is False
        assert client.mirror.epoch > epoch
        assert client.tick < to_ticks(60)

    talk(serving, conversation, run=run)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"run": "nowhere"}, "not_found", "there is no run"),
        ({"topics": ["/Nowhere"]}, "refused", "no place at or below"),
    ],
)
def test_what_the_server_does_not_have_is_said_at_once(serving: Serving, options, code, words):
    async def conversation(client: Client) -> None:
        pytest.fail(f"{client} is connected")

    with pytest.raises(ClientError, match=words) as error:
        talk(serving, conversation, **options)
    assert error.value.code == code


def test_where_nobody_listens_the_way_out_is_said():
    async def whole() -> None:
        async with connect("http://127.0.0.1:9", patience=0.1):
            pass

    with pytest.raises(ClientError, match="twin serve") as error:
        asyncio.run(whole())
    assert error.value.code == "unreachable"


@pytest.mark.parametrize("url", ["ftp://x", "", "http://"])
def test_an_address_that_is_none_is_refused(url: str):
    async def whole() -> None:
        async with connect(url):
            pass

    with pytest.raises(ClientError, match="localhost"):
        asyncio.run(whole())


def test_a_program_without_asyncio_has_the_same(serving: Serving):
    with watch(serving.url) as twin:
        twin.request("play")
        frames = twin.frames()
        kinds = {next(frames).kind for _ in range(20)}
        assert FrameType.TIME in kinds
        assert len(twin.mirror.poses(twin.tick).xyz)
        assert twin.command("start", PRESS)["state"] == "done"
        with pytest.raises(ClientError, match="speed must be"):
            twin.request("speed", value=1e6)


def test_who_does_not_read_frames_is_told_so(serving: Serving):
    async def conversation(client: Client) -> None:
        inbox = client.frames()
        frame = await anext(inbox)
        for _ in range(9000):
            inbox.put(frame)
        with pytest.raises(ClientError, match="too slow"):
            await anext(inbox)

    talk(serving, conversation)


def test_the_example_in_the_readme_runs(serving: Serving, capsys: pytest.CaptureFixture[str]):
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8").split("A client in Python")
    code = re.findall(r"```python\n(.*?)```", text[1], flags=re.DOTALL)[0]
    for theirs, ours in (
        ("http://localhost:8000", serving.url), ("/BodyShop/Line/Station_060", PRESS),
        ("/BodyShop/Line", "/Plant"),
    ):  # fmt: skip
        assert theirs in code
        code = code.replace(theirs, ours)
    serving.post("/runs/default/speed", {"value": 200})
    serving.post("/runs/default/play")
    exec(compile(code, "README.md", "exec"), {"__name__": "example"})
    assert capsys.readouterr().out.count("[") >= 120
