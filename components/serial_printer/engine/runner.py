"""The job: its phases, its lines, its scripts, its end.

Every phase that takes time is one coroutine; cancelling a job cancels it and begins the
next. The lines themselves never wait for a coroutine: `next_line` is a plain call.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from appliance.domain.job import (
    Job,
    JobFile,
    JobKind,
    JobPhase,
    JobRequest,
    JobResult,
    JobScripts,
)
from appliance.domain.printer import Fault, FaultReason
from appliance.domain.wire import to_plain
from appliance.errors import InvalidRequest, NotPrinting, PrinterBusy

from .dialogue import Dialogue
from .execution import Execute
from .feed import Feed
from .journal import Journal
from .labels import objects_at
from .memory import Memory, fill, remember, restore
from .opening import open_file
from .record import JobRecord
from .running import RunningJob
from .state import State
from .steps import SCRIPT, Steps
from .streamer import FileStreamer
from .waitbreaker import WaitBreaker
from .window import Line
from .work import Work

Tell = Callable[[str, dict[str, Any]], None]

# Phases in which a wish to pause or cancel has something to act on.
_PAUSABLE = (JobPhase.PREPARING, JobPhase.PRINTING, JobPhase.RESUMING)
_HEATING = (b"M109", b"M190", b"M191", b"M116")


def new_id() -> str:
    """Return an id for a job: 128 random bits in hex."""
    return os.urandom(16).hex()


class JobRunner:
    """Runs one job at a time over a dialogue."""

    def __init__(
        self, state: State, dialogue: Dialogue, journal: Journal, execute: Execute, tell: Tell
    ) -> None:
        self.running: RunningJob | None = None
        self.last: Job | None = None
        self.scripts = JobScripts()
        self.wait_on_host = False
        self.memory: Memory | None = None
        self._state = state
        self._dialogue = dialogue
        self._record = JobRecord(journal, state, dialogue)
        self._steps = Steps(dialogue, execute)
        self._breaker = WaitBreaker(state, dialogue)
        self._work = Work(self._phase_failed)
        self._tell = tell
        self._feed: Feed | None = None
        self.failed: Callable[[Fault], None] = self.abort  # who turns the heaters off, too
        self._pause_origin = ""
        self._asking = False  # whether it is the printer's question that pauses the job
        self._loop = asyncio.get_running_loop()
        state.job = self.job

    # -- what the dialogue asks

    @property
    def flowing(self) -> bool:
        """Whether lines of the job may go out now."""
        if self._state.phase is not JobPhase.PRINTING or self._feed is None:
            return False
        return self._feed.heatwait is None

    @property
    def uploading(self) -> bool:
        """Whether lines are written to the card instead of being executed."""
        return self.running is not None and self.running.kind is JobKind.SD_UPLOAD

    def next_line(self) -> tuple[bytes, int] | None:
        """Return the next line of the file and the offset after it."""
        return self._feed.next() if self._feed is not None else None

    # -- what the feed tells (FeedHost)

    @property
    def underway(self) -> list[bytes]:
        """What is on its way to the printer and not known to be executed."""
        return self._dialogue.underway

    @property
    def max_text(self) -> int:
        """How many bytes a command may have; longer ones are left out."""
        return self._dialogue.window.dialect.max_text

    def note(self, text: str) -> None:
        """Say something to the person."""
        self._dialogue.console.note(text)

    def broken(self, reason: str) -> None:
        """End the job: the file cannot be read any further."""
        fault = Fault(FaultReason.START_PRINT, f"The file: {reason}.")
        self._loop.call_soon(self.failed, fault)

    def exhausted(self) -> None:
        """Look whether the job is over: its file is."""
        self._loop.call_soon(self._check_end)

    def acknowledged(self, line: Line) -> None:
        """Take note of the progress."""
        running = self.running
        if running is None:
            return
        if line.end > running.position:
            running.line += 1
            running.position = line.end
        if self._feed is not None and self._feed.ended:
            self._check_end()

    def sending(self) -> None:
        """Take note that lines are about to go out: the journal must know them first."""
        self.remember_progress()

    def remember_progress(self) -> None:
        """Store in the journal what is acknowledged and what is on the way."""
        if self.running is not None:
            self._record.progress(self.running)

    # -- verbs

    def job(self) -> Job | None:
        """Return the present job, or the last one."""
        return self.running.to_job(self._state.tracker) if self.running else self.last

    async def start(self, request: JobRequest, former: Job | None = None) -> Job:
        """Begin to print a local file."""
        streamer = await open_file(self._state, request, self._more)
        self._begin(request, streamer, former)
        if former is None:
            self._work.begin(self._prepare())
        running = self.running
        assert running is not None
        job = running.to_job(self._state.tracker)
        self._tell("job_started", {"job": to_plain(job)})
        return job

    def _begin(self, request: JobRequest, streamer: FileStreamer, former: Job | None) -> None:
        self._asking = False
        self.memory = None
        self.running = RunningJob(
            new_id(), request.kind, request.file, request.user, request.start_at
        )
        self.running.target_name = request.target_name
        self._state.selected = request.file
        self._state.tracker.begin_job()
        if former is not None:
            self.running.continue_from(former)
        self._feed = Feed(
            streamer,
            self.running,
            self._state,
            self.scripts,
            self,
            wait_on_host=self.wait_on_host,
        )
        self._dialogue.job = self
        self._record.begin(self.running, request)

    async def pause(self, origin: str) -> None:
        """Pause; a second wish means nothing."""
        if self._state.phase in (JobPhase.PAUSING, JobPhase.PAUSED):
            return
        if self._state.phase not in _PAUSABLE or self.running is None or self.uploading:
            message = "there is no print to pause"
            raise NotPrinting(message)
        self.pause_here(origin)

    def pause_here(self, origin: str) -> None:
        """Let no further line go out, from this very moment."""
        busy = self._state.phase is not JobPhase.PRINTING
        self._pause_origin = origin
        self._state.set_phase(JobPhase.PAUSING)
        # A script that is being run comes to its end first: half of it would be lost, and
        # the place that the first pause remembers with it.
        if not busy:
            self._work.begin(self._pause(origin))

    async def resume(self, origin: str) -> None:
        """Go on; a wish while printing means nothing."""
        if self._state.phase in (JobPhase.PRINTING, JobPhase.RESUMING):
            return
        if self._state.phase is not JobPhase.PAUSED or self.running is None:
            message = "there is no paused print"
            raise NotPrinting(message)
        self._state.set_phase(JobPhase.RESUMING)
        self._work.begin(self._resume())

    def require_no_upload(self) -> None:
        """Raise `PrinterBusy` while whatever is sent would be stored on the card."""
        if self.uploading:
            message = "the printer is writing a file to its card"
            raise PrinterBusy(message)

    async def cancel(self, origin: str) -> None:
        """Cancel; a second wish means nothing."""
        if self._state.phase is JobPhase.CANCELLING:
            return
        if self.running is None or not self._state.phase.active:
            message = "there is no print to cancel"
            raise NotPrinting(message)
        self.cancel_here(origin)

    def cancel_here(self, origin: str) -> None:
        """End the job from this very moment on."""
        self._state.set_phase(JobPhase.CANCELLING)
        self._work.begin(self._cancel(origin))

    def adopt(self, kind: JobKind, file: JobFile, user: str | None) -> Job:
        """Take note of a job that the firmware runs by itself."""
        self.running = RunningJob(new_id(), kind, file, user)
        self._record.local_path = None
        self.memory = None
        self._state.selected = file
        self._state.tracker.begin_job()
        return self.running.to_job(self._state.tracker)

    async def ask_position(self) -> None:
        """Let the printer say where it stands once it stands still."""
        await self._steps.stand_still()

    def continue_soon(self, lines: Sequence[str]) -> None:
        """Run ``lines`` in the background, then let the job's own lines flow."""
        self._work.begin(self._continue_numbered(lines))

    async def _continue_numbered(self, lines: Sequence[str]) -> None:
        await self._steps.drained()
        self._dialogue.renumber()
        await self.continue_resumed(lines)

    async def continue_resumed(self, lines: Sequence[str]) -> None:
        """Bring the machine back to what the file expects, then let the lines flow."""
        await self._steps.script(lines)
        await self._take_up_objects()
        if self._state.phase is JobPhase.PAUSING:
            await self._pause(self._pause_origin)
            return
        self._state.set_phase(JobPhase.PRINTING)
        self._tell_job("job_resumed")
        self._dialogue.pump()

    async def _take_up_objects(self) -> None:
        """Find out in which object the print goes on, where one is left out."""
        running, feed = self.running, self._feed
        path = self._record.local_path
        if running is None or feed is None or not running.excluded or not path:
            return
        feed.take_up(await asyncio.to_thread(objects_at, Path(path), running.position))

    async def cancel_script(self) -> None:
        """Run the script of a cancelled job."""
        await self._steps.script(self.scripts.cancelled)

    def printer_goes_on(self) -> None:
        """Go on: the printer has obeyed a wish to."""
        if self.running is not None:
            self.running.resume_clock()
            self.running.pause_source = None
        self._state.set_phase(JobPhase.PRINTING)
        self._tell_job("job_resumed")

    def paused_by_printer(self, source: str, *, asking: bool = False) -> None:
        """Take note that the printer has paused: no script, no command, only the state.

        ``asking``: by a command that waits for a person (M0), and no more than that.
        """
        if self.running is None or self._state.phase not in (
            JobPhase.PRINTING,
            JobPhase.PAUSING,
        ):
            return
        if self._state.phase is JobPhase.PAUSING and self.running.kind is not JobKind.SD:
            return  # our own pause is on its way, and has its script to run
        self._asking = asking
        self._state.set_phase(JobPhase.PAUSED)
        self.running.pause_source = source
        self.running.pause_clock()
        self._tell_job("job_paused", source=source)

    def resumed_by_printer(self, *, answered: bool = False) -> None:
        """Take note that the printer goes on; ``answered``: with what it had asked about."""
        if self.running is None or self._state.phase is not JobPhase.PAUSED:
            return
        if answered and not self._asking:
            return
        if self.memory is not None:  # our own pause: ours to end
            return
        self.printer_goes_on()

    def plan_pause(self, layer: int | None, height: float | None) -> None:
        """Pause by ourselves when that layer begins or that height is reached."""
        if self._feed is not None:
            self._feed.plan_pause(layer, height)

    def exclude(self, name: str) -> None:
        """Leave an object out from now on."""
        if self.running is None or self.uploading:
            message = "there is no print"
            raise NotPrinting(message)
        if name not in self.running.objects:
            message = f"the print has no object '{name}'"
            raise InvalidRequest(message)
        self.running.excluded.add(name)
        self.save()
        if self._feed is not None and self.running.current_object == name:
            self._feed.skip_object()
        self._state.touch()

    def abort(self, fault: Fault, *, resumable: bool = False) -> None:
        """End the job because it cannot go on."""
        failed = fault.reason in (
            FaultReason.FIRMWARE,
            FaultReason.KILLED,
            FaultReason.THERMAL,
            FaultReason.RESEND,
            FaultReason.RESEND_LOOP,
            FaultReason.START_PRINT,
            FaultReason.WATCHDOG,
        )
        self.conclude(
            JobResult.FAILED if failed else JobResult.INTERRUPTED,
            fault.message,
            resumable=resumable and not failed and not self.uploading,
        )

    def heating_tick(self, seconds: float) -> None:
        """Count the time of a heat-up; called a few times a second."""
        self._breaker.tick(self._loop.time())
        oldest = self._dialogue.window.oldest
        wait = self._feed.heatwait if self._feed is not None else None
        if self.running is not None and (
            wait is not None or (oldest is not None and oldest.text[:4] in _HEATING)
        ):
            self.running.heated(seconds)
        if self._feed is not None and wait is not None and wait.reached(self._state.heaters):
            self._feed.heatwait = None
            self._dialogue.pump()

    def save(self) -> None:
        """Bring the slow part of the journal up to date; about once a second."""
        if self.running is not None:
            self._record.save(self.running)

    # -- phases

    async def _prepare(self) -> None:
        running = self.running
        assert running is not None
        await self._steps.drained()
        self._dialogue.renumber()
        if running.kind is not JobKind.SD_UPLOAD:
            await self._steps.script(self.scripts.started)
        elif not await self._steps.open_on_card(running.target_name):
            message = f"The printer's card takes no file {running.target_name}."
            self.abort(Fault(FaultReason.START_PRINT, message))
            return
        if self._state.phase is JobPhase.PAUSING:  # somebody wanted it meanwhile
            await self._pause(self._pause_origin)
            return
        self._state.set_phase(JobPhase.PRINTING)
        self._dialogue.pump()

    async def _pause(self, origin: str) -> None:
        running = self.running
        assert running is not None
        if self._feed is None or self._feed.heatwait is None:
            await self._steps.drained()
        await self._steps.stand_still()
        self.memory = remember(self._state.tracker)
        running.pause_source = origin
        running.pause_clock()
        await self._steps.script(fill(self.scripts.paused, self.memory.slots()))
        self._state.set_phase(JobPhase.PAUSED)
        self._tell_job("job_paused", source=origin)

    async def _resume(self) -> None:
        running = self.running
        assert running is not None
        command = self._dialogue.window.dialect.resume_command
        if self.memory is None and command is not None:  # it has paused by itself
            await self._steps.script((command,))
        if self.memory is not None:
            await self._steps.script(fill(self.scripts.resumed, self.memory.slots()))
            await self._steps.script(restore(self.memory, self._state.tracker))
            self.memory = None
        running.pause_source = None
        running.resume_clock()
        if self._state.phase is JobPhase.PAUSING:
            await self._pause(self._pause_origin)
            return
        self._state.set_phase(JobPhase.PRINTING)
        self._tell_job("job_resumed")
        self._dialogue.pump()

    async def _cancel(self, origin: str) -> None:
        if self._feed is not None:
            self._feed.drop()
        self._dialogue.outbox.forget_job()
        if self.uploading:
            await self._steps.close_on_card()
            self.conclude(JobResult.CANCELLED, f"Cancelled by {origin}.")
            return
        self._dialogue.clear_commands(SCRIPT)
        self._breaker.active = True
        self._breaker.tick(self._loop.time())
        await self._steps.drained()
        self._breaker.active = False
        await self._steps.script(self.scripts.cancelled)
        self.conclude(JobResult.CANCELLED, f"Cancelled by {origin}.")

    async def _finish(self) -> None:
        running = self.running
        if running is not None and running.kind is JobKind.SD_UPLOAD:
            await self._steps.close_on_card()
            self.conclude(JobResult.COMPLETE, None)
            return
        await self._steps.end()
        await self._steps.script(self.scripts.done)
        self.conclude(JobResult.COMPLETE, None)

    def conclude(
        self, result: JobResult, cause: str | None, *, resumable: bool = False
    ) -> None:
        """End the job with ``result``; whatever phase was under way ends with it."""
        running = self.running
        self._work.end()
        self._close_feed()
        self._breaker.active = False
        if running is not None:
            running.end(result, cause, resumable=resumable)
            self.last = running.to_job(self._state.tracker)
            if resumable:
                self._record.interrupted(running, self.last)
            else:
                self._record.end()
        self.running = None
        self._dialogue.job = None
        self._dialogue.outbox.forget_job()
        if self._state.phase.active:
            self._state.set_phase(JobPhase.NONE)
        if running is not None and self.last is not None:
            self._tell("job_ended", {"job": to_plain(self.last)})

    # -- within

    def _more(self) -> None:
        """More of the file is ready; called by the reader's thread."""
        self._loop.call_soon_threadsafe(self._dialogue.pump)

    def _phase_failed(self, error: BaseException) -> None:
        self.failed(Fault(FaultReason.START_PRINT, f"An error in Gantry: {error!r}"))

    def _check_end(self) -> None:
        if (
            self._feed is not None
            and self._feed.empty
            and self._state.phase is JobPhase.PRINTING
            and not any(line.owner is None for line in self._dialogue.window.in_flight)
            and not self._dialogue.window.recovering
        ):
            self._state.set_phase(JobPhase.FINISHING)
            self._work.begin(self._finish())

    def _tell_job(self, name: str, **more: Any) -> None:
        job = self.job()
        if job is not None:
            self._tell(name, {"job": to_plain(job), **more})

    def _close_feed(self) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            # Joining the reader may wait for a slow disk; not here.
            self._loop.run_in_executor(None, feed.close())
