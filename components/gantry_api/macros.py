"""``/api/gantry/macros``: the macros of a printer with their parameters, and running one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from appliance import web
from appliance.components.gantry_api.routing import route
from appliance.domain.macros import Macro, Macros
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest

_BODY = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "parameters": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


class MacrosApi:
    """The routes."""

    def __init__(self, macros: Callable[[], Macros | None]) -> None:
        self._macros = macros

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        yield route("GET", "/macros", self.show, Scope.READ, per_printer=True)
        yield route(
            "POST",
            "/macros",
            self.run,
            Scope.CONTROL,
            per_printer=True,
            exchange=web.Exchange(statuses=(204,), body=_BODY),
        )

    async def show(self, request: web.Request) -> web.StreamResponse:
        """List the macros that have a button."""
        macros = self._macros()
        found = {} if macros is None else macros.of(web.printer(request).id)
        shown = [render(macro) for macro in found.values() if is_button(macro)]
        return web.json_response({"macros": shown})

    async def run(self, request: web.Request) -> web.StreamResponse:
        """Run a macro; the answer comes when the printer has done all of it."""
        body = await web.json_body(request)
        name, given = body.get("name"), body.get("parameters", {})
        if not isinstance(name, str) or not isinstance(given, dict):
            raise InvalidRequest("'name' names the macro, 'parameters' gives its values")
        if not all(isinstance(value, str) for value in given.values()):
            raise InvalidRequest("the values of 'parameters' are texts")
        macros = self._macros()
        if macros is None:
            raise InvalidRequest("there are no macros: see 'macro' in configuration.yaml")
        web.note(request, f"macro {name}")
        who = web.identity(request).origin
        await macros.run(name, given, web.printer(request), origin=who)
        return web.no_content()


def is_button(macro: Macro) -> bool:
    """Return whether people shall see it: names with an underscore in front are for macros."""
    return not macro.hidden and not macro.name.startswith("_")


def render(macro: Macro) -> dict[str, Any]:
    """Return a macro without its G-code."""
    return {
        "name": macro.name,
        "title": macro.title or macro.name,
        "description": macro.description,
        "parameters": [
            {"name": each.name, "default": each.default, "description": each.description}
            for each in macro.parameters
        ],
    }
