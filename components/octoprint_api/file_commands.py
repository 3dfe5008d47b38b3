"""``POST /api/files/{location}/{path}``: select, copy, move, send to the card, analyse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from appliance import web
from appliance.components.octoprint_api import body, conditions, selection
from appliance.components.octoprint_api.card_names import short_name
from appliance.components.octoprint_api.files import location_of
from appliance.components.octoprint_api.render import file as render
from appliance.components.octoprint_api.routing import route
from appliance.core import Appliance
from appliance.domain.file_service import FILES
from appliance.domain.files import GCODES, FileKind, Item
from appliance.domain.job import JobFile, Origin
from appliance.domain.permissions import Permission, authenticated
from appliance.domain.printer import Printer
from appliance.errors import (
    FileInUse,
    FileMissing,
    InvalidName,
    InvalidRequest,
    NothingSelected,
    PermissionMissing,
    PrinterBusy,
    UnsupportedType,
)

_COMMANDS: dict[str, tuple[str, ...]] = {
    "select": (),
    "unselect": (),
    "slice": (),
    "analyse": (),
    "copy": ("destination",),
    "move": ("destination",),
    "uploadSd": (),
}
_NEEDED: Mapping[str, tuple[Permission, ...]] = {
    "select": (Permission.FILES_SELECT,),
    "unselect": (Permission.FILES_SELECT,),
    "slice": (Permission.SLICE,),
    "analyse": (Permission.FILES_UPLOAD,),
    "copy": (Permission.FILES_UPLOAD,),
    "move": (Permission.FILES_UPLOAD, Permission.FILES_DELETE),
    "uploadSd": (Permission.FILES_UPLOAD,),
}


class FileCommands:
    """What can be done with a file."""

    def __init__(self, appliance: Appliance) -> None:
        self._files = appliance.use(FILES)

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        # Each command has a permission of its own, see above.
        path = "/api/files/{location}/{path:.*}"
        yield route("POST", path, self.post, authenticated())
        yield route("POST", "/api/files/test", self.test, Permission.FILES_LIST)

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Obey a command about a file."""
        location, path = location_of(request), request.match_info["path"]
        name, parameters = await body.command(request, _COMMANDS)
        who = web.identity(request)
        prints = name == "select" and body.truth(parameters.get("print", False))
        for needed in (*_NEEDED[name], *((Permission.PRINT,) if prints else ())):
            if not who.may(needed):
                message = f"this needs '{needed}'"
                raise PermissionMissing(message)
        printer = web.printer(request)
        if name == "select":
            file = await self._select(printer, location, path, prints=prints)
            if prints:
                await selection.print_file(self._files, printer, file, who.user)
            return web.no_content()
        if name == "unselect":
            return await _unselect(printer, location, path)
        if name in ("copy", "move"):
            return await self._relocate(request, location, path, name, parameters)
        if name == "uploadSd":
            return await self._upload_to_card(request, location, path)
        if name == "analyse":
            await self._analyse(location, path)
            return web.no_content()
        raise UnsupportedType("there is no slicer here; slice before uploading")

    async def test(self, request: web.Request) -> web.StreamResponse:
        """Say how a name would be stored, or whether it is taken."""
        needed = ("storage", "path", "filename")
        name, parameters = await body.command(request, {"sanitize": needed, "exists": needed})
        texts = [parameters[key] for key in needed]
        if not all(isinstance(text, str) for text in texts) or texts[0] != Origin.LOCAL:
            raise InvalidRequest("'storage' must be local, 'path' and 'filename' texts")
        path = self._files.sanitise("/".join(part for part in texts[1:] if part))
        if name == "sanitize":
            return web.json_response({"sanitized": path})
        try:
            info = await self._files.info(GCODES, path)
        except FileMissing:
            return web.json_response({"exists": False})
        return web.json_response(
            {
                "exists": True,
                "suggestion": await self._free_name(path),
                "size": info.size,
                "date": int(info.modified),
            }
        )

    async def _select(
        self, printer: Printer, location: Origin, path: str, *, prints: bool
    ) -> JobFile:
        file = await self._printable(printer, location, path)
        if prints:
            conditions.need_operational(printer.snapshot)
        if printer.snapshot.phase.active:
            raise PrinterBusy("another file cannot be selected while printing")
        await printer.select(file)
        return file

    async def _printable(self, printer: Printer, location: Origin, path: str) -> JobFile:
        if location is Origin.LOCAL:
            info = await self._files.info(GCODES, path)
            if info.kind is not FileKind.GCODE:
                raise UnsupportedType("only G-code can be selected")
        return await selection.find(self._files, printer, location, path)

    async def _relocate(
        self,
        request: web.Request,
        location: Origin,
        path: str,
        name: str,
        parameters: Mapping[str, Any],
    ) -> web.StreamResponse:
        if location is not Origin.LOCAL:
            raise InvalidRequest("files on the card can be neither copied nor moved")
        destination = parameters["destination"]
        if not isinstance(destination, str) or not destination.strip("/"):
            raise InvalidName("'destination' must be a path")
        source, target = Item(GCODES, path), Item(GCODES, destination)
        if name == "move" and self._files.in_use(GCODES, path):
            raise FileInUse("a print uses that")
        relocate = self._files.move if name == "move" else self._files.copy
        result = await relocate(source, target)
        folder = await self._is_folder(result.path)
        entry = render.short(partial(web.url_for, request), result.path, folder=folder)
        return web.json_response(entry, 201, headers={"Location": entry["refs"]["resource"]})

    async def _is_folder(self, path: str) -> bool:
        try:
            await self._files.folder_info(GCODES, path)
        except FileMissing:
            return False
        return True

    async def _upload_to_card(
        self, request: web.Request, location: Origin, path: str
    ) -> web.StreamResponse:
        printer = web.printer(request)
        if location is not Origin.LOCAL:
            raise InvalidRequest("only local files can be sent to the card")
        file = await self._printable(printer, location, path)
        if not printer.snapshot.ready or not printer.snapshot.sd.ready:
            raise PrinterBusy("the card cannot be written now")
        taken = [found.name for found in printer.snapshot.sd.files]
        name = short_name(file.path.rpartition("/")[2], taken)
        user = web.identity(request).user
        await selection.send_to_card(self._files, printer, file.path, name, user)
        entry = render.short_on_card(partial(web.url_for, request), f"/{name}")
        return web.json_response(
            {"file": entry, "effectiveSelect": False, "effectivePrint": False},
            201,
            headers={"Location": entry["refs"]["resource"]},
        )

    async def _analyse(self, location: Origin, path: str) -> None:
        if location is not Origin.LOCAL:
            raise InvalidRequest("only local files can be analysed")
        await self._files.info(GCODES, path)
        await self._files.rescan(path)

    async def _free_name(self, path: str) -> str:
        """Return a name beside ``path`` that is not taken: ``cube_1.gcode``."""
        folder = path.rpartition("/")[0]
        listing = await self._files.folder(GCODES, folder)
        taken = {file.name for file in listing.files} | {item.name for item in listing.folders}
        stem, dot, suffix = path.rpartition("/")[2].rpartition(".")
        number = 1
        while f"{stem}_{number}{dot}{suffix}" in taken:
            number += 1
        return f"{stem}_{number}{dot}{suffix}"


async def _unselect(printer: Printer, location: Origin, path: str) -> web.StreamResponse:
    snapshot = printer.snapshot
    if snapshot.phase.active:
        raise PrinterBusy("the selection cannot change while printing")
    if snapshot.selected is None:
        raise NothingSelected("no file is selected")
    if path != "current" and not selection.is_selected(snapshot, location, path):
        raise InvalidRequest("that is not the selected file")
    await printer.select(None)
    return web.no_content()
