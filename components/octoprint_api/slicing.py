"""``/api/slicing``: there is no slicer here, said as OctoPrint without one says it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from appliance import web
from appliance.components.octoprint_api.routing import route
from appliance.domain.permissions import Permission
from appliance.errors import FileMissing

_ETAG = hashlib.sha1(b"no slicers", usedforsecurity=False).hexdigest()


def routes() -> Iterable[web.Route]:
    """Declare the routes."""
    yield route("GET", "/api/slicing", get_slicers, Permission.SLICE)
    profiles = "/api/slicing/{slicer}/profiles"
    yield route("GET", profiles, no_slicer, Permission.SLICE)
    yield route("GET", f"{profiles}/{{name}}", no_slicer, Permission.SLICE)
    for method in ("PUT", "PATCH", "DELETE"):
        yield route(method, f"{profiles}/{{name}}", no_slicer, Permission.SETTINGS)


async def get_slicers(request: web.Request) -> web.StreamResponse:
    """Return the slicers, which are none."""
    return web.json_response({}, headers=web.not_modified(request, _ETAG))


async def no_slicer(_request: web.Request) -> web.StreamResponse:
    """Say that there is no such slicer."""
    raise FileMissing("there is no such slicer")
