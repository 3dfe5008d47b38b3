"""A print engine in a process of its own, seen through its socket.

    async with engine(tmp_path, port=printer.port) as one:
        await one.online()
        await one.print_file(path)
        job = await one.ended()

It uses the core's own client and holds the snapshot as the driver does. The journal stays
in the folder: an engine that was killed can be started again (`kill`, `start`).
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
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
from appliance.processes import start_session
from tests.waiting import DEADLINE_S, deadline

MODULE = "appliance.components.serial_printer.engine"
# What an engine sends by itself, beside the lines of a file and of scripts.
OWN = ("M105", "M110", "M114", "M115", "M154", "M155", "M20", "M21", "M220", "M221", "M27",
       "M400", "M503")  # fmt: skip

Condition = Callable[[Snapshot], object]


class EngineProcess:
    """The engine of one test; it can be killed and started again on the same journal."""

    def __init__(self, folder: Path, settings: EngineSettings, name: str = "engine") -> None:
        self.folder = folder
        self.settings = settings
        self.snapshot = Snapshot()
        self.console: list[tuple[str, str]] = []  # direction, text
        self.origins: list[tuple[str, str]] = []  # text, who sent it
        self.events: list[tuple[str, Job]] = []
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / f"{name}.log"
        self.journal = folder / f"{name}.journal"
        # The path of a Unix socket ends at 107 bytes; pytest's folders may be longer.
        self._short = Path(tempfile.mkdtemp(prefix="engine"))
        self.socket = self._short / "s"
        self._client = EngineClient(self._frame)
        self._reading: asyncio.Task[None] | None = None
        self._waiting: list[tuple[Condition, asyncio.Future[Snapshot]]] = []
        self._connections = 0  # how often the printer has come online
        self._known_connections = 0  # those that were waited for

    # -- the process and the core's end of it

    async def start(self, *, connect: bool = True) -> None:
        """Start the process, introduce ourselves and let it connect."""
        paths = (str(self.socket), str(self.journal), str(self.log))
        self.process = await asyncio.to_thread(start_session, MODULE, paths, self.log)
        await self.attach()
        await self.call("configure", settings=to_plain(self.settings))
        if connect:
            await self.call("connect")

    async def attach(self) -> None:
        """Attach as a core does."""
        await self._client.attach_started(self.socket)
        self._reading = asyncio.create_task(self._client.read())

    async def detach(self) -> None:
        """Go away as a core does that is killed."""
        self._client.detach()
        reading, self._reading = self._reading, None
        if reading is not None:
            await reading

    async def kill(self) -> None:
        """Kill the process as a crash would; `start` begins a new one."""
        await self.signal(signal.SIGKILL)

    async def signal(self, number: signal.Signals) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return await self.gone()

    async def gone(self) -> int:
        """Wait until the process has ended, and return its exit code."""
        process, self.process = self.process, None
        assert process is not None
        code = await asyncio.to_thread(process.wait, DEADLINE_S)
        await self.detach()
        return code

    async def stop(self) -> int:
        """End the process as systemd would, and return its exit code."""
        return 0 if self.process is None else await self.signal(signal.SIGTERM)

    async def clean_up(self) -> None:
        """End the process, whatever it does."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
            try:
                await asyncio.to_thread(self.process.wait, DEADLINE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
            await self.gone()
        await self.detach()
        await asyncio.to_thread(shutil.rmtree, self._short, ignore_errors=True)

    # -- verbs

    async def call(self, verb: str, **arguments: Any) -> Any:
        """Call a verb; the engine's domain errors are raised."""
        async with deadline(f"the verb {verb}"):
            return await self._client.call(verb, **arguments)

    async def send(self, *lines: str) -> list[str]:
        """Send commands, wait for their oks and return the answers."""
        answers: list[str] = await self.call(
            "send", lines=list(lines), origin="test", wait=True
        )
        return answers

    async def print_file(
        self, path: Path, scripts: JobScripts | None = None, **request: Any
    ) -> Job:
        """Start to print ``path``, or what ``request`` says instead."""
        file = JobFile(Origin.LOCAL, path.name, path.name, path.stat().st_size)
        wanted = replace(JobRequest(file, local_path=str(path)), **request)
        job = await self.call(
            "start", request=to_plain(wanted), scripts=to_plain(scripts) if scripts else None
        )
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
        self,
        condition: Condition,
        what: str = "",
        within_s: float = DEADLINE_S,
    ) -> Snapshot:
        """Wait for a condition of the snapshot; the failure tells what there is instead.

        The condition sees every snapshot that was told, also those of which several arrive
        at once, and the one that it was true of is returned.
        """
        if condition(self.snapshot):
            return self.snapshot
        found: asyncio.Future[Snapshot] = asyncio.get_running_loop().create_future()
        self._waiting.append((condition, found))
        try:
            async with asyncio.timeout(within_s):
                return await found
        except TimeoutError:
            now = self.snapshot
            message = (
                f"not within {within_s:g} s: {what or 'the condition'}; it is {now.link}, "
                f"{now.phase}, {now.fault}, {now.job}, {now.health}; "
                f"last lines: {self.console[-8:]}"
            )
            raise AssertionError(message) from None
        finally:
            self._waiting.remove((condition, found))

    async def online(self) -> Snapshot:
        """Wait until the printer obeys and the questions of the handshake are answered."""
        state = await self.until(
            lambda now: now.link is Link.ONLINE and not now.busy, "online and quiet"
        )
        self._known_connections = self._connections
        return state

    async def online_again(self) -> Snapshot:
        """Wait for another connection than the one that was waited for before.

        That a job ended is told before the link goes, so that it may look online still.
        """
        await self.until(
            lambda _: self._connections > self._known_connections, "a new connection"
        )
        return await self.online()

    async def phase(self, phase: JobPhase) -> Snapshot:
        """Wait for a phase of the job."""
        return await self.until(lambda now: now.phase is phase, f"{phase}")

    async def printed(self, lines: int) -> Snapshot:
        """Wait until so many lines of the job are acknowledged."""
        return await self.until(
            lambda now: now.job is not None and now.job.line >= lines, f"{lines} lines"
        )

    async def ended(self, within_s: float = 60.0) -> Job:
        """Wait for the end of the job and return it."""
        await self.until(lambda _: self._last_ended() is not None, "the job ends", within_s)
        job = self._last_ended()
        assert job is not None
        return job

    async def heard(self, text: str) -> None:
        """Wait until the console holds a line with that text."""
        await self.until(lambda _: any(text in line for _, line in self.console), text)

    def _last_ended(self) -> Job | None:
        """Return the job of the last end, unless another has begun since."""
        for name, job in reversed(self.events):
            if name == "job_started":
                return None
            if name == "job_ended":
                return job
        return None

    # -- frames

    def _frame(self, frame: dict[str, Any]) -> None:
        if "snapshot" in frame:
            self._take(from_plain(Snapshot, frame["snapshot"]))
        elif "changed" in frame:
            self._take(apply(self.snapshot, frame["changed"]))
        elif "event" in frame:
            self._event(frame)
        elif "console" in frame:
            self._grow(frame["console"])
        elif "backlog" in frame:
            self._grow(frame["backlog"]["console"])
            self.events.clear()
            for event in frame["backlog"]["events"]:
                self._event(event)
        for condition, found in self._waiting:
            self._look(condition, found)

    def _take(self, snapshot: Snapshot) -> None:
        if snapshot.link is Link.ONLINE and self.snapshot.link is not Link.ONLINE:
            self._connections += 1
        self.snapshot = snapshot

    def _look(self, condition: Condition, found: asyncio.Future[Snapshot]) -> None:
        if found.done():
            return
        try:
            if condition(self.snapshot):
                found.set_result(self.snapshot)
        except Exception as error:  # noqa: BLE001 - it is the test's, which waits for it
            found.set_exception(error)

    def _event(self, frame: dict[str, Any]) -> None:
        self.events.append((frame["event"], from_plain(Job, frame["job"])))

    def _grow(self, lines: Sequence[Sequence[Any]]) -> None:
        self.console += [(line[2], line[3]) for line in lines]
        self.origins += [(line[3], line[4]) for line in lines]


@asynccontextmanager
async def engine(
    folder: Path, *, port: str, name: str = "engine", connect: bool = True, **settings: Any
) -> AsyncIterator[EngineProcess]:
    """Run an engine on ``port`` (empty: let it find one); it is gone at the end."""
    plain = EngineSettings(port=port or None, baudrate=115200, autoconnect=True)
    one = EngineProcess(folder, replace(plain, **settings), name)
    try:
        await one.start(connect=connect)
        yield one
    finally:
        await one.clean_up()


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
