"""Taking up a print that was interrupted while the firmware kept its state.

After a dropped cable or a crash of the engine the firmware still stands where it was and
still counts lines. A line with a wrong checksum makes it say which line it took last
("Last Line: n"); with the journal this gives the exact byte to go on with. Nothing is
resumed when the board was reset or its position does not agree with the file.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from appliance.domain.job import Job, JobKind, JobRequest, RecoveryPlan
from appliance.domain.wire import from_plain, to_plain
from appliance.errors import (
    FileMissing,
    InvalidRequest,
    NotPrinting,
    PrinterBusy,
    PrinterRefused,
)

from . import salvage
from .dialogue import Dialogue
from .journal import Journal, Remembered
from .labels import Labels, ObjectsSoFar
from .marks import Mark
from .memory import Memory, restore
from .runner import JobRunner
from .running import interrupted
from .state import State
from .streamer import STARVED, Broken, Command, Ended, FileStreamer
from .tracker import Tracker

# M114 rounds to two decimals, a firmware counts in steps.
_SAME_MM = 0.06
_RESET = "The printer was reset or switched off, so that it no longer knows where it is."


class Recovery:
    """Finds out whether an interrupted job can go on, and lets it."""

    def __init__(
        self, state: State, dialogue: Dialogue, runner: JobRunner, journal: Journal
    ) -> None:
        self.packed = False  # whether the line that broke was in MeatPack
        self.uploading = False  # whether a file on the card was being written
        self.last_line: int | None = None  # what the firmware said that it took last
        self._state = state
        self._dialogue = dialogue
        self._runner = runner
        self._journal = journal

    @property
    def possible(self) -> bool:
        """Whether there is a job that might be resumed."""
        last = self._runner.last
        return self._runner.running is None and last is not None and last.resumable

    def left_behind(self) -> Job | None:
        """Return the job that a former engine did not end."""
        remembered = self._journal.recall()
        if remembered is None:
            return None
        self.packed = bool(remembered.modes.get("packed"))
        try:
            job = from_plain(Job, remembered.job)
        except ValueError:
            return None
        if job.kind is not JobKind.FILE:
            self.uploading = job.kind is JobKind.SD_UPLOAD and job.result is None
            return None
        if job.result is not None:
            return job
        cause = "The print engine stopped in the middle of the print."
        return interrupted(replace(job, position=remembered.offset), cause, resumable=True)

    def found(self, last_line: int | None, *, was_reset: bool) -> None:
        """Take what the handshake learned; a job that is lost for good is said to be so."""
        remembered = self._journal.recall()
        if remembered is not None and self._counts_anew(remembered, last_line):
            was_reset = True
        self.last_line = None if was_reset else last_line
        last = self._runner.last
        if last is not None and last.resumable and self.last_line is None:
            lost = replace(last, resumable=False, cause=f"{last.cause or ''} {_RESET}".strip())
            self._runner.last = lost
            if remembered is not None:
                # The journal stays: the print may go on from its last layer.
                path = remembered.job.get("local_path")
                self._journal.update(to_plain(lost) | {"local_path": path}, remembered.modes)
            self._state.touch()

    def _counts_anew(self, remembered: Remembered, last_line: int | None) -> bool:
        """Whether the firmware has taken fewer lines than were acknowledged: it was reset."""
        if last_line is None or self._dialogue.window.dialect.line_number_modulus is not None:
            return False
        return last_line < remembered.number

    async def plan(self) -> RecoveryPlan:
        """Return how the lost print can go on from its last layer; for a person to read."""
        remembered, job = self._journal.recall(), self._runner.last
        if self._runner.running is not None:
            message = "the printer has a job"
            raise PrinterBusy(message)
        path = remembered.job.get("local_path") if remembered is not None else None
        if remembered is None or job is None or not isinstance(path, str):
            message = "there is no interrupted print"
            raise NotPrinting(message)
        try:
            found = await asyncio.to_thread(salvage.plan, Path(path), job, remembered.offset)
        except OSError as error:
            message = f"the file of the print cannot be read: {error.strerror}"
            raise FileMissing(message) from error
        if found is None:
            message = "the print had not got beyond its first layer: start it anew"
            raise NotPrinting(message)
        return found

    async def recover(self, job_id: str) -> Job:
        """Carry out the plan that a person has read and confirmed."""
        plan = await self.plan()
        if plan.job_id != job_id:
            message = "this is not the print that was confirmed"
            raise InvalidRequest(message)
        former = self._runner.last
        request = JobRequest(
            plan.file,
            JobKind.FILE,
            local_path=plan.local_path,
            start_at=plan.offset,
            resume_of=job_id,
            user=former.user if former is not None else None,
        )
        job = await self._runner.start(request, former=former)
        self._runner.continue_soon(plan.lines)
        return job

    async def resume(self) -> None:
        """Go on where the firmware stopped; raise `PrinterRefused` when that is not sure."""
        remembered = self._journal.recall()
        job = self._runner.last
        if remembered is None or job is None or self.last_line is None:
            raise PrinterRefused(_RESET)
        path = remembered.job.get("local_path")
        if not isinstance(path, str):
            message = "the file of the print is not known"
            raise FileMissing(message)
        offset = _offset(remembered, self.last_line)
        try:
            tracker, machine = await asyncio.to_thread(
                _replayed, Path(path), remembered, offset, frozenset(job.excluded)
            )
        except OSError as error:
            message = f"the file of the print cannot be read: {error.strerror}"
            raise FileMissing(message) from error
        await self._runner.ask_position()
        self._compare(machine)
        request = JobRequest(
            job.file,
            JobKind.FILE,
            local_path=path,
            user=job.user,
            start_at=offset,
            resume_of=job.id,
        )
        real = self._state.tracker
        memory = _memory(tracker)
        await self._runner.start(request, former=job)
        # The firmware keeps its modes; ours are unknown after a crash. All are told again.
        real.absolute, real.absolute_e = not tracker.absolute, not tracker.absolute_e
        real.feedrate = None
        real.e = tracker.e
        await self._runner.continue_resumed(restore(memory, real))

    def _compare(self, expected: Tracker) -> None:
        real = self._state.reported
        if real is None:
            message = "the printer does not say where it is"
            raise PrinterRefused(message)
        for axis in "xyz":
            wanted = getattr(expected, axis)
            if wanted is not None and abs(getattr(real, axis) - wanted) > _SAME_MM:
                message = (
                    f"the printer's {axis.upper()} is {getattr(real, axis):.2f} mm and should "
                    f"be {wanted:.2f} mm: it was moved, so the print cannot go on"
                )
                raise PrinterRefused(message)


def _offset(remembered: Remembered, last_line: int) -> int:
    """Return the byte after the last line of the file that the firmware took."""
    offset = remembered.offset
    for line, end in remembered.on_the_way:
        if line <= last_line and end > offset:
            offset = end
    return offset


def _replayed(
    path: Path, remembered: Remembered, offset: int, excluded: frozenset[str]
) -> tuple[Tracker, Tracker]:
    """Return the state that the file expects, and where the machine must be."""
    if excluded:
        return _replay_around(path, remembered, offset, excluded)
    tracker = _replay(path, remembered, offset)
    return tracker, tracker


def _replay(path: Path, remembered: Remembered, offset: int) -> Tracker:
    """Return the machine's logical state after all lines up to ``offset``; reads the file."""
    tracker = _start(remembered)
    start = int(remembered.modes.get("offset", 0))
    streamer = FileStreamer(path, lambda: None, start=start)
    try:
        while True:
            item = streamer.next()
            if item is STARVED:
                streamer.wait()
            elif isinstance(item, (Ended, Broken)):
                return tracker
            elif isinstance(item, Command):
                if item.end > offset:
                    return tracker
                tracker.sent(item.text)
                tracker.executed(item.text)
    finally:
        streamer.close()


