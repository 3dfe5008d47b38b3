"""``/downloads``: files, videos, logs, a picture of the camera, facts about the system."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

import orjson
from aiohttp.web import FileResponse

from appliance import web, zip_stream
from appliance.components.octoprint_api.routing import route
from appliance.components.octoprint_api.system import system_info
from appliance.core import Appliance
from appliance.domain.camera import CAMERAS, CameraUnavailable
from appliance.domain.file_service import FILES
from appliance.domain.files import GCODES
from appliance.domain.permissions import Permission, permission
from appliance.domain.timelapse import TIMELAPSE
from appliance.errors import FileMissing, InvalidRequest

_TYPES = {".mp4": "video/mp4", ".stl": "model/stl", ".log": "text/plain"}
_MOST_IN_ZIP = 1000


class Downloads:
    """What can be taken away."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance
        self._files = appliance.use(FILES)

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        files, videos = Permission.FILES_DOWNLOAD, Permission.TIMELAPSE_LIST
        yield route("GET", "/downloads/files/local/{path:.*}", self.get_file, files)
        yield route("GET", "/downloads/files/local", self.get_files, files)
        yield route("GET", "/downloads/timelapse/{name}", self.get_video, videos)
        yield route("GET", "/downloads/timelapses", self.get_videos, videos)
        logs = permission(Permission.LOGGING_MANAGE)
        yield route("GET", "/downloads/logs/{name}", self.get_log, logs, per_printer=False)
        for path in ("/plugin/logging/logs", "/api/logs"):  # the second is the older one
            yield route("GET", path, self.list_logs, logs, per_printer=False)
        yield route("GET", "/downloads/camera/current", self.get_picture, Permission.WEBCAM)
        yield route("GET", "/downloads/systeminfo.zip", get_system_info, Permission.SYSTEM)

    async def get_file(self, request: web.Request) -> web.StreamResponse:
        """Return a file of the store."""
        path = await self._files.download(GCODES, request.match_info["path"])
        return attachment(path, path.name)

    async def get_files(self, request: web.Request) -> web.StreamResponse:
        """Return several files of the store in one archive (``?files=...&files=...``)."""
        names = request.query.getall("files", [])
        if not 0 < len(names) <= _MOST_IN_ZIP:
            raise InvalidRequest("say which files, by 'files'")
        paths = [(name, await self._files.download(GCODES, name)) for name in names]
        return await archive(request, paths, "files.zip")

    async def get_video(self, request: web.Request) -> web.StreamResponse:
        """Return a video."""
        return attachment(await self._video(request, request.match_info["name"]))

    async def get_videos(self, request: web.Request) -> web.StreamResponse:
        """Return several videos in one archive (``?files=...``)."""
        names = request.query.getall("files", [])
        if not 0 < len(names) <= _MOST_IN_ZIP:
            raise InvalidRequest("say which videos, by 'files'")
        paths = [(name, await self._video(request, name)) for name in names]
        return await archive(request, paths, "timelapses.zip")

    async def get_log(self, request: web.Request) -> web.StreamResponse:
        """Return a log; nothing but logs, whatever is asked for."""
        name = request.match_info["name"]
        folder = self._appliance.paths.logs
        if name not in await asyncio.to_thread(_logs_in, folder):
            raise FileMissing("there is no such log")
        return attachment(folder / name)

    async def list_logs(self, request: web.Request) -> web.StreamResponse:
        """Return the logs."""
        folder = self._appliance.paths.logs
        found = await asyncio.to_thread(_logs_in, folder)
        usage = await asyncio.to_thread(shutil.disk_usage, self._appliance.paths.config)
        return web.json_response(
            {
                "files": [
                    {
                        "name": name,
                        "date": int(status.st_mtime),
                        "size": status.st_size,
                        "refs": {
                            "resource": web.url_for(request, "/plugin/logging/logs"),
                            "download": web.url_for(request, f"/downloads/logs/{quote(name)}"),
                        },
                    }
                    for name, status in found.items()
                ],
                "free": usage.free,
                "total": usage.total,
            }
        )

    async def get_picture(self, request: web.Request) -> web.StreamResponse:
        """Return a picture of the printer's camera."""
        cameras = self._appliance.find(CAMERAS)
        found = [] if cameras is None else cameras.of(web.printer(request).id)
        camera = next((each for each in found if each.takes_pictures), None)
        if cameras is None or camera is None:
            raise FileMissing("no camera takes pictures of this printer")
        try:
            picture = await cameras.picture(camera)
        except CameraUnavailable as error:
            raise web.HttpError(502, str(error)) from error
        return web.Response(
            body=picture.data,
            content_type=picture.media_type,
            headers={"Cache-Control": "no-store", "Content-Security-Policy": "sandbox"},
        )

    async def _video(self, request: web.Request, name: str) -> Path:
        timelapse = self._appliance.find(TIMELAPSE)
        if timelapse is None:
            raise FileMissing("there are no videos")
        return await timelapse.video_path(web.printer(request).id, name)


def attachment(path: Path, name: str | None = None) -> web.StreamResponse:
    """Answer with a file that is saved and never shown; ranges and validators included."""
    kind = _TYPES.get(path.suffix.lower(), "text/plain")
    return FileResponse(path, headers=web.save_as(name or path.name) | {"Content-Type": kind})


async def archive(
    request: web.Request, paths: Sequence[tuple[str, Path]], name: str
) -> web.StreamResponse:
    """Answer with an archive of files."""
    return await zip_stream.send(request, await asyncio.to_thread(_entries, paths), name)


async def get_system_info(request: web.Request) -> web.StreamResponse:
    """Return the description of the system as an archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        info = orjson.dumps(system_info(request), option=orjson.OPT_INDENT_2)
        packed.writestr("systeminfo.txt", info)
    return web.Response(
        body=content.getvalue(),
        content_type="application/zip",
        headers=web.save_as("gantry-systeminfo.zip"),
    )


def _entries(paths: Sequence[tuple[str, Path]]) -> list[zip_stream.Entry]:
    return [
        zip_stream.Entry(name.lstrip("/"), path, path.stat().st_size) for name, path in paths
    ]


def _logs_in(folder: Path) -> dict[str, os.stat_result]:
    if not folder.is_dir():
        return {}
    return {
        path.name: path.stat()
        for path in sorted(folder.iterdir())
        if path.suffix == ".log" and path.is_file() and not path.is_symlink()
    }
