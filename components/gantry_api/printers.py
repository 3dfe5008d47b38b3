"""``/api/gantry/printers``: the fleet, and what the other two APIs cannot say of a printer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance import web
from appliance.components.gantry_api import render
from appliance.components.gantry_api.routing import route
from appliance.domain.permissions import Scope
from appliance.domain.printer import Printer, Printers
from appliance.errors import InvalidRequest

_ANSWER_BODY = {
    "type": "object",
    "required": ["button"],
    "properties": {"button": {"type": "integer", "minimum": 0}},
}
_EXCLUDE_BODY = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}},
}


class PrintersApi:
    """The routes."""

    def __init__(self, printers: Printers) -> None:
        self._printers = printers

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        yield route("GET", "/printers", self.fleet, Scope.READ)
        yield route("GET", "/printer", self.one, Scope.READ, per_printer=True)
        yield route("GET", "/ports", self.ports, Scope.READ, per_printer=True)
        yield route(
            "POST",
            "/prompt",
            self.answer,
            Scope.CONTROL,
            per_printer=True,
            exchange=web.Exchange(statuses=(204,), body=_ANSWER_BODY),
        )
        yield route(
            "POST",
            "/exclude",
            self.exclude,
            Scope.PRINT,
            per_printer=True,
            exchange=web.Exchange(statuses=(204,), body=_EXCLUDE_BODY),
        )

    async def fleet(self, request: web.Request) -> web.StreamResponse:
        """List the printers that the caller may see, the first of the configuration first."""
        who = web.identity(request)
        return web.json_response(
            {"printers": [render.overview(p) for p in self._printers if who.sees(p.id)]}
        )

    async def one(self, request: web.Request) -> web.StreamResponse:
        """Return one printer: machine, link, fault, question, job, and the cable's health."""
        return web.json_response(render.full(web.printer(request)))

    async def ports(self, request: web.Request) -> web.StreamResponse:
        """List the serial devices, and what a printer at one of them said of itself (M115)."""
        asked = web.printer(request)
        found = await asked.ports()
        at = {p.snapshot.connection.port: p for p in self._printers if p.snapshot.operational}
        return web.json_response(
            {
                "ports": [
                    {**render.port(port), "printer": _who(at.get(port.device))}
                    for port in found
                ],
                "preferred": asked.preferred,
            }
        )

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer the question that the printer asks."""
        body = await web.json_body(request)
        button = body.get("button")
        if isinstance(button, bool) or not isinstance(button, int) or button < 0:
            raise InvalidRequest("'button' is the number of a button, from 0")
        await web.printer(request).answer(button, origin=web.identity(request).origin)
        return web.no_content()

    async def exclude(self, request: web.Request) -> web.StreamResponse:
        """Leave an object of the running print out."""
        name = (await web.json_body(request)).get("name")
        if not isinstance(name, str) or not name:
            raise InvalidRequest("'name' names an object of the print")
        web.note(request, f"leave out {name}")
        await web.printer(request).exclude(name)
        return web.no_content()


def _who(printer: Printer | None) -> dict[str, Any] | None:
    if printer is None:
        return None
    return {"id": printer.id, "firmware": render.firmware(printer.snapshot)}
