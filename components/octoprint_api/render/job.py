"""The selected file and the present job as ``GET /api/job`` and the push messages say it."""

from __future__ import annotations

from typing import Any

from appliance.components.octoprint_api.render import state
from appliance.domain.estimate import NOTHING, Progress, progress
from appliance.domain.job import JobFile, Origin
from appliance.domain.printer import Snapshot

_NO_PROGRESS = dict.fromkeys(
    ("completion", "filepos", "printTime", "printTimeLeft", "printTimeLeftOrigin")
)


def current_file(snapshot: Snapshot) -> JobFile | None:
    """Return the file being printed, else the selected one."""
    if snapshot.phase.active and snapshot.job is not None:
        return snapshot.job.file
    return snapshot.selected


def current_progress(snapshot: Snapshot) -> Progress:
    """Return how far the job is; nothing for a job of another file than the selected."""
    job = snapshot.job
    if job is None:
        return NOTHING
    if not snapshot.phase.active:
        selected = snapshot.selected
        if selected is None or (selected.origin, selected.path) != (
            job.file.origin,
            job.file.path,
        ):
            return NOTHING
    return progress(job)


def answer(snapshot: Snapshot) -> dict[str, Any]:
    """Return the body of ``GET /api/job``."""
    body = {
        "job": job(snapshot) if current_file(snapshot) is not None else _nothing_selected(),
        "progress": progress_of(snapshot),
        "state": state.text(snapshot),
    }
    error = state.error(snapshot)
    return {**body, "error": error} if error else body


def job(snapshot: Snapshot) -> dict[str, Any]:
    """Return the job object of the push messages (every key, null where nothing is)."""
    file = current_file(snapshot)
    if file is None:
        return {
            "file": dict.fromkeys(("name", "path", "display", "origin", "size", "date")),
            "estimatedPrintTime": None,
            "averagePrintTime": None,
            "lastPrintTime": None,
            "filament": None,
            "user": None,
        }
    return {
        "file": _file(file),
        "estimatedPrintTime": file.estimated_s,
        "averagePrintTime": file.average_s,
        "lastPrintTime": file.last_s,
        "filament": _filament(file),
        "user": _user(snapshot, file),
    }


def progress_of(snapshot: Snapshot) -> dict[str, Any]:
    """Return the progress object; times are whole seconds."""
    done = current_progress(snapshot)
    if done.completion is None:
        return dict(_NO_PROGRESS)
    return {
        "completion": done.completion * 100,
        "filepos": done.position,
        "printTime": None if done.elapsed_s is None else int(done.elapsed_s),
        "printTimeLeft": None if done.left_s is None else int(done.left_s),
        "printTimeLeftOrigin": done.left_origin,
    }


def path(file: JobFile) -> str:
    """Return the path as OctoPrint writes it: one on the card begins with a slash."""
    if file.origin is Origin.SDCARD:
        return "/" + file.path.lstrip("/")
    return file.path


def name(file: JobFile) -> str:
    """Return the last part of the path."""
    return file.path.rpartition("/")[2]


def _file(file: JobFile) -> dict[str, Any]:
    on_card = file.origin is Origin.SDCARD
    return {
        "name": name(file),
        "path": path(file),
        "display": file.display or name(file),
        "origin": file.origin,
        "size": file.size,
        "date": None if on_card or file.modified is None else int(file.modified),
    }


def _filament(file: JobFile) -> dict[str, dict[str, float]] | None:
    if not file.filament_mm:
        return None
    volumes = file.filament_cm3
    return {
        f"tool{tool}": {
            "length": length,
            "volume": volumes[tool] if tool < len(volumes) else 0.0,
        }
        for tool, length in enumerate(file.filament_mm)
    }


def _user(snapshot: Snapshot, file: JobFile) -> str | None:
    """Return who started the job, if it is one of that file."""
    job = snapshot.job
    if job is None or (job.file.origin, job.file.path) != (file.origin, file.path):
        return None
    return job.user


def _nothing_selected() -> dict[str, Any]:
    """Return what the real server says then: fewer keys, and a filament without tools."""
    return {
        "file": dict.fromkeys(("name", "path", "origin", "size", "date")),
        "estimatedPrintTime": None,
        "lastPrintTime": None,
        "filament": {"length": None, "volume": None},
        "user": None,
    }
