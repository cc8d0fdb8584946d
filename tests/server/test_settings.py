"""Settings by file, environment and flags; TLS; logs; the end of a server with many processes."""

import asyncio
import json
import logging
import os
import signal
import ssl
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from socket import create_connection
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from server.logs import set_up
from server.main import scenes_in, serve
from server.settings import Settings, read_settings
from tests.server.serving import TIMEOUT, end, two_lines
from tests.sources import ROOT
from twin.errors import CommandError


def test_flags_go_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "twin.toml"
    file.write_text('port = 1\nhost = "::1"\nruns = 3\norigins = ["https://a.example"]\n')
    monkeypatch.setenv("TWIN_PORT", "2")
    monkeypatch.setenv("TWIN_HOST", "127.0.0.2")
    held = read_settings(file, port=4, host=None)
    assert (held.port, held.host, held.runs) == (4, "127.0.0.2", 3)
    assert held.origins == ("https://a.example",)
    assert held.data is None


def test_foreign_variables_of_the_environment_are_passed_over(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TWIN_REQUIRE_BROWSER", "1")
    assert read_settings().model_dump() == Settings().model_dump()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("prt = 1", "setting prt: .* settings are host"),
        ("port = 70000", "setting port"),
        ('log = "xml"', "setting log"),
        ("message_rate = nan", "setting message_rate"),
        ("port = ", "can't be read"),
    ],
)
def test_a_wrong_file_is_refused_with_what_there_is(tmp_path: Path, text: str, rule: str):
    file = tmp_path / "twin.toml"
    file.write_text(text)
    with pytest.raises(CommandError, match=rule):
        read_settings(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match="can't read the settings"):
        read_settings(tmp_path / "none.toml")


def test_tls_needs_both_files_and_they_must_be_certificates(tmp_path: Path):
    scene, wrong = two_lines(tmp_path), tmp_path / "wrong.pem"
    wrong.write_text("no")
    with pytest.raises(CommandError, match="both a certfile and a keyfile"):
        serve(scene, port=0, certfile=wrong)
    with pytest.raises(CommandError, match="can't use the certificate"):
        serve(scene, port=0, certfile=wrong, keyfile=wrong)


def test_a_log_for_programs_is_one_object_a_line(capsys: pytest.CaptureFixture[str]):
    set_up("json")
    try:
        logging.getLogger("twin.server").info("a\nb %d", 1)
        line = json.loads(capsys.readouterr().err)
        assert (line["level"], line["logger"], line["message"]) == ("info", "twin.server", "a\nb 1")
        fields = {"run": "r1", "state": "crashed"}
        logging.getLogger("twin.server").warning("x", extra={"fields": fields})
        line = json.loads(capsys.readouterr().err)
        assert (line["level"], line["run"], line["state"]) == ("warning", "r1", "crashed")
    finally:
        set_up("text")


def test_scenes_of_a_folder_are_offered_and_links_out_of_it_are_not(tmp_path: Path):
    home, outside = tmp_path / "scenes", tmp_path / "outside"
    (home / "hall").mkdir(parents=True)
    outside.mkdir()
    for file in (home / "one.usda", home / "hall" / "two.usda", outside / "three.usda"):
        file.write_text("#usda 1.0")
    (home / "link.usda").symlink_to(outside / "three.usda")
    (home / "out").symlink_to(outside)
    assert scenes_in(home).keys() == {"one", "two"}
    with pytest.raises(CommandError, match="must be a folder"):
        scenes_in(tmp_path / "none")


CODE = """
import sys
from pathlib import Path
from server.main import serve
options = dict(each.split("=") for each in sys.argv[2:])
serve(sys.argv[1], port=0, on_ready=lambda url: print(url, flush=True), **options)
"""


def start(folder: Path, *options: str, **more: Any) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-c", CODE, str(two_lines(folder)), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, **more)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], check=False, capture_output=True, text=True
    )
    return [int(each) for each in found.stdout.split()]


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_log_of_a_server_tells_its_beginning_its_runs_and_its_end(tmp_path: Path):
    process, url = start(tmp_path, "log=json", stderr=subprocess.PIPE)
    with process:
        while httpx.get(f"{url}readyz", timeout=TIMEOUT).status_code != 200:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        told = process.stderr.read()
        assert process.wait(TIMEOUT) == 0
    lines = [json.loads(line) for line in told.splitlines()]
    assert {"time", "level", "logger", "message"} <= set.intersection(*map(set, lines))
    states = [line["state"] for line in lines if "run" in line]
    assert states == ["preparing", "ready", "stopped"]
    assert lines[0]["url"] == url
    assert lines[-1]["message"] == "ended"


def test_sigterm_ends_the_server_and_all_its_runs_within_5_seconds(tmp_path: Path):
    process, url = start(tmp_path, f"data={tmp_path / 'data'}")
    with process:
        for seed in range(3):
            made = httpx.post(f"{url}api/runs", json={"seed": seed}, timeout=TIMEOUT)
            assert made.status_code == 201
        runs = children(process.pid)
        assert len(runs) == 4
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 0
        assert time.monotonic() - begin < 5.0
        assert not any(is_there(pid) for pid in runs)
    lines = (tmp_path / "data" / "audit.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["POST /api/runs"] * 3


def test_sigterm_ends_it_within_5_seconds_with_clients_that_read_and_others_that_do_not(
    tmp_path: Path,
):
    process, url = start(tmp_path)
    address = url.replace("http", "ws") + "ws"

    async def whole() -> tuple[float, list[int | None]]:
        async with AsyncExitStack() as stack:
            sockets = [
                await stack.enter_async_context(
                    connect(address, subprotocols=[Subprotocol("twin.v1")], close_timeout=1)
                )
                for _ in range(20)
            ]
            for socket in sockets:
                await socket.recv()
            raw = create_connection(("127.0.0.1", int(url.rstrip("/").rpartition(":")[2])))
            head = (
                "POST /api/scenes?name=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n"
            )
            raw.sendall(head.encode() + b"half")  # an upload that does not go on
            readers = [asyncio.create_task(end(socket)) for socket in sockets[:10]]
            begin = time.monotonic()
            process.send_signal(signal.SIGTERM)
            status = await asyncio.to_thread(process.wait, TIMEOUT)
            took = time.monotonic() - begin
            assert status == 0
            await asyncio.gather(*readers)
            raw.close()
            return took, [socket.close_code for socket in sockets[:10]]

    with process:
        took, codes = asyncio.run(whole())
    assert took < 5.0
    assert set(codes) <= {1001, 1012}


def test_it_is_served_over_tls(tmp_path: Path):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    try:
        made: Any = subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                "-keyout", str(key), "-out", str(certificate),
            ],
            check=False, capture_output=True,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("there is no openssl")
    assert made.returncode == 0, made.stderr
    process, url = start(tmp_path, f"certfile={certificate}", f"keyfile={key}")
    with process:
        assert url.startswith("https://127.0.0.1:")
        port = url.rstrip("/").rpartition(":")[2]
        trusted = ssl.create_default_context(cafile=str(certificate))
        address = f"https://localhost:{port}/healthz"
        assert httpx.get(address, verify=trusted, timeout=TIMEOUT).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 0
