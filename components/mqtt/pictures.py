"""Pictures on the broker: the preview of the file that is printed, what cameras see."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from appliance.components.mqtt.publisher import Publisher
from appliance.components.mqtt.session import Session
from appliance.components.mqtt.topics import level
from appliance.core import Appliance
from appliance.domain.camera import CAMERAS, Camera, Cameras, CameraUnavailable
from appliance.domain.file_service import FILES, Files
from appliance.domain.files import GCODES
from appliance.domain.job import JobFile, Origin
from appliance.domain.printer import Printer, PrinterChanged, Snapshot
from appliance.errors import FileError

_LOGGER = logging.getLogger(__name__)

THUMBNAIL = "thumbnail"
MAX_PICTURE = 2 << 20


class Previews:
    """The preview of the file that a printer prints or has selected."""

    def __init__(self, appliance: Appliance, printer: Printer, publisher: Publisher) -> None:
        self._appliance = appliance
        self._printer = printer
        self._publisher = publisher
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Publish the present one."""
        self._follow(_file(self._printer.snapshot))

    def changed(self, event: PrinterChanged) -> None:
        """Publish another one when there is another file."""
        file = _file(event.snapshot)
        if _name(file) != _name(_file(event.previous)):
            self._follow(file)

    def _follow(self, file: JobFile | None) -> None:
        files = self._appliance.find(FILES)
        if self._task is not None:
            self._task.cancel()
        if file is None or files is None or file.origin is not Origin.LOCAL:
            self._publisher.drop(THUMBNAIL)
            return
        self._task = self._appliance.tasks.spawn(self._show(files, file.path), "mqtt preview")

    async def _show(self, files: Files, path: str) -> None:
        data = await _preview(files, path)
        if data is None:
            self._publisher.drop(THUMBNAIL)
        else:
            self._publisher.put(THUMBNAIL, data)


class CameraRounds:
    """Takes a picture of every camera of a printer now and then."""

    def __init__(
        self,
        appliance: Appliance,
        session: Session,
        printer: Printer,
        publisher: Publisher,
        every_s: float,
    ) -> None:
        self._appliance = appliance
        self._session = session
        self._printer = printer
        self._publisher = publisher
        self._every_s = every_s

    async def run(self) -> None:
        """Go round for ever; nobody is photographed while no broker listens."""
        cameras = self._appliance.find(CAMERAS)
        while cameras is not None:
            if self._session.connected:
                for camera in cameras.of(self._printer.id):
                    await self._take(cameras, camera)
            await asyncio.sleep(self._every_s)

    async def _take(self, cameras: Cameras, camera: Camera) -> None:
        if not camera.takes_pictures:
            return
        try:
            picture = await cameras.picture(camera)
        except CameraUnavailable as error:
            _LOGGER.debug("No picture of %s: %s", camera.name, error)
            return
        if len(picture.data) <= MAX_PICTURE:
            self._publisher.put(f"camera/{level(camera.id)}", picture.data)


async def _preview(files: Files, path: str) -> bytes | None:
    try:
        metadata = await files.metadata(path)
        if metadata is None or not metadata.thumbnails:
            return None
        largest = metadata.thumbnails[-1]
        if largest.size > MAX_PICTURE:
            return None
        file = await files.download(GCODES, largest.path)
        return await asyncio.to_thread(_read, file)
    except (FileError, OSError):
        return None  # removed meanwhile


def _read(file: Path) -> bytes | None:
    with file.open("rb") as stream:
        data = stream.read(MAX_PICTURE + 1)
    return data if data and len(data) <= MAX_PICTURE else None


def _file(snapshot: Snapshot) -> JobFile | None:
    if snapshot.phase.active and snapshot.job is not None:
        return snapshot.job.file
    return snapshot.selected or (snapshot.job.file if snapshot.job is not None else None)


def _name(file: JobFile | None) -> tuple[str, str, float | None] | None:
    return None if file is None else (file.origin.value, file.path, file.modified)