def _replay_around(
    path: Path, remembered: Remembered, offset: int, excluded: frozenset[str]
) -> tuple[Tracker, Tracker]:
    """Return the state that the file expects at ``offset``, and where the machine must be.

    They differ within an object that is left out. Reads the file from its beginning: what is
    left out has not moved the machine that the journal knows.
    """
    expected, machine = Tracker(), _start(remembered)
    objects = ObjectsSoFar(Labels())
    known = int(remembered.modes.get("offset", 0))
    streamer = FileStreamer(path, lambda: None)
    try:
        while True:
            item = streamer.next()
            if item is STARVED:
                streamer.wait()
                continue
            if not isinstance(item, (Command, Mark)):
                return expected, machine
            if isinstance(item, Command):
                if item.end > offset:
                    return expected, machine
                expected.sent(item.text)
                expected.executed(item.text)
                if item.end > known and objects.current not in excluded:
                    machine.x, machine.y, machine.z = expected.x, expected.y, expected.z
            objects.follow(item)
    finally:
        streamer.close()


def _start(remembered: Remembered) -> Tracker:
    """Return the machine as the journal knows it."""
    tracker = Tracker()
    modes = remembered.modes
    for name in ("x", "y", "z", "e", "feedrate", "absolute", "absolute_e", "tool", "unit"):
        if name in modes:
            setattr(tracker, name, modes[name])
    tracker.targets = dict(modes.get("targets", {}))
    tracker.fans = {int(index): speed for index, speed in modes.get("fans", {}).items()}
    return tracker


def _memory(tracker: Tracker) -> Memory:
    return Memory(
        None,
        None,
        None,
        tracker.e,
        tracker.feedrate,
        tracker.absolute,
        tracker.absolute_e,
        tracker.tool,
        dict(tracker.targets),
        dict(tracker.fans),
        tracker.unit,
    )
