"""``/api/gantry/lint``: what a person should know of a file before this printer prints it."""

from __future__ import annotations

from collections.abc import Iterable

from appliance import web
from appliance.components.gantry_api.routing import route
from appliance.domain.files import GCODES, Files
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest

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
