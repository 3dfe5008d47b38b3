"""What happens to files, in OctoPrint's words: pure functions of the facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appliance.components.octoprint_api.push.event import Event
from appliance.components.octoprint_api.render import file as files
from appliance.components.octoprint_api.uploads import FileUploaded
from appliance.domain import file_events as domain
from appliance.domain.files import FileInfo, FolderInfo

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


def _stored(file: FileInfo, operation: str) -> dict[str, Any]:
    return {
        "storage": "local",
        "path": file.path,
        "name": file.name,
        "type": files.type_path(file.kind),
        "operation": operation,
    }


def _folder(folder: FolderInfo) -> dict[str, Any]:
    return {"storage": "local", "path": folder.path, "name": folder.name}


def _moved(source: str, target: str) -> dict[str, Any]:
    return {
        "storage": "local",
        "source_path": source,
        "source_name": source.rpartition("/")[2],
        "destination_path": target,
        "destination_name": target.rpartition("/")[2],
    }


def _types(file: FileInfo) -> dict[str, Any]:
    types = files.type_path(file.kind)
    return {"source_type": types, "destination_type": types}


def _analysed(file: FileInfo) -> dict[str, Any]:
    return {"name": file.name, "path": file.path, "origin": "local", "type": "gcode"}
