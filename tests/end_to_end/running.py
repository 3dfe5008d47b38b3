"""A real appliance in a process of its own, its simulated printer, and a client's view."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from appliance.processes import runtime_path
from tests.ports import free_port
from tests.waiting import deadline, eventually, eventually_answers

KEY = "0123456789abcdef0123456789abcdef"
READY = re.compile(rb"Gantry is ready: (\S+)")
CONFIGURATION = """
http: {host: 127.0.0.1, port: %d}
auth: {api_key: %s}
file_manager:
octoprint_api:
moonraker_api:
gantry_api:
printer:
  - {id: cube, platform: simulator, speed: %g}
"""


class Running:
    """One appliance that can be killed and started again."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.process: asyncio.subprocess.Process | None = None
        self.client = aiohttp.ClientSession(
            base_url=f"http://127.0.0.1:{port}", headers={"X-Api-Key": KEY}
        )

    async def start(self) -> None:
        """Start the core and wait for its ready line."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "appliance",
            "run",
            "--config",
            str(self.folder),
            stdout=asyncio.subprocess.PIPE,
        )
        assert self.process.stdout is not None
        async with deadline("the ready line"):
            while not READY.search(line := await self.process.stdout.readline()):
                assert line, "Gantry ended before it was ready"

    async def kill(self, number: signal.Signals) -> int:
        """Send a signal to the core and wait for its end."""
        assert self.process is not None
        self.process.send_signal(number)
        async with deadline("the end of the core"):
            await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode

    async def get(self, path: str) -> dict[str, Any]:
        """GET JSON."""
        async with self.client.get(path) as response:
            response.raise_for_status()
            answer: dict[str, Any] = await response.json()
            return answer

    async def post(self, path: str, body: dict[str, Any]) -> int:
        """POST JSON, return the status."""
        async with self.client.post(path, json=body) as response:
            return response.status

    async def print_file(self, name: str, content: bytes) -> None:
        """Upload and print as a slicer does."""
        form = aiohttp.FormData()
        form.add_field("print", "true")
        form.add_field("path", "")
        form.add_field("file", content, filename=name, content_type="application/octet-stream")
        async with self.client.post("/api/files/local", data=form) as response:
            assert response.status == 201, await response.text()
            assert (await response.json())["effectivePrint"] is True

    async def operational(self) -> None:
        """Wait until the printer can print."""
        await eventually_answers(self._is_operational, "the printer is operational")

    async def _is_operational(self) -> bool:
        state: str = (await self.get("/api/connection"))["current"]["state"]
        return state == "Operational"

    async def simulator(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask the simulated printer itself."""
        reader, writer = await asyncio.open_unix_connection(
            str(runtime_path(self.folder, "cube", "sim")), limit=64 * 1024 * 1024
        )
        try:
            writer.write(json.dumps(request).encode() + b"\n")
            answer: dict[str, Any] = json.loads(await reader.readline())
            return answer
        finally:
            writer.close()
            await writer.wait_closed()

    async def hold(self, at: str) -> None:
        """Let the printer stand still at a line, so that nothing comes too late for it."""
        await self.simulator({"do": "fault", "set": {"busy_at": at}})

    async def let_go(self) -> None:
        """Let the printer go on."""
        await self.simulator({"do": "fault", "set": {"busy_at": "off", "busy_forever": False}})

    async def accepted(self) -> list[str]:
        """The commands that the firmware has executed, in order."""
        lines: list[str] = (await self.simulator({"do": "accepted", "since": 0}))["lines"]
        return lines


def engine_processes(folder: Path) -> list[int]:
    """Return the process ids of the printer's engine: one, or none."""
    return _processes("serial_printer.engine", str(runtime_path(folder, "cube", "sock")))


def engine_running(folder: Path) -> bool:
    """Whether an engine serves the printer."""
    return runtime_path(folder, "cube", "sock").exists()


@asynccontextmanager
async def running(
    folder: Path, speed: float = 50, configuration: str | None = None
) -> AsyncIterator[Running]:
    """Start an appliance on ``folder``; nothing of it is left at the end."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    text = configuration or CONFIGURATION % (port, KEY, speed)
    (folder / "configuration.yaml").write_text(text)
    one = Running(folder, port)
    try:
        await one.start()
        yield one
    finally:
        await _end(one)


async def _end(one: Running) -> None:
    """End the core, then whatever a killed or printing one has left."""
    process = one.process
    if process is not None and process.returncode is None:
        process.terminate()
        await process.communicate()
    await one.client.close()
    for suffix, module in (("sock", "serial_printer.engine"), ("sim", "simulator.firmware")):
        path = str(runtime_path(one.folder, "cube", suffix))
        for pid in _processes(module, path):
            with suppress(ProcessLookupError):  # it was just ending
                os.kill(pid, signal.SIGTERM)
        await eventually(partial(_ended, module, path), f"{module} ends")


def _ended(module: str, argument: str) -> bool:
    return not _processes(module, argument)


def _processes(module: str, argument: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except (OSError, UnicodeDecodeError):
            continue
        if argument in words and any(word.endswith(module) for word in words):
            found.append(int(entry.name))
    return found
