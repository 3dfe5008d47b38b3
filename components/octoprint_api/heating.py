"""``POST /api/printer/tool``, ``bed`` and ``chamber``: targets, offsets, filament."""

from __future__ import annotations

import re
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

_TOOL_COMMANDS = {
    "target": ("targets",),
    "offset": ("offsets",),
    "select": ("tool",),
    "extrude": ("amount",),
    "flowrate": ("factor",),
}
_HEATER_COMMANDS = {"target": ("target",), "offset": ("offset",)}
_TOOL = re.compile(r"tool(\d{1,2})")
_LARGEST_OFFSET = 50.0


def routes() -> Iterable[web.Route]:
    """Declare the routes."""
    for path, handler in (
        ("/api/printer/tool", post_tool),
        ("/api/printer/bed", post_bed),
        ("/api/printer/chamber", post_chamber),
    ):
        yield route("POST", path, handler, Permission.CONTROL)


async def post_tool(request: web.Request) -> web.StreamResponse:
    """Heat, select, extrude, or scale the flow of the tools."""
    printer = web.printer(request)
    conditions.need_operational(printer.snapshot)
    name, parameters = await body.command(request, _TOOL_COMMANDS)
    who = web.identity(request).origin
    if name == "target":
        targets = _per_tool(printer, parameters["targets"], "target")
        await _heat(printer, targets, who)
    elif name == "offset":
        offsets = _per_tool(printer, parameters["offsets"], "offset")
        await _offset(printer, offsets)
    elif name == "select":
        tool = _tool(printer, parameters["tool"])
        await printer.send(actions.select_tool(printer.profile, tool), origin=who)
    elif name == "extrude":
        await _extrude(printer, parameters, who)
    else:
        factor = body.factor(parameters["factor"])
        await printer.send(actions.set_flow_factor(factor), origin=who)
    return web.no_content()


async def post_bed(request: web.Request) -> web.StreamResponse:
    """Heat the bed, or set its offset."""
    return await _post_heater(request, "bed")


async def post_chamber(request: web.Request) -> web.StreamResponse:
    """Heat the chamber, or set its offset."""
    return await _post_heater(request, "chamber")


async def _post_heater(request: web.Request, heater: str) -> web.StreamResponse:
    printer = web.printer(request)
    conditions.need_heater(printer, heater)
    name, parameters = await body.command(request, _HEATER_COMMANDS)
    value = body.number(parameters[name], name)
    if name == "target":
        await _heat(printer, {heater: value}, web.identity(request).origin)
    else:
        await _offset(printer, {heater: value})
    return web.no_content()


async def _heat(printer: Printer, targets: Mapping[str, float], who: str) -> None:
    lines = [
        line
        for heater, target in targets.items()
        for line in actions.set_target(printer.profile, heater, target)
    ]
    await printer.send(lines, origin=who)


async def _offset(printer: Printer, offsets: Mapping[str, float]) -> None:
    for offset in offsets.values():
        if abs(offset) > _LARGEST_OFFSET:
            raise InvalidRequest("an offset is between -50 and 50 degrees")
    for heater, offset in offsets.items():
        await printer.set_offset(heater, offset)


async def _extrude(printer: Printer, parameters: Mapping[str, Any], who: str) -> None:
    amount = body.number(parameters["amount"], "amount")
    speed = parameters.get("speed")
    if speed is not None:
        speed = body.number(speed, "speed")
        if speed <= 0:
            raise InvalidRequest("speed must be above 0")
    if flags(printer.snapshot)["printing"]:
        raise PrinterBusy("filament cannot be moved by hand while printing")
    lines = actions.extrude(printer.snapshot.motion, printer.profile, amount, speed=speed)
    await printer.send(lines, origin=who)


def _per_tool(printer: Printer, values: object, what: str) -> dict[str, float]:
    if not isinstance(values, dict):
        message = f"{what}s must be an object such as {{'tool0': 200}}"
        raise InvalidRequest(message)
    return {
        f"tool{_tool(printer, tool)}": body.number(value, what)
        for tool, value in values.items()
    }


def _tool(printer: Printer, name: object) -> int:
    found = _TOOL.fullmatch(name) if isinstance(name, str) else None
    if found is None or int(found[1]) >= len(printer.profile.extruders):
        raise InvalidRequest("there is no such tool")
    return int(found[1])
