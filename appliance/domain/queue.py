"""The queue of jobs: what is printed next, per printer."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from appliance.interfaces import Key
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A file that waits to be printed."""

    id: str
    path: str  # below the gcodes root
    added_at: float  # unix seconds
    user: str | None = None
    force: bool = False  # print it whatever the safety lint says


class QueueState(StrEnum):
    """What the queue does; Moonraker's words where it has one."""

    READY = "ready"  # the next job starts when the printer is free
    PAUSED = "paused"  # nothing starts until a person says so
    CLEARING = "clearing"  # the last print is over: is the bed clear?
    LOADING = "loading"  # the script or pause between two jobs
    STARTING = "starting"  # a job is being started


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue of one printer at one moment."""

    printer_id: str
    state: QueueState
    jobs: tuple[QueuedJob, ...] = ()  # the next first
    problem: str | None = None  # why the queue was paused by itself


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """The queue of a printer is another one now."""

    view: QueueView


class JobQueue(Protocol):
    """The queues of all printers. Every verb returns the queue as it is then."""

    def view(self, printer_id: str) -> QueueView:
        """Return the queue of a printer; `PrinterMissing` if there is none of that id."""

    async def add(
        self,
        printer_id: str,
        paths: Sequence[str],
        *,
        first: bool = False,
        user: str | None = None,
        force: bool = False,
    ) -> QueueView:
        """Add files at the end (or the front); `FileMissing` if one is not there."""

    async def remove(self, printer_id: str, ids: Sequence[str] | None = None) -> QueueView:
        """Take jobs out; None: all."""

    async def order(self, printer_id: str, ids: Sequence[str]) -> QueueView:
        """Put those jobs first, in that order; the others follow as they stood."""

    async def start(self, printer_id: str) -> QueueView:
        """Go on after a pause; the first job starts when the printer is free."""

    async def pause(self, printer_id: str) -> QueueView:
        """Start nothing more; the running print goes on."""

    async def confirm_clear(self, printer_id: str) -> QueueView:
        """Say that the bed is clear, so that the next job may start."""


JOB_QUEUE: Key[JobQueue] = Key("job_queue")
