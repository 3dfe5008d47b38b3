"""Selecting and printing files, local ones and those on the printer's own card."""

from __future__ import annotations

from appliance.domain.file_service import Files
from appliance.domain.files import FileInfo
from appliance.domain.job import JobFile, JobKind, JobRequest, Origin
from appliance.domain.printer import Printer, Snapshot
from appliance.domain.telemetry import SdFile
from appliance.errors import FileMissing


async def find(files: Files, printer: Printer, location: Origin, path: str) -> JobFile:
    """Return what a job needs to know of that file; raise `FileMissing` if it is not there."""
    if location is Origin.LOCAL:
        return await files.job_file(path, printer.id)
    return job_file_on_card(on_card(printer.snapshot, path))


def on_card(snapshot: Snapshot, path: str) -> SdFile:
    """Return the file of that name on the card; firmware differs in capitals."""
    wanted = path.strip("/")
    for file in snapshot.sd.files:
        if file.name.lstrip("/").lower() == wanted.lower():
            return file
    message = f"there is no file '{wanted}' on the card"
    raise FileMissing(message)


def job_file_on_card(file: SdFile) -> JobFile:
    """Return a file on the card as jobs take it."""
    return JobFile(
        origin=Origin.SDCARD,
        path=file.name.lstrip("/"),
        display=file.display or file.name.rpartition("/")[2],
        size=file.size or 0,
        modified=file.modified,
    )


async def print_file(files: Files, printer: Printer, file: JobFile, user: str | None) -> None:
    """Print ``file`` from its beginning."""
    if file.origin is Origin.SDCARD:
        await printer.start(JobRequest(file=file, kind=JobKind.SD, user=user))
    else:
        await printer.start(await files.prepare(file.path, printer.id, user=user))


async def send_to_card(
    files: Files, printer: Printer, path: str, name: str, user: str | None
) -> None:
    """Begin to write a local file to the card under ``name``."""
    file = await files.job_file(path, printer.id)
    local = await files.download("gcodes", path)
    await printer.start(
        JobRequest(
            file=file,
            kind=JobKind.SD_UPLOAD,
            local_path=str(local),
            target_name=name,
            user=user,
        )
    )


def is_selected(snapshot: Snapshot, location: Origin, path: str) -> bool:
    """Return whether that file is the selected one."""
    selected = snapshot.selected
    return (
        selected is not None
        and selected.origin is location
        and selected.path.strip("/") == path.strip("/")
    )


def printable(file: FileInfo) -> bool:
    """Return whether the file is for a printer."""
    return file.kind.value == "gcode"
