"""What happens to a job, in OctoPrint's words: pure functions of the facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appliance.components.octoprint_api.push.event import Event
from appliance.components.octoprint_api.render import job as jobs
from appliance.domain.job import Job, JobFile, JobKind, JobResult
from appliance.domain.printer import Snapshot


def job_payload(job: Job) -> dict[str, Any]:
    """Return what every event about a job tells."""
    return file_payload(job.file, job.user)


def of_start(job: Job) -> Event:
    """Tell that a job began."""
    if job.kind is JobKind.SD_UPLOAD:
        return Event("TransferStarted", _transfer(job))
    return Event("PrintStarted", job_payload(job))


def of_pause(job: Job, snapshot: Snapshot) -> Iterator[Event]:
    """Tell that a job stands still, and where."""
    yield Event("PrintPaused", {**job_payload(job), **_where(job, snapshot)})
    if snapshot.motion.position is not None:
        yield Event("PositionUpdate", {**_position(snapshot), "reason": "pause"})


def of_resume(job: Job) -> Event:
    """Tell that a job goes on."""
    return Event("PrintResumed", job_payload(job))


def of_end(job: Job, snapshot: Snapshot) -> Iterator[Event]:
    """Tell how a job ended; a cancelled one failed as well."""
    if job.kind is JobKind.SD_UPLOAD:
        done = job.result is JobResult.COMPLETE
        name = "TransferDone" if done else "TransferFailed"
        yield Event(name, {**_transfer(job), "time": job.elapsed_s})
        return
    payload = {**job_payload(job), "time": job.printing_s}
    if job.result is JobResult.COMPLETE:
        yield Event("PrintDone", payload)
        return
    payload |= _where(job, snapshot)
    if job.cause is not None:
        payload["cause"] = job.cause  # ours: the sentence behind the reason
    if job.result is JobResult.CANCELLED:
        yield Event("PrintCancelled", {**payload, "reason": "cancelled"})
    cancelled = job.result is JobResult.CANCELLED
    yield Event("PrintFailed", {**payload, "reason": "cancelled" if cancelled else "error"})


def file_payload(file: JobFile, user: str | None) -> dict[str, Any]:
    """Return what every event about a selected or printed file tells."""
    payload = {
        "name": jobs.name(file),
        "path": jobs.path(file),
        "origin": file.origin,
        "size": file.size,
    }
    return payload if user is None else {**payload, "owner": user, "user": user}


def _transfer(job: Job) -> dict[str, Any]:
    return {"local": job.file.path, "remote": jobs.name(job.file)}


def _where(job: Job, snapshot: Snapshot) -> dict[str, Any]:
    done = job.position / job.file.size if job.file.size else 0.0
    return {
        "position": _position(snapshot),
        "fileposition": job.position,
        "progress": int(done * 100),
    }


def _position(snapshot: Snapshot) -> dict[str, float | int | None]:
    motion, position = snapshot.motion, snapshot.motion.position
    if position is None:
        return dict.fromkeys(("x", "y", "z", "e", "t", "f"))
    return {
        "x": position.x,
        "y": position.y,
        "z": position.z,
        "e": position.e,
        "t": motion.tool,
        "f": None if motion.feedrate is None else motion.feedrate * 60,  # mm/min
    }
