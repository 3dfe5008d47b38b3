"""Gantry's own page in a browser: what people press reaches the printer."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.appliance import KEY, PASSWORD, RunningAppliance
from tests.browser.conftest import (
    choose,
    log_in,
    press_twice,
    running_in,
    stand_still,
)
from tests.waiting import eventually_sync

HOSTILE = "<img src=x onerror=alert(1)>.gcode"
LAYERS = 400
BRACKET = b"M140 S50\nM104 S200\nG28\n" + b"".join(
    b";LAYER:%d\nG1 X%d Y%d Z%.1f E%.2f F1200\nG1 X150 Y40 F1200\n"
    % (i, 40 + i % 60, 60 + i % 50, 0.2 + 0.2 * i, i)
    for i in range(LAYERS)
)


def show(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()


def sent(appliance: RunningAppliance, line: str, times: int = 1) -> None:
    eventually_sync(
        lambda: appliance.sent().count(line) >= times, f"{line} reaches the printer"
    )


@pytest.fixture
def idle(appliance: RunningAppliance) -> None:
    """Let every test find a printer that is ready."""
    if appliance.printer()["link"] != "online":
        appliance.ask("POST", "printer/firmware_restart")
        appliance.until("link", "online")
    appliance.rest()


def start_print(appliance: RunningAppliance) -> None:
    appliance.upload("bracket.gcode", BRACKET)
    body = {"path": "bracket.gcode", "force": True}
    appliance.ask("POST", "api/gantry/print", body)
    appliance.until("phase", "printing")


def test_nobody_sees_anything_before_they_log_in(page: Page) -> None:
    page.get_by_label("User").fill("admin")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_role("navigation")).to_have_count(0)


def test_an_api_key_opens_the_page_too(page: Page) -> None:
    page.get_by_role("button", name="Use an API key instead").click()
    page.get_by_label("API key").fill(KEY)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ender 3")


@pytest.mark.usefixtures("idle")
def test_one_sentence_says_how_the_printer_is(inside: Page) -> None:
    expect(inside.get_by_role("heading", level=1)).to_be_visible()
    expect(
        inside.get_by_text("Ready").or_(inside.get_by_text("Cancelled")).first
    ).to_be_visible()
    expect(inside.get_by_text(re.compile(r"2\d\.\d °C")).first).to_be_visible()


def test_what_is_not_configured_is_not_loaded(inside: Page) -> None:
    expect(inside.locator("temperature-chart canvas")).to_be_visible()
    loaded = inside.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    assert any("temperature-chart" in each for each in loaded)
    assert not [each for each in loaded if re.search(r"/(power|sensors)-", each)]


@pytest.mark.usefixtures("idle")
def test_a_print_is_paused_resumed_and_cancelled_by_holding(
    inside: Page, appliance: RunningAppliance
) -> None:
    start_print(appliance)
    heading = inside.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Printing bracket.gcode")
    expect(inside.get_by_role("progressbar")).to_be_visible()
    inside.get_by_role("button", name="Pause").click()
    expect(heading).to_contain_text("bracket.gcode is paused")
    inside.get_by_role("button", name="Resume").click()
    expect(heading).to_contain_text("Printing bracket.gcode")
    cancel = inside.get_by_role("button", name="Cancel print")
    inside.clock.install()
    stand_still(inside)  # for how long it is pressed is not up to the machine
    cancel.click()  # a short press does nothing
    inside.clock.resume()
    assert appliance.printer()["phase"] == "printing"
    cancel.hover()
    inside.mouse.down()
    appliance.until("phase", "cancelling", "none")
    inside.mouse.up()
    expect(heading).to_contain_text("bracket.gcode was cancelled")


@pytest.mark.usefixtures("idle")
def test_a_print_is_cancelled_by_keyboard_with_two_presses(
    inside: Page, appliance: RunningAppliance
) -> None:
    start_print(appliance)
    cancel = inside.get_by_role("button", name="Cancel print")
    cancel.focus()
    inside.keyboard.press("Enter")
    expect(inside.get_by_text("Press again to confirm").last).to_be_attached()
    assert appliance.printer()["phase"] == "printing"
    inside.keyboard.press("Enter")
    appliance.until("phase", "cancelling", "none")


@pytest.mark.usefixtures("idle")
def test_the_stop_button_halts_the_printer_from_every_page(
    inside: Page, appliance: RunningAppliance
) -> None:
    show(inside, "Health")
    inside.get_by_role("button", name="Stop").click()
    appliance.until("link", "halted")
    show(inside, "Dashboard")
    expect(inside.get_by_role("heading", level=1)).to_contain_text("needs a reset")
    inside.get_by_role("button", name="Reset the printer").click()
    appliance.until("link", "online")


@pytest.mark.usefixtures("idle")
def test_targets_reach_the_firmware(inside: Page, appliance: RunningAppliance) -> None:
    inside.get_by_label("Target of Bed in degrees").fill("47")
    inside.get_by_role("button", name="Set target of Bed").click()
    sent(appliance, "M140 S47")
    inside.get_by_role("button", name="All off").click()
    sent(appliance, "M140 S0")


@pytest.mark.usefixtures("idle")
def test_moves_homing_fan_and_tuning_reach_the_firmware(
    inside: Page, appliance: RunningAppliance
) -> None:
    show(inside, "Control")
    inside.get_by_role("button", name="Home all").click()
    eventually_sync(lambda: any(line.startswith("G28") for line in appliance.sent()))
    choose(inside.get_by_label("1 mm", exact=True))
    inside.get_by_role("button", name="Move X by 1.0 mm").click()
    eventually_sync(lambda: any(re.match(r"G[01] X1\b", line) for line in appliance.sent()))
    panel = inside.get_by_role("group", name="Move")
    panel.focus()
    inside.keyboard.press("PageUp")
    eventually_sync(lambda: any(re.match(r"G[01] Z1\b", line) for line in appliance.sent()))
    inside.get_by_label("Part fan").fill("100")
    sent(appliance, "M106 S255")
    inside.get_by_label("Speed").fill("120")
    sent(appliance, "M220 S120")
    inside.get_by_role("button", name="Closer by 0.05 mm").click()
    sent(appliance, "M290 Z-0.05")


@pytest.mark.usefixtures("idle")
def test_the_console_sends_and_shows_answers(
    inside: Page, appliance: RunningAppliance
) -> None:
    show(inside, "Console")
    command = inside.get_by_label("G-code command")
    command.fill("M115")
    inside.keyboard.press("Enter")
    expect(inside.get_by_role("log")).to_contain_text("FIRMWARE_NAME")
    inside.keyboard.press("ArrowUp")
    expect(command).to_have_value("M115")


@pytest.mark.usefixtures("idle")
def test_a_file_is_uploaded_checked_printed_and_deleted(
    inside: Page, appliance: RunningAppliance, tmp_path: Path
) -> None:
    file = tmp_path / "clip.gcode"
    file.write_bytes(BRACKET)
    show(inside, "Files")
    inside.locator("input[type=file]").first.set_input_files(file)
    row = inside.get_by_role("listitem").filter(has_text="clip.gcode")
    row.get_by_role("button", name="clip.gcode").first.click()
    expect(
        row.get_by_text(re.compile("Nothing to worry|Warning|Blocks|Note")).first
    ).to_be_visible()
    row.get_by_role("button", name="Delete").click()
    asked = inside.get_by_role("dialog", name="Delete clip.gcode?")
    asked.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


def test_hostile_names_are_text(inside: Page, appliance: RunningAppliance) -> None:
    alerts: list[str] = []

    def alerted(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    inside.on("dialog", alerted)
    appliance.upload(HOSTILE, BRACKET)
    show(inside, "Files")
    inside.get_by_label("Search").fill("onerror")
    expect(inside.get_by_role("listitem").filter(has_text="onerror")).to_have_count(1)
    assert not alerts
    assert inside.locator("img[src=x]").count() == 0


def test_the_page_comes_back_after_a_restart_of_the_server(page: Page, tmp_path: Path) -> None:
    with running_in(tmp_path) as appliance:
        page.goto(appliance.url)
        log_in(page)
        appliance.stop()
        lost = page.get_by_text("The connection to Gantry is lost")
        expect(lost).to_be_visible()
        appliance.start()
        expect(lost).to_have_count(0)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Ender 3")


def test_german_is_spoken(inside: Page) -> None:
    show(inside, "Settings")
    inside.get_by_label("Language").select_option("de")
    expect(inside.get_by_role("link", name="Übersicht")).to_be_visible()
    assert inside.evaluate("document.documentElement.lang") == "de"


def test_a_key_is_made_shown_once_and_revoked(
    inside: Page, appliance: RunningAppliance
) -> None:
    show(inside, "People and keys")
    inside.get_by_text("A key for something else").click()
    inside.get_by_label("What is it for?").fill("OrcaSlicer")
    inside.get_by_role("button", name="Create key").click()
    secret = inside.locator(".secret")
    expect(secret).to_be_visible()
    assert appliance.ask("GET", "api/currentuser", key=secret.inner_text())["name"] == "admin"
    expect(inside.get_by_role("heading", name="Connect your slicer")).to_be_visible()
    expect(inside.get_by_text(appliance.url, exact=True)).to_be_visible()
    row = (
        inside.get_by_role("listitem")
        .filter(has_text="of admin")
        .filter(has_text="OrcaSlicer")
    )
    expect(row).to_contain_text("see everything, upload files, print", ignore_case=True)
    press_twice(row.get_by_role("button", name="Revoke OrcaSlicer"))
    expect(row).to_have_count(0)


@contextmanager
def asking(appliance: RunningAppliance, app: str) -> Iterator[None]:
    """Let an application ask again and again: one that is silent for 5 s is forgotten."""
    path = "plugin/appkeys/request"
    token = appliance.ask("POST", path, {"app": app}, key=None)["app_token"]
    over = threading.Event()

    def ask_again() -> None:
        while "api_key" not in appliance.ask("GET", f"{path}/{token}", key=None):
            if over.wait(1.0):
                return

    asks = threading.Thread(target=ask_again)
    asks.start()
    try:
        yield
    finally:
        over.set()
        asks.join()


def test_an_app_that_asks_is_let_in(inside: Page, appliance: RunningAppliance) -> None:
    with asking(appliance, "Printoid <b>"):
        show(inside, "People and keys")
        inside.get_by_role("button", name="Allow Printoid <b>").click()
        expect(inside.get_by_role("listitem").filter(has_text="Printoid <b>")).to_contain_text(
            "Never used"
        )


def test_a_person_is_added_and_removed(inside: Page) -> None:
    show(inside, "People and keys")
    inside.get_by_text("New person").click()
    inside.get_by_label("Name", exact=True).fill("maria")
    inside.get_by_label("Password", exact=True).fill("a long enough password")
    inside.get_by_role("button", name="Add person").click()
    row = inside.get_by_role("listitem").filter(has_text="maria")
    row.get_by_text("Change maria").click()
    row.get_by_role("button", name="Lock out").click()
    expect(row).to_contain_text("Locked")
    row.get_by_label("New password").fill("another long password")
    row.get_by_role("button", name="Set the password").click()
    expect(row.get_by_role("status").first).to_contain_text("The password is set.")
    press_twice(row.get_by_role("button", name="Remove maria"))
    expect(row).to_have_count(0)


def test_the_configuration_is_checked_planned_and_saved(
    inside: Page, appliance: RunningAppliance
) -> None:
    show(inside, "Configuration")
    editor = inside.get_by_label("Text of configuration.yaml")
    expect(editor).to_contain_text("platform: simulator")
    expect(editor).not_to_contain_text(PASSWORD)
    lines = len(appliance.configuration.splitlines())
    editor.click()
    inside.keyboard.press("ControlOrMeta+End")
    inside.keyboard.insert_text("zeroconff:\n")
    problem = inside.get_by_role("button", name=f"Line {lines + 1}: there is no component")
    expect(problem).to_be_visible()
    expect(inside.get_by_role("button", name="Review changes")).to_be_disabled()
    for _ in range(2):
        inside.keyboard.press("ControlOrMeta+z")
    inside.keyboard.press("ControlOrMeta+End")
    if "zeroconff" in editor.inner_text():
        inside.keyboard.press("Shift+ArrowUp")
        inside.keyboard.press("Delete")
    inside.keyboard.insert_text("audit:\n")
    expect(inside.get_by_text("The configuration is valid.")).to_be_visible()
    inside.get_by_role("button", name="Review changes").click()
    expect(inside.get_by_role("region", name="Lines that change")).to_contain_text("+audit:")
    slow: list[Route] = []

    def hold(route: Route) -> None:
        slow.append(route)

    inside.route("**/api/gantry/configuration/versions", hold)
    inside.get_by_role("button", name="Save", exact=True).click()
    eventually_sync(lambda: appliance.configuration.endswith("audit:\n"), "it is saved")
    editor.click()  # whoever goes on writing is not disturbed by what comes afterwards
    inside.keyboard.press("ControlOrMeta+End")
    inside.keyboard.insert_text("# begun")
    eventually_sync(lambda: inside.evaluate("1") and slow, "it asks for the versions")
    slow[0].continue_()
    expect(inside.get_by_role("button", name="Look at the version of")).not_to_have_count(0)
    inside.keyboard.insert_text(" and ended")
    expect(editor).to_contain_text("# begun and ended")
    assert PASSWORD in appliance.configuration
    assert "# shown as the title" in appliance.configuration


@pytest.mark.usefixtures("idle")
def test_a_question_of_the_printer_is_a_dialog(
    inside: Page, appliance: RunningAppliance
) -> None:
    show(inside, "Console")
    question = inside.get_by_role("dialog", name="The printer asks")
    for times in (1, 2):
        inside.get_by_label("G-code command").fill("M0 Take <b>the part</b> off")
        inside.keyboard.press("Enter")
        expect(question).to_contain_text("Take <b>the part</b> off")
        question.get_by_role("button").first.click()
        expect(question).to_have_count(0)
        sent(appliance, "M876 S0", times)


def test_a_reader_sees_no_controls(page: Page, appliance: RunningAppliance) -> None:
    secret = appliance.ask("POST", "api/gantry/keys", {"label": "tv", "scopes": ["read"]})[
        "key"
    ]
    page.get_by_role("button", name="Use an API key instead").click()
    page.get_by_label("API key").fill(secret)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Files")).to_be_visible()
    for name in ("Control", "Configuration"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
