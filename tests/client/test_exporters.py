"""Exporters on a real server: in lock-step, best effort, slow ones and dead ones; and poses."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from tests.server.serving import TIMEOUT, Serving, end
from twin.client import Client, ClientError, FrameType, connect, watch
from twin.client.recording import record
from twin.units import to_ticks

FILES = ("poses", "joints", "states", "events")


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("scene"), speed=10.0)
    yield serving
    serving.stop()


def made(serving: Serving, **options) -> str:
    """A run of its own, paused; returns its id when it is ready."""
    body = {"seed": 5, "playing": False, "start": 20.0, **options}
    run = serving.post("/runs", body)["run"]["id"]
    serving.wait(run)
    return run


async def recorded(serving: Serving, run: str, folder: Path, **options) -> None:
    async with connect(serving.url, run=run) as client:
        if slow := options.pop("slow", 0.0):
            taken = client.mirror.poses

            def poses(tick: int):
                import time

                time.sleep(slow)
                return taken(tick)

            client.mirror.poses = poses
        await record(client, folder, rate=20.0, length=to_ticks(5), **options)


def contents(folder: Path) -> dict[str, bytes]:
    names = [*(f"{name}.parquet" for name in FILES), "recording.json"]
    return {name: (folder / name).read_bytes() for name in names}


def test_recordings_in_lock_step_are_equal_whatever_the_speeds(serving: Serving, tmp_path: Path):
    run, other = made(serving), made(serving, speed="max")

    async def all_of_them() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(recorded(serving, run, tmp_path / "a", lock_step=True))
            tasks.create_task(recorded(serving, run, tmp_path / "b", lock_step=True, slow=0.01))
            await asyncio.sleep(1)  # both are in step with the run, which is paused
            serving.post(f"/runs/{run}/play")
        await recorded(serving, other, tmp_path / "c", lock_step=True, play=True)

    asyncio.run(all_of_them())
    one, two, three = (contents(tmp_path / name) for name in "abc")
    assert one == two == three
    about = json.loads(one["recording.json"])
    assert (about["since"], about["until"], about["gaps"]) == (to_ticks(20), to_ticks(25), 0)
    poses = parquet.read_table(tmp_path / "a" / "poses.parquet").to_pydict()
    assert sorted(set(poses["tick"])) == [to_ticks(20 + number / 20) for number in range(100)]
    states = parquet.read_table(tmp_path / "a" / "states.parquet").to_pydict()
    assert states["tick"][: len(about["places"])] == [to_ticks(20)] * len(about["places"])


def test_an_exporter_that_is_too_slow_is_left_behind_and_the_run_goes_on(serving: Serving):
    run = made(serving)

    async def whole() -> None:
        async with connect(serving.url, run=run) as slow, connect(serving.url, run=run) as other:
            news = other.frames()
            with pytest.raises(ClientError, match="does not wait for this client"):
                await go_slowly(slow)
            async for frame in news:
                if frame.kind is FrameType.EVENT:
                    assert "no longer in step" in frame.events[0]["text"]
                    break
            await other.wait_until(lambda: other.tick > to_ticks(21) or poke(other))

    asyncio.run(asyncio.wait_for(whole(), TIMEOUT))


async def go_slowly(client: Client) -> None:
    async with client.lock_step(0.1, patience=0.5) as ticks:
        await client.play()
        async for tick in ticks:
            assert tick == to_ticks(20)
            await asyncio.sleep(1.5)


def poke(client: Client) -> bool:
    """Let a waiting condition be looked at again."""
    asyncio.get_running_loop().call_later(0.05, client._changed.set)
    return False


def test_an_exporter_that_dies_does_not_hold_the_run(serving: Serving, tmp_path: Path):
    run = made(serving)
    arguments = ["record", serving.url, "--run", run, "--out", str(tmp_path), "--lock-step"]
    process = subprocess.Popen(
        [sys.executable, "-m", "twin", *arguments], stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        assert "recording Plant" in process.stderr.readline()
        wait_for(lambda: refuses_to_seek(serving, run))
        process.send_signal(signal.SIGSTOP)  # it answers no more
        serving.post(f"/runs/{run}/play")
        assert tick_of(serving, run) <= to_ticks(20.5)
        process.kill()
        wait_for(lambda: tick_of(serving, run) > to_ticks(22))
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def refuses_to_seek(serving: Serving, run: str) -> bool:
    answer = serving.call("POST", f"/runs/{run}/seek", json={"seconds": 20})
    return answer.status_code == 409 and "lock-step" in answer.json()["message"]


def tick_of(serving: Serving, run: str) -> int:
    return serving.get(f"/runs/{run}")["tick"]


def wait_for(holds) -> None:
    from time import monotonic, sleep

    until = monotonic() + TIMEOUT
    while not holds():
        assert monotonic() < until
        sleep(0.1)


def test_the_command_records_and_ends_by_itself_or_by_ctrl_c(serving: Serving, tmp_path: Path):
    run = made(serving)
    command = [sys.executable, "-m", "twin", "record", serving.url, "--run", run]
    options = ["--for", "3s", "--rate", "10", "--play"]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "a"), *options, "--lock-step"],
        check=False, capture_output=True, text=True, timeout=TIMEOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "3 s of the run, 30 samples, in" in done.stderr
    process = subprocess.Popen([*command, "--out", str(tmp_path / "b")], stderr=subprocess.PIPE)
    assert process.stderr is not None
    process.stderr.readline()
    wait_for((tmp_path / "b" / "events.parquet").exists)
    wait_for(lambda: tick_of(serving, run) > to_ticks(40))
    process.send_signal(signal.SIGINT)
    told = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(TIMEOUT) == 0, told
    assert "samples" in told
    about = json.loads((tmp_path / "b" / "recording.json").read_text())
    assert about["until"] > about["since"]
    assert parquet.read_table(tmp_path / "b" / "poses.parquet").num_rows > 0


def test_a_folder_that_cant_be_written_to_is_said(serving: Serving, tmp_path: Path):
    (tmp_path / "file").write_text("")
    out = str(tmp_path / "file" / "x")
    done = subprocess.run(
        [sys.executable, "-m", "twin", "record", serving.url, "--out", out, "--for", "1s"],
        check=False, capture_output=True, text=True, timeout=TIMEOUT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "can't be written" in done.stderr


def test_a_program_without_asyncio_goes_in_step(serving: Serving):
    run = made(serving)
    with watch(serving.url, run=run) as twin:
        with twin.lock_step(0.25) as ticks:
            twin.request("play")
            seen = [tick for tick, _ in zip(ticks, range(4), strict=False)]
        assert seen == [to_ticks(20 + number / 4) for number in range(4)]
        assert twin.mirror.poses(seen[-1]).tick == seen[-1]


def test_who_asks_for_poses_gets_poses(serving: Serving):
    run = made(serving, start=60.0, speed=1.0)

    async def whole() -> None:
        topic = ["/Plant/A"]
        async with (
            connect(serving.url, run=run, topics=topic, poses=30.0) as client,
            connect(serving.url, run=run, topics=topic) as other,
        ):
            inbox = client.frames()
            assert client.hello["poses"] == 30.0
            await client.play()
            looks, kinds = [], set()
            async for frame in inbox:
                kinds.add(frame.kind)
                looks += [frame.tick] if frame.kind is FrameType.POSE else []
                if len(looks) == 60:
                    break
            assert not kinds & {FrameType.KEY, FrameType.SEG}
            assert {FrameType.TIME, FrameType.JOINT} <= kinds
            steps = np.diff(looks[10:])
            assert np.median(steps) == pytest.approx(1e6 / 30, rel=0.01)
            ours, truth = client.mirror.poses(looks[-1]), other.mirror.poses(looks[-1])
            assert ours.tick == looks[-1]
            assert ours.serial.tolist() == truth.serial.tolist()
            np.testing.assert_allclose(ours.xyz, truth.xyz, atol=1e-5)
            np.testing.assert_allclose(ours.wxyz, truth.wxyz, atol=1e-6)

    asyncio.run(asyncio.wait_for(whole(), TIMEOUT))


@pytest.mark.parametrize("rate", ["0.01", "61", "nan", "x"])
def test_a_rate_of_poses_out_of_range_is_refused(serving: Serving, rate: str):
    async def whole() -> None:
        async with serving.socket(poses=rate) as socket:
            await end(socket)
            assert socket.close_code == 1008

    asyncio.run(asyncio.wait_for(whole(), TIMEOUT))
