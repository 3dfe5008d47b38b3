"""``POST /api/files/{location}``: take a file, and select or print it if that is wished.

The parts may come in any order; the file itself is written to the disk while it arrives and
gets its name when the whole form was read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import field
from functools import partial
from typing import Any

import orjson
from aiohttp import BodyPartReader

from appliance import web
from appliance.components.octoprint_api import body, conditions, selection
from appliance.components.octoprint_api.card_names import short_name
from appliance.components.octoprint_api.files import location_of
from appliance.components.octoprint_api.render import file as render
from appliance.components.octoprint_api.routing import route
from appliance.components.octoprint_api.settings.preferences import Preferences
from appliance.components.octoprint_api.uploads import FileUploaded
from appliance.core import Appliance
from appliance.domain.file_service import FILES, Receipt, Upload, UploadTerms
from appliance.domain.files import GCODES, FileInfo, FileKind
from appliance.domain.job import Origin
from appliance.domain.permissions import Permission
from appliance.domain.printer import Printer
from appliance.errors import (
    DomainError,
    FileExists,
    InvalidRequest,
    PermissionMissing,
    PrinterBusy,
)
from appliance.forms import label
from appliance.records import dataclass

_LOGGER = logging.getLogger(__name__)

UPLOAD_LIMIT = 1 << 30  # bytes
_FIELD_LIMIT = 64 * 1024  # bytes of a text field
_MOST_PARTS = 64
_CHUNK = 256 * 1024


@dataclass(slots=True)
class Form:
    """The text fields of a form, and the file that came with it."""

    fields: dict[str, str] = field(default_factory=dict)
    filename: str | None = None
    upload: Upload | None = None

    def wants(self, name: str) -> bool:
        """Return whether a field says yes."""
        return body.truth(self.fields.get(name, ""))


class UploadApi:
    """Files on their way in, and new folders."""

    def __init__(self, appliance: Appliance, preferences: Preferences) -> None:
        self._files = appliance.use(FILES)
        self._preferences = preferences
        self._bus = appliance.bus

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        yield route(
            "POST",
            "/api/files/{location}",
            self.post,
            Permission.FILES_UPLOAD,
            body_limit=UPLOAD_LIMIT,
            exchange=web.Exchange(statuses=(201,), multipart=True),
        )

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Take a file or make a folder."""
        location = location_of(request)
        if location is Origin.SDCARD:
            offered = self._preferences.has_card(web.printer(request).id)
            conditions.need_card_support(offered)
        async with AsyncExitStack() as stack:
            form = await self._read(request, stack)
            if form.upload is not None and form.filename:
                return await self._keep(request, location, form, form.upload)
        if "foldername" in form.fields:
            return await self._make_folder(request, location, form)
        raise InvalidRequest("there is neither a file nor the name of a folder in the form")

    async def _read(self, request: web.Request, stack: AsyncExitStack) -> Form:
        if request.content_type == "application/x-www-form-urlencoded":
            # A new folder needs no parts. Where files may come, so may a very large body.
            if (request.content_length or _FIELD_LIMIT) >= _FIELD_LIMIT:
                raise InvalidRequest("such a form is not understood")
            return Form(await web.form_body(request))
        if not request.content_type.startswith("multipart/"):
            raise InvalidRequest("send a form: multipart/form-data with a part 'file'")
        form = Form()
        parts = 0
        try:
            reader = await request.multipart()
            async for part in reader:
                parts += 1
                if not isinstance(part, BodyPartReader) or parts > _MOST_PARTS:
                    raise InvalidRequest("such a form is not understood")
                await self._take(part, form, request, stack)
        except (ValueError, AssertionError) as error:  # how aiohttp reports broken forms
            raise InvalidRequest("the form is broken") from error
        return form

    async def _take(
        self, part: BodyPartReader, form: Form, request: web.Request, stack: AsyncExitStack
    ) -> None:
        called = label(part)
        name = called.name
        if name.startswith("file."):
            # Other servers pass files on by such fields; here nobody may name a path.
            raise InvalidRequest("fields that begin with 'file.' are not allowed")
        if name == "file" and called.filename is not None:
            if form.upload is not None:
                raise InvalidRequest("one file at a time")
            form.filename = called.filename
            form.upload = await stack.enter_async_context(
                await self._files.upload(size=request.content_length)
            )
            while chunk := await part.read_chunk(_CHUNK):
                await form.upload.write(chunk)
            return
        value = await _text(part)
        if called.filename is None:  # some clients send more file parts, which mean nothing
            form.fields.setdefault(name, value)

    async def _keep(
        self, request: web.Request, location: Origin, form: Form, upload: Upload
    ) -> web.StreamResponse:
        who = web.identity(request)
        printer = web.printer(request)
        if location is Origin.SDCARD:
            _need_card(printer)
        path = _path(form, form.fields.get("filename") or form.filename or "")
        receipt = await self._store(request, form, upload, path)
        info = receipt.file
        free = printer.snapshot.ready
        printable = info.kind is FileKind.GCODE
        selects = form.wants("select") and who.may(Permission.FILES_SELECT)
        prints = form.wants("print") and who.may(Permission.PRINT)
        selected = printed = False
        sent_as = None
        if location is Origin.SDCARD:
            sent_as = await self._send_to_card(printer, info, who.user)
        elif free and printable:
            printed = prints and await self._print(printer, info, who.user)
            selected = selects and not printed and await self._select(printer, info)
        self._bus.fire(
            FileUploaded(
                printer.id,
                info,
                str(location),
                select=form.wants("select"),
                print=form.wants("print"),
                effective_select=selected or (printed and selects),
                effective_print=printed,
            )
        )
        return _answer(request, info, sent_as, selected or (printed and selects), printed)

    async def _store(
        self, request: web.Request, form: Form, upload: Upload, path: str
    ) -> Receipt:
        who = web.identity(request)
        may_replace = who.may(Permission.FILES_DELETE)
        wants_new = form.wants("noOverwrite")
        terms = UploadTerms(
            overwrite=may_replace and not wants_new,
            user=who.user,
            userdata=_userdata(form.fields.get("userdata")),
        )
        try:
            return await upload.keep(GCODES, path, terms)
        except FileExists:
            if may_replace or wants_new:
                raise
            raise PermissionMissing(
                "replacing a file needs the permission to delete"
            ) from None

    async def _select(self, printer: Printer, info: FileInfo) -> bool:
        await printer.select(await self._files.job_file(info.path, printer.id))
        return True

    async def _print(self, printer: Printer, info: FileInfo, user: str | None) -> bool:
        """Begin to print; the file is kept whatever comes of it."""
        try:
            file = await self._files.job_file(info.path, printer.id)
            await selection.print_file(self._files, printer, file, user)
        except DomainError as error:
            _LOGGER.warning("%s was uploaded and is not printed: %s", info.path, error)
            return False
        return True

    async def _send_to_card(self, printer: Printer, info: FileInfo, user: str | None) -> str:
        taken = [file.name for file in printer.snapshot.sd.files]
        firmware = printer.snapshot.firmware
        long_names = firmware is not None and firmware.capabilities.get("LFN_WRITE", False)
        name = info.name if long_names else short_name(info.name, taken)
        await selection.send_to_card(self._files, printer, info.path, name, user)
        return f"/{name}"

    async def _make_folder(
        self, request: web.Request, location: Origin, form: Form
    ) -> web.StreamResponse:
        if location is not Origin.LOCAL:
            raise InvalidRequest("folders are in 'local' only")
        path = self._files.sanitise(_path(form, form.fields["foldername"]))
        try:
            path = (await self._files.make_folder(GCODES, path)).path
        except FileExists:
            await self._files.folder_info(GCODES, path)  # a file of that name is an error
            if form.wants("noOverwrite"):
                raise
        folder = render.short(partial(web.url_for, request), path, folder=True)
        headers = {"Location": folder["refs"]["resource"]}
        return web.json_response({"folder": folder, "done": True}, 201, headers=headers)


