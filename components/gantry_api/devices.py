"""``/api/gantry/devices``: what is plugged in, and who answers there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance import web
from appliance.components.gantry_api import render
from appliance.components.gantry_api.routing import route
from appliance.domain.detection import Detection, Found
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest

_BODY = {
    "type": "object",
    "required": ["port"],
    "properties": {"port": {"type": "string"}, "baudrate": {"type": "integer"}},
}
# What `port:` of a printer takes; the schema of the platform checks it once more.
_STARTS = ("/", "socket://", "rfc2217://")


class DevicesApi:
    """The routes. They need no configured printer: this is how one is found."""

    def __init__(self, detection: Detection) -> None:
        self._detection = detection

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        yield route("GET", "/devices", self.all, Scope.ADMIN)
        yield route(
            "POST",
            "/devices/probe",
            self.probe,
            Scope.ADMIN,
            exchange=web.Exchange(body=_BODY),
        )

    async def all(self, _request: web.Request) -> web.StreamResponse:
        """List the serial devices, and which printer of ours uses one."""
        found = await self._detection.ports()
        return web.json_response(
            {
                "devices": [
                    {**render.port(port), "found": _found(self._detection.known(port))}
                    for port in found
                ]
            }
        )

    async def probe(self, request: web.Request) -> web.StreamResponse:
        """Ask who is at a port (M115); opening it resets most boards."""
        body = await web.json_body(request)
        port, baudrate = body.get("port"), body.get("baudrate")
        if not isinstance(port, str) or not port.startswith(_STARTS) or "\0" in port:
            raise InvalidRequest("'port' is a device such as /dev/ttyUSB0")
        if baudrate is not None and (isinstance(baudrate, bool) or not _is_rate(baudrate)):
            raise InvalidRequest("'baudrate' is a number such as 115200")
        web.note(request, f"probe {port}")
        return web.json_response(_found(await self._detection.probe(port, baudrate)))


def _is_rate(value: object) -> bool:
    return isinstance(value, int) and 1200 <= value <= 4_000_000


def _found(found: Found | None) -> dict[str, Any] | None:
    if found is None:
        return None
    firmware = found.firmware
    return {
        "port": found.port,
        "baudrate": found.baudrate,
        "firmware": None if firmware is None else render.firmware_of(firmware),
        "limits": {} if firmware is None else dict(firmware.settings.get("M203", {})),
        "heaters": list(found.heaters),
        "printer": found.printer_id,
        "reason": found.reason,
        "advice": found.advice,
    }
