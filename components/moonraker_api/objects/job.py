"""The running print: print_stats, virtual_sdcard, display_status, exclude_object..."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from appliance.components.moonraker_api.objects.scene import Scene
from appliance.components.moonraker_api.words import object_names, print_state
from appliance.domain.job import Job, JobPhase, JobResult, Origin


def shown_job(scene: Scene) -> Job | None:
    """Return the running job, or the last one until a person put it away."""
    job = scene.snapshot.job
    if job is None or (job.id == scene.dismissed and not scene.snapshot.phase.active):
        return None
    return job


def print_stats(scene: Scene) -> dict[str, Any]:
    """Render state and times of the job."""
    job = shown_job(scene)
    fault = scene.snapshot.fault
    message = (job.cause if job is not None else None) or (fault.message if fault else "")
    return {
        "state": print_state(scene.snapshot, scene.dismissed),
        "filename": "" if job is None else job.file.path,
        "total_duration": 0.0 if job is None else round(job.elapsed_s, 2),
        "print_duration": 0.0 if job is None else round(job.printing_s, 2),
        "filament_used": 0.0 if job is None else round(max(sum(job.filament_mm), 0.0), 2),
        "message": message,
        "info": {
            "total_layer": None if job is None else job.layers,
            "current_layer": None if job is None else job.layer,
        },
    }


def virtual_sdcard(scene: Scene) -> dict[str, Any]:
    """Render the file of the job and the bytes that the printer acknowledged.

    How far a print came stays when it is over, until it is put away: clients read 100 % of
    a finished one here. A cancelled one is put away at once; a finished file is closed.
    """
    phase = scene.snapshot.phase
    job = _loaded(scene)
    if job is None:
        return {
            "file_path": None,
            "progress": 0.0,
            "is_active": False,
            "file_position": 0,
            "file_size": 0,
        }
    is_open = job.file.origin is Origin.LOCAL and job.result is not JobResult.COMPLETE
    return {
        "file_path": str(PurePosixPath(scene.gcodes) / job.file.path) if is_open else None,
        "progress": completion(scene),
        "is_active": phase.active and phase not in (JobPhase.PAUSED, JobPhase.CANCELLING),
        "file_position": _position(job),
        "file_size": job.file.size,
    }


def completion(scene: Scene) -> float:
    """Return the share of the file that the printer acknowledged."""
    job = _loaded(scene)
    if job is None or not job.file.size:
        return 0.0
    return round(min(_position(job) / job.file.size, 1.0), 6)


def _loaded(scene: Scene) -> Job | None:
    """Return the job whose file the virtual card holds: the running one, or how one ended."""
    job = shown_job(scene)
    return None if job is None or job.result is JobResult.CANCELLED else job


def _position(job: Job) -> int:
    """Return the bytes that are done; a complete job has come to the end of its file."""
    return job.file.size if job.result is JobResult.COMPLETE else job.position


def display_status(scene: Scene) -> dict[str, Any]:
    """Render M73 and M117, as a display would show them."""
    snapshot = scene.snapshot
    job = snapshot.job if snapshot.phase.active else None
    told = None if job is None else job.firmware_progress
    return {
        "progress": completion(scene) if told is None else round(told, 4),
        "message": snapshot.message,
    }


def pause_resume(scene: Scene) -> dict[str, Any]:
    """Render whether the job stands still."""
    return {"is_paused": scene.snapshot.phase is JobPhase.PAUSED}


def idle_timeout(scene: Scene) -> dict[str, Any]:
    """Render whether anything goes on, and when idle heaters are turned off."""
    snapshot = scene.snapshot
    moving = snapshot.phase.active and snapshot.phase is not JobPhase.PAUSED
    warm = any(heater.target for heater in snapshot.heaters.values())
    awake = "Ready" if warm or snapshot.motion.steppers_on else "Idle"
    job = snapshot.job if moving else None
    return {
        "state": "Printing" if moving or snapshot.busy else awake,
        "printing_time": 0.0 if job is None else round(job.printing_s, 2),
        "idle_timeout": scene.entry.get("idle_heaters_off"),
    }


def exclude_object(scene: Scene) -> dict[str, Any]:
    """Render the labelled objects of the job, and those that are left out."""
    snapshot = scene.snapshot
    job = snapshot.job if snapshot.phase.active else None
    if job is None:
        return {"objects": [], "excluded_objects": [], "current_object": None}
    outlines = {outline.name: outline for outline in scene.outlines}
    shown = object_names(job.objects)
    return {
        "objects": [
            {
                "name": shown[name],
                **(
                    {
                        "center": outlines[name].center,
                        "polygon": outlines[name].polygon,
                    }
                    if name in outlines
                    else {}
                ),
            }
            for name in job.objects
        ],
        "excluded_objects": [shown.get(name, name) for name in job.excluded],
        "current_object": shown.get(job.current_object or "", job.current_object),
    }


def gcode(scene: Scene) -> dict[str, Any]:
    """Render what the document of 2020 asks of it; the commands are added elsewhere."""
    position = scene.snapshot.motion.position
    return {
        "busy": scene.snapshot.busy or scene.snapshot.phase.active,
        "gcode_position": None
        if position is None
        else [position.x, position.y, position.z, position.e],
    }
