"""The viewer of a shared service: its runs, the past of a run, who drives, and the door."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.tokens import add_token
from tests.server.serving import Serving
from tests.server.test_browser import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

LIVE = "window.twin && twin.ready && twin.pack && twin.stats().link === 'live'"


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Not waited for: Playwright's own event loop is running already."""
    folder = tmp_path_factory.mktemp("scene")
    serving = Serving(folder, until=300_000_000, speed=1.0, wait=False)
    yield serving
    serving.stop()


def test_a_run_is_forked_in_the_list_and_then_looked_at(page: Any, serving: Serving):
    page.goto(f"{serving.url}/?render=off")
    until(page, LIVE)
    page.locator("button.run").click()
    page.locator(".fork input").fill("7")
    page.locator(".fork button").click()
    until(page, "location.hash.includes('run=')")
    until(page, LIVE)
    listed = serving.get("/runs")["runs"]
    fork = next(run for run in listed if run["parent"])
    until(page, f"location.hash.includes('run={fork['id']}')")
    page.reload()
    until(page, LIVE)
    assert serving.get(f"/runs/{fork['id']}")["clients"] == 1


def test_the_bar_shows_the_past_and_goes_live_again(page: Any, serving: Serving):
    page.goto(f"{serving.url}/?render=off")
    until(page, LIVE)
    page.evaluate(
        "(() => { const bar = document.querySelector('.timeline input'); bar.value = 60;"
        " bar.dispatchEvent(new Event('change')); })()"
    )
    until(page, "twin.tick() > 50e6 && twin.tick() < 120e6")
    until(page, "document.querySelector('.live').getAttribute('aria-pressed') === 'false'")
    assert not serving.get("/runs/default")["live"]
    page.locator("button.live").click()
    until(page, "twin.tick() >= 300e6")
    until(page, "document.querySelector('.live').getAttribute('aria-pressed') === 'true'")


def test_who_drives_is_seen_by_others_and_can_be_handed_over(browser: Any, serving: Serving):
    pages = [browser.new_page() for _ in range(2)]
    for page in pages:
        page.goto(f"{serving.url}/?render=off")
        until(page, LIVE)
    first, second = pages
    first.locator("button.driver").click()
    first.get_by_role("button", name="Drive for 5 minutes").click()
    until(first, "document.querySelector('.driver').innerText.startsWith('You drive')")
    until(second, "/^Viewer \\d+ drives/.test(document.querySelector('.driver').innerText)")
    first.locator("button.driver").click()
    first.locator(".others button").click()
    until(second, "document.querySelector('.driver').innerText.startsWith('You drive')")
    for page in pages:
        page.close()


def test_the_door_takes_a_token_and_closes_when_it_is_removed(browser: Any, tmp_path: Path):
    file = tmp_path / "tokens.json"
    secret = add_token(file, "screen", "viewer")
    serving = Serving(tmp_path, guarded=(file, None), wait=False)
    page = browser.new_page()
    try:
        page.goto(f"{serving.url}/?render=off")
        until(page, "document.querySelector('#door').open")
        page.locator("#door input").fill(secret)
        page.locator("#door .do").click()
        until(page, LIVE)
        assert not page.evaluate("document.querySelector('#door').open")
        known = json.loads(file.read_text())
        file.write_text(json.dumps(type(known)()))
        until(page, "document.querySelector('#door').open")
        assert "no longer" in page.locator("#door h2").inner_text()
    finally:
        page.close()
        serving.stop()
