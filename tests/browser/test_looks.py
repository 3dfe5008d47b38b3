"""Every screen with something on it: both themes, three widths, nothing in anybody's way.

Leaves the pictures in artifacts/ for a person to look at.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.appliance import CHECKOUT, RunningAppliance
from tests.browser.conftest import LONG_MS, PATIENT, log_in, running_in, tab_at
from tests.browser.keyboard import PAINTED
from tests.browser.looking import Look
from tests.browser.printing.camera import camera
from tests.waiting import eventually_sync

CONFIGURATION = """\
appliance:
  name: Workshop   # shown as the title
http:
  host: 127.0.0.1
  port: {{port}}
auth:
  admin: {{user}}
  password: {{password}}
  api_key: {{key}}
file_manager:
frontend:
power:
  - name: Printer supply
    type: gcode
    printer: ender3
    turn_on: M117 on
    turn_off: M117 off
  - name: Enclosure light
    type: gcode
    printer: ender3
    locked_while_printing: false
    turn_on: M117 light
    turn_off: M117 dark
sensor:
  enclosure:
    name: Enclosure
    type: host
    every: 1
    values:
      temperature: {{{{file: {measured}, unit: °C}}}}
      humidity: {{{{file: {measured}, unit: "%"}}}}
webcam:
  - name: Front
    stream: "{camera}/stream"
    snapshot: "{camera}/snapshot"
    aspect_ratio: "1:1"
macro:
  LOAD_FILAMENT:
    title: Load filament
    parameters: {{{{LENGTH: 50, SPEED: {{{{description: mm/s, default: 5}}}}}}}}
    gcode: M117 loading
  PARK: M117 parked
  CLEAN_NOZZLE: M117 clean
printer:
  - {{{{id: ender3, name: Ender 3, platform: simulator, speed: 20}}}}
  - {{{{id: mini, name: Mini in the basement, platform: simulator, speed: 20}}}}
