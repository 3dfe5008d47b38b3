"""An appliance with two printers, a camera, macros and the files of three slicers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.appliance import CHECKOUT, RunningAppliance
from tests.browser.conftest import LONG_MS, log_in, running_in, state_of, tab_at
from tests.browser.printing.camera import camera
from tests.waiting import eventually_sync

CONFIGURATION = """\
appliance:
  name: Workshop
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
  - name: Plug
    type: gcode
    printer: ender3
    locked_while_printing: false
    turn_on: M117 plug on
    turn_off: M117 plug off
sensor:
  enclosure:
    name: Enclosure
    type: host
    every: 1
    values:
      temperature: {{{{file: {measured}, unit: °C}}}}
webcam:
  - name: Front <i>door</i>
    stream: {camera}/stream
    snapshot: {camera}/snapshot
macro:
  LOAD_FILAMENT:
    title: Load <b>filament</b>
    parameters: {{{{LENGTH: 50, WORD: {{{{description: shown}}}}}}}}
    gcode: |
      M117 {{{{{{{{ params.WORD }}}}}}}} {{{{{{{{ params.LENGTH }}}}}}}}
  PARK: M117 parked
printer:
  - id: ender3
    name: Ender 3
    platform: simulator
    speed: 40
    profile: {{{{extruders: 2}}}}
  - id: mini
    name: Mini
    platform: simulator
    speed: 40
"""
Sent = Callable[[str], None]
SAMPLES = CHECKOUT / "tests" / "data" / "gcode"


@pytest.fixture(scope="package")
def appliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAppliance]:
    """Two printers, the first with two tools; a camera, macros, the files of three slicers."""
    with camera() as address:
        measured = tmp_path_factory.mktemp("sensor") / "temperature"
        measured.write_text("31.5")
        configuration = CONFIGURATION.format(camera=address, measured=measured)
        with running_in(tmp_path_factory.mktemp("appliance"), configuration) as running:
            for file in SAMPLES.glob("*.gcode"):
                running.upload(file.name, file.read_bytes())
            yield running


@pytest.fixture(scope="module")
def session(browser: Browser, appliance: RunningAppliance) -> StorageState:
    """The cookies of an administrator: logging in is slow on purpose."""
    context = browser.new_context(locale="en")
    context.set_default_timeout(LONG_MS)
    tab = context.new_page()
    tab.goto(appliance.url)
    log_in(tab)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def inside(
    browser: Browser, appliance: RunningAppliance, session: StorageState, complaints: list[str]
) -> Iterator[Page]:
    """A tab in which the administrator is logged in already."""
    with tab_at(browser, appliance.url, complaints, storage_state=session) as tab:
        expect(state_of(tab)).not_to_contain_text("No connection")
        yield tab


@pytest.fixture
def sent(appliance: RunningAppliance) -> Sent:
    """Wait until a line like that was written to the first printer."""

    def wait(pattern: str) -> None:
        wanted = re.compile(pattern)
        eventually_sync(
            lambda: any(wanted.fullmatch(line) for line in appliance.written()),
            f"{pattern} reaches the printer",
        )

    return wait


@pytest.fixture
def idle(appliance: RunningAppliance) -> None:
    """Let a test find a printer that is ready."""
    appliance.rest()
