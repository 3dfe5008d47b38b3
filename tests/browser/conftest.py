"""Chromium, headless, in front of a really running appliance."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect, sync_playwright

from tests.browser.appliance import (
    CHECKOUT,
    CONFIGURATION,
    PASSWORD,
    PATIENCE_S,
    USER,
    RunningAppliance,
)
from tests.waiting import eventually_sync

SCREENSHOTS = CHECKOUT / "artifacts"
# It ends what hangs, it measures nothing. Playwright's own is 5 s.
LONG_MS = PATIENCE_S * 1000
LONGEST_S = 900  # of a whole test
# A page that waits for what it needs before it draws, however long that takes.
PATIENT = """
const soon = window.setTimeout;
window.setTimeout = (work, ms, ...rest) => soon(work, ms < 1000 ? ms : 100 * ms, ...rest);
"""
expect.set_options(timeout=LONG_MS)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test that has a browser the time that many slow steps take."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(LONGEST_S))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("there is no chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def appliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAppliance]:
    """An appliance whose simulated printer is ready."""
    with running_in(tmp_path_factory.mktemp("appliance")) as running:
        yield running


@contextmanager
def running_in(
    directory: Path, configuration: str = CONFIGURATION
) -> Iterator[RunningAppliance]:
    """Run one until the block is over."""
    running = RunningAppliance(directory, configuration)
    running.start()
    try:
        if "\nprinter:" in configuration:
            running.until("link", "online")
        yield running
    finally:
        running.stop()
        end_helpers(directory)


def end_helpers(directory: Path) -> None:
    """End print engine and simulator, which outlive the appliance on purpose."""

    def ours() -> list[int]:
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes()
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if str(directory).encode() in words and state != "Z":
                found.append(int(entry.name))
        return found

    told: set[int] = set()

    def gone() -> bool:
        left = ours()
        for pid in set(left) - told:
            with suppress(ProcessLookupError):  # it ends by itself
                os.kill(pid, signal.SIGTERM)
        told.update(left)
        return not left

    eventually_sync(gone, "engine and simulator are gone")


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of; a test fails when there is anything."""
    return []


@pytest.fixture
def page(
    browser: Browser, appliance: RunningAppliance, complaints: list[str]
) -> Iterator[Page]:
    """A fresh tab at the login, in English, without motion."""
    with tab_at(browser, appliance.url, complaints) as tab:
        yield tab


@contextmanager
def tab_at(
    browser: Browser, url: str, complaints: list[str], **options: Any
) -> Iterator[Page]:
    """Open a tab there until the block is over; fail if the browser complains."""
    usual: dict[str, Any] = {
        "viewport": {"width": 1280, "height": 900},
        "locale": "en",
        "reduced_motion": "reduce",
    }
    context = browser.new_context(**(usual | options))
    context.set_default_timeout(LONG_MS)
    tab = context.new_page()
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console",
        lambda said: (
            complaints.append(said.text) if "Content Security Policy" in said.text else None
        ),
    )
    tab.goto(url)
    yield tab
    context.close()
    assert not complaints


@pytest.fixture
def inside(page: Page) -> Page:
    """A tab in which the administrator is logged in."""
    log_in(page)
    return page


class Ear:
    """Hears what the next websockets of a page bring.

    A page whose clock is wound on hears nothing meanwhile, and may take it for silence.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._heard = 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._hear))

    def _hear(self, _frame: str | bytes) -> None:
        self._heard += 1

    def something_more(self) -> None:
        """Wait until something more was said."""
        before = self._heard
        eventually_sync(lambda: self.heard > before, "it says something")

    @property
    def heard(self) -> int:
        """How many messages the page has heard by now."""
        self._page.evaluate("true")  # what it has heard is told here first
        return self._heard


def stand_still(page: Page) -> None:
    """Stop the clock of a page (it is installed): it is no later there than we say."""

    def stopped() -> bool:
        try:
            page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
        except Error as error:
            if "to the past" not in error.message:
                raise
            return False  # more than that went by meanwhile
        return True

    eventually_sync(stopped, "the clock stands still")


def choose(radio: Locator) -> None:
    """Choose what is pressed by its label, wherever that has moved meanwhile."""
    radio.locator("..").click()
    expect(radio).to_be_checked()


def press_twice(button: Locator) -> None:
    """Press by keyboard what asks to be pressed again."""
    expect(button).to_be_enabled()
    button.focus()
    expect(button).to_be_focused()
    button.press("Enter")
    expect(button).to_have_class(re.compile(r"\barmed\b"))
    button.press("Enter")


def log_in(page: Page) -> None:
    page.get_by_label("User").fill(USER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("navigation", name="Pages").wait_for()
    expect(state_of(page)).not_to_contain_text("No connection")


def confirm_who_it_is(page: Page) -> None:
    """Give the password once more: after a restart nobody's was given a moment ago."""
    dialog = page.get_by_role("dialog", name="Your password, please")
    dialog.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def state_of(page: Page) -> Locator:
    """Return the word in the bar above: how the printer is."""
    return page.get_by_role("banner").get_by_role("status")
