"""``/api/timelapse``: how prints are recorded, and the videos."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from appliance import web
from appliance.components.octoprint_api import body
from appliance.components.octoprint_api.render import timelapse as render
from appliance.components.octoprint_api.routing import route
from appliance.core import Appliance
from appliance.domain.permissions import Permission
from appliance.domain.printer import Printer
from appliance.domain.timelapse import TIMELAPSE, TimelapseOptions
from appliance.errors import FileMissing, PrinterBusy

_LIST, _ADMIN = Permission.TIMELAPSE_LIST, Permission.TIMELAPSE_ADMIN
_UNRENDERED = Permission.TIMELAPSE_MANAGE_UNRENDERED


class TimelapseApi:
    """The timelapses of a printer."""

    def __init__(self, appliance: Appliance) -> None:
        self._timelapse = appliance.find(TIMELAPSE)

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        path, unrendered = "/api/timelapse", "/api/timelapse/unrendered/{name}"
        yield route("GET", path, self.get, _LIST)
        yield route("POST", path, self.post, _ADMIN)
        yield route("GET", f"{path}/{{name}}", download, Permission.TIMELAPSE_DOWNLOAD)
        yield route("DELETE", f"{path}/{{name}}", self.delete, Permission.TIMELAPSE_DELETE)
        yield route("POST", unrendered, self.post_unrendered, _UNRENDERED)
        yield route("DELETE", unrendered, self.delete_unrendered, _UNRENDERED)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Return the options, the videos and (if asked) what is no video yet."""
        content = await self._content(request)
        etag = hashlib.sha1(repr(content).encode(), usedforsecurity=False).hexdigest()
        bypass = body.flag(request, "force")
        return web.json_response(
            content, headers=web.not_modified(request, etag, bypass=bypass)
        )

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Record in another way from now on."""
        given = await _given(request)
        printer = web.printer(request)
        if self._timelapse is not None:
            options = render.changed(self._timelapse.options(printer.id), given)
            save = body.truth(given.get("save", False))
            await self._timelapse.set_options(printer.id, options, save=save)
        return web.json_response(await self._content(request))

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Delete a video; one that is not there is no error."""
        if self._timelapse is not None:
            with suppress(FileMissing):
                await self._timelapse.delete_video(
                    web.printer(request).id, request.match_info["name"]
                )
        return web.json_response(await self._content(request))

    async def post_unrendered(self, request: web.Request) -> web.StreamResponse:
        """Make a video of pictures that are no video yet."""
        await body.command(request, {"render": ()})
        printer = web.printer(request)
        _need_quiet(printer)
        if self._timelapse is not None:
            with suppress(FileMissing):
                await self._timelapse.render(printer.id, request.match_info["name"])
        return web.no_content()

    async def delete_unrendered(self, request: web.Request) -> web.StreamResponse:
        """Delete pictures that are no video yet."""
        printer = web.printer(request)
        if self._timelapse is not None:
            with suppress(FileMissing):
                await self._timelapse.delete_recording(printer.id, request.match_info["name"])
        return web.no_content()

    async def _content(self, request: web.Request) -> dict[str, Any]:
        printer_id = web.printer(request).id
        timelapse = self._timelapse
        possible = timelapse is not None and timelapse.possible(printer_id)
        options = TimelapseOptions() if timelapse is None else timelapse.options(printer_id)
        videos = [] if timelapse is None else await timelapse.videos(printer_id)
        content: dict[str, Any] = {
            "enabled": possible,
            "config": render.config(options),
            "files": [render.video(found) for found in videos],
        }
        if body.flag(request, "unrendered"):
            found = [] if timelapse is None else await timelapse.recordings(printer_id)
            content["unrendered"] = [render.recording(each) for each in found]
        return content


async def download(request: web.Request) -> web.StreamResponse:
    """Point to where the video is downloaded."""
    name = quote(request.match_info["name"])
    location = web.url_for(request, f"/downloads/timelapse/{name}")
    return web.Response(status=302, headers={"Location": location})


def _need_quiet(printer: Printer) -> None:
    """Raise while printing: rendering takes what the machine has."""
    if printer.snapshot.phase.active:
        raise PrinterBusy("videos are rendered when nothing is printed")


async def _given(request: web.Request) -> Mapping[str, Any]:
    """Return what was sent: JSON, or a form as old clients do."""
    if request.content_type == "application/x-www-form-urlencoded":
        return {key: str(value) for key, value in (await request.post()).items()}
    return await web.json_body(request)
