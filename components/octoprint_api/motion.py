"""``POST /api/printer/printhead``: jog, home, scale the feedrate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from appliance import web
from appliance.components.octoprint_api import body, conditions
from appliance.components.octoprint_api.routing import route
from appliance.domain import actions
from appliance.domain.permissions import Permission
from appliance.domain.printer import Printer
from appliance.errors import InvalidRequest, PrinterBusy

from .render.state import flags

_COMMANDS = {"jog": (), "home": ("axes",), "feedrate": ("factor",)}


def routes() -> Iterable[web.Route]:
    """Declare the routes."""
    yield route("POST", "/api/printer/printhead", post_printhead, Permission.CONTROL)


async def post_printhead(request: web.Request) -> web.StreamResponse:
    """Move the print head; here alone the body is judged before the state."""
    printer = web.printer(request)
    name, parameters = await body.command(request, _COMMANDS)
    lines = _lines(printer, name, parameters)
    conditions.need_operational(printer.snapshot)
    if name != "feedrate" and flags(printer.snapshot)["printing"]:
        raise PrinterBusy("the head cannot be moved by hand while printing")
    if lines:
        await printer.send(lines, origin=web.identity(request).origin)
    return web.no_content()


def _lines(printer: Printer, name: str, parameters: Mapping[str, Any]) -> list[str]:
    if name == "feedrate":
        return actions.set_feed_factor(body.factor(parameters["factor"]))
    if name == "home":
        return _home(parameters["axes"])
    distances = {
        axis: body.number(parameters[axis], axis)
        for axis in actions.AXES
        if axis in parameters
    }
    speed = parameters.get("speed")
    if isinstance(speed, bool) or not isinstance(speed, int | float) or speed <= 0:
        speed = None  # false and text stand for the speed of the profile
    return actions.jog(
        printer.snapshot.motion,
        printer.profile,
        distances,
        speed=speed,
        absolute=body.truth(parameters.get("absolute", False)),
    )


def _home(axes: object) -> list[str]:
    wanted = [axes] if isinstance(axes, str) else axes
    if not isinstance(wanted, list) or not all(isinstance(axis, str) for axis in wanted):
        raise InvalidRequest("axes must be a list of x, y and z")
    return actions.home([axis.lower() for axis in wanted]) if wanted else []
