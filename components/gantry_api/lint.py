"""``/api/gantry/lint``: what a person should know of a file before this printer prints it."""

from __future__ import annotations

from collections.abc import Iterable

from appliance import web
from appliance.components.gantry_api.routing import route
from appliance.domain.file_service import Files
from appliance.domain.files import GCODES, FileKind
from appliance.domain.permissions import Scope
from appliance.errors import FileMissing, InvalidRequest

_QUERY = {"path": {"type": "string"}}


class LintApi:
    """The routes."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        yield route(
            "GET",
            "/lint",
            self.findings,
            Scope.READ,
            per_printer=True,
            exchange=web.Exchange(query=_QUERY),
        )
        yield route(
            "GET",
            "/lint/folder",
            self.folder,
            Scope.READ,
            per_printer=True,
            exchange=web.Exchange(query=_QUERY),
        )
        yield route(
            "POST",
            "/print",
            self.start,
            Scope.PRINT,
            per_printer=True,
            exchange=web.Exchange(
                statuses=(204,),
                body={
                    "type": "object",
                    "required": ["path"],
                    "properties": {"path": {"type": "string"}, "force": {"type": "boolean"}},
                },
            ),
        )

    async def findings(self, request: web.Request) -> web.StreamResponse:
        """Return the findings for this printer; ``analysed`` is false while they are made."""
        path = request.query.get("path", "")
        info = await self._files.info(GCODES, path)
        found = await self._files.findings(info.path, web.printer(request).id)
        return web.json_response(
            {"path": info.path, "analysed": found is not None, "findings": list(found or ())}
        )

    async def folder(self, request: web.Request) -> web.StreamResponse:
        """Return the worst finding of each file of a folder; those not analysed are absent."""
        listing = await self._files.folder(GCODES, request.query.get("path", ""))
        worst: dict[str, str | None] = {}
        for file in listing.files:
            if file.kind is not FileKind.GCODE:
                continue
            try:
                found = await self._files.findings(file.path, web.printer(request).id)
            except FileMissing:
                continue  # deleted meanwhile
            if found is not None:
                worst[file.name] = found[0].severity if found else None
        return web.json_response({"files": worst})

    async def start(self, request: web.Request) -> web.StreamResponse:
        """Print a file; ``force`` for a person who has read what blocks it."""
        body = await web.json_body(request)
        path, force = body.get("path"), body.get("force", False)
        if not isinstance(path, str) or not isinstance(force, bool):
            raise InvalidRequest("'path' names the file, 'force' is true or false")
        printer, who = web.printer(request), web.identity(request)
        web.note(request, f"print {path}{' by force' if force else ''}")
        wish = await self._files.prepare(path, printer.id, user=who.user, force=force)
        await printer.start(wish)
        return web.no_content()
