"""`gantry print` as a process, against a served API and against an appliance of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from appliance.domain.job import JobPhase
from appliance.domain.machine import Link
from tests.components.octoprint_api.served import Served, serve
from tests.waiting import DEADLINE_S, deadline, eventually

GCODE = "G28\nG1 X10 F3000\nG1 X20\n"


class Command:
    """A running `gantry print` and what it said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""

    async def says(self, text: str) -> None:
        assert self.process.stdout is not None
        async with deadline(text):
            while text not in self.said:
                chunk = await self.process.stdout.read(4096)
                assert chunk, f"it ended without saying '{text}':\n{self.said}"
                self.said += chunk.decode()

    async def ends(self, within_s: float = DEADLINE_S) -> int:
        assert self.process.stdout is not None
        async with deadline("the end", within_s):
            self.said += (await self.process.stdout.read()).decode()
            return await self.process.wait()


@asynccontextmanager
async def gantry_print(*arguments: object) -> AsyncIterator[Command]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "appliance", "print"),
        *(str(argument) for argument in arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield Command(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    folder = tmp_path / "config"
    folder.mkdir()
    async with serve(folder) as running:
        running.printer.come_online()
        yield running


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cube ü.gcode"
    path.write_text(GCODE)
    return path


def remote(served: Served) -> tuple[str, ...]:
    return ("--url", served.url, "--api-key", "admin-key")


async def prints(served: Served) -> None:
    await eventually(lambda: served.phase() is JobPhase.PRINTING)


async def test_a_print_to_its_end(served: Served, file: Path) -> None:
    async with gantry_print(file, *remote(served)) as command:
        await prints(served)
        served.printer.measure(tool0=201.0)
        served.printer.advance(10, 5.0)
        await command.says("nozzle 201/0")
        served.printer.finish()
        assert await command.ends() == 0
    assert "Printed after" in command.said
    assert served.printer.requests[0].file.path == "cube ü.gcode"


async def test_the_second_interrupt_cancels(served: Served, file: Path) -> None:
    async with gantry_print(file, *remote(served)) as command:
        await prints(served)
        await command.says("Printing  ")
        command.process.send_signal(signal.SIGINT)
        await command.says("Press Ctrl-C again")
        assert served.phase() is JobPhase.PRINTING
        command.process.send_signal(signal.SIGINT)
        assert await command.ends() == 2
    assert served.phase() is JobPhase.NONE
    assert "Cancelled" in command.said


async def test_a_failed_print(served: Served, file: Path) -> None:
    async with gantry_print(file, *remote(served)) as command:
        await prints(served)
        await command.says("Printing  ")
        served.printer.fail()
        assert await command.ends() == 1
    assert "The print failed" in command.said
    assert "the printer is gone" in command.said


async def test_a_terminate_leaves_the_print(served: Served, file: Path) -> None:
    async with gantry_print(file, *remote(served)) as command:
        await prints(served)
        await command.says("Printing  ")
        command.process.send_signal(signal.SIGTERM)
        assert await command.ends() == 4
    assert served.phase() is JobPhase.PRINTING


async def test_an_offline_printer_is_connected(served: Served, file: Path) -> None:
    await served.printer.disconnect()
    assert served.link() is Link.OFFLINE
    async with gantry_print(file, *remote(served)) as command:
        await prints(served)
        served.printer.finish()
        assert await command.ends() == 0
    assert "Connecting to the printer" in command.said


async def test_what_cannot_start_is_3_and_says_why(served: Served, file: Path) -> None:
    async with gantry_print(file, "--url", served.url, "--api-key", "wrong") as command:
        assert await command.ends() == 3
    assert "the API key is missing or wrong" in command.said
    async with gantry_print(file.with_name("none.gcode"), *remote(served)) as command:
        assert await command.ends() == 3
    text = file.with_name("a.txt")
    text.write_text("no gcode")
    async with gantry_print(text, *remote(served)) as command:
        assert await command.ends() == 3
    assert "refuses" in command.said
    async with gantry_print(file, "--url", "http://127.0.0.1:9") as command:
        assert await command.ends() == 3
    assert "does not answer" in command.said
    await served.upload("other.gcode", print="true")
    async with gantry_print(file, *remote(served)) as command:
        assert await command.ends() == 3
    assert "the printer is busy" in command.said


async def test_an_appliance_of_its_own(tmp_path: Path, file: Path) -> None:
    config = tmp_path / "own"
    config.mkdir()
    (config / "configuration.yaml").write_text(
        "http: {host: 127.0.0.1, port: 0}\n"
        "auth: {admin: admin, password: secret-password}\n"
        "printer: {id: sim, platform: simulator, speed: 100}\n"
        "octoprint_api:\n"
    )
    async with gantry_print(file, "--config", config) as command:
        # Two programs, an engine and a printer start, print and end.
        assert await command.ends(within_s=100) == 0, command.said
    assert "Starting Gantry" in command.said
    assert "Printed after" in command.said


async def test_a_broken_configuration_is_shown(tmp_path: Path, file: Path) -> None:
    (tmp_path / "configuration.yaml").write_text("printer: {id: x, platform: nonsense}\n")
    async with gantry_print(file, "--config", tmp_path) as command:
        assert await command.ends() == 3
    assert "there is no printer platform 'nonsense'" in command.said
