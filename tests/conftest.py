"""Shared by all tests: where Chromium is, the bundled scene, and proof that browser tests ran.

A test marked `browser` is skipped on a machine without Chromium. With TWIN_REQUIRE_BROWSER=1 a
missing Chromium, a skipped browser test, or a session in which none passed is a failure.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from twin.data import scene_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",  # containers run as root
    "--use-angle=swiftshader",  # WebGL 2 without a graphics card
    "--enable-unsafe-swiftshader",
)
BROWSER_REQUIRED = os.environ.get("TWIN_REQUIRE_BROWSER") == "1"

settings.register_profile("twin", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("twin")


@pytest.fixture(scope="session")
def body_shop() -> Path:
    """The root layer of the bundled body shop."""
    return scene_path("body_shop")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of an installed Chromium; skips (or fails) without one."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        give_up = pytest.fail if BROWSER_REQUIRED else pytest.skip
        give_up("no Chromium found; on Debian: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator["Browser"]:
    """A headless Chromium that draws WebGL in software.

    Only while a module needs it: as long as it is there, no other test can run an event loop.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    """A fresh 1280 x 800 page; an error on it fails the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


def pytest_configure(config: pytest.Config) -> None:
    if BROWSER_REQUIRED and not hasattr(config, "workerinput"):
        config.pluginmanager.register(BrowserProof())


class BrowserProof:
    """Fails a session in which a browser test was skipped or none passed."""

    def __init__(self) -> None:
        self.passed = 0
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if "browser" in report.keywords:
            self.passed += report.when == "call" and report.passed
            self.skipped += [report.nodeid] if report.skipped else []

    @property
    def is_missing(self) -> bool:
        return self.passed == 0 or bool(self.skipped)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.is_missing and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.is_missing:
            skipped = ", ".join(self.skipped) or "none"
            terminalreporter.write_line(
                f"browser tests are required: {self.passed} passed, skipped: {skipped}", red=True
            )
