"""``GET /api/printer`` and its parts: temperatures, card, state, the last error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance import web
from appliance.components.octoprint_api import body, conditions
from appliance.components.octoprint_api.render import console, state, temperatures
from appliance.components.octoprint_api.routing import route
from appliance.domain.permissions import Permission
from appliance.domain.printer import ConsoleLine, Fault, Printer, Snapshot

_ERROR_LOG_LINES = 50


def routes() -> Iterable[web.Route]:
    """Declare the routes."""
    for path, handler in (
        ("/api/printer", get_printer),
        ("/api/printer/tool", get_tool),
        ("/api/printer/bed", get_bed),
        ("/api/printer/chamber", get_chamber),
        ("/api/printer/error", get_error),
    ):
        yield route("GET", path, handler, Permission.STATUS)


async def get_printer(request: web.Request) -> web.StreamResponse:
    """Return temperatures, card and state; ``exclude`` leaves parts out."""
    printer = web.printer(request)
    snapshot = printer.snapshot
    conditions.need_operational(snapshot)
    excluded = {part.strip() for part in request.query.get("exclude", "").split(",")}
    parts: dict[str, Any] = {}
    if "temperature" not in excluded:
        parts["temperature"] = _temperatures(request, printer, printer.profile.heaters)
    if "sd" not in excluded:
        parts["sd"] = {"ready": state.flags(snapshot)["sdReady"]}
    if "state" not in excluded:
        parts["state"] = state.state(snapshot)
    return web.json_response(parts)


async def get_tool(request: web.Request) -> web.StreamResponse:
    """Return the temperatures of the tools."""
    printer = web.printer(request)
    conditions.need_operational(printer.snapshot)
    tools = temperatures.tools(printer.profile)
    return web.json_response(_temperatures(request, printer, tools, times=False))


async def get_bed(request: web.Request) -> web.StreamResponse:
    """Return the temperature of the bed."""
    return _one_heater(request, "bed")


async def get_chamber(request: web.Request) -> web.StreamResponse:
    """Return the temperature of the chamber."""
    return _one_heater(request, "chamber")


async def get_error(request: web.Request) -> web.StreamResponse:
    """Return what last went wrong with the printer."""
    printer = web.printer(request)
    fault = printer.snapshot.fault
    if fault is None:
        return web.json_response({"error": "", "reason": ""})
    answer = error_info(fault, printer.snapshot)
    if web.identity(request).may(Permission.MONITOR_TERMINAL):
        answer["logs"] = log_tail(list(printer.console))
    return web.json_response(answer)


def error_info(fault: Fault, snapshot: Snapshot) -> dict[str, Any]:
    """Return a fault as the answer and the event Error describe it."""
    info: dict[str, Any] = {"error": fault.message, "reason": fault.reason}
    if not snapshot.operational:
        info["consequence"] = "emergency" if fault.halted else "disconnected"
    elif not snapshot.phase.active:
        info["consequence"] = "cancelled"
    return info


def log_tail(lines: list[ConsoleLine]) -> list[str]:
    """Return the end of the dialogue with the printer."""
    return [console.log_line(line) for line in lines[-_ERROR_LOG_LINES:]]


def _one_heater(request: web.Request, heater: str) -> web.StreamResponse:
    printer = web.printer(request)
    conditions.need_heater(printer, heater)
    return web.json_response(_temperatures(request, printer, (heater,), times=False))


def _temperatures(
    request: web.Request, printer: Printer, heaters: Iterable[str], *, times: bool = True
) -> dict[str, Any]:
    wanted = tuple(heaters)
    answer = temperatures.heaters(printer.snapshot, wanted)
    if body.flag(request, "history"):
        answer["history"] = temperatures.history(
            printer.temperatures, wanted, limit=body.limit(request), times=times
        )
    return answer
