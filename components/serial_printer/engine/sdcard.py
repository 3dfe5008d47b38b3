"""Printing from the printer's own card: the firmware runs the job, we watch and steer.

A pause may be answered by a prompt at the printer (PARK_HEAD_ON_PAUSE) and then holds
every later command; so nothing here waits for the ok of M25. Recorded from Marlin 2.1.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from appliance.domain.job import Job, JobFile, JobKind, JobPhase, JobRequest, JobResult, Origin
from appliance.domain.machine import Link
from appliance.domain.printer import Fault
from appliance.domain.wire import to_plain
from appliance.errors import FileMissing, InvalidRequest, PrinterBusy

from .dialogue import Dialogue
from .execution import Execute
from .outbox import Command
from .runner import JobRunner
from .state import State

_PROGRESS = re.compile(r"SD printing byte (\d{1,15})/(\d{1,15})")
_OPENED = re.compile(r"File opened:\s*(\S+)(?:\s+Size:\s*(\d{1,15}))?")
_CURRENT = re.compile(r"Current file:\s*(\S+)")
_READY = ("SD card ok",)
_GONE = (
    "No media",
    "SD card released",
    "SD init fail",
    "volume.init failed",
    "openRoot failed",
)
POLL_S = 1.0
# Marlin says "Not SD printing" between M24 and the first read, and at the end for as long
# as the last lines take: only who says it for long has been stopped.
STOPPED_S = 30.0


class SdCardControl:
    """The printer's own card."""

    def __init__(
        self,
        state: State,
        dialogue: Dialogue,
        runner: JobRunner,
        execute: Execute,
        tell: Callable[[str, dict[str, Any]], None],
    ) -> None:
        self._state = state
        self._dialogue = dialogue
        self._runner = runner
        self._execute = execute
        self._tell = tell
        self._opened: tuple[str, int] | None = None
        self._polled_at = 0.0
        self._not_printing: float | None = None  # since when
        self._reports = False

    @property
    def active(self) -> bool:
        """Whether the firmware prints from its card."""
        running = self._runner.running
        return running is not None and running.kind is JobKind.SD

    # -- the card itself

    def begin(self) -> None:
        """Look for a card after connecting, and for a print that already runs."""
        firmware = self._state.firmware
        capabilities = firmware.capabilities if firmware is not None else {}
        self._reports = capabilities.get("AUTOREPORT_SD_STATUS", False)
        self._queue("M21")
        self.refresh()
        self._queue("M27 S2" if self._reports else "M27")

    def refresh(self) -> None:
        """Read the list of files again."""
        self._runner.require_no_upload()
        firmware = self._state.firmware
        long_names = firmware is not None and (
            firmware.capabilities.get("EXTENDED_M20")
            or firmware.capabilities.get("LONG_FILENAME")
        )
        self._queue("M20 L" if long_names else "M20")

    def release(self) -> None:
        """Let the card be taken out."""
        self._queue("M22")

    async def delete(self, name: str) -> None:
        """Delete a file of the card."""
        self._runner.require_no_upload()
        if self.active and self._opened and self._opened[0].lower() == name.lower():
            message = "the printer prints that file"
            raise PrinterBusy(message)
        answers = await self._execute((f"M30 {_absolute(name)}",), "sd")
        self.refresh()
        if any("failed" in line.lower() for line in answers[0]):
            message = f"the printer could not delete {name}"
            raise FileMissing(message)

    # -- a print

    async def start(self, request: JobRequest) -> Job:
        """Select a file of the card and print it."""
        if self._state.phase.active:
            message = "the printer has a job already"
            raise PrinterBusy(message)
        self._state.set_phase(JobPhase.PREPARING)
        answers = await self._execute((f"M23 {_absolute(request.file.path)}",), "sd")
        if any("open failed" in line.lower() for line in answers[0]):
            self._state.set_phase(JobPhase.NONE)
            message = f"the printer's card has no {request.file.path}"
            raise FileMissing(message)
        job = self._begin(request.file, request.user)
        self._queue("M24")
        return job

    async def upload(self, request: JobRequest) -> Job:
        """Copy a local file to the card."""
        if request.target_name is None:
            message = "a file on the card needs a name"
            raise InvalidRequest(message)
        return await self._runner.start(request)

    async def pause(self, origin: str) -> None:
        """Ask the firmware to pause."""
        if self._state.phase is not JobPhase.PRINTING:
            return
        self._state.set_phase(JobPhase.PAUSING)
        running = self._runner.running
        if running is not None:
            running.pause_source = origin
        self._queue("M25", self._paused)

    async def resume(self, origin: str) -> None:
        """Ask the firmware to go on."""
        if self._state.phase is not JobPhase.PAUSED:
            return
        self._state.set_phase(JobPhase.RESUMING)
        self._queue("M24", self._resumed)

    async def cancel(self, origin: str) -> None:
        """Ask the firmware to abort the print."""
        if self._state.phase is JobPhase.CANCELLING:
            return
        self._state.set_phase(JobPhase.CANCELLING)
        if self._state.waiting_for_user and self._state.hears_emergency:
            self._dialogue.send_now(b"M108", origin)
        answers = await self._execute(("M524",), "sd")
        if any("unknown command" in line.lower() for line in answers[0]):
            await self._execute(("M25", "M26 S0"), "sd")
        await self._runner.cancel_script()
        self._runner.conclude(JobResult.CANCELLED, f"Cancelled by {origin}.")

    def abort(self, fault: Fault) -> None:
        """End our view of the print; the firmware may well go on by itself."""
        self._runner.abort(fault)

    def tick(self, now: float) -> None:
        """Ask how far it is, where the firmware does not tell by itself."""
        if not self.active or self._reports or now - self._polled_at < POLL_S:
            return
        if self._state.phase is JobPhase.PRINTING and not self._dialogue.has_queued(b"M27"):
            self._polled_at = now
            self._queue("M27")

    def hear(self, body: str) -> bool:
        """Take a line about the card; False if it is about something else."""
        if match := _PROGRESS.search(body):
            self._progress(int(match[1]), int(match[2]))
        elif match := _OPENED.search(body):
            self._opened = (match[1], int(match[2] or 0))
        elif match := _CURRENT.search(body):
            self._opened = (match[1], self._opened[1] if self._opened else 0)
        elif "Not SD printing" in body:
            self._ended_silently()
        elif body.startswith("Done printing file"):
            self._done()
        elif any(text in body for text in _READY):
            self._state.sd = replace(self._state.sd, supported=True, ready=True)
            self._state.touch()
        elif any(text in body for text in _GONE):
            self._state.sd = replace(self._state.sd, ready=False, files=())
            self._state.touch()
        else:
            return False
        return True

    # -- within

    def _begin(self, file: JobFile, user: str | None) -> Job:
        job = self._runner.adopt(JobKind.SD, file, user)
        self._not_printing = None
        if self._state.phase is JobPhase.NONE:
            self._state.set_phase(JobPhase.PREPARING)
        self._state.set_phase(JobPhase.PRINTING)
        self._tell("job_started", {"job": to_plain(job)})
        return job

    def _progress(self, position: int, size: int) -> None:
        self._not_printing = None
        running = self._runner.running
        if (
            running is None
            and not self._state.phase.active
            and self._state.link is Link.ONLINE  # while we connect, it is too early
        ):
            # Begun at the printer's own panel.
            name = self._opened[0] if self._opened else "unknown"
            self._begin(JobFile(Origin.SDCARD, name, name, size), None)
            self._queue("M27 C")
            running = self._runner.running
        if running is not None and running.kind is JobKind.SD:
            running.position = position
            if running.file.size != size:
                running.file = replace(running.file, size=size)

    def _ended_silently(self) -> None:
        if not self.active or self._state.phase is not JobPhase.PRINTING:
            return
        now = time.monotonic()
        if self._not_printing is None:
            self._not_printing = now
        if now - self._not_printing > STOPPED_S:
            self._runner.conclude(JobResult.CANCELLED, "Stopped at the printer.")

    def _done(self) -> None:
        if self.active and self._state.phase in (JobPhase.PRINTING, JobPhase.PAUSED):
            if self._state.phase is JobPhase.PAUSED:
                self._state.set_phase(JobPhase.PRINTING)
            self._state.set_phase(JobPhase.FINISHING)
            self._runner.conclude(JobResult.COMPLETE, None)

    def _paused(self, command: Command, fault: Fault | None) -> None:
        if fault is None and self._state.phase is JobPhase.PAUSING:
            self._runner.paused_by_printer(
                self._runner.running.pause_source or "the printer"
                if self._runner.running
                else "the printer"
            )

    def _resumed(self, command: Command, fault: Fault | None) -> None:
        if fault is None and self._state.phase is JobPhase.RESUMING:
            self._runner.printer_goes_on()

    def _queue(
        self, text: str, on_done: Callable[[Command, Fault | None], None] | None = None
    ) -> None:
        self._dialogue.send(Command(text.encode(), "sd", on_done, poll=True))


def _absolute(name: str) -> str:
    """M23 with a folder changes the working directory: absolute names always work."""
    return name if name.startswith("/") else f"/{name}"
