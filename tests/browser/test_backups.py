"""Backups in a browser: one goes from an appliance to the next; hostile ones go nowhere."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.backup.test_hostile import archive
from tests.browser.appliance import RunningAppliance
from tests.browser.conftest import end_helpers, log_in, running_in, tab_at

CONFIGURATION = """\
appliance: {{name: %s}}
http: {{host: 127.0.0.1, port: {port}}}
auth: {{admin: {user}, password: {password}, api_key: {key}}}
frontend:
"""
PASSPHRASE = "a long passphrase"
LONG_MS = 240_000  # the processes that pack and unpack are nice to everybody


def backups(page: Page) -> Locator:
    return page.get_by_role("region", name="Backups")


def bring(page: Page, file: Path) -> None:
    backups(page).get_by_label("Bring one").set_input_files(file)


def test_a_sealed_backup_of_one_appliance_becomes_another(
    browser: Browser, tmp_path: Path, complaints: list[str]
) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    sealed = tmp_path / "<b>sealed</b>.zip"
    with (
        running_in(tmp_path / "first", CONFIGURATION % "First") as first,
        tab_at(browser, f"{first.url}/#/upkeep", complaints) as page,
    ):
        log_in(page)
        backups(page).get_by_label("Passphrase").fill(PASSPHRASE)
        backups(page).get_by_role("button", name="Make a backup").click()
        row = backups(page).get_by_role("listitem").filter(has_text="encrypted")
        expect(row).to_have_count(1, timeout=LONG_MS)
        with page.expect_download() as download:
            row.get_by_role("button", name="Download").click()
        download.value.save_as(sealed)
        address = first.port

    # At the same address, as a new card has it: the configuration names it.
    second = RunningAppliance(tmp_path / "second", CONFIGURATION % "Second", port=address)
    second.start()
    try:
        with tab_at(browser, f"{second.url}/#/upkeep", complaints) as page:
            log_in(page)
            walk(page, second, sealed, tmp_path)
    finally:
        second.stop()
        end_helpers(second.directory)


def walk(page: Page, second: RunningAppliance, sealed: Path, tmp_path: Path) -> None:
    """Bring what is none, then the backup; give a wrong passphrase, then the right one."""
    refusal = backups(page).get_by_role("alert")
    bring(page, archive(tmp_path / "evil.zip", {"config/../../evil": b"x"}))
    expect(refusal).to_contain_text("That did not work: it holds")
    expect(backups(page).get_by_role("listitem")).to_have_count(0)
    bring(page, sealed)
    row = backups(page).get_by_role("listitem").filter(has_text="brought from elsewhere")
    expect(row).to_contain_text("First", timeout=LONG_MS)
    expect(refusal).to_be_empty()
    row.get_by_role("button", name="Restore").click()
    form = row.get_by_label("Its passphrase")
    form.fill("another passphrase")
    row.get_by_role("button", name="Restore it and restart").click()
    expect(refusal).to_contain_text("that is not its passphrase", timeout=LONG_MS)
    assert "Second" in second.configuration
    form.fill(PASSPHRASE)
    row.get_by_role("button", name="Restore it and restart").click()
    # Whoever was logged in here is nobody there.
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=LONG_MS)
    assert "name: First" in second.configuration
    log_in(page)
    row = backups(page).get_by_role("listitem").filter(has_text="before a restore")
    expect(row).to_have_count(1)
