"""``/api/gantry/fresh``: whether the password was given a moment ago."""

from __future__ import annotations

from collections.abc import Iterable

from appliance import web
from appliance.components.gantry_api.routing import route
from appliance.domain.permissions import Scope


class FreshnessApi:
    """The route. Asked before a long upload, whose refusal nobody would hear in its midst."""

    def routes(self) -> Iterable[web.Route]:
        """Declare it."""
        exchange = web.Exchange(statuses=(204,))
        yield route("GET", "/fresh", self.show, Scope.READ, fresh=True, exchange=exchange)

    async def show(self, _request: web.Request) -> web.StreamResponse:
        """Answer with nothing; where the login is too old, with the refusal of all others."""
        return web.no_content()
