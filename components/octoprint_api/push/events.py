"""The facts of the bus as OctoPrint's events: pure functions from one to the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from appliance.components.octoprint_api import printer as errors
from appliance.components.octoprint_api.render import file as files
from appliance.components.octoprint_api.render import job as jobs
from appliance.components.octoprint_api.render import state
from appliance.components.octoprint_api.uploads import FileUploaded
from appliance.domain import files as domain
from appliance.domain.job import Job, JobFile, JobKind, JobPhase, JobResult
from appliance.domain.machine import Link
from appliance.domain.printer import ConsoleLine, Direction, Snapshot

Payload = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in OctoPrint's words."""

    type: str
    payload: Payload = None


@dataclass(frozen=True, slots=True)
class Marking:
    """A mark on the temperature chart."""

    type: str
    label: str


# --- printer --------------------------------------------------------------------------


def of_change(before: Snapshot, now: Snapshot) -> Iterator[Event]:
    """Tell what is different between two snapshots."""
    if before.link is not now.link:
        yield from _link(before, now)
    if before.selected != now.selected:
        yield from _selection(before, now)
    if state.state_id(before) != state.state_id(now):
        yield Event(
            "PrinterStateChanged",
            {"state_id": state.state_id(now), "state_string": state.text(now)},
        )
    if before.phase is not now.phase and now.phase is JobPhase.CANCELLING and now.job:
        yield Event("PrintCancelling", job_payload(now.job))
    if now.firmware is not None and before.firmware != now.firmware:
        known = before.firmware is not None and before.firmware.info == now.firmware.info
        if not known:
            yield Event(
                "FirmwareData", {"name": now.firmware.name, "data": dict(now.firmware.info)}
            )
    if before.motion is not now.motion:
        yield from _motion(before, now)
    if (before.sd.ready, before.sd.files) != (now.sd.ready, now.sd.files):
        yield Event("UpdatedFiles", {"type": "printables"})


def _link(before: Snapshot, now: Snapshot) -> Iterator[Event]:
    if now.link.connecting and not before.link.connecting:
        yield Event("Connecting")
    elif now.link is Link.ONLINE:
        connection = now.connection
        yield Event("Connected", {"port": connection.port, "baudrate": connection.baudrate})
    if now.link in (Link.HALTED, Link.FAILED) and now.fault is not None:
        yield Event("Error", errors.error_info(now.fault, now))
    if before.link is Link.ONLINE and not now.link.connecting:
        if now.link is Link.OFFLINE:
            yield Event("Disconnecting")
        yield Event("Disconnected")


def _selection(before: Snapshot, now: Snapshot) -> Iterator[Event]:
    if now.selected is None:
        yield Event("FileDeselected")
    elif before.selected is None or (before.selected.origin, before.selected.path) != (
        now.selected.origin,
        now.selected.path,
    ):
        yield Event("FileSelected", _file_payload(now.selected, None))


def _motion(before: Snapshot, now: Snapshot) -> Iterator[Event]:
    if before.motion.tool != now.motion.tool:
        yield Event("ToolChange", {"old": before.motion.tool, "new": now.motion.tool})
    old = before.motion.position.z if before.motion.position is not None else None
    new = now.motion.position.z if now.motion.position is not None else None
    if new is not None and new != old:
        yield Event("ZChange", {"new": new, "old": old})


# The commands that OctoPrint tells about when they are sent.
_TOLD: Mapping[str, str] = {
    "G4": "Dwelling",
    "G28": "Home",
    "M0": "Waiting",
    "M1": "Waiting",
    "M226": "Waiting",
    "M40": "Eject",
    "M80": "PowerOn",
    "M81": "PowerOff",
    "M112": "EStop",
    "M240": "Conveyor",
    "M245": "Cooling",
    "M300": "Alert",
    "M600": "FilamentChange",
    "M701": "FilamentChange",
    "M702": "FilamentChange",
}


def of_line(line: ConsoleLine) -> Event | None:
    """Tell about a command that was sent, if it is one of those that are told."""
    if line.direction is not Direction.SENT:
        return None
    words = line.text.split(None, 2)
    if words and words[0].startswith("N") and len(words) > 1:
        words = words[1:]
    name = _TOLD.get(words[0].partition("*")[0]) if words else None
    return Event(name) if name is not None else None


# --- jobs -----------------------------------------------------------------------------


def job_payload(job: Job) -> dict[str, Any]:
    """Return what every event about a job tells."""
    return _file_payload(job.file, job.user)


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