"""
SAMPLES = CHECKOUT / "tests" / "data" / "gcode"
ICON = CHECKOUT / "components" / "frontend" / "src" / "icon-192.png"
BROKEN = "\nmqtt:\n  brocker: localhost\n  port: many\n"
THERE = ["tile-slic3r-1.3.0.gcode", "tile-prusaslicer-2.5.0.gcode"]
QUESTION = ("prompt_begin Is the bed clear?", "prompt_choice Yes", "prompt_choice No")
# How much of a window has moved, and how far, as a share of it: 0.1 is good, it is said.
MOVED = 0.05
OBSERVE = """
window.moved = [];
new PerformanceObserver((list) => window.moved.push(...list.getEntries().map((each) => [
  each.value,
  each.sources.map(({ node }) => (node?.closest ? node : node?.parentElement)?.className),
]))).observe({ type: "layout-shift", buffered: true });
"""
SLOW = {"offline": False, "latency": 100, "downloadThroughput": -1, "uploadThroughput": -1}
LATE = {
    "dashboard": [
        "live-camera img",
        "power-card h2",
        "sensor-card h2",
        "temperature-chart canvas",
    ],
    "control": ["macro-card h2", "power-card h2", "temperature-chart canvas"],
    "printers": ["still-camera img"],
    "files": [".file .badge"],
}
FIRST_PAGE = ["files", "console", "mesh", "history", "health", "people", "upkeep", "more"]


def plates() -> bytes:
    """Two objects on a bed, with a picture, as a slicer writes them; lasts for minutes."""
    image = base64.b64encode(ICON.read_bytes()).decode()
    rows = "\n".join(f"; {image[at : at + 78]}" for at in range(0, len(image), 78))
    lines = [
        f"; thumbnail begin 192x192 {len(image)}\n{rows}\n; thumbnail end",
        "M140 S0\nG28",
    ]
    filament = 0.0
    for layer in range(150):
        lines.append(f";LAYER:{layer}\nG1 Z{0.2 + layer * 0.2:.1f} F600")
        for name, middle in (("bracket left", 70), ("bracket right", 150)):
            lines.append(f"; printing object {name}\n;TYPE:WALL-OUTER")
            lines.append(f"G0 X{middle + 30} Y110 F6000")
            for turn in range(1, 37):
                angle = math.radians(turn * 10 + layer)
                wide = 30 + 3 * math.sin(angle * 6)
                x, y = middle + wide * math.cos(angle), 110 + wide * math.sin(angle)
                filament += 0.2
                lines.append(f"G1 X{x:.2f} Y{y:.2f} E{filament:.2f} F300")
            lines.append(f"; stop printing object {name}")
    return "\n".join(lines).encode()


@pytest.fixture(scope="module")
def appliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAppliance]:
    """A workshop in which things have happened."""
    with camera() as address:
        measured = tmp_path_factory.mktemp("sensor") / "measured"
        measured.write_text("31.5")
        configuration = CONFIGURATION.format(camera=address, measured=measured)
        with running_in(tmp_path_factory.mktemp("looks"), configuration) as running:
            fill(running)
            yield running


def fill(running: RunningAppliance) -> None:
    """Let files, folders, finished prints, a queue and a measured bed be there."""
    for file in SAMPLES.glob("*.gcode"):
        running.upload(file.name, file.read_bytes())
    running.upload("brackets-for-the-shelf.gcode", plates())
    running.upload("Spare parts/too-wide.gcode", b"G28\nG1 X900 Y10 Z0.2 F3000\nG1 X910 E5\n")
    running.upload("too-wide-for-this-bed.gcode", b"G28\nG1 X900 Y10 Z0.2 F3000\nG1 X910 E5\n")
    running.upload("clip.gcode", b"G28\nG1 Z0.2 F600\nG1 X20 Y20 E1 F3000\n")
    running.ask("POST", "api/gantry/print", {"path": "clip.gcode", "force": True})
    running.until("phase", "none")
    script = {"script": "G28\nG29"}
    running.ask("POST", "printer/gcode/script", script)
    queued = {"filenames": ["clip.gcode", "brackets-for-the-shelf.gcode"]}
    running.ask("POST", "server/job_queue/job", queued)
    eventually_sync(
        lambda: running.objects("bed_mesh")["bed_mesh"]["probed_matrix"] != [[]],
        "the bed is measured",
    )


def go(page: Page, name: str) -> None:
    page.evaluate("name => { location.hash = `#/${name}` }", name)
    link = page.locator(f"nav a[href='#/{name}']")
    expect(link).to_have_attribute("aria-current", "page")
    expect(page.locator("#main")).to_be_focused()
    expect(page.locator("#main [aria-busy]")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_every_screen_is_free_of_barriers_and_fits(
    browser: Browser, appliance: RunningAppliance
) -> None:
    context = browser.new_context(locale="en", reduced_motion="reduce", bypass_csp=True)
    context.set_default_timeout(LONG_MS)
    page = context.new_page()
    look = Look(page)
    page.goto(appliance.url)
    page.get_by_label("User").wait_for()
    look("login")
    log_in(page)
    look("dashboard")
    for name in FIRST_PAGE:
        go(page, name)
        look(name)
    files(page, look)
    configuration(page, look)
    printing(page, look, appliance)
    german(page, look)
    appliance.rest()
    context.close()
    look.assert_good()


def files(page: Page, look: Look) -> None:
    """Look into a file, at a selection, and at the dialogs about them."""
    go(page, "files")
    page.get_by_role("button", name="too-wide-for-this-bed.gcode").first.click()
    expect(page.get_by_role("list", name="Check")).to_contain_text("910")
    page.get_by_label("Select brackets-for-the-shelf.gcode").check()
    page.get_by_label("Select clip.gcode").check()
    look("files-selection")
    selection = page.get_by_role("group", name="2 selected")
    selection.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look("files-delete")
    page.keyboard.press("Escape")
    page.locator("input[multiple]").set_input_files([SAMPLES / name for name in THERE])
    expect(page.get_by_role("dialog", name=f"{THERE[0]} is there already")).to_be_visible()
    look("files-there")
    page.get_by_label("The same for all others").check()
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def configuration(page: Page, look: Look) -> None:
    """Look at an error in configuration.yaml, and at a change before it is made."""
    go(page, "configuration")
    editor = page.get_by_label("Text of configuration.yaml")
    editor.click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.insert_text(BROKEN)
    expect(page.get_by_text(re.compile("brocker")).last).to_be_visible()
    page.get_by_role("button", name=re.compile("^Line")).first.wait_for()
    look("configuration-error")
    page.keyboard.press("ControlOrMeta+Z")
    editor.click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.insert_text("\nmqtt:\n  broker: localhost\n  password: typed-just-now\n")
    expect(page.get_by_text("The configuration is valid.")).to_be_visible()
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_role("region", name="Lines that change")).to_have_count(2)
    look("configuration-diff")


def printing(page: Page, look: Look, appliance: RunningAppliance) -> None:
    """Look at everything that is another while something is printed."""
    go(page, "control")
    page.get_by_role("button", name="Load filament").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look("control-macro")
    page.keyboard.press("Escape")
    look("control", full=True)
    body = {"path": "brackets-for-the-shelf.gcode", "force": True}
    appliance.ask("POST", "api/gantry/print", body)
    appliance.until("phase", "printing")
    go(page, "dashboard")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Printing")
    look("dashboard-printing", full=True)
    go(page, "control")
    objects = page.get_by_role("region", name="Objects of this print")
    expect(objects.get_by_role("listitem")).to_have_count(2)
    look("control-printing", full=True)
    go(page, "layers")
    layer = page.get_by_label("Layer", exact=True)
    eventually_sync(lambda: int(layer.input_value()) > 0, "the picture follows the print")
    look("layers", full=True)
    go(page, "printers")
    expect(page.get_by_role("article")).to_have_count(2)
    look("printers")
    go(page, "dashboard")
    commands = [f"M118 A1 action:{line}" for line in (*QUESTION, "prompt_show")]
    appliance.ask("POST", "api/printer/command", {"commands": commands})
    expect(page.get_by_role("dialog")).to_be_visible()
    look("dashboard-asks")
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()
    # It gives the focus back when it closes, which is not at once.
    expect(page.get_by_role("dialog")).to_have_count(0)


def german(page: Page, look: Look) -> None:
    """German words are longer, and fit on a phone all the same."""
    go(page, "more")
    page.get_by_label("Language").select_option("Deutsch")
    expect(page.get_by_role("heading", level=1)).to_have_text("Einstellungen")
    for name in (*FIRST_PAGE, "configuration", "dashboard", "control", "layers", "printers"):
        go(page, name)
        look.fits(f"{name} in German")


@pytest.mark.parametrize(("width", "height"), [(320, 640), (900, 600)])
def test_nothing_moves_when_more_arrives(
    browser: Browser, appliance: RunningAppliance, width: int, height: int
) -> None:
    size = {"width": width, "height": height}
    with tab_at(browser, appliance.url, [], viewport=size) as page:
        log_in(page)
        here = page.context
        wrong = []
        for name in ("dashboard", "control", "history", "printers", "files", "people"):
            tab = here.new_page()
            tab.add_init_script(OBSERVE)
            tab.add_init_script(PATIENT)
            slow = here.new_cdp_session(tab)
            slow.send("Network.emulateNetworkConditions", SLOW)
            tab.goto(f"{appliance.url}/#/{name}")
            expect(tab.get_by_role("heading", level=1)).to_be_visible()
            expect(tab.locator("#main [aria-busy=true]")).to_have_count(0)
            for late in LATE.get(name, ()):
                expect(tab.locator(late).first).to_be_visible()
            tab.evaluate(PAINTED)
            moved = tab.evaluate("window.moved")
            if sum(share for share, _ in moved) > MOVED:
                wrong.append(f"{name}: {moved}")
            tab.close()
    assert not wrong, "\n".join(wrong)
