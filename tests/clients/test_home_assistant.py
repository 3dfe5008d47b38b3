"""Home Assistant's own OctoPrint integration, with a real Home Assistant."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from appliance.domain.job import JobPhase
from appliance.domain.printer import PRINTERS
from appliance.web import HTTP
from tests.home_assistant import RELEASE, environment
from tests.waiting import deadline, eventually, eventually_answers
from tests.whole import whole_appliance

PROGRAM = Path(__file__).parent / "programs" / "home_assistant_octoprint.py"
KEY = "the-key-of-these-tests-0123456789"
CONFIGURATION = f"""
http: {{host: 127.0.0.1, port: 0}}
auth: {{admin: admin, password: the-password-of-these-tests, api_key: {KEY}}}
printer: {{id: one, platform: simulator, speed: 100}}
webcam: {{snapshot: "http://127.0.0.1:1/snapshot", stream: "http://127.0.0.1:1/stream"}}
octoprint_api:
"""
MOVES = "G28\n" + "G1 X50 F600\nG1 X150 F600\n" * 3000


@pytest.mark.timeout(900)
@pytest.mark.skipif(RELEASE != "2025.4.4", reason="needs Python 3.13 for Home Assistant")
async def test_the_integration_pairs_sees_and_pauses_a_print(tmp_path: Path) -> None:
    python = await asyncio.to_thread(environment, "pyoctoprintapi==0.1.12")
    async with (
        whole_appliance(tmp_path, CONFIGURATION) as appliance,
        aiohttp.ClientSession(appliance.use(HTTP).url, headers={"X-Api-Key": KEY}) as person,
    ):
        printer = appliance.use(PRINTERS).first
        await eventually(lambda: printer.snapshot.ready)
        form = aiohttp.FormData({"print": "true"}, default_to_multipart=True)
        form.add_field("file", MOVES.encode(), filename="cube.gcode")
        async with person.post("/api/files/local", data=form) as answer:
            assert answer.status == 201
        states = await _in_home_assistant(python, appliance.use(HTTP).url, person)
        assert states["binary_sensor.octoprint_printing"] == "on"
        assert states["sensor.octoprint_current_state"] == "Printing"
        assert float(states["sensor.octoprint_actual_bed_temp"]) > 0
        assert float(states["sensor.octoprint_job_percentage"]) >= 0
        assert states["camera.octoprint_camera"] == "idle"
        await eventually(lambda: printer.snapshot.phase is JobPhase.PAUSED)


async def _in_home_assistant(
    python: Path, url: str, person: aiohttp.ClientSession
) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        str(python), str(PROGRAM), url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with deadline("Home Assistant", within_s=600):
        assert await process.stdout.readline() == b"asked\n"
        await eventually_answers(lambda: _agree(person), "a request for a key")
        states: dict[str, Any] = json.loads(await process.stdout.readline())
        assert await process.wait() == 0
    return states


async def _agree(person: aiohttp.ClientSession) -> bool:
    """Agree to the request for a key, as a person does on the page."""
    async with person.get("/api/plugin/appkeys?all=true") as answer:
        pending = (await answer.json()).get("pending", {})
    for token in pending:
        path = f"/plugin/appkeys/decision/{token}"
        async with person.post(path, json={"decision": True}) as answer:
            return answer.status == 204
    return False