def _file_payload(file: JobFile, user: str | None) -> dict[str, Any]:
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


# --- files ----------------------------------------------------------------------------

_UPDATED = Event("UpdatedFiles", {"type": "printables"})


def of_file(event: object) -> Iterator[Event]:
    """Tell what happened to a file or folder of the store."""
    match event:
        case domain.FileAdded(file=file) | domain.FileChanged(file=file):
            yield Event("FileAdded", _stored(file, "add"))
        case domain.FileRemoved(file=file):
            yield Event("FileRemoved", _stored(file, "remove"))
        case domain.FileMoved(file=file, source_path=source):
            yield Event("FileMoved", {**_moved(source, file.path), **_types(file)})
        case domain.FolderAdded(folder=folder):
            yield Event("FolderAdded", _folder(folder))
        case domain.FolderRemoved(folder=folder):
            yield Event("FolderRemoved", _folder(folder))
        case domain.FolderMoved(folder=folder, source_path=source):
            yield Event("FolderMoved", _moved(source, folder.path))
    yield _UPDATED


def of_analysis_start(event: domain.AnalysisStarted) -> Event:
    """Tell that a file is being analysed."""
    return Event("MetadataAnalysisStarted", _analysed(event.file))


def of_analysis_end(event: domain.AnalysisFinished) -> Event:
    """Tell what the analysis of a file found."""
    result = {} if event.analysis is None else files.analysis_result(event.analysis)
    return Event("MetadataAnalysisFinished", {**_analysed(event.file), "result": result})


def of_upload(event: FileUploaded) -> Event:
    """Tell that a file was uploaded."""
    payload: dict[str, Any] = {
        "name": event.file.name,
        "path": event.file.path,
        "target": event.target,
        "select": event.select,
        "print": event.print,
        "effective_select": event.effective_select,
        "effective_print": event.effective_print,
    }
    if event.file.userdata is not None:
        payload["userdata"] = event.file.userdata
    return Event("Upload", payload)


def _stored(file: domain.FileInfo, operation: str) -> dict[str, Any]:
    return {
        "storage": "local",
        "path": file.path,
        "name": file.name,
        "type": files.type_path(file.kind),
        "operation": operation,
    }


def _folder(folder: domain.FolderInfo) -> dict[str, Any]:
    return {"storage": "local", "path": folder.path, "name": folder.name}


def _moved(source: str, target: str) -> dict[str, Any]:
    return {
        "storage": "local",
        "source_path": source,
        "source_name": source.rpartition("/")[2],
        "destination_path": target,
        "destination_name": target.rpartition("/")[2],
    }


def _types(file: domain.FileInfo) -> dict[str, Any]:
    types = files.type_path(file.kind)
    return {"source_type": types, "destination_type": types}


def _analysed(file: domain.FileInfo) -> dict[str, Any]:
    return {"name": file.name, "path": file.path, "origin": "local", "type": "gcode"}


# --- marks on the chart -----------------------------------------------------------------

_MARKINGS: Mapping[str, Marking] = {
    "Connected": Marking("connected", "Connected"),
    "Disconnected": Marking("disconnected", "Disconnected"),
    "PrintStarted": Marking("print", "Start"),
    "PrintDone": Marking("done", "Done"),
    "PrintPaused": Marking("pause", "Pause"),
    "PrintResumed": Marking("resume", "Resume"),
    "PrintCancelled": Marking("cancel", "Cancel"),
}


def marking(event: Event) -> Marking | None:
    """Return the mark that an event leaves on the chart."""
    return _MARKINGS.get(event.type)


def plugin_news(before: Snapshot, now: Snapshot) -> Iterator[tuple[str, dict[str, Any]]]:
    """Tell what the plugins that we stand in for would say."""
    if before.prompt != now.prompt:
        if now.prompt is None:
            yield "action_command_prompt", {"action": "close"}
        else:
            yield (
                "action_command_prompt",
                {
                    "action": "show",
                    "text": now.prompt.text,
                    "choices": list(now.prompt.buttons),
                },
            )
    if now.notification is not None and before.notification != now.notification:
        yield "action_command_notification", {"message": now.notification}
    if now.mesh is not None and before.mesh != now.mesh:
        yield "bedlevelvisualizer", {"mesh": mesh(now)}


def mesh(snapshot: Snapshot) -> list[list[float]]:
    """Return the heights of the bed, rows from the front."""
    return [] if snapshot.mesh is None else [list(row) for row in snapshot.mesh.points]
