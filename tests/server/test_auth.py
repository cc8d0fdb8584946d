"""Who may come in: tokens, roles, expiry, over real sockets."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.access import Caller, Role
from server.gate import EXPIRED
from server.runs import Runs
from server.service import Service
from server.tokens import Tokens, add_token
from tests.server.serving import TIMEOUT, Serving, ask, end, hello
from twin.errors import CommandError


def test_a_secret_is_shown_once_and_only_its_hash_is_kept(tmp_path: Path):
    file = tmp_path / "tokens.json"
    secret = add_token(file, "anna", "operator", days=1)
    assert secret not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o077 == 0
    known = Tokens(file).caller(secret)
    assert known is not None
    assert known[0] == Caller("anna", Role.OPERATOR)
    assert Tokens(file).caller(secret[:-1]) is None
    assert Tokens(file).caller("") is None


def test_a_token_ends_with_its_time(tmp_path: Path):
    file = tmp_path / "tokens.json"
    secret = add_token(file, "anna", "viewer", days=2)
    wall = time.time()
    tokens = Tokens(file, clock=lambda: wall)
    known = tokens.caller(secret)
    assert known is not None
    wall += 2 * 86400 + 1
    assert tokens.caller(secret) is None
    assert not tokens.holds(known[1])


def test_a_file_is_read_again_when_it_changes_and_lets_nobody_in_when_it_is_broken(tmp_path: Path):
    file = tmp_path / "tokens.json"
    first = add_token(file, "anna", "viewer")
    tokens = Tokens(file)
    second = add_token(file, "ben", "engineer")
    assert tokens.caller(first)
    assert tokens.caller(second)
    file.write_text('{"tokens": [{"name": "anna"}]}', encoding="utf-8")
    assert tokens.caller(first) is None
    assert "tokens.0.role" in tokens.error
    file.unlink()
    assert tokens.caller(first) is None


@pytest.mark.parametrize(
    ("name", "role", "days", "rule"),
    [
        ("anna", "viewer", None, "already"),
        ("a b", "viewer", None, "name"),
        ("", "viewer", None, "name"),
        ("ben", "admin", None, "role"),
        ("ben", "viewer", -1.0, "days must be"),
        ("ben", "viewer", float("nan"), "days must be"),
    ],
)
def test_wrong_tokens_are_refused(tmp_path: Path, name: str, role: str, days: Any, rule: str):
    file = tmp_path / "tokens.json"
    add_token(file, "anna", "viewer")
    with pytest.raises(CommandError, match=rule):
        add_token(file, name, role, days=days)


def test_without_a_token_only_this_machine_is_served():
    for address in ("0.0.0.0", "::"):
        with pytest.raises(CommandError, match="twin token NAME"):
            Service(Runs(), address=address, port=0)


class Guarded:
    """A server with a viewer, an operator and an engineer."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "tokens.json"
        self.audit = folder / "audit.jsonl"
        self.secrets = {
            role.name: add_token(self.file, role.name.lower(), role.name.lower()) for role in Role
        }
        self.serving = Serving(folder, wait=False, guarded=(self.file, self.audit))
        deadline = time.monotonic() + TIMEOUT
        while httpx.get(f"{self.serving.url}/readyz").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def call(self, role: str, method: str, path: str, **options: Any) -> int:
        headers = {"authorization": f"Bearer {self.secrets[role]}"} if role else {}
        return self.serving.call(method, path, headers=headers, **options).status_code


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    guarded = Guarded(tmp_path_factory.mktemp("guarded"))
    yield guarded
    guarded.serving.stop()


def test_each_role_may_do_what_is_its_own(guarded: Guarded):
    for role, statuses in {
        "": (401, 401, 401),
        "VIEWER": (200, 403, 403),
        "OPERATOR": (200, 200, 403),
        "ENGINEER": (200, 200, 200),
    }.items():
        stop = {"path": "/Plant/A/Press", "action": "stop"}
        both = {"one": "default", "two": "default"}
        told = (
            guarded.call(role, "GET", "/runs"),
            guarded.call(role, "POST", "/runs/default/commands", json=stop),
            guarded.call(role, "GET", "/compare", params=both),
        )
        assert told == statuses, role


