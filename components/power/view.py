"""Gantry's own routes for devices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from appliance import web
from appliance.domain.permissions import Scope, scope
from appliance.domain.power import Power, PowerDevice, PowerState
from appliance.errors import DeviceMissing, InvalidRequest
from appliance.web import Family, Request, Response, Route

PATH = "/api/gantry/power"


def routes(power: Power) -> Iterable[Route]:
    """Declare the routes."""

    async def get_devices(request: Request) -> Response:
        """Return the devices of a printer and those of none."""
        found = power.devices(web.printer(request).id)
        return web.json_response({"devices": [plain(each) for each in found]})

    async def switch(request: Request) -> Response:
        """Switch a device: ``{"state": "on"}`` or off."""
        name = request.match_info["name"]
        if power.get(name).printer_id not in (None, web.printer(request).id):
            message = f"there is no power device '{name}' at this printer"
            raise DeviceMissing(message)
        state = (await web.json_body(request)).get("state")
        if state not in (PowerState.ON, PowerState.OFF):
            raise InvalidRequest("'state' is on or off")
        web.note(request, f"{name} {state}")
        origin = web.identity(request).origin
        device = await power.switch(name, state == PowerState.ON, origin=origin)
        return web.json_response(plain(device))

    yield Route("GET", PATH, get_devices, scope(Scope.READ), Family.GANTRY, per_printer=True)
    yield Route(
        "POST",
        f"{PATH}/{{name}}",
        switch,
        scope(Scope.CONTROL),
        Family.GANTRY,
        per_printer=True,
    )


def plain(device: PowerDevice) -> dict[str, Any]:
    """Return a device as JSON data."""
    return asdict(device)
