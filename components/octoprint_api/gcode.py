"""``/api/printer/command``: any G-code, the configured scripts and custom controls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from appliance import web
from appliance.bus import Bus
from appliance.components.octoprint_api import conditions
from appliance.components.octoprint_api.push.script_events import ScriptWished
from appliance.components.octoprint_api.routing import route
from appliance.components.octoprint_api.script_names import TO_YAML
from appliance.components.octoprint_api.settings.preferences import Preferences
from appliance.domain.permissions import Permission, Scope, permission
from appliance.domain.printer import Printer
from appliance.errors import FileMissing, InvalidRequest

# Far more than any honest macro; a larger list would hold up the printer for minutes.
_MOST_LINES = 5000
# Room for a number of that width is taken from memory.
_WIDE = re.compile(r"%(?:\([^)]*\))?[-+ #]*[0-9]*\.?[0-9]*[0-9]{3}")


class GcodeApi:
    """Commands for the printer, as they are."""

    def __init__(self, bus: Bus, preferences: Preferences) -> None:
        self._bus = bus
        self._preferences = preferences

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        path = "/api/printer/command"
        # Any G-code is more than moving and heating: a key of scope control has no part in it.
        any_gcode = permission(Permission.CONTROL, scope=Scope.GCODE)
        yield route("POST", path, self.post_command, any_gcode)
        yield route("GET", f"{path}/custom", self.get_controls, Permission.CONTROL)

    async def get_controls(self, request: web.Request) -> web.StreamResponse:
        """Return the controls that people made for themselves."""
        preferences = self._preferences.of(web.printer(request).id)
        return web.json_response({"controls": preferences["controls"]})

    async def post_command(self, request: web.Request) -> web.StreamResponse:
        """Queue G-code or a script for the printer; the answer does not wait for it."""
        printer = web.printer(request)
        conditions.need_operational(printer.snapshot)
        body = await web.json_body(request)
        who = web.identity(request).origin
        given = [key for key in ("command", "commands", "script") if key in body]
        if len(given) != 1:
            raise InvalidRequest("say exactly one of 'command', 'commands' and 'script'")
        if given[0] == "script":
            await self._run_script(printer, body, who)
            return web.no_content()
        lines = _lines(body)
        if lines:
            await printer.send(lines, origin=who)
        return web.no_content()

    async def _run_script(self, printer: Printer, body: Mapping[str, Any], who: str) -> None:
        name = body["script"]
        text = printer.scripts.get(TO_YAML.get(name, "")) if isinstance(name, str) else None
        if text is None:
            raise FileMissing("there is no such script")
        filled = _fill(text, body.get("parameters"))
        self._bus.fire(ScriptWished(printer.id, name, done=False))
        await printer.run_script(filled, origin=who)
        self._bus.fire(ScriptWished(printer.id, name, done=True))


def _lines(body: Mapping[str, Any]) -> list[str]:
    wanted = [body["command"]] if "command" in body else body["commands"]
    if not isinstance(wanted, list) or not all(isinstance(line, str) for line in wanted):
        raise InvalidRequest("commands are texts")
    parameters = body.get("parameters")
    lines = [
        line.strip()
        for command in wanted
        for line in _fill(command, parameters).splitlines()
        if line.strip()
    ]
    if len(lines) > _MOST_LINES:
        message = f"at most {_MOST_LINES} lines at once; print a file instead"
        raise InvalidRequest(message)
    return lines


def _fill(command: str, parameters: object) -> str:
    """Put values in place of ``%(name)s``; without parameters a % is just a sign."""
    if not parameters:
        return command
    if not isinstance(parameters, dict):
        raise InvalidRequest("parameters must be an object")
    plain = {
        name: value
        for name, value in parameters.items()
        if isinstance(value, str | int | float)
    }
    if _WIDE.search(command):
        raise InvalidRequest("a parameter is wider than any command")
    try:
        return command % plain
    except (KeyError, TypeError, ValueError):
        raise InvalidRequest("the parameters do not fit the command") from None
