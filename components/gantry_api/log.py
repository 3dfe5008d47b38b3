"""``/api/gantry/log``: the end of Gantry's own log, every secret hidden."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from appliance import web
from appliance.components.gantry_api.bundle import tail
from appliance.components.gantry_api.routing import route
from appliance.core import Appliance
from appliance.domain.permissions import Scope
from appliance.errors import InvalidRequest
from appliance.logs import LOG_FILE, REDACTOR

_LINES = 200
_MOST = 2000
_TAIL = 1 << 19  # bytes


class LogApi:
    """The route."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance

    def routes(self) -> Iterable[web.Route]:
        """Declare it."""
        query = {"lines": {"type": "integer", "minimum": 1, "maximum": _MOST}}
        yield route("GET", "/log", self.show, Scope.ADMIN, exchange=web.Exchange(query=query))

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Return the last lines, the oldest first."""
        wanted = request.query.get("lines", str(_LINES))
        if not (wanted.isascii() and wanted.isdecimal() and 0 < int(wanted) <= _MOST):
            message = f"'lines' is a number from 1 to {_MOST}"
            raise InvalidRequest(message)
        file = self._appliance.paths.logs / LOG_FILE
        text = await asyncio.to_thread(lambda: tail(file, _TAIL) if file.is_file() else "")
        clean = self._appliance.use(REDACTOR).clean(text)
        return web.json_response({"lines": clean.splitlines()[-int(wanted) :]})