def _answer(
    request: web.Request,
    info: FileInfo,
    sent_as: str | None,
    selected: bool,
    printed: bool,
) -> web.StreamResponse:
    urls = partial(web.url_for, request)
    files: dict[str, Any] = {"local": render.short(urls, info.path)}
    location = files["local"]["refs"]["resource"]
    if sent_as is not None:
        files["sdcard"] = render.short_on_card(urls, sent_as)
        location = files["sdcard"]["refs"]["resource"]
    answer = {
        "files": files,
        "done": sent_as is None,
        "effectiveSelect": selected,
        "effectivePrint": printed,
    }
    return web.json_response(answer, 201, headers={"Location": location})


def _path(form: Form, name: str) -> str:
    """Join the folder of the form and the name of the file, which may hold folders too."""
    folder = form.fields.get("path", "").strip("/")
    return f"{folder}/{name}" if folder else name


def _userdata(text: str | None) -> Any | None:
    if not text:
        return None
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidRequest("userdata is not valid JSON") from None
    return data


def _need_card(printer: Printer) -> None:
    if not printer.snapshot.ready or not printer.snapshot.sd.ready:
        raise PrinterBusy("the card cannot be written: no card, not connected, or printing")


async def _text(part: BodyPartReader) -> str:
    content = b""
    while chunk := await part.read_chunk(8192):
        content += chunk
        if len(content) > _FIELD_LIMIT:
            raise InvalidRequest("a field of the form is too long")
    return content.decode("utf-8", "replace")
