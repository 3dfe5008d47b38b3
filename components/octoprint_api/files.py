"""``GET`` and ``DELETE /api/files``: what is there, in the store and on the card."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import partial
from typing import Any

from appliance import web
from appliance.components.octoprint_api import body, conditions, selection
from appliance.components.octoprint_api.render import file as render
from appliance.components.octoprint_api.routing import route
from appliance.components.octoprint_api.settings.preferences import Preferences
from appliance.components.octoprint_api.statistics import Statistics
from appliance.core import Appliance
from appliance.domain.file_service import FILES
from appliance.domain.files import GCODES, FolderInfo
from appliance.domain.job import Origin
from appliance.domain.permissions import Permission
from appliance.domain.printer import Printer
from appliance.errors import FileInUse, FileMissing


class FilesApi:
    """Listing, describing and deleting."""

    def __init__(
        self, appliance: Appliance, statistics: Statistics, preferences: Preferences
    ) -> None:
        self._files = appliance.use(FILES)
        self._statistics = statistics
        self._preferences = preferences

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        one = "/api/files/{location}/{path:.*}"
        reading = Permission.FILES_LIST
        yield route("GET", "/api/files", self.get_all, reading)
        yield route("GET", "/api/files/{location}", self.get_location, reading)
        yield route("GET", one, self.get_one, reading)
        yield route("DELETE", one, self.delete, Permission.FILES_DELETE)

    async def get_all(self, request: web.Request) -> web.StreamResponse:
        """Return the files of the store and of the card."""
        headers = self._validators(request)
        local = await self._local(request)
        card = self._on_card(request)
        return web.json_response(
            {"files": [*local, *card], **await self._room()}, headers=headers
        )

    async def get_location(self, request: web.Request) -> web.StreamResponse:
        """Return the files of the store, or those of the card."""
        location = location_of(request)
        headers = self._validators(request)
        if location is Origin.SDCARD:
            conditions.need_card_support(self._preferences.has_card(web.printer(request).id))
            return web.json_response({"files": self._on_card(request)}, headers=headers)
        return web.json_response(
            {"files": await self._local(request), **await self._room()}, headers=headers
        )

    async def get_one(self, request: web.Request) -> web.StreamResponse:
        """Return one file or folder."""
        location, path = location_of(request), request.match_info["path"]
        urls = partial(web.url_for, request)
        if location is Origin.SDCARD:
            found = selection.on_card(web.printer(request).snapshot, path)
            return web.json_response(render.on_card(found, urls))
        if path.strip("/") != self._files.sanitise(path):
            raise FileMissing("there is no such file")
        headers = self._validators(request)
        try:
            info = await self._files.info(GCODES, path)
        except FileMissing:
            folder = await self._files.folder_info(GCODES, path)
            return web.json_response(await self._folder(request, folder), headers=headers)
        statistics = await self._statistics.of(web.printer(request))
        return web.json_response(render.file(info, urls, statistics), headers=headers)

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Delete a file, or a folder with all that is in it."""
        location, path = location_of(request), request.match_info["path"]
        printer = web.printer(request)
        if location is Origin.SDCARD:
            await _delete_on_card(printer, path)
            return web.no_content()
        if self._files.in_use(GCODES, path):
            raise FileInUse("a print uses that")
        await self._files.delete(GCODES, path)
        return web.no_content()

    async def _local(self, request: web.Request) -> list[dict[str, Any]]:
        urls = partial(web.url_for, request)
        statistics = await self._statistics.of(web.printer(request))
        if body.flag(request, "recursive"):
            listing = await self._files.tree(GCODES, details=True)
        else:
            listing = await self._files.folder(GCODES, details=True)
        entries = render.tree(listing, urls, statistics)
        return list(_filtered(entries, request.query.get("filter")))

    def _on_card(self, request: web.Request) -> list[dict[str, Any]]:
        urls = partial(web.url_for, request)
        printer = web.printer(request)
        if not self._preferences.has_card(printer.id):
            return []
        entries = [render.on_card(found, urls) for found in printer.snapshot.sd.files]
        return list(_filtered(entries, request.query.get("filter")))

    async def _folder(self, request: web.Request, folder: FolderInfo) -> dict[str, Any]:
        if body.flag(request, "recursive"):
            listing = await self._files.tree(GCODES, folder.path, details=True)
        else:
            listing = await self._files.folder(GCODES, folder.path, details=True)
        urls = partial(web.url_for, request)
        statistics = await self._statistics.of(web.printer(request))
        children = render.tree(listing, urls, statistics, top=folder.path)
        return render.folder(folder, urls, children)

    async def _room(self) -> dict[str, int]:
        usage = await self._files.disk_usage(GCODES)
        return {"free": usage.free, "total": usage.total}

    def _validators(self, request: web.Request) -> dict[str, str]:
        """Return the ETag of what would be listed, or raise 304 if the client has it."""
        printer = web.printer(request)
        parts = (
            self._files.revision(GCODES),
            self._statistics.revision,
            self._preferences.revision,
            printer.id,
            printer.snapshot.sd.files if _shows_card(request) else (),
            request.rel_url.raw_path,
            sorted(request.query.items()),
            web.url_for(request, ""),
            sorted(web.identity(request).permissions),
        )
        etag = hashlib.sha1(repr(parts).encode(), usedforsecurity=False).hexdigest()
        bypass = body.flag(request, "force") or "_refresh" in request.query
        return web.not_modified(request, etag, self._statistics.changed_at, bypass=bypass)


async def _delete_on_card(printer: Printer, path: str) -> None:
    found = selection.on_card(printer.snapshot, path)
    conditions.need_idle(printer.snapshot)
    if selection.is_selected(printer.snapshot, Origin.SDCARD, found.name):
        await printer.select(None)
    await printer.delete_sd(found.name)


def location_of(request: web.Request) -> Origin:
    """Return the location in the path; anything but local and sdcard is not there."""
    try:
        return Origin(request.match_info["location"])
    except ValueError:
        raise FileMissing("files are in 'local' or 'sdcard'") from None


def _shows_card(request: web.Request) -> bool:
    return request.match_info.get("location") != Origin.LOCAL


def _filtered(
    entries: Iterable[dict[str, Any]], wanted: str | None
) -> Iterable[dict[str, Any]]:
    """Keep files of one type, and the folders in which there are such."""
    for entry in entries:
        if wanted is None or wanted in entry["typePath"]:
            yield entry
        elif entry["type"] == "folder":
            children = list(_filtered(entry["children"], wanted))
            if children:
                yield {**entry, "children": children}
