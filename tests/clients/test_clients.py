"""Published clients of OctoPrint, each from its own environment, against a whole appliance."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from appliance.core import Appliance
from appliance.domain.machine import Link
from appliance.domain.printer import PRINTERS, Printer
from appliance.web import HTTP
from tests.clients.environments import HERE, python_of
from tests.waiting import eventually
from tests.whole import whole_appliance

# Making an environment takes its time once.
pytestmark = pytest.mark.timeout(400)

KEY = "the-key-of-these-tests-0123456789"
CONFIGURATION = f"""\
http: {{host: 127.0.0.1, port: 0}}
auth: {{admin: admin, password: the-password-of-these-tests, api_key: {KEY}}}
printer:
  - {{id: one, platform: simulator, speed: 100}}
  - {{id: two, platform: simulator, speed: 100}}
octoprint_api:
"""


@dataclass
class Whole:
    """A running appliance and a file to print."""

    appliance: Appliance
    gcode: Path

    @property
    def url(self) -> str:
        return self.appliance.use(HTTP).url


def is_known(printer: Printer) -> bool:
    """Return whether a printer is there and has said how warm it is."""
    heaters = printer.snapshot.heaters.values()
    measured = heaters and all(each.actual is not None for each in heaters)
    return printer.snapshot.link is Link.ONLINE and bool(measured)


@pytest.fixture
async def whole(tmp_path: Path) -> AsyncIterator[Whole]:
    folder = tmp_path / "config"
    folder.mkdir()
    gcode = tmp_path / "long.gcode"
    moves = "".join(f"G1 X{50 + n % 2 * 100} Y{50 + n % 3 * 40} F600\n" for n in range(4000))
    gcode.write_text("G28\nG1 Z5 F600\n" + moves)
    async with whole_appliance(folder, CONFIGURATION) as appliance:
        registry = appliance.use(PRINTERS)
        printers = list(registry)
        await eventually(lambda: all(map(is_known, printers)))
        yield Whole(appliance, gcode)


async def run(python: Path, *arguments: object, fails: int = 0) -> str:
    process = await asyncio.create_subprocess_exec(
        str(python),
        *(str(argument) for argument in arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert process.returncode == fails, (output + errors).decode()
    return output.decode()


async def program(client: str, name: str, *arguments: object) -> dict[str, Any]:
    python = await asyncio.to_thread(python_of, client)
    output = await run(python, HERE / "programs" / f"{name}.py", *arguments)
    counts = json.loads(output.splitlines()[-1])
    assert isinstance(counts, dict)
    return counts


async def test_octorest(whole: Whole) -> None:
    counts = await program("octorest", "octorest_all", whole.url, KEY, whole.gcode)
    assert counts["different"] >= 60


async def test_octorest_listens(whole: Whole) -> None:
    counts = await program("octorest", "octorest_push", whole.url, KEY)
    assert len(counts) == 2


@pytest.mark.parametrize("prefix", ["", "/printers/two"])
async def test_pyoctoprintapi(whole: Whole, prefix: str) -> None:
    url = whole.url + prefix
    counts = await program("pyoctoprintapi", "pyoctoprintapi_all", url, KEY, whole.gcode)
    assert counts["different"] == 15


async def test_octoprint_cli(whole: Whole, tmp_path: Path) -> None:
    python = await asyncio.to_thread(python_of, "octoprint-cli")
    ini = tmp_path / "cli.ini"
    ini.write_text(
        f"[server]\nServerAddress = {whole.url}\nApiKey = {KEY}\n"
        "[preferences]\nFormattedText = false\nUpdateCheck = false\n"
    )

    async def cli(*words: object, fails: int = 0) -> str:
        return await run(python, "-m", "octoprint_cli", "-c", ini, *words, fails=fails)

    assert "OctoPrint v1.11.8" in await cli("version")
    assert "uploaded" in await cli("files", "upload", whole.gcode)
    assert "long.gcode" in await cli("files", "list")
    assert "long.gcode" in await cli("files", "info", "long.gcode")
    assert "has been loaded" in await cli("print", "select", "long.gcode")
    assert "Extruder Temp" in await cli("temp", "status")
    assert "set to 40" in await cli("temp", "extruder", 40)
    assert "set to 40" in await cli("temp", "bed", 40)
    await cli("gcode", "M105")
    await cli("print", "start")
    printer = whole.appliance.use(PRINTERS).first
    await eventually(lambda: printer.snapshot.phase.value == "printing")
    assert "long.gcode" in await cli("print", "status")
    await cli("print", "pause")
    await eventually(lambda: printer.snapshot.phase.value == "paused")
    await cli("print", "resume")
    await eventually(lambda: printer.snapshot.phase.value == "printing")
    await cli("print", "cancel")
    await eventually(lambda: printer.snapshot.phase.value == "none")
    assert "Operational" in await cli("connection", "status")
    ini.write_text(ini.read_text().replace(KEY, "wrong"))
    assert "cannot be reached" in await cli("version", fails=1)
