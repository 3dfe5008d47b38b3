"""``server.spoolman.*``: the spool on the printer, and the way through to Spoolman."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance.components.moonraker_api.method import (
    Argument,
    Asked,
    Kind,
    Method,
    get,
    post,
)
from appliance.components.moonraker_api.methods import access
from appliance.domain.spools import SpoolAnswer, Spools
from appliance.errors import DeviceFailed
from appliance.web import HttpError

_BASE = "/server/spoolman"
_AWAY = "Spoolman server not available"
_AWAY_STATUS = 503


class SpoolmanMethods:
    """The handlers."""

    def __init__(self, spools: Spools) -> None:
        self._spools = spools

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        path = f"{_BASE}/spool_id"
        yield get(f"{_BASE}/status", access.READ, self.status)
        yield get(path, access.READ, self.get_spool, name="server.spoolman.get_spool_id")
        yield post(
            path,
            access.PRINT,
            self.post_spool,
            Argument("spool_id", Kind.INTEGER, default=None),
            name="server.spoolman.post_spool_id",
        )
        yield post(
            f"{_BASE}/proxy",
            access.READ,  # and more for what changes something, see there
            self.proxy,
            Argument("request_method"),
            Argument("path"),
            Argument("query", default=None),
            Argument("body", Kind.ANY, default=None),
            Argument("use_v2_response", Kind.FLAG, default=False),
        )

    async def status(self, asked: Asked) -> dict[str, Any]:
        """Return whether Spoolman is there, and what it has not been told yet."""
        return {
            "spoolman_connected": self._spools.connected,
            "pending_reports": [
                {"spool_id": spool_id, "filament_used": round(used, 3)}
                for spool_id, used in self._spools.pending().items()
            ],
            "spool_id": self._spools.active(asked.printer.id),
        }

    async def get_spool(self, asked: Asked) -> dict[str, Any]:
        """Return the spool on the printer."""
        return {"spool_id": self._spools.active(asked.printer.id)}

    async def post_spool(self, asked: Asked) -> dict[str, Any]:
        """Say which spool is on the printer."""
        await self._spools.set_active(asked.printer.id, asked["spool_id"])
        return await self.get_spool(asked)

    async def proxy(self, asked: Asked) -> Any:
        """Ask Spoolman itself."""
        method, second = asked["request_method"].upper(), asked["use_v2_response"]
        if method != "GET":
            asked.identity.check(access.PRINT)
        answer = await self._ask(asked, method)
        if second:
            return _second(answer)
        if not answer.ok:
            raise HttpError(answer.status, answer.complaint)
        return answer.data

    async def _ask(self, asked: Asked, method: str) -> SpoolAnswer:
        try:
            return await self._spools.request(
                method, asked["path"], asked["query"], asked["body"]
            )
        except DeviceFailed:
            if asked["use_v2_response"]:
                return SpoolAnswer(_AWAY_STATUS, {}, {"message": _AWAY})
            raise HttpError(_AWAY_STATUS, _AWAY) from None


def _second(answer: SpoolAnswer) -> dict[str, Any]:
    """Tell Spoolman's own errors from ours."""
    if answer.ok:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return {"response": answer.data, "response_headers": headers, "error": None}
    error = {"status_code": answer.status, "message": answer.complaint}
    return {"response": None, "error": error}
