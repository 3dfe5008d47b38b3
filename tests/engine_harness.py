"""A print engine in a process of its own, seen through its socket.

async with engine(tmp_path, port=printer.port) as one:
    await one.online()
    await one.print_file(path)
    job = await one.ended()
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from appliance.components.serial_printer.client import EngineClient
from appliance.components.serial_printer.contract import EngineSettings
from appliance.domain.difference import apply
from appliance.domain.job import Job, JobFile, JobRequest, JobScripts, Origin
from appliance.domain.machine import Link
from appliance.domain.printer import Snapshot
from appliance.domain.wire import from_plain, to_plain
from appliance.processes import start_detached
from tests.waiting import DEADLINE_S, eventually

MODULE = "appliance.components.serial_printer.engine"


class EngineProcess:
    """The engine of one test; it can be killed and started again on the same journal."""

    def __init__(self, folder: Path, settings: EngineSettings) -> None:
        self.folder = folder
        self.settings = settings
        self.snapshot = Snapshot()
        self.console: list[tuple[str, str]] = []  # direction, text
        self.events: list[tuple[str, Job]] = []
        self.process: subprocess.Popen[bytes] | None = None
        self._client = EngineClient(self._frame)
        self._reading: asyncio.Task[None] | None = None

    @property
    def log(self) -> Path:
        """The engine's own log."""
        return self.folder / "engine.log"

    async def start(self, *, connect: bool = True) -> None:
        """Start the process, introduce ourselves and let it connect."""
        socket, journal = self.folder / "engine.sock", self.folder / "journal"
        self.process = await asyncio.to_thread(
            start_detached, MODULE, (str(socket), str(journal), str(self.log)), self.log
        )
        await self._client.attach_started(socket)
        self._reading = asyncio.create_task(self._client.read())
        await self.call("configure", settings=to_plain(self.settings))
        if connect:
            await self.call("connect")

    async def call(self, verb: str, **arguments: Any) -> Any:
        """Call a verb; the engine's domain errors are raised."""
        return await self._client.call(verb, **arguments)

    async def until(
        self,
        condition: Callable[[Snapshot], object],
        what: str = "",
        within_s: float = DEADLINE_S,
    ) -> Snapshot:
        """Wait for a condition of the snapshot."""
        await eventually(lambda: bool(condition(self.snapshot)), what, within_s)
        return self.snapshot

    async def online(self) -> None:
        """Wait until the printer obeys and the questions of the handshake are answered."""
        await self.until(
            lambda now: now.link is Link.ONLINE and not now.busy, "online and quiet"
        )

    async def print_file(
        self, path: Path, scripts: JobScripts | None = None, **request: Any
    ) -> Job:
        """Start to print ``path``."""
        file = JobFile(Origin.LOCAL, path.name, path.name, path.stat().st_size)
        wanted = replace(JobRequest(file, local_path=str(path)), **request)
        job = await self.call(
            "start", request=to_plain(wanted), scripts=to_plain(scripts) if scripts else None
        )
        return from_plain(Job, job)

    async def ended(self, within_s: float = 60.0) -> Job:
        """Wait for the end of the job and return it."""
        await eventually(
            lambda: any(name == "job_ended" for name, _ in self.events),
            "the job ends",
            within_s,
        )
        return next(job for name, job in reversed(self.events) if name == "job_ended")

    async def kill(self) -> None:
        """Kill the process as a crash would; `start` begins a new one."""
        assert self.process is not None
        self.process.kill()
        await self._gone()

    async def stop(self) -> int:
        """End the process as systemd would, and return its exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        return await self._gone()

    async def _gone(self) -> int:
        process, self.process = self.process, None
        assert process is not None
        code = await asyncio.to_thread(process.wait, 20)
        if self._reading is not None:
            await self._reading
        return code

    def _frame(self, frame: dict[str, Any]) -> None:
        if "snapshot" in frame:
            self.snapshot = from_plain(Snapshot, frame["snapshot"])
        elif "changed" in frame:
            self.snapshot = apply(self.snapshot, frame["changed"])
        elif "console" in frame:
            self.console += [(line[2], line[3]) for line in frame["console"]]
        elif "event" in frame:
            self.events.append((frame["event"], from_plain(Job, frame["job"])))


@asynccontextmanager
async def engine(
    folder: Path, *, port: str, connect: bool = True, **settings: Any
) -> AsyncIterator[EngineProcess]:
    """Run an engine on ``port``; it is gone at the end, whatever happened."""
    one = EngineProcess(
        folder,
        replace(EngineSettings(port=port, baudrate=115200, autoconnect=True), **settings),
    )
    try:
        await one.start(connect=connect)
        yield one
    finally:
        await one.stop()
