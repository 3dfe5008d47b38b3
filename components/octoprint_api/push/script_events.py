"""When the G-code scripts around a job run, in OctoPrint's words.

A script of ours is the phase of the job in which it runs: nothing else happens there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from appliance.components.octoprint_api.push.event import Event
from appliance.components.octoprint_api.push.job_events import file_payload
from appliance.domain.job import JobFile, JobKind, JobPhase
from appliance.domain.machine import Link
from appliance.domain.printer import Snapshot
from appliance.records import dataclass

_SCRIPTS: Mapping[JobPhase, str] = {
    JobPhase.PREPARING: "beforePrintStarted",
    JobPhase.PAUSING: "afterPrintPaused",
    JobPhase.RESUMING: "beforePrintResumed",
    JobPhase.CANCELLING: "afterPrintCancelled",
    JobPhase.FINISHING: "afterPrintDone",
}


@dataclass(frozen=True, slots=True)
class _Script:
    """A script that runs for a job."""

    name: str
    job: str
    file: JobFile = field(compare=False)
    user: str | None = field(compare=False)


@dataclass(frozen=True, slots=True)
class ScriptWished:
    """A client has a script run that is not part of a job; ``done`` once it is queued."""

    printer_id: str
    name: str  # as clients write it
    done: bool


def ended(before: Snapshot, now: Snapshot) -> Iterator[Event]:
    """Tell which script has come to its end."""
    script = _running(before)
    if script is not None and script != _running(now) and now.link is Link.ONLINE:
        yield _of_job(script, done=True)


def begun(before: Snapshot, now: Snapshot) -> Iterator[Event]:
    """Tell which script begins."""
    script = _running(now)
    if script is not None and script != _running(before):
        yield _of_job(script, done=False)


def of_wish(wish: ScriptWished) -> Event:
    """Tell about a script that a client has run."""
    return Event(_name(wish.name, done=wish.done))


def _running(snapshot: Snapshot) -> _Script | None:
    name, job = _SCRIPTS.get(snapshot.phase), snapshot.job
    if name is None or job is None or job.result is not None:
        return None
    return None if job.kind is JobKind.SD_UPLOAD else _Script(name, job.id, job.file, job.user)


def _of_job(script: _Script, *, done: bool) -> Event:
    return Event(_name(script.name, done=done), file_payload(script.file, script.user))


def _name(script: str, *, done: bool) -> str:
    return f"GcodeScript{script[:1].upper()}{script[1:]}{'Finished' if done else 'Running'}"
