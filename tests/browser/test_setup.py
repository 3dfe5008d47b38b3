"""From a code in the log to a finished print, through the page alone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.appliance import CHECKOUT, PASSWORD, RunningAppliance
from tests.browser.conftest import LONG_MS, running_in
from tests.browser.looking import Look

UNCLAIMED = """\
# A fresh appliance.
http:
  host: 127.0.0.1
  port: {port}
auth:
  first_run: claim   # whoever has the code
file_manager:
frontend:
"""
CUBE = b";TYPE:Skirt\nM140 S50\nM104 S200\nM190 S50\nM109 S200\nG28\n" + b"".join(
    b";LAYER:%d\nG1 X%d Y60 Z%.1f E%.2f F3000\n" % (i, 60 + i % 40, 0.2 + 0.2 * i, i)
    for i in range(40)
)


@contextmanager
def plugged_in(folder: Path) -> Iterator[str]:
    """A simulated printer at a port, as if it had been plugged in."""
    port = folder / "ttyACM7"
    process = subprocess.Popen(
        [
            sys.executable, "-m", "appliance.components.simulator.firmware",
            "--link", str(port), "--speed", "50", "--volume", "235,225,250",
            "--idle-exit", "300",
        ],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().startswith("ready")
    try:
        yield str(port)
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[RunningAppliance]:
    """An appliance that nobody owns and that knows of no printer."""
    with running_in(tmp_path, UNCLAIMED) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, fresh: RunningAppliance) -> Iterator[Page]:
    """Somebody with a phone."""
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, locale="en", reduced_motion="reduce",
        bypass_csp=True,  # axe is put into the page
    )  # fmt: skip
    context.set_default_timeout(LONG_MS)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(fresh.url)
    yield page
    context.close()
    assert not errors


def code_of(running: RunningAppliance) -> str:
    log = (running.directory / "logs" / "gantry.log").read_text()
    found = re.search(r"/claim with the code (\w+)", log)
    assert found is not None, log
    return found[1]


def reach(page: Page, title: str) -> None:
    """Wait for a step."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


class Step(Look):
    """Looks at each step as a person with a phone, and as one with a screen reader."""

    def __call__(self, name: str, full: bool = True) -> None:
        super().__call__(f"setup-{name}", full)
        self.page.set_viewport_size({"width": 320, "height": 640})


def test_a_fresh_appliance_is_claimed_set_up_and_prints(
    visitor: Page, fresh: RunningAppliance, tmp_path: Path
) -> None:
    page, look = visitor, Step(visitor)
    heading = page.get_by_role("heading", level=1)
    with plugged_in(tmp_path) as port:
        claim(look, fresh)
        find_printer(look, port)
        describe_machine(look)
        reach(page, "Is there a camera?")
        look("camera")
        page.get_by_role("button", name="Next").click()
        key = connect_slicer(look)

        reach(page, "This will be written")
        lines = page.get_by_role("region", name="Lines that change")
        expect(lines).to_contain_text("id: b-ender-b-3")
        expect(lines).to_contain_text("width: 235")
        look("review")
        before = fresh.configuration
        page.get_by_role("button", name="Write it and restart").click()

        expect(heading).to_contain_text("<b>Éndèr</b> 3", timeout=2 * LONG_MS)
        assert fresh.configuration.startswith(before.rstrip("\n"))
        assert fresh.ask("GET", "api/currentuser", key=key)["name"] == "admin"
        print_something(page, tmp_path)
    look.assert_good()


def claim(look: Step, running: RunningAppliance) -> None:
    """Become the administrator, by the keyboard alone and not at once."""
    page = look.page
    reach(page, "Make this Gantry yours")
    look("claim")
    page.get_by_label("Code").fill("WRONGWRO")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("That is not the code")
    page.get_by_label("Code").fill(code_of(running).lower())
    page.keyboard.press("Enter")


def find_printer(look: Step, port: str) -> None:
    """Ask the port who is there; nothing is lost by a reload."""
    page = look.page
    heading = page.get_by_role("heading", level=1)
    reach(page, "Which printer is yours?")
    expect(heading).to_be_focused()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.get_by_text("It is at another port").click()
    page.get_by_label("Port or address").fill(port)
    page.keyboard.press("Enter")
    found = page.get_by_role("radio", name="Sim Cartesian")
    expect(found).to_be_checked()
    found.scroll_into_view_if_needed()
    expect(found).to_be_in_viewport()
    look("printer")
    page.reload()
    expect(found).to_be_checked()
    page.get_by_role("button", name="Next").click()


def describe_machine(look: Step) -> None:
    """Find the size filled in, and give the printer a hostile name."""
    page = look.page
    reach(page, "How large is it?")
    expect(page.get_by_label("Width (X)")).to_have_value("235")
    expect(page.get_by_label("Depth (Y)")).to_have_value("225")
    page.get_by_label("Name of the printer").fill("<b>Éndèr</b> 3")
    look("machine")
    page.get_by_role("button", name="Next").click()


def connect_slicer(look: Step) -> str:
    """Make a key for a slicer and return it."""
    page = look.page
    reach(page, "Slicer and smart home")
    page.get_by_label("Program").select_option("prusa")
    page.get_by_role("button", name="Make a key").click()
    secret = page.locator("dd .secret")
    expect(secret).to_be_visible()
    expect(page.get_by_role("img", name="API key")).to_be_visible()
    look("connect")
    key = secret.inner_text()
    page.get_by_role("button", name="Next").click()
    return key


def print_something(page: Page, folder: Path) -> None:
    """Upload a file, print it, and see it finished."""
    file = folder / "cube.gcode"
    file.write_bytes(CUBE)
    navigation = page.get_by_role("navigation", name="Pages")
    navigation.get_by_role("link", name="Files").click()
    page.locator("input[type=file]").first.set_input_files(file)
    row = page.get_by_role("listitem").filter(has_text="cube.gcode")
    row.get_by_role("button", name="Print").first.click()
    navigation.get_by_role("link", name="Dashboard").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "cube.gcode is done", timeout=2 * LONG_MS
    )
