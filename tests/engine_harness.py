"""A real print engine in a process of its own, and the core's end of its socket.

    async with simulated_printer(tmp_path) as printer, engine(tmp_path, printer.port) as one:
        await one.online()
        job = await one.print_file(path)
        await one.ended()
        assert one.job.result is JobResult.COMPLETE

It uses the core's own client, holds the snapshot as the driver does, and ends the process
surely. `attached=False` leaves the engine without a core.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from appliance.components.serial_printer.client import EngineClient
from appliance.components.serial_printer.contract import EngineSettings
from appliance.domain.difference import apply
from appliance.domain.job import (
    Job,
    JobFile,
    JobKind,
    JobPhase,
    JobRequest,
    JobScripts,
    Origin,
)
from appliance.domain.machine import Link
from appliance.domain.printer import Snapshot
from appliance.domain.wire import from_plain, to_plain
from appliance.processes import module_environment

MODULE = "appliance.components.serial_printer.engine"
DEADLINE = 30.0
# What an engine sends by itself, beside the lines of a file and of scripts.
OWN = ("M105", "M110", "M114", "M115", "M154", "M155", "M220", "M221", "M400", "M503", "M27",
       "M20", "M21")  # fmt: skip


class EngineProcess:
    """One engine process and what it has told."""

    def __init__(self, folder: Path, journal: Path, settings: EngineSettings) -> None:
        self.snapshot = Snapshot()
        self.events: list[tuple[str, Job]] = []
        self.console: list[tuple[str, str, str]] = []  # direction, text, origin
        self.settings = settings
        self.log = folder / "engine.log"
        self._socket = folder / "e.sock"
        self._journal = journal
        self._client = EngineClient(self._frame)
        self._reading: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._news = asyncio.Event()

    # -- the process

    async def start(self) -> None:
        """Start the process; nobody is attached yet."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", MODULE,
            "--socket", str(self._socket), "--journal", str(self._journal),
            "--log", str(self.log),
            env=module_environment(),
        )  # fmt: skip

    async def attach(self, *, configure: bool = True) -> None:
        """Attach as a core does."""
        await self._client.attach_started(self._socket)
        self._reading = asyncio.create_task(self._client.read())
        if configure:
            await self.call("configure", settings=to_plain(self.settings))

    async def detach(self) -> None:
        """Go away as a core does that is killed."""
        self._client.detach()
        if self._reading is not None:
            await self._reading
            self._reading = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def signal(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; return the exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        code = await self.exited()
        await self.detach()
        return code

    async def exited(self) -> int:
        assert self._process is not None
        async with asyncio.timeout(DEADLINE):
            return await self._process.wait()

    async def end(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        await self.detach()

    # -- verbs

    async def call(self, verb: str, **arguments: Any) -> Any:
        async with asyncio.timeout(DEADLINE):
            return await self._client.call(verb, **arguments)

    async def connect(self) -> None:
        await self.call("connect")

    async def send(self, *lines: str) -> list[str]:
        """Send commands, wait for their oks and return the answers."""
        answers: list[str] = await self.call(
            "send", lines=list(lines), origin="test", wait=True
        )
        return answers

    async def print_file(
        self, path: Path, scripts: JobScripts | None = None, **more: Any
    ) -> Job:
        """Start to print a file (or, with ``kind`` and ``target_name``, to upload it)."""
        file = JobFile(Origin.LOCAL, path.name, path.name, path.stat().st_size)
        request = JobRequest(file, local_path=str(path), **more)
        job = await self.call("start", request=to_plain(request), scripts=to_plain(scripts))
        return from_plain(Job, job)

    async def print_card(self, name: str) -> Job:
        """Start a print from the printer's own card."""
        request = JobRequest(JobFile(Origin.SDCARD, name, name, 0), JobKind.SD)
        return from_plain(Job, await self.call("start", request=to_plain(request)))

    async def pause(self) -> None:
        await self.call("pause", origin="test")

    async def resume(self) -> None:
        await self.call("resume", origin="test")

    async def cancel(self) -> None:
        await self.call("cancel", origin="test")

    # -- waiting

    async def until(
        self, condition: Callable[[Snapshot], object], within: float = DEADLINE
    ) -> Snapshot:
        """Wait for a state; the failure says what the state is instead."""
        try:
            async with asyncio.timeout(within):
                while not condition(self.snapshot):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            state = self.snapshot
            message = (
                f"the engine did not get there: {state.link}, {state.phase}, "
                f"{state.fault}, {state.job}, {state.health}; last said: {self.console[-8:]}"
            )
            raise AssertionError(message) from None
        return self.snapshot

    async def online(self, within: float = DEADLINE) -> Snapshot:
        return await self.until(lambda state: state.link is Link.ONLINE, within)

    async def phase(self, phase: JobPhase, within: float = DEADLINE) -> Snapshot:
        return await self.until(lambda state: state.phase is phase, within)

    async def printed(self, lines: int) -> Snapshot:
        """Wait until so many lines of the job are acknowledged."""
        return await self.until(
            lambda state: state.job is not None and state.job.line >= lines
        )

    async def ended(self, within: float = 60.0) -> Job:
        """Wait for the end of the job and return it with its result."""
        job = (
            await self.until(
                lambda state: (
                    not state.phase.active
                    and state.job is not None
                    and state.job.result is not None
                ),
                within,
            )
        ).job
        assert job is not None
        return job

    async def heard(self, text: str) -> None:
        """Wait until the console holds a line with that text."""
        await self.until(lambda _: any(text in line for _, line, _ in self.console))

    # -- frames

    def _frame(self, frame: dict[str, Any]) -> None:
        if "snapshot" in frame:
            self.snapshot = from_plain(Snapshot, frame["snapshot"])
        elif "changed" in frame:
            self.snapshot = apply(self.snapshot, frame["changed"])
        elif "event" in frame:
            self._event(frame)
        elif "console" in frame:
            self._grow(frame["console"])
        elif "backlog" in frame:
            self._grow(frame["backlog"]["console"])
            for event in frame["backlog"]["events"]:
                self._event(event)
        self._news.set()

    def _event(self, frame: dict[str, Any]) -> None:
        self.events.append((frame["event"], from_plain(Job, frame["job"])))

    def _grow(self, lines: Sequence[Sequence[Any]]) -> None:
        self.console += [(line[2], line[3], line[4]) for line in lines]


@contextlib.asynccontextmanager
async def engine(
    tmp_path: Path, port: str, *, name: str = "engine", connect: bool = True, **settings: Any
) -> AsyncIterator[EngineProcess]:
    """Run an engine; a second one with the same ``name`` finds the journal of the first."""
    # The path of a Unix socket ends at 107 bytes; pytest's folders may be longer.
    folder = Path(tempfile.mkdtemp(prefix="eng"))
    configured = EngineSettings(**{"port": port, "baudrate": 115200, **settings})
    one = EngineProcess(folder, tmp_path / f"{name}.journal", configured)
    try:
        await one.start()
        await one.attach()
        if connect:
            await one.connect()
        yield one
    finally:
        await one.end()
        shutil.rmtree(folder, ignore_errors=True)


def commands(content: str | bytes) -> list[str]:
    """Return the commands of a file, by the plainest reading of it."""
    text = content.decode() if isinstance(content, bytes) else content
    stripped = (line.partition(";")[0].strip() for line in text.splitlines())
    return [line for line in stripped if line]


def foreign(accepted: Sequence[str]) -> list[str]:
    """Return what a printer has executed without what an engine sends by itself."""
    return [line for line in accepted if not line.startswith(OWN)]


def motion(lines: Sequence[str]) -> list[str]:
    """Return the moves among some lines."""
    return [line for line in lines if line.startswith(("G0", "G1", "G2", "G3", "G92"))]
