"""Whether the appliance is well: for watchdogs and load balancers, who have no key."""

from __future__ import annotations

from aiohttp.web import Request, StreamResponse

from appliance import web
from appliance.core import Appliance, State
from appliance.domain.permissions import public
from appliance.web import Family, Route

PATH = "/health"


class Health:
    """The route. It says nothing but well or not: details are for those who log in."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance

    def route(self) -> Route:
        """Return it."""
        return Route("GET", PATH, self.show, public(), Family.GANTRY)

    async def show(self, request: Request) -> StreamResponse:
        """Return 200 while everything that was configured runs, 503 otherwise."""
        appliance = self._appliance
        well = appliance.state in (State.STARTING, State.RUNNING)
        status = "degraded" if appliance.failed_components else "ok"
        body: dict[str, object] = {"status": status if well else "stopping"}
        who = web.identity(request)
        if not who.anonymous and appliance.failed_components:
            body["failed_components"] = dict(appliance.failed_components)
        return web.json_response(body, 200 if well else 503)
