"""Files on their way: upload, download, the logs. HTTP only.

An upload is answered 201 once its metadata is known, with the bare item (not wrapped in
``result``), as every uploader expects.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader
from aiohttp.web import FileResponse

from appliance import web
from appliance.components.moonraker_api.interpreter import Interpreter
from appliance.components.moonraker_api.methods import access
from appliance.components.moonraker_api.render import files as render
from appliance.components.moonraker_api.words import READY
from appliance.core import Appliance
from appliance.domain.file_service import FILES, Receipt, Upload, UploadTerms
from appliance.domain.files import GCODES, access_to_change, access_to_read
from appliance.domain.permissions import Access, Scope, scope
from appliance.domain.power import POWER
from appliance.domain.queue import JOB_QUEUE
from appliance.errors import (
    DomainError,
    FileExists,
    FileForbidden,
    FileMissing,
    InvalidName,
    InvalidRequest,
    UploadBroken,
)
from appliance.forms import label
from appliance.records import dataclass
from appliance.web import HttpError, Route

_LOGGER = logging.getLogger(__name__)

UPLOAD_LIMIT = 4 << 30  # bytes; the file manager has a limit of its own
_FIELD_BYTES = 64 * 1024
_MOST_PARTS = 64
_CHUNK = 256 * 1024
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
# Nothing that somebody uploaded runs in a browser as if it were ours.
_INERT = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'",
    "X-Content-Type-Options": "nosniff",
}
_PICTURES = (".png", ".jpg", ".jpeg")


@dataclass(slots=True)
class Form:
    """The text fields of a form, and the file that came with it."""

    fields: dict[str, str] = field(default_factory=dict)
    filename: str | None = None
    upload: Upload | None = None


class Transfers:
    """The routes."""

    def __init__(self, appliance: Appliance, interpreters: dict[str, Interpreter]) -> None:
        self._appliance = appliance
        self._files = appliance.use(FILES)
        self._interpreters = interpreters

    def routes(self) -> Iterable[Route]:
        """Declare the routes."""
        yield _route(
            "POST",
            "/server/files/upload",
            self.upload,
            access.UPLOAD,
            body_limit=UPLOAD_LIMIT,
            exchange=web.Exchange(statuses=(201,), multipart=True),
        )
        admin = scope(Scope.ADMIN)
        yield _route("GET", "/server/files/klippy.log", self.klippy_log, admin)
        yield _route("GET", "/server/files/moonraker.log", self.moonraker_log, admin)
        yield _route("GET", "/server/files/{root}/{path:.*}", self.download, access.READ)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Return a file, or a part of it."""
        root, path = request.match_info["root"], request.match_info["path"]
        if root not in {known.name for known in self._files.roots}:
            message = f"there is no root '{root}'"
            raise FileMissing(message)
        web.identity(request).check(access_to_read(root))
        try:
            file = await self._files.download(root, path)
        except InvalidName as error:
            raise FileForbidden(str(error)) from error
        return _file(file)

    async def klippy_log(self, request: web.Request) -> web.StreamResponse:
        """Return the log of the printer's own process."""
        logs = self._appliance.paths.logs
        return await _log(logs / f"engine-{web.printer(request).id}.log")

    async def moonraker_log(self, _request: web.Request) -> web.StreamResponse:
        """Return the log of the appliance."""
        return await _log(self._appliance.paths.logs / "gantry.log")

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take a file, and print it if that is wished."""
        if not request.content_type.startswith("multipart/"):
            raise InvalidRequest("send a form: multipart/form-data with a part 'file'")
        async with AsyncExitStack() as stack:
            form = await self._read(request, stack)
            if form.upload is None or not form.filename:
                raise InvalidRequest("there is no file in the form")
            receipt = await self._keep(request, form, form.upload)
        answer: dict[str, Any] = {
            "item": render.item(receipt.file, "rw"),
            "action": "create_file",
        }
        if receipt.file.root == GCODES:
            wished = form.fields.get("print", "false").lower() == "true"
            started = wished and await self._print(request, receipt)
            answer["print_started"] = started
            answer["print_queued"] = (
                wished and not started and await self._wake(request, receipt)
            )
        path = f"/server/files/{receipt.file.root}/{receipt.file.path}"
        location = web.url_for(request, quote(path))
        return web.json_response(answer, 201, headers={"Location": location})

    async def _read(self, request: web.Request, stack: AsyncExitStack) -> Form:
        form = Form()
        parts = 0
        try:
            async for part in await request.multipart():
                parts += 1
                if not isinstance(part, BodyPartReader) or parts > _MOST_PARTS:
                    raise InvalidRequest("such a form is not understood")
                called = label(part)
                if called.name == "file" and called.filename is not None:
                    form.filename = form.filename or called.filename
                    await self._receive(part, form, request, stack)
                else:
                    form.fields.setdefault(called.name, await _text(part))
        except (ValueError, AssertionError) as error:  # how aiohttp reports broken forms
            raise InvalidRequest("the form is broken") from error
        return form

    async def _receive(
        self, part: BodyPartReader, form: Form, request: web.Request, stack: AsyncExitStack
    ) -> None:
        if form.upload is not None:
            raise InvalidRequest("one file at a time")
        form.upload = await stack.enter_async_context(
            await self._files.upload(size=request.content_length)
        )
        while chunk := await part.read_chunk(_CHUNK):
            await form.upload.write(chunk)

    async def _keep(self, request: web.Request, form: Form, upload: Upload) -> Receipt:
        who = web.identity(request)
        root = form.fields.get("root", GCODES) or GCODES
        if root not in {known.name for known in self._files.roots}:
            message = f"Invalid root request: {root}"
            raise InvalidRequest(message)
        who.check(access_to_change(root))
        checksum = form.fields.get("checksum") or None
        if checksum is not None and _SHA256.fullmatch(checksum) is None:
            raise HttpError(422, "the checksum is not a SHA-256 in hexadecimal digits")
        folder = form.fields.get("path", "").strip("/")
        path = f"{folder}/{form.filename}" if folder else str(form.filename)
        may_replace = who.reaches(Scope.FILES_DELETE)
        terms = UploadTerms(overwrite=may_replace, sha256=checksum, user=who.user)
        try:
            return await upload.keep(root, path, terms)
        except FileExists as error:
            raise access.no_replacing(error, may_replace=may_replace) from error
        except UploadBroken as error:
            if checksum is not None:
                raise HttpError(422, str(error)) from error
            raise

    async def _print(self, request: web.Request, receipt: Receipt) -> bool:
        """Begin to print; the file is kept whatever comes of it."""
        who = web.identity(request)
        interpreter = self._interpreters[web.printer(request).id]
        if not who.reaches(Scope.PRINT) or interpreter.state != READY:
            return False
        try:
            await interpreter.start(receipt.file.path, who.user)
        except DomainError as error:
            _LOGGER.warning("%s was uploaded and is not printed: %s", receipt.file.path, error)
            return False
        return True

    async def _wake(self, request: web.Request, receipt: Receipt) -> bool:
        """Queue it for a printer that is off and gets power for jobs that wait."""
        who, printer = web.identity(request), web.printer(request)
        power, queue = self._appliance.find(POWER), self._appliance.find(JOB_QUEUE)
        if power is None or queue is None or printer.snapshot.operational:
            return False
        wakes = any(
            device.on_when_job_queued and device.printer_id == printer.id
            for device in power.devices(printer.id)
        )
        if not wakes or not who.reaches(Scope.PRINT):
            return False
        await queue.add(printer.id, [receipt.file.path], first=True, user=who.user)
        await queue.start(printer.id)
        return True


def _file(path: Path) -> web.StreamResponse:
    headers = dict(_INERT)
    if path.suffix.lower() not in _PICTURES:
        headers |= web.save_as(path.name)
    return FileResponse(path, headers=headers, chunk_size=_CHUNK)


async def _log(path: Path) -> web.StreamResponse:
    if not await asyncio.to_thread(path.is_file):
        raise FileMissing("there is no such log")
    return _file(path)


async def _text(part: BodyPartReader) -> str:
    content = bytearray()
    while chunk := await part.read_chunk(_FIELD_BYTES):
        content += chunk
        if len(content) > _FIELD_BYTES:
            raise InvalidRequest("a field of the form is too long")
    return content.decode("utf-8", "replace").strip()


def _route(
    method: str, path: str, handler: web.Handler, needed: Access, **options: Any
) -> Route:
    return Route(
        method, path, handler, needed, web.Family.MOONRAKER, per_printer=True, **options
    )
