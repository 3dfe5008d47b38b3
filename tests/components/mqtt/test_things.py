"""What stands around a printer: power devices, lamps, macros as buttons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.printer import PRINTERS
from appliance.domain.updates import (
    UPDATES,
    Offer,
    UpdateBusy,
    UpdateChanged,
    UpdatePhase,
    UpdateStatus,
)
from tests.components.mqtt.client import Watcher
from tests.components.mqtt.mosquitto import Mosquitto
from tests.components.mqtt.running import running
from tests.waiting import eventually, eventually_answers
from tests.whole import whole_appliance

WHOLE = """
http: {{host: 127.0.0.1, port: 0}}
auth: {{admin: admin, password: the-password-of-these-tests}}
printer:
  - {{id: one, name: One, platform: simulator, speed: 100}}
  - {{id: two, name: Two, platform: simulator, speed: 100}}
macro:
  lamp_on: {{gcode: "M42 P4 S255"}}
  lamp_off: {{gcode: "M42 P4 S0"}}
  purge: {{gcode: "G1 E{{{{ params.LENGTH }}}} F120", parameters: {{LENGTH: 5}}}}
  only_with: {{gcode: "G4 P{{{{ params.TIME }}}}", parameters: {{TIME: }}}}
power:
  - name: Main supply
    type: mqtt
    printer: two
    command_topic: plug/cmnd
    state_topic: plug/stat
  - {{name: Workshop, type: mqtt, command_topic: shop/cmnd}}
mqtt:
  broker: 127.0.0.1
  port: {port}
  commands: true
  lights:
    - {{name: Bed lamp, printer: two, on: lamp_on, off: lamp_off}}
    - {{name: Case}}
"""


class Plug:
    """A plug at the broker that obeys."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    async def obey(self, wanted: str) -> None:
        await self._watcher.until("plug/cmnd", wanted)
        self._watcher.send("plug/stat", wanted, retain=True)


def component(watcher: Watcher, printer: str, name: str) -> dict[str, Any] | None:
    topics = [t for t in watcher.latest if t.endswith(f"_{printer}/config")]
    if not topics:
        return None
    found: dict[str, Any] | None = watcher.json(topics[0])["components"].get(name)
    return found


async def announced(watcher: Watcher, printer: str, name: str) -> dict[str, Any]:
    """Wait for the announcement of an entity: it comes when it comes, as every topic."""
    found = await eventually(lambda: component(watcher, printer, name), f"{name} of {printer}")
    assert found is not None
    return found


async def test_devices_lamps_and_macros_of_a_printer(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    text = WHOLE.format(port=broker.port)
    watcher.send("plug/stat", "OFF", retain=True)
    async with whole_appliance(tmp_path / "config", text) as appliance:
        one, two = appliance.use(PRINTERS)
        await eventually(lambda: one.snapshot.ready and two.snapshot.ready)
        await watcher.until("gantry/two/power/Main_supply", "OFF")
        # A device of no printer stands with the first one, and nowhere else.
        await watcher.until("gantry/one/power/Workshop")
        assert "gantry/two/power/Workshop" not in watcher.latest
        assert "gantry/one/power/Main_supply" not in watcher.latest

        switch = await announced(watcher, "two", "power_Main_supply")
        assert switch["platform"] == "switch"
        watcher.send(switch["command_topic"], "ON")
        await Plug(watcher).obey("ON")
        await watcher.until(switch["state_topic"], "ON")
        told = await watcher.ask("gantry/two", "power/Nothing", "ON")
        assert "no power device" in told["error"]

        lamp = await announced(watcher, "two", "light_Bed_lamp")
        for state, line in (("ON", "M42 P4 S255"), ("OFF", "M42 P4 S0")):
            watcher.send(lamp["command_topic"], json.dumps({"state": state}))
            await watcher.until(
                lamp["state_topic"], json.dumps({"state": state}, separators=(",", ":"))
            )
            assert line in [each.text for each in two.console]
        # The simulated firmware has no case light, and says so.
        told = await watcher.ask(
            "gantry/one", "light/Case", '{"state": "ON", "brightness": 9}'
        )
        assert "no case light" in told["error"]

        button = await announced(watcher, "one", "macro_PURGE")
        assert component(watcher, "one", "macro_ONLY_WITH") is None
        watcher.send(button["command_topic"], "PRESS")

        async def purged() -> bool:
            return any(each.text == "G1 E5 F120" for each in one.console)

        await eventually_answers(purged)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("echo:Case light: 128", {"state": "ON", "brightness": 128}),
        ("echo:Case light: OFF", {"state": "OFF"}),
        ("echo:Case light: ON", {"state": "ON"}),
        ("Case light: 999", {"state": "ON", "brightness": 255}),
    ],
)
async def test_a_case_light_is_what_the_firmware_says(
    tmp_path: Path,
    broker: Mosquitto,
    watcher: Watcher,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    state: dict[str, Any],
) -> None:
    options = {"port": broker.port, "commands": True, "lights": [{"name": "Case"}]}
    async with running(tmp_path / "config", options) as run:
        run.printer.come_online()
        sent: list[str] = []

        async def send(lines: Sequence[str], **_: object) -> Sequence[str]:
            sent.extend(lines)
            return (said, "ok")

        monkeypatch.setattr(run.printer, "send", send)
        answer = await watcher.ask(
            "gantry/ender3", "light/Case", '{"state": "ON", "brightness": 100}'
        )
        assert answer["ok"]
        assert sent == ["M355 S1 P100"]
        # The answer may come before what the lamp is.
        await watcher.until_json("gantry/ender3/light/Case", lambda told: told == state)


class Updates:
    """Implements `appliance.domain.updates.Updates` as far as the broker asks."""

    def __init__(self) -> None:
        self.status = UpdateStatus(
            "1.0", supported=True, checked_at=1.0, available=Offer("1.1", "Much better.")
        )
        self.installed = 0

    async def install(self) -> UpdateStatus:
        self.installed += 1
        if self.installed > 1:
            raise UpdateBusy("an update is under way")
        return self.status


def update_entity(watcher: Watcher) -> dict[str, Any] | None:
    configs = [watcher.json(each) for each in watcher.latest if each.endswith("/config")]
    found = (config["components"].get("update") for config in configs)
    return next((each for each in found if each is not None), None)


async def test_an_update_is_shown_and_wished(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    topic = "gantry/_appliance/update"
    updates = Updates()
    watcher.send("gantry/_appliance/command/update", "install", retain=True)
    options = {"port": broker.port, "commands": ["admin"]}
    async with running(tmp_path / "config", options, provide={UPDATES: updates}) as run:
        await watcher.until(topic)
        told = watcher.json(topic)
        assert (told["installed_version"], told["latest_version"]) == ("1.0", "1.1")
        assert (told["in_progress"], told["release_summary"]) == (False, "Much better.")
        entity = await eventually(lambda: update_entity(watcher), "the update is announced")
        assert entity is not None
        for _ in range(2):  # the second is refused, and logged
            watcher.send(entity["command_topic"], entity["payload_install"])
        await eventually(lambda: updates.installed == 2)
        phase = replace(updates.status, phase=UpdatePhase.DOWNLOADING, progress=0.25)
        run.appliance.bus.fire(UpdateChanged(phase))
        told = await watcher.until_json(topic, lambda told: told["update_percentage"] == 25)
        assert told["in_progress"] is True
    watcher.send("gantry/_appliance/command/update", b"", retain=True)