def test_only_the_page_and_the_health_are_open_to_all(guarded: Guarded):
    url = guarded.serving.url
    for path in ("/", "/app.js", "/healthz", "/readyz"):
        assert httpx.get(f"{url}{path}").status_code == 200, path
    for path in ("/metrics", "/api/openapi.json", "/pack/x/scene.json", "/no", "//api/runs"):
        answer = httpx.get(f"{url}{path}")
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), path
        assert answer.headers["www-authenticate"] == "Bearer"
    assert httpx.post(f"{url}/").status_code == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer wrong", "Basic YTpi", "Bearer \x7f", "bearer " + "x" * 9000],
)
def test_a_wrong_token_is_refused(guarded: Guarded, header: str):
    answer = guarded.serving.call("GET", "/runs", headers={"authorization": header})
    assert answer.status_code == 401


def test_a_socket_needs_a_token_as_header_or_as_subprotocol(guarded: Guarded):
    secret = guarded.secrets["VIEWER"]

    async def refused(**options: Any) -> None:
        with pytest.raises(InvalidStatus, match="401"):
            async with guarded.serving.socket(options=options):
                pass

    async def greeted(**options: Any) -> str:
        async with guarded.serving.socket(options=options) as socket:
            assert socket.subprotocol == "twin.v1"
            role = (await hello(socket))["role"]
            assert (await ask(socket, "pause"))["code"] == "forbidden"
            return role

    async def whole() -> None:
        await refused()
        await refused(subprotocols=["twin.v1", "token.wrong"])
        headers = {"authorization": f"Bearer {secret}"}
        assert await greeted(additional_headers=headers) == "viewer"
        assert await greeted(subprotocols=["twin.v1", f"token.{secret}"]) == "viewer"

    asyncio.run(asyncio.wait_for(whole(), TIMEOUT))


def test_an_open_socket_is_closed_when_its_token_ends_or_is_removed(guarded: Guarded):
    short = add_token(guarded.file, "short", "viewer", days=4 / 86400)
    gone = add_token(guarded.file, "gone", "viewer")

    async def closed(secret: str) -> tuple[int | None, str | None]:
        options = {"subprotocols": ["twin.v1", f"token.{secret}"]}
        async with guarded.serving.socket(options=options) as socket:
            await hello(socket)
            if secret == gone:
                body = json.loads(guarded.file.read_text("utf-8"))
                body["tokens"] = [each for each in body["tokens"] if each["name"] != "gone"]
                guarded.file.write_text(json.dumps(body), encoding="utf-8")
            await end(socket)
            return socket.close_code, socket.close_reason

    async def whole() -> None:
        stays = {"subprotocols": ["twin.v1", f"token.{guarded.secrets['VIEWER']}"]}
        async with guarded.serving.socket(options=stays) as other:
            await hello(other)
            for code, reason in await asyncio.gather(closed(short), closed(gone)):
                assert code == EXPIRED
                assert reason == "unauthenticated: the token has expired or was removed"
            try:
                assert (await ask(other, "ping", client=1.0))["op"] == "pong"
            except ConnectionClosed:
                pytest.fail("the others stay")

    asyncio.run(asyncio.wait_for(whole(), TIMEOUT))


def test_who_did_what_is_written_down_and_no_secret(guarded: Guarded):
    guarded.call("OPERATOR", "POST", "/runs/default/speed", json={"value": 7.5})
    guarded.call("VIEWER", "POST", "/runs/default/speed", json={"value": 8.5})
    guarded.call("", "GET", "/runs")
    text = guarded.audit.read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    told = [(each["caller"], each["event"], each["outcome"]) for each in lines]
    assert ("operator", "POST /api/runs/default/speed", "done") in told
    assert ("viewer", "POST /api/runs/default/speed", "403") in told
    assert ("", "GET /api/runs", "unauthenticated") in told
    assert any("7.5" in each.get("asked", "") for each in lines)
    assert not any(secret in text for secret in guarded.secrets.values())


def test_metrics_are_for_who_has_a_token(guarded: Guarded):
    headers = {"authorization": f"Bearer {guarded.secrets['VIEWER']}"}
    text = httpx.get(f"{guarded.serving.url}/metrics", headers=headers).text
    assert 'twin_runs{state="ready"} 1.0' in text
    assert 'twin_refusals_total{code="unauthenticated"}' in text
    assert "process_open_fds" in text
