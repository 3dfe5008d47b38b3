"""The queue of one printer: its jobs, its state, and the moves between its states.

Pure: facts and wishes come in as calls, and `wanted` says what is to be done next. The bed
is taken for clear when a person starts the queue, and for occupied once a print is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from enum import StrEnum

from appliance.domain.job import JobResult
from appliance.domain.queue import QueuedJob, QueueState, QueueView
from appliance.records import dataclass


class Between(StrEnum):
    """What is done between two prints."""

    CONFIRM = "confirm"  # a person says that the bed is clear
    SCRIPT = "script"  # G-code clears it
    NOTHING = "nothing"  # a conveyor, or a bed that needs no clearing


@dataclass(frozen=True, slots=True)
class Break:
    """What happens between two prints, as configured."""

    between: Between = Between.CONFIRM
    script: str = ""
    delay_s: float = 0.0


@dataclass(slots=True)
class Queue:
    """Jobs and state; every change is a method."""

    printer_id: str
    between: Between = Between.CONFIRM
    jobs: list[QueuedJob] = field(default_factory=list)
    state: QueueState = QueueState.PAUSED
    problem: str | None = None

    @property
    def view(self) -> QueueView:
        """The queue as others see it."""
        return QueueView(self.printer_id, self.state, tuple(self.jobs), self.problem)

    @property
    def next_job(self) -> QueuedJob | None:
        """The job that is to be started when the printer is free."""
        return self.jobs[0] if self.jobs and self.state is QueueState.READY else None

    def add(self, jobs: Iterable[QueuedJob], *, first: bool) -> None:
        """Add jobs at the end or the front."""
        self.jobs = [*jobs, *self.jobs] if first else [*self.jobs, *jobs]

    def remove(self, ids: Sequence[str] | None) -> None:
        """Take jobs out; None: all."""
        self.jobs = [job for job in self.jobs if ids is not None and job.id not in ids]

    def order(self, ids: Sequence[str]) -> None:
        """Put those jobs first, in that order."""
        rank = {job_id: place for place, job_id in enumerate(ids)}
        self.jobs.sort(key=lambda job: rank.get(job.id, len(rank)))

    def rename(self, source: str, target: str) -> bool:
        """Follow a file or folder that was moved; return whether that changed anything."""
        renamed = [
            replace(job, path=target + job.path[len(source) :])
            if job.path == source or job.path.startswith(source + "/")
            else job
            for job in self.jobs
        ]
        changed = renamed != self.jobs
        self.jobs = renamed
        return changed

    def start(self) -> None:
        """Go on; who says so has looked at the bed."""
        self.problem = None
        if self.state in {QueueState.PAUSED, QueueState.CLEARING}:
            self.state = QueueState.READY

    def pause(self, problem: str | None = None) -> None:
        """Start nothing more."""
        self.state = QueueState.PAUSED
        self.problem = problem

    def confirm_clear(self) -> None:
        """Take the bed for clear."""
        if self.state is QueueState.CLEARING:
            self.state = QueueState.READY

    def starting(self) -> None:
        """Take note that the first job is being started."""
        self.state = QueueState.STARTING

    def started(self, job: QueuedJob) -> None:
        """Let the job go: it is on the printer now."""
        self.jobs = [each for each in self.jobs if each.id != job.id]
        if self.state is QueueState.STARTING:
            self.state = QueueState.READY

    def ended(self, result: JobResult | None) -> None:
        """Take note that a print on that printer is over, whoever started it."""
        if self.state is QueueState.PAUSED:
            return
        if result is not JobResult.COMPLETE:
            self.pause("the last print was not completed")
        elif self.between is Between.CONFIRM:
            self.state = QueueState.CLEARING
        elif self.between is Between.SCRIPT:
            self.state = QueueState.LOADING
        else:
            self.state = QueueState.READY

    def cleared(self) -> None:
        """Take note that the script between two prints is done."""
        if self.state is QueueState.LOADING:
            self.state = QueueState.READY
