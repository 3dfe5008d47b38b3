"""``/api/printer/command``: any G-code, the configured scripts and custom controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from appliance import web
from appliance.components.octoprint_api import conditions
from appliance.components.octoprint_api.routing import route
from appliance.domain.permissions import Permission
from appliance.errors import InvalidRequest

# Far more than any honest macro; a larger list would hold up the printer for minutes.
_MOST_LINES = 5000


def routes() -> Iterable[web.Route]:
    """Declare the routes."""
    yield route("POST", "/api/printer/command", post_command, Permission.CONTROL)


async def post_command(request: web.Request) -> web.StreamResponse:
    """Queue G-code for the printer; the answer does not wait for it."""
    printer = web.printer(request)
    conditions.need_operational(printer.snapshot)
    body = await web.json_body(request)
    lines = _lines(body)
    if lines:
        await printer.send(lines, origin=web.identity(request).origin)
    return web.no_content()


def _lines(body: Mapping[str, Any]) -> list[str]:
    given = [key for key in ("command", "commands", "script") if key in body]
    if len(given) != 1:
        raise InvalidRequest("say exactly one of 'command', 'commands' and 'script'")
    wanted = [body["command"]] if given[0] == "command" else body["commands"]
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
    try:
        return command % plain
    except (KeyError, TypeError, ValueError):
        raise InvalidRequest("the parameters do not fit the command") from None
