"""``/api/connection``: where the printer is, connect, disconnect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from appliance import web
from appliance.components.octoprint_api import body
from appliance.components.octoprint_api.profiles import Profiles
from appliance.components.octoprint_api.render import state
from appliance.components.octoprint_api.routing import route
from appliance.domain.permissions import Permission
from appliance.domain.printer import Printer
from appliance.errors import InvalidRequest, PrinterOffline

_COMMANDS: dict[str, tuple[str, ...]] = {"connect": (), "disconnect": (), "fake_ack": ()}
_AUTO = "AUTO"


class ConnectionApi:
    """The line to the printer."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    def routes(self) -> Iterable[web.Route]:
        """Declare the routes."""
        yield route("GET", "/api/connection", self.get, Permission.STATUS)
        yield route("POST", "/api/connection", self.post, Permission.CONNECTION)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Return the present connection and what could be chosen."""
        printer = web.printer(request)
        snapshot = printer.snapshot
        closed = state.connection_text(snapshot) == "Closed"
        preferred = printer.preferred
        return web.json_response(
            {
                "current": {
                    "state": state.connection_text(snapshot),
                    "port": None if closed else snapshot.connection.port,
                    "baudrate": None if closed else snapshot.connection.baudrate,
                    "printerProfile": printer.profile.id,
                },
                "options": {
                    "ports": await port_names(printer),
                    "baudrates": list(printer.baudrates),
                    "printerProfiles": [
                        {"id": profile.id, "name": profile.name}
                        for profile in self._profiles.all(printer)
                    ],
                    "portPreference": preferred.port,
                    "baudratePreference": preferred.baudrate,
                    "printerProfilePreference": self._profiles.default(printer).id,
                    "autoconnect": True,  # always: see the configuration
                },
            }
        )

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Connect, disconnect, or pretend that the printer acknowledged."""
        printer = web.printer(request)
        name, parameters = await body.command(request, _COMMANDS)
        if name == "connect":
            await self._connect(printer, parameters)
        elif name == "disconnect":
            await printer.disconnect()
        else:
            await printer.acknowledge()
        return web.no_content()

    async def _connect(self, printer: Printer, parameters: Mapping[str, Any]) -> None:
        port = await _port(printer, parameters.get("port"))
        baudrate = _baudrate(printer, parameters.get("baudrate"))
        if printer.snapshot.phase.active:
            return  # it is connected: as in OctoPrint nothing is left to be done
        profile = parameters.get("printerProfile")
        if profile is not None:
            await self._profiles.choose(printer, profile)
        await printer.connect(port, baudrate)


async def port_names(printer: Printer) -> list[str]:
    """Return the names of the ports to choose from, the configured one among them."""
    try:
        names = [port.device for port in await printer.ports()]
    except PrinterOffline:
        names = []  # the engine starts just now, or hangs: what is known can be chosen
    for known in (printer.preferred.port, printer.snapshot.connection.port):
        if known is not None and known not in names:
            names.append(known)
    return names


async def _port(printer: Printer, wanted: object) -> str | None:
    if wanted is None or wanted == _AUTO:
        return None
    if not isinstance(wanted, str) or wanted not in await _acceptable_ports(printer):
        raise InvalidRequest("there is no such port")
    return wanted


async def _acceptable_ports(printer: Printer) -> set[str]:
    aliases = {port.by_id for port in await printer.ports() if port.by_id is not None}
    return {*await port_names(printer), *aliases}


def _baudrate(printer: Printer, wanted: object) -> int | None:
    if wanted in (None, 0):
        return None
    if isinstance(wanted, str) and wanted.isascii() and wanted.isdecimal():
        wanted = int(wanted)
    if isinstance(wanted, bool) or wanted not in printer.baudrates:
        raise InvalidRequest("there is no such baud rate")
    assert isinstance(wanted, int)
    return wanted
