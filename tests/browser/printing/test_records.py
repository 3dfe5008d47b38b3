"""Files, the dialogue with the printer, and what was printed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.appliance import RunningAppliance
from tests.browser.conftest import Ear, press_twice, stand_still, state_of
from tests.browser.test_page import show
from tests.waiting import eventually_sync

Sent = Callable[[str], None]
# Names of files, folders and people as somebody would choose them who means no good.
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(2)>",
    "<script>alert(3)</script>",
    "'-alert(4)-'",
    '" autofocus onfocus=alert(5) x="',
    "javascript:alert(6)",
    "${alert(7)}",
    "{{constructor.constructor('alert(8)')()}}",
    "<a href=javascript:alert(9)>x",
    "&lt;img src=x onerror=alert(10)>",
    "<iframe srcdoc='<script>alert(11)</script>'>",
    "\u202egpj.edocg",
)
WIDE = b"M140 S0\nG28\nG1 X900 Y10 Z0.2 F3000\nG1 X910 E5\n"
SHORT = b"M140 S0\nG28\nG1 Z0.2 F600\nG1 X20 Y20 E1 F3000\n"
SEEN = """seen => {
  Object.defineProperty(document, "hidden", { value: !seen, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
DROP = """([target, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const zone = document.querySelector(target);
  for (const kind of ["dragover", "drop"]) {
    const about = { dataTransfer: data, bubbles: true, cancelable: true };
    zone.dispatchEvent(new DragEvent(kind, about));
  }
}"""


def test_a_list_that_comes_late_takes_nothing_back(inside: Page) -> None:
    late: list[Route] = []

    def hold(route: Route) -> None:
        if late:
            route.continue_()
        else:
            late.append(route)

    inside.clock.install()
    stand_still(inside)  # the first list waits for its findings, however long
    inside.route("**/api/gantry/lint/folder*", hold)
    show(inside, "Files")
    inside.get_by_role("button", name="New folder").click()
    inside.get_by_label("Name of the new folder").fill("kept")
    inside.get_by_role("button", name="Create").click()
    folder = inside.get_by_role("button", name="kept")
    expect(folder).to_be_visible()
    with inside.expect_response("**/api/gantry/lint/folder*"):
        late[0].continue_()
    inside.clock.resume()
    inside.get_by_label("Search").fill("nothing of this name")
    inside.get_by_label("Search").fill("")
    expect(folder).to_be_visible()


def test_files_are_dropped_checked_renamed_queued_and_sorted(
    inside: Page, appliance: RunningAppliance
) -> None:
    show(inside, "Files")
    inside.get_by_role("button", name="New folder").click()
    inside.get_by_label("Name of the new folder").fill("parts for Eve")
    inside.get_by_role("button", name="Create").click()
    inside.get_by_role("button", name="parts for Eve").click()
    expect(inside.get_by_text("Nothing here yet")).to_be_visible()
    inside.evaluate(DROP, [".files", "wide.gcode", WIDE.decode()])
    row = inside.get_by_role("listitem").filter(has_text="wide.gcode")
    finding = row.get_by_text(re.compile("Warning|Blocks printing"))
    expect(finding).to_be_visible()  # once the file is analysed
    row.get_by_role("button", name="wide.gcode").first.click()
    expect(row.get_by_role("list", name="Check")).to_contain_text("910")
    row.get_by_role("button", name="Add to queue").click()
    expect(row.get_by_role("status").filter(has_text="In the queue now: 1")).to_be_visible()
    row.get_by_role("button", name="Rename").click()
    row.get_by_label("New name, with its folder").fill("parts for Eve/broad.gcode")
    row.get_by_role("button", name="Save").click()
    expect(inside.get_by_role("listitem").filter(has_text="broad.gcode")).to_have_count(1)
    appliance.upload("parts for Eve/a.gcode", SHORT)
    names = inside.locator(".file-list strong")
    inside.get_by_label("Sort by").select_option("Name")
    expect(names).to_have_text(["a.gcode", "broad.gcode"])
    inside.get_by_role("button", name="Other way round").click()
    expect(names).to_have_text(["broad.gcode", "a.gcode"])
    queue = appliance.ask("GET", "server/job_queue/status")["result"]["queued_jobs"]
    appliance.ask("DELETE", f"server/job_queue/job?job_ids={queue[0]['job_id']}")


def test_hostile_names_are_text_wherever_they_stand(
    inside: Page, appliance: RunningAppliance
) -> None:
    alerts: list[str] = []

    def alerted(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    inside.on("dialog", alerted)
    for name in HOSTILE:
        appliance.upload(f"{name.replace('/', '_')}.gcode", SHORT)
    show(inside, "Files")
    rows = inside.locator(".file-open")
    expect(inside.locator(".file-list strong").filter(has_text="alert(")).not_to_have_count(0)
    for index in range(rows.count()):
        rows.nth(index).click()
        expect(rows.nth(index)).to_have_attribute("aria-expanded", "true")
    for name in HOSTILE[:3]:
        path = f"{name.replace('/', '_')}.gcode"
        inside.evaluate("path => { location.hash = `#/layers/${path}` }", path)
        expect(inside.get_by_role("heading", level=1)).to_have_text("Layers")
    inside.evaluate("location.hash = '#/<img src=x onerror=alert(12)>'")
    inside.evaluate("location.hash = '#/layers/%E0%A4%A'")
    expect(inside.get_by_text("The layers cannot be shown")).to_be_visible()
    assert not alerts
    assert inside.locator("img[src=x], iframe, #main script").count() == 0


def test_the_console_says_who_said_what_and_completes(
    inside: Page, appliance: RunningAppliance, sent: Sent
) -> None:
    show(inside, "Console")
    log = inside.get_by_role("log")
    command = inside.get_by_label("G-code command")
    command.press_sequentially("m11")
    options = inside.get_by_role("listbox", name="Commands")
    expect(options.get_by_role("option")).to_contain_text(
        ["M112", "M114", "M115", "M117", "M118", "M119"]
    )
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        inside.keyboard.press(key)
    expect(command).to_have_value("M115 ")
    expect(options).to_have_count(0)
    inside.keyboard.press("Enter")
    expect(log).to_contain_text("FIRMWARE_NAME")
    line = log.locator(".sent").filter(has_text="M115").last
    expect(line).to_contain_text("admin")
    expect(log).not_to_contain_text(" @:0")
    inside.get_by_label("Temperatures").check()
    expect(log).to_contain_text(re.compile(r"T:\d"))
    inside.get_by_label("Show only lines with").fill("FIRMWARE")
    expect(log).not_to_contain_text(" @:0")
    appliance.ask("POST", "api/printer/command", {"command": "M117 from elsewhere"})
    inside.get_by_label("Show only lines with").fill("elsewhere")
    expect(log.locator(".sent")).to_have_count(1)
    sent("M117 from elsewhere")


def test_nothing_is_asked_while_nobody_looks_and_clear_forgets(
    inside: Page, appliance: RunningAppliance
) -> None:
    ear = Ear(inside)
    inside.clock.install()
    inside.reload()
    expect(state_of(inside)).not_to_contain_text("No connection")
    for late in ("Power", "Sensors"):  # whose scripts are asked for when it is known of them
        expect(inside.get_by_role("region", name=late)).to_be_visible()
    appliance.ask("POST", "api/printer/command", {"command": "M117 before"})
    show(inside, "Console")
    log = inside.get_by_role("log")
    expect(log.get_by_text("M117 before").last).to_be_visible()
    asked: list[str] = []
    inside.on("request", lambda request: asked.append(request.url))
    stand_still(inside)
    ear.something_more()
    inside.clock.run_for(3000)
    eventually_sync(lambda: inside.evaluate("1") and asked, "it asks while it is seen")
    with inside.expect_event("requestfailed", lambda request: "stream" in request.url):
        inside.evaluate(SEEN, False)
    asked.clear()
    appliance.ask("POST", "api/printer/command", {"command": "M117 unseen"})
    for _ in range(8):  # seconds, in each of which the server says something and may answer
        ear.something_more()
        inside.clock.run_for(1000)
        inside.evaluate("fetch('api/version')")  # whatever was asked before is told by now
    assert {urlsplit(url).path for url in asked} == {"/api/version"}
    expect(log.get_by_text("M117 unseen")).to_have_count(0)
    inside.clock.resume()
    inside.evaluate(SEEN, True)
    expect(log.get_by_text("M117 unseen")).to_be_visible()
    inside.get_by_role("button", name="Clear").click()
    expect(log.locator(".line")).to_have_count(0)
    appliance.ask("POST", "api/printer/command", {"command": "M117 afterwards"})
    expect(log.get_by_text("M117 afterwards")).to_be_visible()
    expect(log.get_by_text("M117 unseen")).to_have_count(0)


@pytest.mark.usefixtures("idle")
def test_what_was_printed_is_remembered_printed_again_and_forgotten(
    inside: Page, appliance: RunningAppliance
) -> None:
    appliance.upload("clip.gcode", SHORT)
    appliance.ask("POST", "api/gantry/print", {"path": "clip.gcode", "force": True})
    show(inside, "History")
    rows = inside.get_by_role("listitem").filter(has_text="clip.gcode")
    expect(rows.filter(has_text="Done")).to_have_count(1)
    inside.get_by_role("button", name="Print again: clip.gcode").click()
    expect(inside).to_have_url(re.compile("#/dashboard$"))
    expect(inside.get_by_role("heading", level=1)).to_contain_text("clip.gcode is done")
    show(inside, "History")
    expect(rows.filter(has_text="Done")).to_have_count(2)  # or it is still printed
    inside.get_by_label("Result").select_option("Failed")
    expect(rows).to_have_count(0)
    inside.get_by_label("Result").select_option("All results")
    press_twice(rows.first.get_by_role("button", name="Remove clip.gcode"))
    expect(rows).to_have_count(1)

    def kept() -> list[str]:
        jobs = appliance.ask("GET", "server/history/list")["result"]["jobs"]
        return [job["filename"] for job in jobs]

    eventually_sync(lambda: kept().count("clip.gcode") == 1, "one of two is removed")


def test_plain_http_says_why_the_page_is_not_installed(
    inside: Page, appliance: RunningAppliance
) -> None:
    manifest = inside.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then(r => r.json())"
    )
    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        assert inside.request.get(f"{appliance.url}/page/{icon['src']}").ok
    # This machine itself counts as safe; anybody else's browser does not.
    inside.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    show(inside, "Settings")
    expect(
        inside.get_by_text("Browsers install only pages that come by https")
    ).to_be_visible()


def test_the_console_holds_ten_thousand_lines_and_lets_one_read(inside: Page) -> None:
    hostile = "<img src=x onerror=alert(1)> &amp; \u202e"
    lines = [
        {"number": n, "time": n, "direction": "received", "text": f"echo:{n}", "origin": ""}
        for n in range(12_000)
    ]
    lines += [
        {"number": 12_000, "time": 1, "direction": "sent", "text": hostile, "origin": "job"},
        {"number": 12_001, "time": 1, "direction": "sent", "text": "M300", "origin": "<b>eve"},
    ]
    asked: list[str] = []

    def stream(route: Route) -> None:
        asked.append(route.request.url.partition("after=")[2])
        batch = {"last": 12_001, "lines": lines if asked == ["-1"] else []}
        body = f":\n\ndata: {json.dumps(batch)}\n\n"
        route.fulfill(body=body, content_type="text/event-stream")

    inside.route("**/api/gantry/console/stream?*", stream)
    inside.evaluate("location.hash = '#/console'")
    log = inside.get_by_role("log")
    # The oldest blocks are gone.
    expect(log.locator(".line")).to_have_count(9_901)
    inside.get_by_label("Print lines").check()
    expect(log.locator(".line")).to_have_count(9_902)
    expect(log.get_by_text(hostile)).to_be_visible()
    expect(log.get_by_text("<b>eve")).to_be_visible()
    # Whoever scrolls back is left there, and told the way to the newest.
    log.evaluate("each => each.scrollTo(0, 0)")
    inside.get_by_role("button", name="To the newest line").click()
    expect(log.get_by_text("M300")).to_be_in_viewport()
    inside.get_by_label("Show only lines with").fill("echo:1199")
    expect(log.locator(".line")).to_have_count(10)
    inside.context.grant_permissions(["clipboard-read", "clipboard-write"])
    inside.get_by_role("button", name="Copy", exact=True).click()
    expect(inside.get_by_text("10 lines copied.")).to_be_visible()
    copied = inside.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied[0].endswith("< echo:11990")
    # The stream ended: it goes on where it was.
    # Asking the page something lets its own question be heard here.
    eventually_sync(
        lambda: inside.evaluate("1") and "12001" in asked, "it is asked for what comes next"
    )
