"""What printers do and what happens to them, each in one word.

For everything that is no view of somebody else's interface: MQTT, automations.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any

from appliance.domain.file_events import FileAdded
from appliance.domain.job import (
    Job,
    JobEnded,
    JobPaused,
    JobPhase,
    JobResult,
    JobResumed,
    JobStarted,
)
from appliance.domain.machine import Link
from appliance.domain.printer import PrinterChanged, Snapshot
from appliance.records import dataclass

IDLE = "idle"
# Every word that `state_word` has.
STATES = (
    *(link.value for link in Link if link is not Link.ONLINE),
    IDLE,
    *(phase.value for phase in JobPhase if phase is not JobPhase.NONE),
)
JOB_STARTED = "job_started"
JOB_PAUSED = "job_paused"
JOB_RESUMED = "job_resumed"
_ENDS = {
    JobResult.COMPLETE: "job_completed",
    JobResult.CANCELLED: "job_cancelled",
    JobResult.FAILED: "job_failed",
    JobResult.INTERRUPTED: "job_interrupted",
}
PRINTER_CONNECTED = "printer_connected"
PRINTER_LOST = "printer_lost"
PRINTER_ASKS = "printer_asks"
FILE_ADDED = "file_added"
# Every type there is, for whoever lists them.
JOB_EVENTS = (JOB_STARTED, JOB_PAUSED, JOB_RESUMED, *_ENDS.values())
EVENTS = (*JOB_EVENTS, PRINTER_CONNECTED, PRINTER_LOST, PRINTER_ASKS, FILE_ADDED)


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)

    def plain(self, when: str | None) -> dict[str, Any]:
        """Return it as JSON data, in the form of Home Assistant's event entities."""
        return {"event_type": self.kind, "time": when, **self.data}


def state_word(snapshot: Snapshot) -> str:
    """Return what the printer does."""
    if snapshot.link is not Link.ONLINE:
        return snapshot.link.value
    return IDLE if snapshot.phase is JobPhase.NONE else snapshot.phase.value


def of_start(event: JobStarted) -> Told:
    """Tell a start."""
    return Told(JOB_STARTED, {**_job(event.job), "user": event.job.user})


def of_pause(event: JobPaused) -> Told:
    """Tell a pause."""
    return Told(JOB_PAUSED, {**_job(event.job), "source": event.source})


def of_resume(event: JobResumed) -> Told:
    """Tell that it goes on."""
    return Told(JOB_RESUMED, _job(event.job))


def of_end(event: JobEnded) -> Told:
    """Tell the end."""
    job = event.job
    kind = _ENDS[job.result or JobResult.INTERRUPTED]
    more = {"cause": job.cause, "printing": round(job.printing_s)}
    return Told(kind, {**_job(job), **more})


def of_file(event: FileAdded) -> Told:
    """Tell that there is a new file."""
    return Told(FILE_ADDED, {"path": event.file.path, "user": event.user})


def of_change(event: PrinterChanged) -> Told | None:
    """Tell that a printer came, went or asks."""
    now, before = event.snapshot, event.previous
    if now.operational != before.operational:
        if now.operational:
            return Told(PRINTER_CONNECTED)
        reason = None if now.fault is None else now.fault.message
        return Told(PRINTER_LOST, {"reason": reason})
    if now.prompt is not None and now.prompt != before.prompt:
        return Told(PRINTER_ASKS, {"text": now.prompt.text, "buttons": now.prompt.buttons})
    return None


def _job(job: Job) -> dict[str, Any]:
    return {"job": job.id, "name": job.file.display, "path": job.file.path}
