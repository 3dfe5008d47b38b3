"""``/api/gantry/restart``: begin anew, with whatever is configured now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from appliance import web
from appliance.components.gantry_api.routing import route
from appliance.core import Appliance, StopReason
from appliance.domain.permissions import Scope

# So that the answer is out before the server goes.
_GOODBYE_S = 0.3


class LifecycleApi:
    """The route. It needs no printer, as the routes of the other two APIs do."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance

    def routes(self) -> Iterable[web.Route]:
        """Declare it."""
        yield route(
            "POST",
            "/restart",
            self.restart,
            Scope.ADMIN,
            fresh=True,
            exchange=web.Exchange(statuses=(204,)),
        )

    async def restart(self, request: web.Request) -> web.StreamResponse:
        """Restart the appliance; prints go on."""
        web.note(request, "restart")
        loop = asyncio.get_running_loop()
        loop.call_later(_GOODBYE_S, self._appliance.request_stop, StopReason.RESTART)
        return web.no_content()
