"""The printer as the appliance sees it: a proxy of its engine.

It holds the last snapshot and nothing else. When the engine goes away it is started
again; when the core comes back after a restart it finds the engine printing and takes up
where it left.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from appliance import __version__
from appliance.core import Appliance, StopReason
from appliance.domain.difference import apply
from appliance.domain.job import (
    Job,
    JobEnded,
    JobFile,
    JobPaused,
    JobRequest,
    JobResumed,
    JobStarted,
    RecoveryPlan,
)
from appliance.domain.machine import Link
from appliance.domain.printer import (
    Connection,
    ConsoleGrew,
    ConsoleLine,
    Direction,
    Fault,
    FaultReason,
    PrinterChanged,
    Profile,
    SerialPort,
    Snapshot,
)
from appliance.domain.telemetry import Heater, TemperatureSample
from appliance.domain.wire import from_plain, to_plain
from appliance.errors import InvalidRequest, NothingSelected, PrinterOffline
from appliance.processes import Detached, runtime_path, start_detached

from . import scripts
from .client import EngineClient
from .contract import BAUDRATES, PROTOCOL, EngineSettings

_LOGGER = logging.getLogger(__name__)

ENGINE = "appliance.components.serial_printer.engine"
CONSOLE = 1000
SAMPLES = 1800
REATTACH_S = 0.2
# The core speaks the present and the previous protocol of the engine.
SPOKEN = (PROTOCOL, PROTOCOL - 1)
BEGIN_TIMEOUT_S = 60.0
CANCEL_TIMEOUT_S = 12.0
LEAVE_TIMEOUT_S = 8.0
ENDING_S = 10.0  # from the end of its socket to its own
HANGS = Fault(
    FaultReason.CONNECTION,
    "The print engine does not answer: what is shown here may be old.",
    "It goes on by itself if the computer or its disk was busy. If it does not, restart "
    "the computer once the print may be lost.",
)
_EVENTS: Mapping[str, type] = {
    "job_started": JobStarted,
    "job_resumed": JobResumed,
    "job_ended": JobEnded,
}


class SerialPrinter:
    """A serial printer; implements `appliance.domain.printer.Printer`."""

    def __init__(
        self,
        appliance: Appliance,
        printer_id: str,
        name: str,
        profile: Profile,
        settings: EngineSettings,
        configured_scripts: Mapping[str, str],
    ) -> None:
        self._appliance = appliance
        self._id = printer_id
        self._name = name
        self._profile = profile
        self._settings = settings
        self._scripts = configured_scripts
        self._snapshot = Snapshot(heaters={heater: Heater() for heater in profile.heaters})
        self._console: deque[ConsoleLine] = deque(maxlen=CONSOLE)
        self._temperatures: deque[TemperatureSample] = deque(maxlen=SAMPLES)
        self._told = self._snapshot  # by the engine
        self._client = EngineClient(self._frame, self._hanging)
        self._process: Detached | None = None
        self._engine_pid: int | None = None
        self._event_number = 0
        self._seen = appliance.storage.store(f"engine.{printer_id}", 1)
        self._welcomed: asyncio.Event = asyncio.Event()
        self._changed: asyncio.Event = asyncio.Event()
        self._outdated = False
        self._replaced = False  # an outdated engine, and what came was outdated, too
        self._stopping = False

    # -- what is known

    @property
    def id(self) -> str:
        """The id from the configuration."""
        return self._id

    @property
    def name(self) -> str:
        """What people call it."""
        return self._name

    @property
    def profile(self) -> Profile:
        """What the person says about the machine."""
        return self._profile

    @property
    def scripts(self) -> Mapping[str, str]:
        """The G-code scripts, ours where the configuration has none."""
        return scripts.with_defaults(self._scripts, self._profile)

    @property
    def snapshot(self) -> Snapshot:
        """Everything known now."""
        return self._snapshot

    @property
    def console(self) -> Sequence[ConsoleLine]:
        """The last lines of the dialogue, oldest first."""
        return self._console

    @property
    def temperatures(self) -> Sequence[TemperatureSample]:
        """The last temperatures, about one a second, oldest first."""
        return self._temperatures

    @property
    def baudrates(self) -> Sequence[int]:
        """The baud rates that can be asked for."""
        return BAUDRATES

    @property
    def preferred(self) -> Connection:
        """Port and baud rate of the configuration."""
        return Connection(self._settings.port, self._settings.baudrate)

    # -- verbs

    async def ports(self) -> Sequence[SerialPort]:
        """List the serial devices of this machine."""
        found = [
            from_plain(SerialPort, port) for port in await self._client.call_soon("ports")
        ]
        configured = self._settings.port
        if configured and configured not in {
            name for p in found for name in (p.device, p.by_id)
        }:
            found.insert(0, SerialPort(configured))
        return found

    async def connect(self, port: str | None = None, baudrate: int | None = None) -> None:
        """Begin to connect."""
        await self._client.call("connect", port=port, baudrate=baudrate)

    async def disconnect(self) -> None:
        """Close the port."""
        await self._client.call("disconnect")

    async def send(
        self, lines: Sequence[str], *, origin: str, wait: bool = False
    ) -> Sequence[str]:
        """Send G-code."""
        answers: list[str] = await self._client.call(
            "send", lines=list(lines), origin=origin, wait=wait
        )
        return answers

    async def run_script(self, text: str, *, origin: str) -> None:
        """Render a template and send what comes out."""
        try:
            lines = scripts.render(text, self._profile, self._snapshot)
        except ValueError as error:
            raise InvalidRequest(str(error)) from error
        if lines:
            await self.send(lines, origin=origin)

    async def select(self, file: JobFile | None) -> None:
        """Remember the file to be printed next."""
        await self._client.call("select", file=to_plain(file))

    async def start(self, request: JobRequest) -> Job:
        """Start a job."""
        if not request.file.path:
            message = "no file is selected"
            raise NothingSelected(message)
        try:
            rendered = scripts.job_scripts(self._scripts, self._profile, self._snapshot)
        except ValueError as error:
            raise InvalidRequest(str(error)) from error
        job = await self._client.call(
            "start", request=to_plain(request), scripts=to_plain(rendered)
        )
        return from_plain(Job, job)

    async def pause(self, *, origin: str) -> None:
        """Pause the job."""
        await self._client.call("pause", origin=origin)

    async def resume(self, *, origin: str) -> None:
        """Go on with a paused or resumable job."""
        await self._client.call("resume", origin=origin)

    async def cancel(self, *, origin: str) -> None:
        """Cancel the job."""
        await self._client.call("cancel", origin=origin)

    async def emergency_stop(self, *, origin: str) -> None:
        """Stop everything now, or as soon as the engine comes to its senses."""
        await self._client.call_however_late("emergency_stop", origin=origin)

    async def reset(self) -> None:
        """Reset the board and connect again."""
        await self._client.call("reset")

    async def answer(self, button: int, *, origin: str) -> None:
        """Answer the printer's prompt."""
        await self._client.call("answer", button=button, origin=origin)

    async def acknowledge(self) -> None:
        """Pretend that an ok came."""
        await self._client.call("acknowledge")

    async def set_offset(self, heater: str, offset: float) -> None:
        """Shift every target of that heater in jobs."""
        await self._client.call("set_offset", heater=heater, offset=offset)

    async def refresh_sd(self) -> None:
        """Read the list of the printer's own card again."""
        await self._client.call("refresh_sd")

    async def delete_sd(self, name: str) -> None:
        """Delete a file of the printer's own card."""
        await self._client.call("delete_sd", name=name)

    async def exclude(self, name: str) -> None:
        """Leave an object of the running job out."""
        await self._client.call("exclude", name=name)

    async def plan_pause(
        self, *, layer: int | None = None, height: float | None = None
    ) -> None:
        """Pause by itself at that layer or height."""
        await self._client.call("plan_pause", layer=layer, height=height)

    async def recovery_plan(self) -> RecoveryPlan:
        """Return how a print that was lost can go on from its last layer."""
        return from_plain(RecoveryPlan, await self._client.call("recovery_plan"))

    async def recover(self, job_id: str) -> Job:
        """Carry out that plan, once a person has confirmed it."""
        return from_plain(Job, await self._client.call("recover", job_id=job_id))

    # -- life

    def reconfigure(
        self, profile: Profile, settings: EngineSettings, configured: Mapping[str, str]
    ) -> None:
        """Go by other options; the engine takes them from its next connection or job on."""
        self._profile, self._settings, self._scripts = profile, settings, configured
        self._appliance.tasks.spawn(self._configure(), f"reconfigure {self._id}")

    async def _configure(self) -> None:
        try:
            await self._client.call("configure", settings=to_plain(self._for_engine()))
        except PrinterOffline:
            _LOGGER.debug("The engine of '%s' learns its options when it is back", self._id)

    async def begin(self) -> None:
        """Attach to the engine, starting one if none runs, and stay attached.

        A computer may be so slow that it comes later: the printer is offline until then.
        """
        seen = await self._seen.read(lambda kept: (kept["pid"], int(kept["number"])))
        if seen is not None:
            self._engine_pid, self._event_number = seen
        self._appliance.tasks.supervise(self._stay_attached, f"engine of {self._id}")
        try:
            async with asyncio.timeout(BEGIN_TIMEOUT_S):
                await self._welcomed.wait()
        except TimeoutError:
            _LOGGER.warning("The engine of '%s' takes long to start", self._id)

    def goes_on(self) -> str | None:
        """Say what goes on when the appliance ends, for the person at the terminal."""
        job = self._snapshot.job
        if not self._snapshot.phase.active or job is None:
            return None
        return f"'{self._name}' goes on printing {job.file.display} without Gantry."

    async def stop(self, reason: StopReason) -> None:
        """End an idle engine; a print goes on unless it is to be cancelled."""
        self._stopping = True
        if reason is StopReason.CANCEL and self._snapshot.phase.active:
            await self._cancel_and_wait()
        if reason is not StopReason.RESTART and not self._snapshot.phase.active:
            await self._end_engine()
        self._client.detach()

    async def _cancel_and_wait(self) -> None:
        try:
            async with asyncio.timeout(CANCEL_TIMEOUT_S):
                await self.cancel(origin="Ctrl-C")
                while self._snapshot.phase.active:
                    self._changed.clear()
                    await self._changed.wait()
        except (TimeoutError, PrinterOffline):
            _LOGGER.warning("The print on '%s' could not be cancelled in time", self._name)

    async def _end_engine(self) -> None:
        try:
            async with asyncio.timeout(LEAVE_TIMEOUT_S):
                await self._client.call("leave")
                await self._gone()
        except (TimeoutError, PrinterOffline):
            _LOGGER.debug("The engine of '%s' was gone already", self._id)
            if self._process is not None:
                self._process.poll()  # reap it

    async def _gone(self) -> None:
        """Wait until the engine has ended: its port and its lock are free then."""
        if self._process is not None:
            await asyncio.to_thread(self._process.wait)
            return
        await self._client.gone.wait()

    async def _stay_attached(self) -> None:
        while not self._ending():
            await self._attach()
            await self._client.read()
            if self._ending():
                return
            _LOGGER.warning("The engine of '%s' went away", self._id)
            self._set_snapshot(replace(self._told, link=Link.OFFLINE))
            await asyncio.sleep(REATTACH_S)

    def _ending(self) -> bool:
        return self._stopping

    async def _attach(self) -> None:
        path = runtime_path(self._appliance.paths.config, self._id, "sock")
        try:
            await self._client.attach(path)
        except OSError:
            journal = self._appliance.paths.storage / f"{self._id}.journal"
            log = self._appliance.paths.logs / f"engine-{self._id}.log"
            await self._former_ended()
            arguments = (str(path), str(journal), str(log))
            self._process = await asyncio.to_thread(start_detached, ENGINE, arguments, log)
            await self._client.attach_started(path)

    async def _former_ended(self) -> None:
        """Wait for the end of an engine of ours that went away: until then it has its port."""
        if self._process is not None:
            with contextlib.suppress(TimeoutError, subprocess.TimeoutExpired):
                await asyncio.to_thread(self._process.wait, ENDING_S)

    async def _introduce(self) -> None:
        """Give the engine its settings; let a fresh one connect."""
        if self._outdated and not self._replaced and not self._snapshot.phase.active:
            _LOGGER.info("Replacing the engine of '%s' by version %s", self._id, __version__)
            self._replaced = True
            await self._client.call("leave")
            return
        if self._outdated and self._replaced:
            # In the moment of an update the release in use is no longer the one of the core.
            _LOGGER.warning("The engine of '%s' is of another release than we are", self._id)
        self._replaced = self._replaced and self._outdated
        await self._configure()
        if self._snapshot.link is Link.OFFLINE and self._settings.autoconnect:
            await self._client.call("connect")

    def _for_engine(self) -> EngineSettings:
        usable = self._usable_scripts()
        connected, disconnecting = (
            usable.get(name, "") for name in (scripts.CONNECTED, scripts.DISCONNECTING)
        )
        return replace(
            self._settings,
            scripts=scripts.job_scripts(usable, self._profile, self._snapshot),
            connected_script=scripts.render(connected, self._profile, self._snapshot),
            disconnected_script=scripts.render(disconnecting, self._profile, self._snapshot),
        )

    def _usable_scripts(self) -> dict[str, str]:
        """Leave out what cannot be rendered now: no mistake in a script keeps a printer away.

        A job is not that patient: it does not start without its scripts.
        """
        usable = dict(self._scripts)
        for name, text in self._scripts.items():
            try:
                scripts.render(text, self._profile, self._snapshot)
            except ValueError as error:
                _LOGGER.warning("The script '%s' of '%s': %s", name, self._id, error)
                del usable[name]
        return usable

    # -- frames

    def _frame(self, frame: dict[str, Any]) -> None:
        if "changed" in frame:
            self._set_snapshot(apply(self._told, frame["changed"]))
        elif "console" in frame:
            self._grow_console(frame["console"])
        elif "temperatures" in frame:
            self._temperatures.append(from_plain(TemperatureSample, frame["temperatures"]))
        elif "event" in frame:
            self._event(frame)
        elif "snapshot" in frame:
            self._set_snapshot(from_plain(Snapshot, frame["snapshot"]))
        elif "hello" in frame:
            self._hello(frame)
        elif "backlog" in frame:
            self._backlog(frame["backlog"])

    def _hello(self, frame: dict[str, Any]) -> None:
        if frame["pid"] != self._engine_pid:
            self._engine_pid, self._event_number = frame["pid"], 0
        self._outdated = frame["hello"] not in SPOKEN or frame["version"] != __version__

    def _backlog(self, backlog: dict[str, Any]) -> None:
        self._console.clear()
        self._console.extend(_console_line(line) for line in backlog["console"])
        self._temperatures.clear()
        self._temperatures.extend(
            from_plain(TemperatureSample, sample) for sample in backlog["temperatures"]
        )
        for event in backlog["events"]:
            self._event(event)
        self._appliance.tasks.spawn(
            self._introduce(), f"introduce to the engine of {self._id}"
        )
        self._welcomed.set()

    def _event(self, frame: dict[str, Any]) -> None:
        if frame["number"] <= self._event_number:
            return  # told before this core was restarted
        self._event_number = frame["number"]
        seen = {"pid": self._engine_pid, "number": self._event_number}
        self._seen.save_soon(lambda: seen)
        job = from_plain(Job, frame["job"])
        if frame["event"] == "job_paused":
            self._appliance.bus.fire(JobPaused(self._id, job, frame["source"]))
        elif (kind := _EVENTS.get(frame["event"])) is not None:
            self._appliance.bus.fire(kind(self._id, job))

    def _grow_console(self, lines: list[list[Any]]) -> None:
        grown = tuple(_console_line(line) for line in lines)
        self._console.extend(grown)
        self._appliance.bus.fire(ConsoleGrew(self._id, grown))

    def _hanging(self) -> None:
        """Show that the engine hangs, or that it is back; it is never killed: it may print."""
        if self._client.hangs:
            _LOGGER.error("The print engine of '%s' does not answer", self._id)
            self._welcomed.set()  # nobody waits for it at the start
        else:
            _LOGGER.warning("The print engine of '%s' answers again", self._id)
            self._appliance.tasks.spawn(self._configure(), f"reconfigure {self._id}")
        self._set_snapshot(self._told)

    def _set_snapshot(self, told: Snapshot) -> None:
        self._told = told
        snapshot = replace(told, fault=HANGS) if self._client.hangs else told
        previous, self._snapshot = self._snapshot, snapshot
        self._changed.set()
        if snapshot != previous:
            self._appliance.bus.fire(PrinterChanged(self._id, snapshot, previous))


def _console_line(line: list[Any]) -> ConsoleLine:
    number, time, direction, text, origin = line
    return ConsoleLine(number, time, Direction(direction), text, origin)
