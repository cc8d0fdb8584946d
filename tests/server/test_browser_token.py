"""The viewer in a browser where a token is needed: it is in the address once, and gone from it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from server.tokens import add_token
from tests.server.serving import two_lines
from tests.server.test_browser import ROOT, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server of its own, and a viewer's token."""
    folder = tmp_path_factory.mktemp("guarded")
    file = folder / "tokens.json"
    secret = add_token(file, "screen", "viewer")
    options = ["--port", "0", "--tokens", str(file)]
    command = [sys.executable, "-m", "twin", "serve", str(two_lines(folder)), *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        yield found.group(0), secret
        process.terminate()
        process.wait(timeout=20)


def test_the_address_brings_the_token_and_loses_it(browser: Any, guarded: tuple[str, str]):
    address, secret = guarded
    page = browser.new_page()
    page.goto(f"{address}#token={secret}")
    until(page, "window.twin && twin.ready && twin.stats().parts > 0")
    until(page, "!location.href.includes('token')")
    page.reload()
    until(page, "window.twin && twin.ready && twin.stats().parts > 0")
    page.close()


def test_without_a_token_the_page_shows_nothing(browser: Any, guarded: tuple[str, str]):
    page = browser.new_page()
    page.goto(guarded[0])
    page.wait_for_timeout(2000)
    assert not page.evaluate("!!(window.twin && twin.ready)")
    assert page.title() == "Factory twin"
    page.close()
