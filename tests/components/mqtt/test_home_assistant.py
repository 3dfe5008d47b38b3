"""What Home Assistant is told, by the written rules and by its own schemas."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from appliance.components.mqtt.homeassistant.appliance import entities
from appliance.components.mqtt.homeassistant.device import Device
from appliance.components.mqtt.homeassistant.names import LANGUAGES, load_names
from appliance.components.mqtt.homeassistant.printer import (
    Button,
    Features,
    Lamp,
    PrinterEntities,
)
from appliance.components.mqtt.host import Host
from appliance.components.mqtt.render.printer import render
from appliance.domain.permissions import Scope
from appliance.domain.printer import Extruder, Profile, Snapshot
from appliance.domain.telemetry import Firmware, Heater
from tests.components.mqtt.client import Watcher
from tests.components.mqtt.mosquitto import Mosquitto
from tests.components.mqtt.running import running
from tests.home_assistant import RELEASE, environment
from tests.waiting import eventually

HERE = Path(__file__).parent
BASE = "gantry/ender3"
ALL = frozenset({Scope.PRINT, Scope.CONTROL, Scope.GCODE, Scope.ADMIN})
HOST = Host(12.0, 0.5, 40.0, 50.0, 10**9, 51.2, (), 1_700_000_000)
TOPIC = re.compile(r"homeassistant/device/gantry_[0-9a-f]{12}(_ender3)?/config")
# The rules of Home Assistant's documentation: what a platform must have.
NEEDED = {
    "sensor": {"state_topic"},
    "binary_sensor": {"state_topic"},
    "button": {"command_topic"},
    "number": {"command_topic", "min", "max"},
    "select": {"command_topic", "options"},
    "switch": {"command_topic"},
    "text": {"command_topic"},
    "light": {"command_topic"},
    "notify": {"command_topic"},
    "event": {"state_topic", "event_types"},
    "image": {"image_topic"},
    "camera": {"topic"},
    "update": {"state_topic"},
}


def rich_printer(language: str = "en", scopes: frozenset[Scope] = ALL) -> Device:
    """Return a printer that has everything there is."""
    profile = Profile(extruders=(Extruder(), Extruder()), heated_chamber=True)
    features = Features(
        profile=profile,
        heaters=(*profile.heaters, "pinda"),
        fans=2,
        fan_rpms=2,
        filament_sensors=("e0",),
        macros=(Button("LOAD_FILAMENT", "Load filament"),),
        cameras=(Button("nozzle", "Nozzle"),),
        power=(Button("psu", "Power supply"),),
        lights=(Lamp("case", "Case light", True), Lamp("lamp", "Lamp", False)),
        scopes=scopes,
    )
    made = PrinterEntities(BASE, load_names(language), features).all()
    return Device(
        "gantry_0123456789ab_ender3",
        "ender3",
        "Ender 3",
        made,
        ("gantry/_appliance/availability", f"{BASE}/availability"),
        {"model": "Ender 3", "via_device": "gantry_0123456789ab"},
    )


def the_appliance(language: str = "en") -> Device:
    made = entities(
        "gantry/_appliance", load_names(language), HOST, restart=True, install=True
    )
    availability = ("gantry/_appliance/availability",)
    return Device("gantry_0123456789ab", "gantry", "Gantry", tuple(made), availability)


def check_by_the_rules(message: Mapping[str, Any]) -> None:
    assert message["device"]["identifiers"]
    assert message["origin"]["name"]
    unique = [c["unique_id"] for c in message["components"].values() if "unique_id" in c]
    assert len(unique) == len(set(unique))
    for name, component in message["components"].items():
        assert re.fullmatch(r"[A-Za-z0-9_-]+", name)
        needed = NEEDED[component["platform"]]
        if set(component) == {"platform"}:
            continue
        assert needed <= set(component), (name, component)
        if component.get("device_class") == "enum":
            assert component["options"]
            assert "state_class" not in component
            assert "unit_of_measurement" not in component
        if component["platform"] == "number":
            assert component["min"] < component["max"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scopes", [ALL, frozenset({Scope.PRINT}), frozenset()])
def test_messages_follow_the_written_rules(language: str, scopes: frozenset[Scope]) -> None:
    for device in (rich_printer(language, scopes), the_appliance(language)):
        check_by_the_rules(device.payload({"gone": "sensor"}))


def test_without_commands_there_is_nothing_to_press() -> None:
    platforms = set(rich_printer(scopes=frozenset()).platforms.values())
    assert platforms == {"sensor", "binary_sensor", "event", "image", "camera"}


def test_every_language_has_every_name() -> None:
    names = [set(load_names(language)) for language in LANGUAGES]
    assert all(each == names[0] for each in names)
    english, german = (load_names(language) for language in ("en", "de"))
    assert [re.findall(r"\{\w+\}", english[key]) for key in english] == [
        re.findall(r"\{\w+\}", german[key]) for key in english
    ]


def test_every_state_topic_is_one_that_is_published() -> None:
    heaters = {name: Heater(20.0, 0.0, 0.0) for name in ("tool0", "tool1", "bed", "chamber")}
    snapshot = Snapshot(
        heaters={**heaters, "pinda": Heater(20.0)},
        fans=(0.0, 0.0),
        fan_rpm=(0.0, 0.0),
        filament_present={"e0": True},
    )
    published = {f"{BASE}/{topic}" for topic in render(snapshot, 0)}
    others = {
        f"{BASE}/event/job",
        f"{BASE}/power/psu",
        f"{BASE}/light/case",
        f"{BASE}/light/lamp",
    }
    for component in rich_printer().payload({})["components"].values():
        topic = component.get("state_topic")
        assert topic is None or topic in published | others


# -- by its own schemas


WHAT = {
    "2025.4.4": "entities and device discovery, on Python 3.13",
    "2024.3.3": "single entities only, no Python 3.13 here",
}


@pytest.fixture(scope="session")
def home_assistant() -> Path:
    """Return the Python of an environment with Home Assistant, made once and kept."""
    return environment()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("release", [f"{RELEASE}: {WHAT[RELEASE]}"])
async def test_accepted_by_the_schemas_of_home_assistant(
    home_assistant: Path, release: str
) -> None:
    for device in (rich_printer("en"), rich_printer("de"), the_appliance()):
        process = await asyncio.create_subprocess_exec(
            str(home_assistant),
            str(HERE / "home_assistant_check.py"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        message = json.dumps(device.payload({"gone": "sensor"})).encode()
        output, errors = await process.communicate(message)
        expected = f"checked {len(device.entities)}"
        expected += " and the device" if RELEASE != "2024.3.3" else ""
        assert output.decode().strip() == expected, f"{output.decode()}{errors.decode()}"


# -- at a broker


def announced(watcher: Watcher, printer: str = "ender3") -> dict[str, Any] | None:
    for topic, payload in watcher.latest.items():
        if topic.startswith("homeassistant/device/") and topic.endswith(f"_{printer}/config"):
            message: dict[str, Any] | None = json.loads(payload) if payload else None
            return message
    return None


async def test_devices_are_announced_and_taken_back(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    folder = tmp_path / "config"
    options = {"port": broker.port, "commands": True}
    async with running(folder, options, printers=("ender3", "mk3")):
        await eventually(lambda: announced(watcher) and announced(watcher, "mk3"))
        await watcher.until("gantry/mk3/state", "offline")
        message = announced(watcher)
        assert message is not None
        assert message["components"]["pause"]["platform"] == "button"
        parents = [t for t in watcher.latest if re.fullmatch(TOPIC, t)]
        assert len(parents) == 2  # the appliance and this printer; not the other one
    # The second printer is dropped, and so are commands.
    async with running(folder, {"port": broker.port}):

        def pause_is_removed() -> bool:
            present = announced(watcher)
            return present is not None and present["components"].get("pause") == {
                "platform": "button"
            }

        await eventually(pause_is_removed)
        await eventually(lambda: announced(watcher, "mk3") is None)
        await eventually(lambda: watcher.latest["gantry/mk3/state"] == b"")


async def test_announced_again_when_home_assistant_comes_up(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    async with running(tmp_path / "config", {"port": broker.port}):
        await eventually(lambda: announced(watcher))
        topic = next(t for t in watcher.latest if t.endswith("_ender3/config"))
        before = len(watcher.all(topic))
        watcher.send("homeassistant/status", "online")
        await eventually(lambda: len(watcher.all(topic)) > before)


async def test_what_a_printer_shows_later_is_announced_and_kept(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    def has_pinda() -> bool:
        message = announced(watcher)
        return message is not None and "platform" in message["components"].get(
            "pinda_actual", {}
        )

    async with running(tmp_path / "config", {"port": broker.port}) as run:
        run.printer.come_online()
        await eventually(lambda: announced(watcher))
        assert not has_pinda()
        run.printer.update(heaters={**run.printer.snapshot.heaters, "pinda": Heater(31.0)})
        await eventually(has_pinda)
        run.printer.update(firmware=Firmware("Marlin 2.1.2", "marlin"))
        await eventually(
            lambda: (announced(watcher) or {})["device"].get("sw_version") == "Marlin 2.1.2"
        )
    watcher.latest.clear()
    async with running(tmp_path / "config", {"port": broker.port}):
        await eventually(has_pinda)


async def test_home_assistant_can_be_left_alone(
    tmp_path: Path, broker: Mosquitto, watcher: Watcher
) -> None:
    options = {"port": broker.port, "home_assistant": False}
    async with running(tmp_path / "config", options):
        await watcher.until("gantry/_appliance/availability", "online")
        await watcher.until(f"{BASE}/state", "offline")
        assert not any(topic.startswith("homeassistant/") for topic in watcher.latest)
