"""All printers on one screen, power, sensors, and cameras of those who come with a key."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from tests.browser.appliance import KEY, RunningAppliance
from tests.browser.conftest import PATIENT, press_twice, state_of, tab_at
from tests.browser.keyboard import PAINTED
from tests.browser.printing.conftest import Sent
from tests.browser.test_page import show
from tests.waiting import eventually_sync

MINI = "printers/mini/"
LONG = b"M140 S0\nG28\n" + b"".join(
    b";LAYER:%d\nG1 X%d Y60 Z%.1f E%d F60\n" % (n, 40 + n % 2, 0.2 + n / 50, n)
    for n in range(6000)
)
QUESTION = ("prompt_begin Is <b>it</b> clear?", "prompt_choice Yes", "prompt_show")

FIRST_LINKS = """window.firstLinks = new Set();
new MutationObserver(() => {
  const link = document.querySelector('nav[aria-label="Pages"] a');
  if (link) window.firstLinks.add(link.textContent.trim());
}).observe(document, {childList: true, subtree: true});"""


@pytest.fixture
def printing(appliance: RunningAppliance) -> Iterator[None]:
    """Let the second printer print, and leave all of them as they were."""
    appliance.upload("long.gcode", LONG)
    body = {"path": "long.gcode", "force": True}
    appliance.ask("POST", f"{MINI}api/gantry/print", body)
    eventually_sync(lambda: mini(appliance)["phase"] == "printing")
    yield

    def all_online() -> bool:
        found = appliance.ask("GET", "api/gantry/printers")["printers"]
        return all(each["link"] == "online" for each in found)

    for below in ("", MINI):
        if appliance.ask("GET", f"{below}api/gantry/printer")["link"] != "online":
            appliance.ask("POST", f"{below}printer/firmware_restart")
    eventually_sync(all_online)


def mini(appliance: RunningAppliance) -> dict[str, object]:
    found: dict[str, object] = appliance.ask("GET", f"{MINI}api/gantry/printer")
    return found


def test_no_page_moves_away_under_the_pointer_while_the_page_is_loaded(inside: Page) -> None:
    inside.add_init_script(PATIENT)
    inside.add_init_script(FIRST_LINKS)
    inside.reload()
    expect(inside.get_by_role("link", name="All printers")).to_be_visible()
    assert inside.evaluate("[...window.firstLinks]") == ["All printers"]


@pytest.mark.usefixtures("printing")
def test_each_printer_is_held_asked_and_stopped_from_one_screen(
    inside: Page, appliance: RunningAppliance
) -> None:
    show(inside, "All printers")
    tile = inside.get_by_role("article", name="Mini")
    other = inside.get_by_role("article", name="Ender 3")
    expect(tile.get_by_role("status").first).to_have_text("Printing")
    expect(tile).to_contain_text("long.gcode")
    expect(tile).to_contain_text("Hotend")
    expect(inside.get_by_text("Busy: 1 · Free: 1")).to_be_visible()
    tile.get_by_role("button", name="Pause: Mini").click()
    eventually_sync(lambda: mini(appliance)["phase"] == "paused")
    expect(inside.get_by_text("Waiting for you: 1 · Free: 1")).to_be_visible()
    commands = [f"M118 A1 action:{line}" for line in QUESTION]
    appliance.ask("POST", f"{MINI}api/printer/command", {"commands": commands})
    question = tile.get_by_role("group", name="Mini asks")
    expect(question).to_contain_text("Is <b>it</b> clear?")
    expect(inside.get_by_role("dialog")).to_have_count(0)  # of one printer among several
    question.get_by_role("button", name="Yes").click()
    eventually_sync(lambda: "M876 S0" in appliance.written(MINI))
    press_twice(tile.get_by_role("button", name="Cancel print: Mini"))
    eventually_sync(lambda: mini(appliance)["phase"] == "none")
    tile.get_by_role("button", name="Stop: Mini").click()
    expect(tile.get_by_role("status").first).to_have_text("Halted")
    expect(other.get_by_role("status").first).not_to_have_text("Halted")
    tile.get_by_role("button", name="Reset the printer: Mini").click()
    expect(tile.get_by_role("status").first).to_have_text("Cancelled")
    press_twice(inside.get_by_role("banner").get_by_role("button", name="Stop all"))
    for each in (tile, other):
        expect(each.get_by_role("status").first).to_have_text("Halted")
    eventually_sync(
        lambda: all("M112" in appliance.written(below) for below in ("", MINI)),
        "both are told to stop",
    )


def test_a_printer_opens_on_the_page_that_was_looked_at(inside: Page) -> None:
    show(inside, "Control")
    inside.get_by_label("Printer", exact=True).select_option("All printers")
    expect(inside.get_by_role("heading", level=1)).to_have_text("All printers")
    inside.get_by_role("link", name="Mini").click()
    inside.wait_for_url("**/printers/mini/#/control")
    expect(inside.get_by_label("Printer", exact=True)).to_have_value("mini")
    expect(inside.get_by_role("heading", level=1)).to_have_text("Control")


def test_power_is_switched_and_sensors_are_shown(
    inside: Page, appliance: RunningAppliance, sent: Sent
) -> None:
    card = inside.get_by_role("region", name="Power")
    card.get_by_role("button", name="Turn on: Plug").click()
    sent("M117 plug on")
    expect(card.get_by_role("status")).to_have_text("on")
    expect(card.get_by_role("button", name="Turn on: Plug")).to_have_count(0)
    appliance.ask("POST", "api/gantry/power/Plug", {"state": "off"})
    expect(card.get_by_role("status")).to_have_text("off")  # by somebody else
    sensors = inside.get_by_role("region", name="Sensors")
    expect(sensors.get_by_role("group", name="Enclosure")).to_contain_text("31.5 °C")
    expect(sensors).to_contain_text(re.compile(r"Unchanged for \d+ min"))


def test_an_answer_that_comes_late_switches_nothing_back(
    inside: Page, appliance: RunningAppliance
) -> None:
    late: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append((route, route.fetch()))

    def turn(state: str) -> None:
        appliance.ask("POST", "api/gantry/power/Plug", {"state": state})

    turn("off")
    status = inside.get_by_role("region", name="Power").get_by_role("status")
    expect(status).to_have_text("off")
    inside.route("**/api/gantry/power", hold)
    turn("on")
    eventually_sync(lambda: inside.evaluate("true") and late, "it is asked")
    with inside.expect_response("**/api/gantry/power"):
        turn("off")
    route, answer = late[0]
    with inside.expect_event("requestfinished", lambda each: each == route.request):
        route.fulfill(response=answer)
    inside.evaluate(PAINTED)
    expect(status).to_have_text("off")


def test_a_key_sees_the_camera_move(
    browser: Browser, appliance: RunningAppliance, complaints: list[str]
) -> None:
    with tab_at(browser, appliance.url, complaints) as tab:
        tab.get_by_role("button", name="Use an API key instead").click()
        tab.get_by_label("API key").fill(KEY)
        tab.get_by_role("button", name="Log in").click()
        expect(state_of(tab)).not_to_contain_text("No connection")
        picture = tab.get_by_role("img", name="Picture of Front <i>door</i>")
        expect(picture).to_have_attribute("src", re.compile(r"/stream\?token=[0-9a-f]{32}$"))
        eventually_sync(lambda: picture.evaluate("image => image.naturalWidth") > 0)
        assert KEY not in tab.content()
        show(tab, "Files")
        row = tab.get_by_role("listitem").filter(has_text="tile-slic3r")
        row.locator(".file-open").click()
        with tab.expect_download() as download:
            row.get_by_role("button", name="Download").click()
        assert download.value.suggested_filename == "tile-slic3r-1.3.0.gcode"
