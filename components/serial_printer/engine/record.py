"""What the journal holds of the running job, so that it can be taken up again."""

from __future__ import annotations

from typing import Any

from appliance.domain.job import Job, JobKind, JobRequest
from appliance.domain.wire import to_plain

from .dialogue import Dialogue
from .journal import Journal
from .running import RunningJob
from .state import State


class JobRecord:
    """Writes one job at a time to the journal."""

    def __init__(self, journal: Journal, state: State, dialogue: Dialogue) -> None:
        self.local_path: str | None = None  # where the file lies; None for the printer's own
        self._journal = journal
        self._state = state
        self._dialogue = dialogue

    def begin(self, running: RunningJob, request: JobRequest) -> None:
        """Begin with a new job."""
        self.local_path = request.local_path
        job = running.to_job(self._state.tracker)
        self._journal.begin(self._plain(job), self._modes(running.position), request.start_at)

    def progress(self, running: RunningJob) -> None:
        """Store what is acknowledged and what is on the way; cheap enough for every write."""
        if running.kind is not JobKind.FILE:
            return
        window = self._dialogue.window
        numbered = [line for line in window.unanswered if line.number is not None]
        oldest = numbered[0].number if numbered else None
        self._journal.progress(
            running.position,
            max((window.number if oldest is None else oldest) - 1, 0),
            tuple((line.number or 0, line.end) for line in numbered),
        )

    def save(self, running: RunningJob) -> None:
        """Store the slow part: the job itself and the machine's modes."""
        if running.kind is JobKind.FILE:
            job = running.to_job(self._state.tracker)
            self._journal.update(self._plain(job), self._modes(running.position))

    def interrupted(self, running: RunningJob, job: Job) -> None:
        """Store a job that may be resumed, as it has ended."""
        self.progress(running)
        self._journal.update(self._plain(job), self._modes(running.position))

    def end(self) -> None:
        """Forget the job: it is over."""
        self._journal.end()

    def _plain(self, job: Job) -> dict[str, Any]:
        plain: dict[str, Any] = to_plain(job)
        return plain | {"local_path": self.local_path}

    def _modes(self, offset: int) -> dict[str, Any]:
        tracker = self._state.tracker
        return {
            "offset": offset,
            "x": tracker.x,
            "y": tracker.y,
            "z": tracker.z,
            "e": tracker.e,
            "feedrate": tracker.feedrate,
            "absolute": tracker.absolute,
            "absolute_e": tracker.absolute_e,
            "tool": tracker.tool,
            "unit": tracker.unit,
            "targets": tracker.targets,
            "fans": {str(index): speed for index, speed in tracker.fans.items()},
            "homed": "".join(sorted(tracker.homed)),
            "packed": self._dialogue.window.packed,
        }
