"""The print engine: its parts put together, and the verbs that the appliance calls."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from appliance.components.serial_printer.contract import EngineSettings
from appliance.domain.job import Job, JobFile, JobPhase, JobRequest, JobScripts
from appliance.domain.machine import Link
from appliance.domain.printer import Fault, FaultReason, Snapshot
from appliance.errors import InvalidRequest, PrinterBusy, PrinterOffline, PrinterRefused

from .connector import CLOSED_S, Connector
from .console import Console
from .dialogue import EMERGENCY, Dialogue
from .execution import Execution, Interrupted
from .framing import sanitise
from .journal import Journal
from .outbox import Command
from .ports import by_id_of
from .prompting import Prompting
from .questions import TemperaturePoll, first_questions
from .recovery import Recovery
from .replies import HostState, Ok, Problem, Reply, Started
from .runner import JobRunner
from .safety import LAST_WORDS_S, Safety
from .sdcard import SdCardControl
from .seriallog import SerialLog
from .state import State
from .telemetry import Telemetry

_LOGGER = logging.getLogger(__name__)

TICK_S = 0.25
# Later than this a tick comes only if the process was stopped, or the whole computer was.
STOPPED_S = 2.0
SAVE_S = 1.0
# Far beyond any UART; the kernel takes no more than 32 bits.
FASTEST_BAUD = 100_000_000
Tell = Callable[[str, dict[str, Any]], None]


class Engine:
    """One printer, its port and its job."""

    def __init__(self, journal_path: Path, *, changed: Callable[[], None], tell: Tell) -> None:
        self.settings = EngineSettings()
        self.console = Console()
        self.journal = Journal(journal_path)
        self.dialogue = Dialogue(self.console, self)
        self.state = State(self.settings.heaters, changed)
        self.execution = Execution(self.dialogue)
        execute = self.execution.execute
        self.telemetry = Telemetry(self.state, self.dialogue)
        self.runner = JobRunner(self.state, self.dialogue, self.journal, execute, tell)
        self.connector = Connector(
            self.state,
            self.dialogue,
            execute,
            lost=self._port_lost,
            online=self._came_online,
        )
        self.prompting = Prompting(self.state, self.dialogue, self.runner)
        self.safety = Safety(self.state, self.dialogue, self.runner, execute)
        self.sd = SdCardControl(self.state, self.dialogue, self.runner, execute, tell)
        self.recovery = Recovery(self.state, self.dialogue, self.runner, self.journal)
        self.runner.failed = self.failed
        self.telemetry.on_sd = self.sd.hear
        self.telemetry.on_action = self._action
        self.telemetry.on_waiting = self._waiting
        self._tell = tell
        self._first_connection = True
        self._wanted = False  # whether somebody wants us to be connected
        self._port: str | None = None
        self._baudrate: int | None = None
        self._ticked_at = time.monotonic()
        self._sampled_at = self._saved_at = 0.0
        self._poll = TemperaturePoll(self.state, self.dialogue, self.telemetry)
        self._background: set[asyncio.Task[Any]] = set()
        self._looking: asyncio.Task[Any] | None = None  # for heaters that nobody needs
        self.runner.last = self.recovery.left_behind()
        self.connector.close_file = self.recovery.uploading

    # -- life

    def configure(self, settings: EngineSettings) -> None:
        """Take the settings of the core; they count from the next connection or job on."""
        self.settings = settings
        self.connector.settings = settings
        self.state.configured_heaters = settings.heaters
        self.runner.scripts = settings.scripts
        self.runner.wait_on_host = settings.wait_on_host
        self.safety.configure(settings)
        self.dialogue.outbox.compact = settings.compact
        if settings.serial_log is not None and self.console.log is None:
            self.console.log = SerialLog(Path(settings.serial_log))

    def snapshot(self) -> Snapshot:
        """Return everything known now."""
        self.state.apply_targets()
        return self.state.snapshot(self.dialogue)

    async def run(self) -> None:
        """Look after time: reports, timeouts, heaters, the journal."""
        while True:
            due = time.monotonic() + TICK_S
            await asyncio.sleep(TICK_S)
            now = time.monotonic()
            if now - due > STOPPED_S:
                self._was_stopped(now - due)
                continue
            self._tick(now)
            if now - self._saved_at > SAVE_S and self.runner.running is not None:
                self._saved_at = now
                self.runner.save()
                await asyncio.to_thread(self.journal.sync)

    async def shut_down(self, cause: str) -> None:
        """End for good: the job is interrupted, heaters go off, the port is closed."""
        self.connector.stop()
        last_lines = self.safety.last_lines()
        if self.runner.running is not None:
            self.runner.abort(Fault(FaultReason.CONNECTION, cause), resumable=True)
        if self.state.link is Link.ONLINE:
            await self.safety.cool_down(last_lines)
        self.dialogue.close(None)
        for task in tuple(self._background):
            task.cancel()
        await asyncio.to_thread(self.journal.sync)
        self.journal.close()
        if self.console.log is not None:
            await asyncio.to_thread(self.console.log.close)

    # -- verbs

    async def connect(self, port: str | None, baudrate: int | None) -> None:
        """Begin to connect."""
        if self.runner.running is not None:
            message = "the printer has a job"
            raise PrinterBusy(message)
        if baudrate is not None and not 0 < baudrate <= FASTEST_BAUD:
            message = f"{baudrate} is no baud rate"
            raise InvalidRequest(message)
        if self.recovery.packed:
            self.connector.was_packed = True
        pause = CLOSED_S if self.dialogue.is_open else 0.0
        halted = self.dialogue.window.dialect if self.state.link is Link.HALTED else None
        self._close(Link.OFFLINE, None)
        self._wanted = True
        self._port = port or self.settings.port or None
        self._baudrate = baudrate or self.settings.baudrate
        if port is not None:
            self.connector.by_id = None
        # A hot printer that nobody resets may be in the middle of an interrupted print.
        keep = not self.settings.reset_on_connect or self.recovery.possible
        self.connector.connect(
            self._port, self._baudrate, keep=keep, after=pause, halted=halted
        )

    async def disconnect(self) -> None:
        """Close the port."""
        if self.runner.running is not None:
            message = "the printer has a job; cancel it first"
            raise PrinterBusy(message)
        self._wanted = False
        if self.state.link is Link.ONLINE and self.settings.disconnected_script:
            try:
                await asyncio.wait_for(
                    self.execution.execute(self.settings.disconnected_script, "script"), 5.0
                )
            except (TimeoutError, Interrupted):
                _LOGGER.warning("The script before disconnecting did not end")
        self.state.selected = None
        self._close(Link.OFFLINE, None)

    async def send(self, lines: Sequence[str], origin: str, *, wait: bool) -> list[str]:
        """Send commands of a person or a view."""
        self.require_online()
        texts = [text for line in lines if (text := sanitise(line))]
        ordinary = []
        for text in texts:
            if text.startswith(b"M112"):
                await self.emergency_stop(origin)
                return []
            self.runner.require_no_upload()
            if text.startswith(EMERGENCY) and self.state.hears_emergency:
                self.dialogue.send_now(text, origin)
            else:
                ordinary.append(text)
        if not ordinary:
            return []
        if not wait:
            for text in ordinary:
                self.dialogue.send(Command(text, origin))
            return []
        try:
            answers = await self.execution.execute_bytes(ordinary, origin)
        except Interrupted as error:
            kind = PrinterRefused if self.dialogue.is_open else PrinterOffline
            raise kind(str(error)) from error
        return [line for answer in answers for line in answer]

    async def start(self, request: JobRequest, scripts: JobScripts | None) -> Job:
        """Start a job."""
        self.require_online()
        if scripts is not None:
            self.runner.scripts = scripts
        if request.kind == "sd":
            return await self.sd.start(request)
        if request.kind == "sd_upload":
            return await self.sd.upload(request)
        return await self.runner.start(request)

    async def pause(self, origin: str) -> None:
        """Pause the job."""
        await (self.sd.pause(origin) if self.sd.active else self.runner.pause(origin))

    async def resume(self, origin: str) -> None:
        """Go on with a paused job, or with an interrupted one that can be resumed."""
        if self.runner.running is not None and self.prompting.waits:
            self.prompting.go_on(origin)
        elif self.sd.active:
            await self.sd.resume(origin)
        elif self.runner.running is None and self.recovery.possible:
            self.require_online()
            if self._looking is not None:
                await asyncio.wait({self._looking})
            await self.recovery.resume()
        else:
            await self.runner.resume(origin)

    async def cancel(self, origin: str) -> None:
        """Cancel the job."""
        await (self.sd.cancel(origin) if self.sd.active else self.runner.cancel(origin))

    async def emergency_stop(self, origin: str) -> None:
        """Stop everything now; the link is halted afterwards."""
        if not self.dialogue.is_open:
            self.require_online()
        self.connector.stop()
        dialogue = self.dialogue
        dialogue.job = None
        # Bare, as an emergency parser reads it, and numbered for a firmware without one.
        dialogue.send_now(b"M112", origin)
        dialogue.write_line(b"\nM112")
        self.safety.write(self.safety.last_lines())
        self._halt(
            Fault(
                FaultReason.KILLED,
                f"Emergency stop by {origin}.",
                "Reset the printer, or switch it off and on, then connect again.",
                halted=True,
            )
        )

    async def reset(self) -> None:
        """Reset the board by DTR, or the firmware by its own command, and connect again."""
        if self.runner.running is not None:
            message = "the printer has a job"
            raise PrinterBusy(message)
        self._close(Link.OFFLINE, None)
        self._wanted = True
        port = self._port or self.settings.port
        baudrate = self._baudrate or self.settings.baudrate
        await self.connector.pulse_reset(port)
        self.connector.connect(port, baudrate, halted=self.dialogue.window.dialect)

    async def answer(self, button: int, origin: str) -> None:
        """Answer the printer's prompt."""
        self.prompting.answer(button, origin)

    async def acknowledge(self) -> None:
        """Take the oldest line for executed."""
        self.dialogue.acknowledge()

    async def set_offset(self, heater: str, offset: float) -> None:
        """Shift every target of a heater in jobs."""
        if offset:
            self.state.offsets[heater] = offset
        else:
            self.state.offsets.pop(heater, None)
        self.state.touch()

    async def select(self, file: JobFile | None) -> None:
        """Remember the file to be printed next."""
        self.state.selected = file
        if file is not None and self.runner.running is not None:
            self.runner.running.learn(file)
        self.state.touch()

    # -- what the dialogue tells (Listener)

    def replied(self, reply: Reply, text: str) -> None:
        """Hear a line of the printer."""
        self.connector.hear(reply, text)
        if isinstance(reply, Started) and self.state.link is Link.ONLINE:
            self._was_reset()
            return
        if isinstance(reply, HostState):
            self._host_state(reply.name)
            return
        if isinstance(reply, Problem):
            _LOGGER.info("The printer said: %s", text)
            return
        self.telemetry.hear(reply, text)
        if isinstance(reply, Ok) and self.state.waiting_for_user:
            self.telemetry.acknowledged()

    def _host_state(self, name: str) -> None:
        """Hear what Klipper says of itself."""
        if self.state.link is not Link.ONLINE:
            return
        oldest = self.dialogue.window.oldest
        status = self.dialogue.window.dialect.status_command or ""
        # People write it as they like.
        asked = oldest is not None and oldest.text.upper() == status.encode()
        if name == "ready" and not asked:
            self._was_reset()  # nobody has asked: it has begun anew
        elif name == "shutdown" and status:
            # Its answer names the reason, and ends in `failed`.
            self.dialogue.send(Command(status.encode(), "handshake", poll=True))

    def sent(self, text: bytes) -> None:
        """Hear of a line that goes out."""
        if not self.runner.uploading:
            self.state.tracker.sent(text)

    def executed(self, text: bytes) -> None:
        """Hear of a line that was acknowledged."""
        if not self.runner.uploading:
            self.state.tracker.executed(text)
        if self.state.waiting_for_user:
            self.telemetry.acknowledged()

    def failed(self, fault: Fault) -> None:
        """Hear that the dialogue cannot go on."""
        if self.state.link is Link.HALTED:
            return  # "kill() called" follows its reason, which is what people want to read
        _LOGGER.error("%s", fault.message)
        self.console.note(fault.message)
        last_lines = self.safety.last_lines()
        if fault.halted:
            self.safety.write(last_lines)
            self._halt(fault)
        elif fault.reason is FaultReason.TIMEOUT:
            self._end_job(fault, resumable=True)
            self.safety.write(last_lines)  # it may well hear what it does not answer
            self._close(Link.FAILED, fault)
            self._reconnect()
        else:
            self._end_job(fault)
            self.state.fault = fault
            if fault.reason in (FaultReason.RESEND, FaultReason.RESEND_LOOP):
                # Nothing gets past a line that never arrives: it is given up for good.
                self.safety.write(last_lines)
                self.dialogue.start_over(fault)
            self.dialogue.send(*(Command(line, "gantry") for line in last_lines))
            self.state.touch()

    # -- within

    def _came_online(self) -> None:
        state, settings = self.state, self.settings
        state.fault = None
        self.safety.begin()
        self.recovery.found(self.connector.last_line, was_reset=self.connector.saw_start)
        self.connector.by_id = by_id_of(state.connection.port or "")
        firmware = state.firmware
        capabilities = firmware.capabilities if firmware is not None else {}
        dialect = self.dialogue.window.dialect
        for line in first_questions(capabilities, dialect, settings.report_interval_s):
            self.dialogue.send(Command(line.encode(), "handshake", poll=True))
        if capabilities.get("SDCARD", False):
            state.sd = replace(state.sd, supported=True)
            self.sd.begin()
        for line in settings.connected_script:
            self.dialogue.send(Command(sanitise(line), "script"))
        if self._first_connection or self.recovery.possible:
            self._first_connection = False
            self._looking = self.spawn(self.safety.look_for_heat())

    def spawn(self, work: Any) -> asyncio.Task[Any]:
        """Run something beside; it ends with the engine."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background_done)
        return task

    def _background_done(self, task: asyncio.Task[Any]) -> None:
        self._background.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None and not isinstance(error, Interrupted):
            _LOGGER.error("Background work failed", exc_info=error)

    def _was_stopped(self, seconds: float) -> None:
        """Count the time as none in which this process did not run: it could hear nothing."""
        _LOGGER.warning("The computer did not let us run for %.1f s", seconds)
        self._ticked_at += seconds
        self.dialogue.patience.skip(seconds)
        self.safety.skip(seconds)

    def _tick(self, now: float) -> None:
        passed, self._ticked_at = now - self._ticked_at, now
        self.dialogue.tick(now)
        self.runner.heating_tick(passed)
        if self.state.link is not Link.ONLINE:
            return
        if self.runner.running is not None:
            self.runner.remember_progress()
        self._poll.tick(now, uploading=self.runner.uploading)
        self.sd.tick(now)
        if now - self._sampled_at >= 1.0:
            self._sampled_at = now
            self.state.apply_targets()
            sample = self.state.sample()
            if sample is not None:
                self._tell("temperatures", {"sample": sample})
        fault = self.safety.watch(now)
        if fault is not None:
            self.failed(fault)

    def _action(self, name: str, argument: str) -> None:
        """Obey what the printer itself asks for."""
        source = argument or "the printer"
        if name == "paused":
            self.runner.paused_by_printer(source)
        elif name == "resumed":
            self.runner.resumed_by_printer()
        elif name in ("pause", "resume", "cancel"):
            self.spawn(self._obey(name))
        elif name == "disconnect" and self.runner.running is None:
            self.spawn(self.disconnect())

    def _waiting(self, waiting: bool) -> None:
        """Take note that the printer waits for a person, or does not any more."""
        if waiting:
            self.runner.paused_by_printer("the printer", asking=True)
        else:
            self.runner.resumed_by_printer(answered=True)

    async def _obey(self, name: str) -> None:
        if not self.state.phase.active:
            return
        verb = {"pause": self.pause, "resume": self.resume, "cancel": self.cancel}[name]
        await verb("the printer")

    def require_online(self) -> None:
        """Raise `PrinterOffline` unless the printer obeys commands."""
        if self.state.link is not Link.ONLINE:
            message = "the printer is not connected"
            raise PrinterOffline(message)

    def _end_job(self, fault: Fault, *, resumable: bool = False) -> None:
        if self.runner.uploading:
            self.connector.close_file = True  # unless the board was reset it is still open
        if self.sd.active:
            self.sd.abort(fault)
        elif self.runner.running is not None:
            self.runner.abort(fault, resumable=resumable)
        elif self.state.phase.active:
            self.state.set_phase(JobPhase.NONE)

    def _was_reset(self) -> None:
        """End the job: the board restarted by itself, what it printed is lost."""
        fault = Fault(
            FaultReason.RESET,
            "The printer restarted in the middle of its work.",
            "Its power supply, its board or a reset button are the usual reasons.",
        )
        self.console.note(fault.message)
        self._end_job(fault)
        self.dialogue.restart(fault)
        self.state.tracker.forget()
        self.telemetry.temperatures_at = 0.0
        self.connector.handshake_again()

    def _port_lost(self, reason: str) -> None:
        if self.state.link is Link.HALTED:  # its fault says more than the silence after it
            self.dialogue.close(self.state.fault)
            return
        fault = Fault(
            FaultReason.PORT_LOST,
            f"The connection to the printer was lost ({reason}).",
            "Check the USB cable and the power of the printer.",
        )
        _LOGGER.warning("%s", fault.message)
        self.console.note(fault.message)
        # The firmware may have kept its state: whether it has is asked when it is back.
        self._end_job(fault, resumable=True)
        self._close(Link.FAILED, fault)
        self._reconnect()

    def _reconnect(self) -> None:
        if self._wanted and self.settings.autoconnect:
            self.state.reconnects += 1
            self.connector.connect(
                self._port, self._baudrate, keep=self.recovery.possible, after=0.5
            )

    def _halt(self, fault: Fault) -> None:
        self._end_job(fault)
        self.state.fault = fault
        if self.state.link is not Link.HALTED:
            self.state.set_link(Link.HALTED)
        self._wanted = False
        self.connector.stop()
        self.state.tracker.forget()
        self.state.targets_off()
        asyncio.get_running_loop().call_later(LAST_WORDS_S, self._close_halted)

    def _close_halted(self) -> None:
        if self.state.link is Link.HALTED:
            self.dialogue.close(self.state.fault)

    def _close(self, link: Link, fault: Fault | None) -> None:
        if self.dialogue.is_open:
            self.connector.was_packed = self.dialogue.window.packed
        if self.state.phase.active:  # one that began while we were about to close
            reason = FaultReason.CONNECTION
            self._end_job(fault or Fault(reason, "The connection to the printer was closed."))
        self.connector.stop()
        self.dialogue.close(fault)
        self.state.fault = fault
        self.telemetry.temperatures_at = 0.0
        self.state.prompt = None
        self.state.waiting_for_user = False
        if self.state.link is not link:
            self.state.set_link(link)
