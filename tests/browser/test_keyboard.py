"""The whole set-up and a first print without a pointer, as a screen reader tells it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FileChooser, expect

from tests.browser.appliance import PASSWORD, RunningAppliance
from tests.browser.conftest import LONG_MS, running_in, state_of
from tests.browser.keyboard import LISTEN, Keyboard
from tests.browser.printing.camera import camera
from tests.browser.test_setup import CUBE, UNCLAIMED, code_of, plugged_in
from tests.waiting import eventually_sync

SECRET = "of-the-broker-only"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[RunningAppliance]:
    """An appliance that nobody owns and that knows of no printer."""
    with running_in(tmp_path, UNCLAIMED) as running:
        yield running


@pytest.fixture
def keys(browser: Browser, fresh: RunningAppliance) -> Iterator[Keyboard]:
    """Somebody at a keyboard, who opens the address that the report on the card names."""
    context = browser.new_context(
        viewport={"width": 900, "height": 600}, locale="en", reduced_motion="reduce"
    )
    context.set_default_timeout(LONG_MS)
    context.add_init_script(LISTEN)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{fresh.url}/claim")
    yield Keyboard(page, problems)
    context.close()
    assert not problems, "\n".join(problems)


def test_the_set_up_and_a_print_by_keyboard_alone(
    keys: Keyboard, fresh: RunningAppliance, tmp_path: Path
) -> None:
    with plugged_in(tmp_path) as port, camera() as address:
        claim(keys, fresh)
        find_printer(keys, port)
        keys.starts_at("How large is it?")
        keys.hears("Step 3 of 6: Size")
        keys.fill("Name of the printer", "Éndèr 3")
        keys.to("Heated chamber|chamber is heated")
        keys.press("Space")
        keys.do("^Next$")
        see_camera(keys, address)
        connect(keys)
        write(keys)
        print_something(keys, tmp_path)
    written = fresh.configuration
    assert "heated_chamber: true" in written
    assert f'stream: "{address}/stream"' in written
    assert "password: !secret mqtt_password" in written
    assert SECRET not in written
    assert (fresh.directory / "secrets.yaml").read_text() == f"mqtt_password: {SECRET}\n"


def claim(keys: Keyboard, running: RunningAppliance) -> None:
    keys.starts_at("Make this Gantry yours")
    keys.hears("Step 1 of 6: Owner")
    keys.fill("Code", "WRONGWRO")
    keys.fill("^Password$", PASSWORD)
    keys.press("Enter")
    keys.hears("That is not the code. It is another one after each start")
    # The wrong code is marked, to be written over.
    keys.page.keyboard.type(code_of(running))
    keys.to("Show the password")
    keys.press("Space")
    expect(keys.page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    keys.do("^Next$")


def find_printer(keys: Keyboard, port: str) -> None:
    keys.starts_at("Which printer is yours?")
    keys.hears("Step 2 of 6: Printer")
    keys.do("It is at another port")
    keys.fill("Port or address", port)
    keys.do("^Ask$", "Space")
    keys.hears(f"Asking {port}")
    keys.hears(f"Sim Cartesian answers at {port}")
    keys.choose("Sim Cartesian")
    keys.do("^Next$")


def see_camera(keys: Keyboard, address: str) -> None:
    """Nothing of cameras is configured, and yet the picture is seen."""
    keys.starts_at("Is there a camera?")
    keys.choose("A camera with an address")
    keys.fill("Address of the stream", f"{address}/stream")
    keys.fill("Address of a single picture", "http://127.0.0.1:9/nobody")
    keys.do("Show me the picture")
    keys.hears("There is no picture: camera 'Camera' cannot be reached")
    keys.to("Address of a single picture", key="Shift+Tab")
    keys.type(f"{address}/snapshot")
    keys.do("Show me the picture")
    keys.hears("This is what the camera sees now.")
    pictures = keys.page.get_by_role("img", name="What the camera sees now")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") == 16
    keys.do("^Next$")


def connect(keys: Keyboard) -> None:
    keys.starts_at("Slicer and smart home")
    keys.to("Program", "select")
    keys.press("ArrowDown")
    keys.do("Make a key")
    expect(keys.page.locator("dd .secret")).to_be_visible()
    keys.to("^Copy API Key")  # where the focus is, not at the top of the page
    keys.to("Show the printer in Home Assistant")
    keys.press("Space")
    keys.fill("^Broker$", "127.0.0.1")
    keys.fill("User name", "gantry")
    keys.fill("^Password$", SECRET)
    keys.do("^Next$")


def write(keys: Keyboard) -> None:
    page = keys.page
    keys.starts_at("This will be written")
    lines = page.get_by_role("region", name="Lines that change")
    expect(lines.filter(has_text="password: !secret mqtt_password")).to_be_visible()
    expect(lines.filter(has_text="mqtt_password: <secret>")).to_be_visible()
    assert SECRET not in page.content()
    keys.do("Write it and restart")
    keys.hears("Gantry restarts")
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Éndèr 3", timeout=2 * LONG_MS
    )
    expect(state_of(page)).to_have_text("Ready")


def print_something(keys: Keyboard, folder: Path) -> None:
    page = keys.page
    file = folder / "cube.gcode"
    file.write_bytes(CUBE)
    keys.do("^Files$")
    expect(page.locator("#main")).to_be_focused()
    expect(page.get_by_role("searchbox", name="Search")).to_be_visible()
    # Asked for before the key is pressed: the browser has to know that nobody sees it.
    choosers: list[FileChooser] = []

    def opened(chooser: FileChooser) -> None:
        choosers.append(chooser)

    page.on("filechooser", opened)
    keys.to("Upload", "input")
    keys.press("Enter")
    eventually_sync(lambda: page.evaluate("1") and choosers, "the files of this computer")
    choosers[0].set_files(file)
    keys.do("Print cube.gcode")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("cube.gcode is done", timeout=2 * LONG_MS)
    keys.hears("Done")
