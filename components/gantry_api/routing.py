"""How this API declares its routes."""

from __future__ import annotations

from typing import Any

from appliance import web
from appliance.domain.permissions import Access, Scope, scope


def route(
    method: str, path: str, handler: web.Handler, needed: Scope | Access, **options: Any
) -> web.Route:
    """Declare a route of the Gantry family, below /api/gantry."""
    fresh = bool(options.pop("fresh", False))
    access = needed if isinstance(needed, Access) else scope(needed, fresh=fresh)
    return web.Route(
        method,
        f"/api/gantry{path}",
        handler,
        access,
        web.Family.GANTRY,
        **options,
    )
