"""Several runs beside one server: REST, forks, comparison, journals, processes that die."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from tests.server.serving import TIMEOUT, Serving, ask, hello, text, two_lines
from tests.sources import ROOT

PRESS = "/Plant/A/Press"


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("scene"))
    yield serving
    serving.stop()


def until_state(serving: Serving, run: str, *states: str) -> dict[str, Any]:
    """Wait until a run is in a state."""
    give_up = time.monotonic() + TIMEOUT
    while (info := serving.get(f"/runs/{run}"))["state"] not in states:
        assert time.monotonic() < give_up, info
        time.sleep(0.05)
    return info


def made(serving: Serving, **body: Any) -> str:
    """A new run of the two lines, ready, that stands; returns its id."""
    run = serving.post("/runs", {"playing": False, "start": 120.0, **body})["run"]["id"]
    until_state(serving, run, "ready")
    return run


def test_runs_are_made_listed_and_deleted(serving: Serving):
    run = made(serving, seed=5, scene="two_lines")
    listing = serving.get("/runs")
    assert {each["id"] for each in listing["runs"]} == {"first", run}
    assert listing["scenes"] == ["two_lines"]
    info = serving.get(f"/runs/{run}")
    assert (info["seed"], info["tick"], info["playing"]) == (5, 120_000_000, False)
    assert info["pack"] == serving.get("/runs/default")["pack"]
    assert serving.call("DELETE", f"/runs/{run}").status_code == 204
    assert serving.call("GET", f"/runs/{run}").status_code == 404


def test_each_run_has_a_process_of_its_own_and_one_that_crashes_harms_no_other(serving: Serving):
    run = made(serving)
    hosted = serving.runs.get(run)
    assert hosted.pid not in (None, os.getpid(), serving.runs.first.pid)
    serving.post(f"/runs/{run}/commands", {"action": "stop", "path": PRESS})
    os.kill(hosted.pid or 0, signal.SIGKILL)
    info = until_state(serving, run, "crashed")
    assert "SIGKILL" in info["error"]
    refused = serving.call("POST", f"/runs/{run}/pause")
    assert (refused.status_code, refused.json()["code"]) == (409, "ended")
    assert serving.get("/runs/default")["state"] == "ready"
    serving.post(f"/runs/{run}/start")
    info = until_state(serving, run, "ready")
    assert info["tick"] >= 120_000_000
    assert not serving.get(f"/runs/{run}/place", path=PRESS)["reported"]["running"]
    serving.call("DELETE", f"/runs/{run}")


def test_a_stopped_run_goes_on_where_it_was(serving: Serving):
    run = made(serving)
    serving.post(f"/runs/{run}/step", {"seconds": 30.0})
    before = serving.get(f"/runs/{run}/figures")["now"]
    assert serving.post(f"/runs/{run}/stop")["run"]["state"] == "stopped"
    assert serving.runs.get(run).pid is None
    serving.post(f"/runs/{run}/start")
    info = until_state(serving, run, "ready")
    assert info["tick"] == 150_000_000
    assert serving.get(f"/runs/{run}/figures")["now"] == before
    serving.call("DELETE", f"/runs/{run}")


def test_time_is_stepped_sought_and_brought_back_to_the_head(serving: Serving):
    run = made(serving)
    assert serving.post(f"/runs/{run}/step", {"seconds": 60.0}) == {"tick": 180_000_000}
    after = serving.post(f"/runs/{run}/step", {"events": 1})["tick"]
    assert 180_000_000 < after < 200_000_000
    assert serving.post(f"/runs/{run}/seek", {"seconds": 100.0}) == {"tick": 100_000_000}
    info = serving.get(f"/runs/{run}")
    assert (info["live"], info["head"]) == (False, after)
    refused = serving.call("POST", f"/runs/{run}/commands", json={"action": "stop", "path": PRESS})
    assert refused.status_code == 409
    assert "go live, or fork it here" in refused.json()["message"]
    assert serving.post(f"/runs/{run}/live") == {"tick": after}
    assert serving.get(f"/runs/{run}")["live"]
    beyond = serving.call("POST", f"/runs/{run}/seek", json={"seconds": 1e6})
    assert beyond.status_code == 409
    assert serving.post(f"/runs/{run}/speed", {"value": "max"})["run"]["speed"] == "max"
    serving.post(f"/runs/{run}/start")
    before = serving.get(f"/runs/{run}")["head"]
    time.sleep(0.5)
    assert serving.post(f"/runs/{run}/pause")["run"]["head"] > before + 10_000_000
    serving.call("DELETE", f"/runs/{run}")


def test_commands_have_a_desired_and_a_reported_state(serving: Serving):
    run = made(serving)
    done = serving.post(
        f"/runs/{run}/commands",
        {"action": "set", "path": PRESS, "attribute": "twin:processTime", "value": 7.0,
         "correlation": "shift-4"},
    )  # fmt: skip
    assert (done["state"], done["correlation"], done["tick"]) == ("done", "shift-4", 120_000_000)
    serving.post(f"/runs/{run}/commands", {"action": "estop", "path": "/Plant/A"})
    place = serving.get(f"/runs/{run}/place", path=PRESS)
    assert place["desired"] == {
        "running": False, "reasons": ["estop"], "parameters": {"twin:processTime": 7.0},
    }  # fmt: skip
    assert place["reported"]["state"] == "down"
    assert place["reported"]["reasons"] == ["emergency stop"]
    assert place["reported"]["parameters"]["twin:processTime"] == 7.0
    assert serving.get(f"/runs/{run}/place", path="/Plant/B/Press")["reported"]["running"]
    refused = serving.call(
        "POST", f"/runs/{run}/commands", json={"action": "stop", "path": "/Plant/A/Pres"}
    )
    assert refused.status_code == 409
    assert "did you mean /Plant/A/Press" in refused.json()["message"]
    listed = serving.get(f"/runs/{run}/commands")["commands"]
    assert [each["state"] for each in listed] == ["done", "done", "rejected"]
    assert listed[2]["reason"] == refused.json()["message"]
    serving.call("DELETE", f"/runs/{run}")


def test_a_command_with_a_key_is_carried_out_once_and_answered_alike(serving: Serving):
    run = made(serving)
    order = {"action": "fail", "path": PRESS, "value": 30.0, "key": "k1"}
    first = serving.post(f"/runs/{run}/commands", order)
    assert serving.post(f"/runs/{run}/commands", order) == first
    assert len(serving.get(f"/runs/{run}/commands")["commands"]) == 1
    other = serving.call("POST", f"/runs/{run}/commands", json={**order, "value": 40.0})
    assert other.status_code == 409
    assert "came with another command" in other.json()["message"]
    wrong = {"action": "stop", "path": "/Nowhere", "key": "k2"}
    answers = [serving.call("POST", f"/runs/{run}/commands", json=wrong) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[0].status_code == answers[1].status_code == 409
    serving.call("DELETE", f"/runs/{run}")


def test_a_fork_shares_the_past_and_a_comparison_says_where_they_part(serving: Serving):
    run = made(serving)
    fork = serving.post(
        f"/runs/{run}/fork",
        {"tick": 60_000_000, "overrides": [f"{PRESS}.twin:processTime=20"],
         "commands": [{"action": "stop", "path": "/Plant/B/Press"}], "playing": False},
    )["run"]  # fmt: skip
    assert (fork["parent"], fork["parent_tick"], fork["tick"]) == (run, 60_000_000, 60_000_000)
    serving.post(f"/runs/{fork['id']}/step", {"seconds": 240.0})
    serving.post(f"/runs/{run}/step", {"seconds": 180.0})
    compared = serving.get("/compare", one=run, two=fork["id"], points=10)
    assert compared["until"] == 300_000_000
    assert compared["first_difference"]["tick"] >= 60_000_000
    assert len(compared["figures"]) == 10
    assert compared["figures"][1]["difference"]["finished"] == 0.0  # at 60 s
    assert compared["figures"][-1]["difference"]["finished"] < 0.0
    alike = serving.get("/compare", one=run, two=run, points=2)
    assert alike["first_difference"] is None
    for each in (run, fork["id"]):
        serving.call("DELETE", f"/runs/{each}")


def test_a_fork_with_another_seed_has_the_same_past_and_another_future(serving: Serving):
    run = made(serving)
    fork = serving.post(f"/runs/{run}/fork", {"seed": 77})["run"]["id"]
    for each in (run, fork):
        serving.post(f"/runs/{each}/step", {"seconds": 600.0})
    compared = serving.get("/compare", one=run, two=fork)
    assert compared["first_difference"]["tick"] > 120_000_000
    for each in (run, fork):
        serving.call("DELETE", f"/runs/{each}")


def test_a_fork_that_cannot_be_made_leaves_nothing_behind(serving: Serving):
    before = len(serving.get("/runs")["runs"])
    for body, status in (
        ({"tick": 10**15}, 409),
        ({"overrides": [f"{PRESS}.twin:processTime=high"]}, 422),
        ({"overrides": [f"{PRESS}.twin:form=1"]}, 409),
        ({"commands": [{"action": "stop", "path": "/Nowhere"}]}, 409),
    ):
        assert serving.call("POST", "/runs/default/fork", json=body).status_code == status
    assert len(serving.get("/runs")["runs"]) == before


def test_wrong_requests_are_refused_with_a_reason(serving: Serving):
    for method, path, body, status in (
        ("POST", "/runs", {"scene": "two_lins"}, 404),
        ("POST", "/runs", {"scenarios": ["none"]}, 404),
        ("POST", "/runs", {"seed": -1}, 422),
        ("POST", "/runs/default/speed", {"value": 0.001}, 422),
        ("POST", "/runs/default/speed", {"value": "fast"}, 422),
        ("POST", "/runs/none/pause", None, 404),
        ("POST", "/runs/default/step", {"events": 0}, 422),
        ("GET", "/runs/default/place?path=/Nowhere", None, 409),
    ):
        assert serving.call(method, path, json=body).status_code == status, path
    nan = '{"value": NaN}'
    headers = {"content-type": "application/json"}
    for body in (nan, '{"value": 1e999}', "[" * 5000, "{}", "\xff"):
        answer = serving.call("POST", "/runs/default/speed", content=body, headers=headers)
        assert answer.status_code in (400, 422), body[:20]


def test_there_are_only_so_many_runs(serving: Serving):
    serving.runs._most = 1
    try:
        refused = serving.call("POST", "/runs", json={})
        assert (refused.status_code, refused.json()["code"]) == (429, "limit")
    finally:
        serving.runs._most = 16


def test_a_wrong_override_makes_a_run_that_says_why_it_failed(serving: Serving):
    body = {"overrides": [f"{PRESS}.twin:processTime=-4"]}
    run = serving.post("/runs", body)["run"]["id"]
    info = until_state(serving, run, "failed")
    assert "processTime must be" in info["error"]
    serving.call("DELETE", f"/runs/{run}")


def test_the_api_is_described(serving: Serving):
    document = serving.get("/openapi.json")
    assert "/api/runs/{run}/fork" in document["paths"]
    operations = [each for path in document["paths"].values() for each in path.values()]
    assert all(each.get("summary") for each in operations)


def test_a_durable_run_goes_on_after_the_server_and_after_a_kill(tmp_path: Path):
    order = {"action": "stop", "path": PRESS, "key": "once"}
    serving = Serving(tmp_path, journal=str(tmp_path / "data"), until=100_000_000, playing=False)
    try:
        first = serving.post("/runs/default/commands", order)
        serving.post("/runs/default/step", {"seconds": 50.0})
        fork = serving.post("/runs/default/fork", {"tick": 50_000_000})["run"]["id"]
    finally:
        serving.stop()
    serving = Serving(tmp_path, journal=str(tmp_path / "data"), playing=False)
    try:
        info = serving.get("/runs/default")
        assert (info["id"], info["head"]) == ("first", 150_000_000)
        assert serving.post("/runs/default/commands", order) == first
        assert {each["id"] for each in serving.get("/runs")["runs"]} == {"first", fork}
        assert serving.get(f"/runs/{fork}")["state"] == "stopped"
        last = serving.post("/runs/default/commands", {"action": "start", "path": PRESS})
        os.kill(serving.runs.first.pid or 0, signal.SIGKILL)
        until_state(serving, "first", "crashed")
        serving.post("/runs/first/start")
        until_state(serving, "first", "ready")
        listed = serving.get("/runs/first/commands")["commands"]
        assert [each["number"] for each in listed] == [first["number"], last["number"]]
        assert serving.get("/runs/first/place", path=PRESS)["reported"]["running"]
        serving.post("/runs/first/seek", {"seconds": 120.0})
        assert not serving.get("/runs/first/place", path=PRESS)["reported"]["running"]
        assert serving.call("DELETE", f"/runs/{fork}").status_code == 204
    finally:
        serving.stop()


def test_a_scene_that_has_changed_begins_another_run_and_the_old_one_stays(tmp_path: Path):
    journal = str(tmp_path / "data")
    Serving(tmp_path, journal=journal, playing=False).stop()
    scene = two_lines(tmp_path)
    scene.write_text(scene.read_text().replace("processTime = 5", "processTime = 6"))
    serving = Serving(tmp_path, scene=str(scene), journal=journal, playing=False, id="second")
    try:
        states = {run["id"]: run["state"] for run in serving.get("/runs")["runs"]}
        assert states == {"first": "failed", "second": "ready"}
        assert "before it changed" in serving.get("/runs/first")["error"]
    finally:
        serving.stop()


def test_when_the_server_is_killed_its_processes_end(tmp_path: Path):
    code = (
        "import sys, asyncio; from server.runs import Runs; from server.spec import RunSpec\n"
        "async def main():\n"
        "    runs = Runs(RunSpec(id='r', scene=sys.argv[1], interpreted=True))\n"
        "    await runs.open(); await runs.first.wait()\n"
        "    print(runs.first.pid, flush=True); await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", code, str(two_lines(tmp_path))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        child = int(server.stdout.readline())
        server.kill()
    give_up = time.monotonic() + TIMEOUT
    while Path(f"/proc/{child}").exists() and _state(child) != "Z":
        assert time.monotonic() < give_up
        time.sleep(0.05)


def _state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_a_client_is_told_when_its_run_ends_and_greeted_when_it_is_back(serving: Serving):
    run = made(serving)

    async def conversation(socket: ClientConnection) -> None:
        assert (await hello(socket))["run"] == run
        os.kill(serving.runs.get(run).pid or 0, signal.SIGKILL)
        while (told := await text(socket, "run"))["state"] != "crashed":
            pass
        assert "SIGKILL" in told["message"]
        assert (await ask(socket, "pause"))["code"] == "ended"
        await asyncio.to_thread(serving.post, f"/runs/{run}/start")
        again = await hello(socket)
        assert again["run"] == run

    serving.talk(conversation, run=run)
    serving.call("DELETE", f"/runs/{run}")
