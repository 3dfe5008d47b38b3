"""Set-up, versions and the schema over a real server, with a real simulated printer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from appliance.components import gantry_api
from appliance.components.file_manager import component as file_manager
from appliance.components.serial_printer import component as serial_printer
from tests.components.gantry_api.test_gantry_api import Writer, ask
from tests.serving import Running, serving
from tests.simulated import simulated_printer

YAML = """\
# My workshop.
appliance:
  name: Gantry   # what people read
http:
auth:
  password: an-old-secret-word
printer:
  # the one that is not real
  - id: simulated
    platform: simulator
    speed: 10   # times
    heater_watchdog: {enabled: true}
"""
PRINTER = {
    "replaces": "simulated",
    "id": "ender3",
    "name": "Ender 3",
    "platform": "serial",
    "port": "/dev/serial/by-id/usb-1a86",
    "baudrate": 115200,
    "profile": {"volume": {"width": 235.0, "depth": 235.0, "height": 250.0}},
}


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    (tmp_path / "configuration.yaml").write_text(YAML)
    components: list[tuple[Any, dict[str, Any]]] = [
        (Writer, {}),
        (file_manager, {}),
        (serial_printer, {}),
        (gantry_api, {}),
    ]
    async with serving(tmp_path, components=components) as found:
        yield found


def text_of(running: Running) -> str:
    return (running.appliance.paths.config / "configuration.yaml").read_text()


async def test_a_printer_takes_the_place_of_the_simulated_one(running: Running) -> None:
    planned = (await ask(running, "POST", "/setup/plan", json={"printer": PRINTER})).json
    (file,) = planned["files"]
    assert file["file"] == "configuration.yaml"
    assert "-    speed: 10   # times" in file["diff"]
    assert any(line.startswith("+    port: ") for line in file["diff"])
    assert planned["restarts"] == ["printer simulated", "printer ender3", "simulator"]
    assert text_of(running) == YAML

    body = {"printer": PRINTER, "digest": planned["digest"]}
    done = await ask(running, "POST", "/setup", json=body)
    assert done.status == 200, done.text
    written = text_of(running)
    assert "# the one that is not real" in written
    assert "name: Gantry   # what people read" in written
    (entry,) = running.appliance.configuration.printers
    assert (entry["id"], entry["platform"]) == ("ender3", "serial")
    assert entry["profile"]["volume"]["width"] == 235
    assert entry["heater_watchdog"]["enabled"]
    assert "speed" not in entry


async def test_nothing_is_written_that_was_not_shown(running: Running) -> None:
    planned = (await ask(running, "POST", "/setup/plan", json={"name": "Garage"})).json
    body = {"name": "Kitchen", "digest": planned["digest"]}
    assert (await ask(running, "POST", "/setup", json=body)).status == 409
    assert text_of(running) == YAML


async def test_camera_and_broker_are_added_and_the_password_is_not_shown(
    running: Running,
) -> None:
    wishes = {
        "camera": {"name": "Above", "device": "/dev/video0"},
        "mqtt": {
            "broker": "homeassistant.local",
            "username": "g",
            "password": "brand-new-word",
        },
    }
    planned = await ask(running, "POST", "/setup/plan", json=wishes)
    assert "brand-new-word" not in planned.text
    shown = {each["file"]: each["diff"] for each in planned.json["files"]}
    assert "+  password: !secret mqtt_password" in shown["configuration.yaml"]
    assert shown["secrets.yaml"] == ["+mqtt_password: <secret>"]
    body = {**wishes, "digest": planned.json["digest"]}
    assert (await ask(running, "POST", "/setup", json=body)).status == 200
    assert "brand-new-word" not in text_of(running)
    secrets = running.appliance.paths.config / "secrets.yaml"
    assert secrets.read_text() == "mqtt_password: brand-new-word\n"
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert running.appliance.configuration.components["mqtt"]["password"] == "brand-new-word"
    present = (await ask(running, "GET", "/setup")).json
    assert present["cameras"] == ["Above"]
    assert present["mqtt"] == {"broker": "homeassistant.local"}
    assert "brand-new-word" not in str(present)
    second = {"camera": {"name": "Side", "device": "/dev/video2"}}
    digest = (await ask(running, "POST", "/setup/plan", json=second)).json["digest"]
    assert (
        await ask(running, "POST", "/setup", json={**second, "digest": digest})
    ).status == 200
    assert (await ask(running, "GET", "/setup")).json["cameras"] == ["Above", "Side"]


@pytest.mark.parametrize(
    "wishes",
    [
        {},
        {"printer": "ender3"},
        {"printer": {**PRINTER, "replaces": "nobody"}},
        {"printer": {**PRINTER, "platform": "toaster"}},
        {"printer": {**PRINTER, "id": "../x"}},
        {"camera": {"device": "/etc/passwd"}},
        {"mqtt": {"broker": "<script>"}},
    ],
)
async def test_what_makes_no_sense_is_refused(running: Running, wishes: Any) -> None:
    answer = await ask(running, "POST", "/setup/plan", json=wishes)
    assert answer.status in (400, 409), answer.text
    assert text_of(running) == YAML


async def test_without_discovery_nobody_can_look(running: Running) -> None:
    found = (await ask(running, "GET", "/setup/network")).json
    assert found == {"brokers": None, "home_assistant": None}


async def test_who_is_at_a_port_is_asked(running: Running, tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, volume=(235, 235, 250), speed=20) as printer:
        body = {"port": printer.port, "baudrate": 115200}
        found = (await ask(running, "POST", "/devices/probe", json=body)).json
    assert found["firmware"]["area"]["max_x"] == 235
    assert found["limits"]["Z"] == 5
    assert "bed" in found["heaters"]
    for wrong in ({"port": "ttyUSB0"}, {"port": 5}, {"port": "/dev/x", "baudrate": "fast"}):
        assert (await ask(running, "POST", "/devices/probe", json=wrong)).status == 400
    assert isinstance((await ask(running, "GET", "/devices")).json["devices"], list)


async def test_the_schema_is_told(running: Running) -> None:
    schema = (await ask(running, "GET", "/configuration/schema")).json
    assert schema["platforms"]["serial"]["port"]["default"] == "auto"


async def test_an_older_version_is_shown_without_its_secrets_and_restored(
    running: Running,
) -> None:
    read = (await ask(running, "GET", "/configuration")).json
    text = (
        read["text"].replace("<secret>", "another-secret-word").replace("Gantry ", "Garage ")
    )
    body = {"text": text, "digest": read["digest"]}
    saved = await ask(running, "PUT", "/configuration", json=body)
    assert saved.status == 200, saved.text

    (version,) = (await ask(running, "GET", "/configuration/versions")).json["versions"]
    path = f"/configuration/versions/{version['id']}"
    planned = await ask(running, "POST", f"{path}/plan")
    assert "+  name: Gantry   # what people read" in planned.json["diff"]
    assert "secret-word" not in planned.text
    assert (await ask(running, "POST", f"{path}/restore", json={"digest": "x"})).status == 409
    body = {"digest": planned.json["digest"]}
    assert (await ask(running, "POST", f"{path}/restore", json=body)).status == 200
    assert text_of(running) == YAML
    assert running.appliance.name == "Gantry"


@pytest.mark.parametrize(
    "name", ["nothing", "..%2f..%2fsecrets.yaml", "20260101T000000.000000001-secrets.yaml"]
)
async def test_no_other_file_is_a_version(running: Running, name: str) -> None:
    answer = await ask(running, "POST", f"/configuration/versions/{name}/plan")
    assert answer.status == 404


async def test_only_what_is_not_followed_waits_for_a_restart(running: Running) -> None:
    read = (await ask(running, "GET", "/configuration")).json
    text = read["text"] + "webcam: {name: Above, device: /dev/video0}\n"
    body = {"text": text, "digest": read["digest"]}
    assert (await ask(running, "PUT", "/configuration", json=body)).json["restarts"] == [
        "webcam"
    ]

    async def restarts(before: str, after: str) -> list[str]:
        body = {"text": text.replace(before, after)}
        planned = await ask(running, "POST", "/configuration/plan", json=body)
        assert planned.json["sections"]
        return list(planned.json["restarts"])

    assert await restarts("Above", "Side") == []
    assert await restarts("speed: 10", "speed: 11") == ["printer simulated"]
