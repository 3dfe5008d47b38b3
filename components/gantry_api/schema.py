"""``/api/gantry/configuration/schema``: what configuration.yaml may say, for editors."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from appliance import web
from appliance.catalogue import Catalogue
from appliance.components.gantry_api.routing import route
from appliance.config.describe import describe
from appliance.domain.permissions import Scope


class SchemaApi:
    """The route."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def routes(self) -> Iterable[web.Route]:
        """Declare it."""
        yield route("GET", "/configuration/schema", self.show, Scope.ADMIN)

    async def show(self, _request: web.Request) -> web.StreamResponse:
        """Describe every section, printer platform and option."""
        return web.json_response(await asyncio.to_thread(describe, self._catalogue))
