"""The history and the queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.components.moonraker_api.render import files as render_files
from appliance.domain.files import FileInfo
from appliance.domain.history import HistoryEntry, Totals
from appliance.domain.job import JobResult
from appliance.domain.queue import QueueState, QueueView

_STATUSES: Mapping[JobResult | None, str] = {
    None: "in_progress",
    JobResult.COMPLETE: "completed",
    JobResult.CANCELLED: "cancelled",
    JobResult.FAILED: "error",
    JobResult.INTERRUPTED: "interrupted",
}
RESULT_OF = {status: result for result, status in _STATUSES.items()}
# The words of Moonraker's queue.
_QUEUE: Mapping[QueueState, str] = {
    QueueState.READY: "ready",
    QueueState.PAUSED: "paused",
    QueueState.CLEARING: "loading",
    QueueState.LOADING: "loading",
    QueueState.STARTING: "starting",
}


def job(entry: HistoryEntry, *, exists: bool) -> dict[str, Any]:
    """Return a job of the history."""
    return {
        "job_id": render_files.job_id(entry),
        "user": entry.user,
        "filename": entry.path,
        "exists": exists,
        "status": _STATUSES[entry.result],
        "start_time": entry.started_at,
        "end_time": entry.ended_at,
        "print_duration": round(entry.printing_s, 2),
        "total_duration": round(entry.elapsed_s, 2),
        "filament_used": round(entry.filament_total_mm, 2),
        "metadata": _metadata(entry),
        "auxiliary_data": [],
    }


def totals(found: Totals) -> dict[str, Any]:
    """Return what all jobs add up to."""
    return {
        "total_jobs": found.jobs,
        "total_time": round(found.elapsed_s, 2),
        "total_print_time": round(found.printing_s, 2),
        "total_filament_used": round(found.filament_mm, 2),
        "longest_job": round(found.longest_job_s, 2),
        "longest_print": round(found.longest_print_s, 2),
    }


def queue(view: QueueView, now: float) -> dict[str, Any]:
    """Return a queue."""
    return {"queued_jobs": queued(view, now), "queue_state": _QUEUE[view.state]}


def queued(view: QueueView, now: float) -> list[dict[str, Any]]:
    """Return the jobs of a queue."""
    return [
        {
            "filename": each.path,
            "job_id": each.id,
            "time_added": each.added_at,
            "time_in_queue": round(max(now - each.added_at, 0.0), 3),
        }
        for each in view.jobs
    ]


def queue_change(before: QueueView | None, now: QueueView, at: float) -> dict[str, Any]:
    """Return what is told when a queue is another one."""
    old = () if before is None else before.jobs
    action = "state_changed"
    if len(now.jobs) > len(old):
        action = "jobs_added"
    elif len(now.jobs) < len(old):
        loaded = now.state in (QueueState.STARTING, QueueState.LOADING)
        action = "job_loaded" if loaded else "jobs_removed"
    same = old == now.jobs
    return {
        "action": action,
        "updated_queue": None if same else queued(now, at),
        "queue_state": _QUEUE[now.state],
    }


def _metadata(entry: HistoryEntry) -> dict[str, Any]:
    info = FileInfo(
        "gcodes",
        entry.path,
        entry.size,
        entry.started_at,
        metadata=entry.metadata,
    )
    return render_files.metadata(info, entry)
