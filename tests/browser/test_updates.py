"""Updates in a browser: signed releases are brought, followed, refused, left again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.card import FACTORY, Card, Release
from tests.browser.conftest import confirm_who_it_is, end_helpers, log_in, press_twice, tab_at
from tests.releases.made import STRANGER

# Without a printer: the page of updates is there all the same.
CONFIGURATION = """\
appliance: {{name: Card}}
http: {{host: 127.0.0.1, port: {port}}}
auth: {{admin: {user}, password: {password}, api_key: {key}}}
frontend:
"""
# An installation, restarts and the proof of a release; what tries it is nice to everybody.
LONG_MS = 240_000
DIES = 'import sys\nif "run" in sys.argv: raise RuntimeError("no such luck")'


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    """A card that runs its factory release."""
    card = Card(tmp_path / "card", CONFIGURATION)
    card.start()
    yield card
    card.stop()
    end_helpers(card.directory)


@pytest.fixture
def inside(browser: Browser, card: Card, complaints: list[str]) -> Iterator[Page]:
    """A tab at the updates."""
    with tab_at(browser, f"{card.url}/#/upkeep", complaints) as tab:
        log_in(tab)
        yield tab


def updates(page: Page) -> Locator:
    return page.get_by_role("region", name="Updates")


def bring(page: Page, bundle: Path) -> None:
    updates(page).get_by_label("Install from a file").set_input_files(bundle)


def test_a_release_is_followed_into_its_own_page_and_bad_ones_are_not_kept(
    inside: Page, card: Card, tmp_path: Path
) -> None:
    stranger = tmp_path / "<img src=x onerror=alert(1)>.bundle"
    Release("9.0").bundle(tmp_path, STRANGER).rename(stranger)
    for bundle, said in (
        (stranger, "nobody whose releases are installed here has signed it"),
        (Release("0.9").bundle(tmp_path), f"Gantry 0.9 is older than {FACTORY}"),
    ):
        bring(inside, bundle)
        expect(updates(inside).get_by_role("alert")).to_contain_text(said)
        expect(updates(inside)).to_contain_text(f"Running{FACTORY}")

    second = inside.context.new_page()
    second.goto(f"{card.url}/#/more")
    expect(second.get_by_label("Language")).to_be_visible()
    bring(inside, Release("9.0").bundle(tmp_path))
    progress = updates(inside).get_by_role("status")
    with card.held(
        "appliance.releases.worker",
        lambda: card.ask("GET", "api/gantry/updates")["phase"] in ("installing", "testing"),
    ):
        expect(progress.get_by_role("progressbar")).to_be_visible()
        inside.reload()  # what is under way is seen again
        expect(progress).to_contain_text("9.0")
    expect(updates(inside)).to_contain_text("9.0 was installed", timeout=LONG_MS)
    expect(updates(inside)).to_contain_text("Running9.0")
    assert card.ask("GET", "api/gantry/updates")["running"] == "9.0"
    # Whoever looked at something else is told, and loses nothing.
    expect(second.get_by_text("Gantry 9.0 runs by now")).to_be_visible()
    second.get_by_role("button", name="Load the page again").click()
    expect(second.get_by_label("Language")).to_be_visible()
    expect(second.get_by_text("runs by now")).to_have_count(0)

    bring(inside, Release("9.1", DIES).bundle(tmp_path))
    confirm_who_it_is(inside)
    expect(updates(inside)).to_contain_text("9.1 was not well", timeout=LONG_MS)
    expect(updates(inside)).to_contain_text("did not get as far as answering in 2 attempts")
    expect(updates(inside)).to_contain_text("Running9.0")

    back = updates(inside).get_by_role("button", name=f"Go back to {FACTORY}")
    press_twice(back)
    confirm_who_it_is(inside)
    expect(updates(inside)).to_contain_text(f"Went back to {FACTORY}", timeout=LONG_MS)
    expect(updates(inside)).to_contain_text(f"Running{FACTORY}")
