"""The body shop in a real browser: bodies move, states change, commands work, the picture is good.

`TWIN_NEW_PICTURE=1 pytest tests/server/test_browser.py` takes the README's picture anew.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "scenes" / "body_shop" / "body_shop.png"
PATIENCE = 120  # s; a cold engine compiles, and pictures are drawn without a graphics card

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A `twin demo` of its own, as a user starts it."""
    command = [sys.executable, "-m", "twin", "demo", "--no-browser", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = None
        while found is None:
            line = process.stdout.readline()
            assert line, "twin demo ended before it told its address"
            found = re.search(r"http://\S+", line)
        yield found.group(0).rstrip("/.,;")
        process.terminate()
        process.wait(timeout=20)


def until(page: Any, expression: str) -> Any:
    """Ask the page until the answer is true; returns the answer."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := page.evaluate(expression)):
        assert time.monotonic() < deadline, f"{expression} stayed {answer!r}"
        page.wait_for_timeout(100)
    return answer


def opened(page: Any, address: str, query: str) -> Any:
    page.goto(f"{address}/{query}")
    until(page, "window.twin && twin.ready && twin.stats().parts > 0")
    return page


PARTS = """(() => {
  const robots = twin.pack.robots.length, found = {};
  for (let slot = 0; slot < 64; slot++) {
    const pose = twin.poseOf(robots + slot);
    if (pose) found[slot] = [pose[3], pose[7], pose[11]];
  }
  return found;
})()"""
NEXT_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
STATES = "twin.store.places.map(place => place.state).join()"
TIPS = "twin.pack.robots.map((_, robot) => [3, 7, 11].map(i => twin.poseOf(robot, 6)[i]))"


def test_bodies_move_robots_weld_and_states_change(page, address):
    opened(page, address, "?render=off")
    parts, tips = page.evaluate(PARTS), np.array(page.evaluate(TIPS))
    tick, states = page.evaluate("twin.tick()"), page.evaluate(STATES)
    until(page, f"twin.tick() > {tick} + 20e6")
    later, tips_later = page.evaluate(PARTS), np.array(page.evaluate(TIPS))
    common = [slot for slot in parts if slot in later]
    assert max(np.linalg.norm(np.subtract(later[slot], parts[slot])) for slot in common) > 0.5
    assert (np.linalg.norm(tips_later - tips, axis=1) > 0.05).sum() >= 30
    until(page, f"{STATES} !== {states!r}")


def test_the_list_of_stations_opens_a_panel_whose_buttons_command_the_line(page, address):
    opened(page, address, "?render=off")
    row = page.locator('.stations button[data-path="/BodyShop/Line/Station_060"]')
    row.click()
    assert "Respot 4" in page.locator("#panel h2").inner_text()
    page.locator('#panel [data-action="fail"]').click()
    until(
        page,
        "document.querySelector('button[data-path$=Station_060]').dataset.state === 'down'",
    )
    assert page.locator("#ticker .event").count() >= 1


def test_pause_stops_the_line_and_speed_makes_it_run_faster(page, address):
    opened(page, address, "?render=off")
    page.keyboard.press("Space")
    until(page, "twin.clock.rate === 0")
    page.evaluate(NEXT_FRAMES)  # the tick is that of the last frame drawn
    tick = page.evaluate("twin.tick()")
    page.wait_for_timeout(300)
    assert page.evaluate("twin.tick()") == tick
    page.keyboard.press("Space")
    until(page, "twin.clock.rate > 0")
    until(page, f"twin.tick() > {tick}")


def test_nothing_is_fetched_from_elsewhere(page, address):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, address, "?render=off")
    assert asked
    assert all(url.startswith((address, "blob:", "data:")) for url in asked), asked


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_picture_shows_a_line_at_work(page, address, tmp_path, theme):
    page.set_viewport_size({"width": 1600, "height": 900})
    opened(page, address, f"?quality=medium&theme={theme}")
    frames = page.evaluate("twin.stats().frames")
    until(page, f"twin.stats().frames > {frames} + 2")
    file = tmp_path / f"{theme}.png"
    page.screenshot(path=file, timeout=PATIENCE * 1000)
    picture = np.asarray(Image.open(file).convert("RGB")).astype(float)
    middle = picture[200:750, 400:1200]
    assert middle.std() > 20, "hardly anything is drawn"
    orange = (middle[..., 0] > 150) & (middle[..., 2] < 110) & (middle[..., 1] > 60)
    assert orange.mean() > 0.005, "no robots to be seen"
    brightness = picture.mean()
    assert brightness < 130 if theme == "dark" else brightness > 130
    if theme == "dark" and os.environ.get("TWIN_NEW_PICTURE") == "1":
        Image.open(file).convert("RGB").save(PICTURE, optimize=True)
