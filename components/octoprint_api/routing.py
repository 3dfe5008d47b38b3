"""How this API declares its routes."""

from __future__ import annotations

from typing import Any

from appliance import web
from appliance.domain.permissions import Access, Permission, permission


def route(
    method: str,
    path: str,
    handler: web.Handler,
    access: Access | Permission,
    **options: Any,
) -> web.Route:
    """Declare a route of the OctoPrint family, per printer unless said otherwise."""
    if isinstance(access, Permission):
        access = permission(access)
    options.setdefault("per_printer", True)
    return web.Route(method, path, handler, access, web.Family.OCTOPRINT, **options)
