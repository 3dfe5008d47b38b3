"""The audit log over HTTP, for administrators."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from appliance import web
from appliance.components.audit.journal import Journal
from appliance.components.audit.log import AuditLog
from appliance.domain.audit import AuditEntry, broken_at
from appliance.domain.permissions import Scope, scope
from appliance.errors import InvalidRequest
from appliance.web import Exchange, Family, Request, Route, StreamResponse

PATH = "/api/gantry/audit"
MAX_SHOWN = 1000
DEFAULT_SHOWN = 100


class AuditView:
    """The one route."""

    def __init__(self, journal: Journal, log: AuditLog) -> None:
        self._journal = journal
        self._log = log

    def route(self) -> Route:
        """Return it."""
        text = {"type": "string"}
        query: dict[str, dict[str, Any]] = {
            "limit": {"type": "integer", "minimum": 1, "maximum": MAX_SHOWN},
            "user": text,
            "action": text,
            "printer": text,
        }
        return Route(
            "GET",
            PATH,
            self.show,
            scope(Scope.ADMIN),
            Family.GANTRY,
            exchange=Exchange(query=query),
        )

    async def show(self, request: Request) -> StreamResponse:
        """Return the newest entries that fit, and whether the chain holds."""
        query = request.query
        limit = _limit(query.get("limit"))
        wanted = {
            "user": query.get("user"),
            "action": query.get("action"),
            "printer_id": query.get("printer"),
        }
        await self._log.flush()
        newest, broken = await asyncio.to_thread(
            self._read, lambda entry: _fits(entry, wanted), limit
        )
        return web.json_response(
            {
                "entries": [asdict(entry) for entry in newest],
                "intact": broken is None,
                "broken_at": broken,
            }
        )

    def _read(
        self, fits: Callable[[AuditEntry], bool], limit: int
    ) -> tuple[list[AuditEntry], int | None]:
        newest: deque[AuditEntry] = deque(maxlen=limit)
        entries = list(self._journal.entries())
        newest.extend(entry for entry in entries if fits(entry))
        return list(reversed(newest)), broken_at(entries)


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_SHOWN
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:6]) <= MAX_SHOWN:
        message = f"'limit' is a number from 1 to {MAX_SHOWN}"
        raise InvalidRequest(message)
    return int(text)


def _fits(entry: AuditEntry, wanted: dict[str, Any]) -> bool:
    return all(
        value is None or getattr(entry, name) == value for name, value in wanted.items()
    )
