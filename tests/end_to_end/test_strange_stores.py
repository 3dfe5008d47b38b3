"""Kept files of another shape than anybody wrote: set aside, and everything starts."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.ports import free_port
from tests.whole import whole_appliance

CONFIGURATION = """
http: {{host: 127.0.0.1, port: {port}}}
auth: {{api_key: 0123456789abcdef0123456789abcdef}}
octoprint_api:
moonraker_api:
gantry_api:
job_queue:
spoolman: {{server: "http://127.0.0.1:9"}}
mqtt: {{broker: 127.0.0.1, port: 9}}
printer:
  - {{id: cube, platform: simulator}}
  - {{id: other, platform: serial, port: /dev/nothing, autoconnect: false}}
"""
STORES = (
    "job_queue",
    "spoolman",
    "mqtt",
    "mqtt.homeassistant",
    "octoprint_api",
    "octoprint_wizard",
    "octoprint_languages",
    "engine.other",
)
# What each of them cannot be.
STRANGE = {
    "a number": (7, set(STORES)),
    "a list": ([{"a": 1}], set(STORES)),
    "a mapping of numbers": (
        {"cube": 5},
        {*STORES} - {"octoprint_api", "octoprint_wizard"},
    ),
    "a mapping of mappings": (
        {"cube": {"jobs": 1}, "reels": {}},
        {"job_queue", "spoolman", "engine.other"},
    ),
}


@pytest.mark.parametrize("shape", STRANGE)
async def test_it_starts_and_keeps_them_aside(tmp_path: Path, shape: str) -> None:
    data, unusable = STRANGE[shape]
    folder = tmp_path / "config" / ".storage"
    folder.mkdir(parents=True)
    for name in STORES:
        (folder / f"{name}.json").write_bytes(orjson.dumps({"version": 1, "data": data}))
    text = CONFIGURATION.format(port=free_port())
    async with whole_appliance(tmp_path / "config", text) as appliance:
        assert not appliance.failed_components
    aside = {path.name.split(".json.damaged-")[0] for path in folder.glob("*.damaged-*")}
    assert aside == unusable
