"""Who we are: ``/api/version``, ``/api/server`` and the small public conditions."""

from __future__ import annotations

from collections.abc import Iterable

from appliance import __version__, web
from appliance.components.octoprint_api.routing import route
from appliance.domain.permissions import Permission, public

# The server that we are like; clients switch features by it.
OCTOPRINT_VERSION = "1.11.8"
API_VERSION = "0.1"
# Slicers test that this begins with "OctoPrint".
DISPLAY_VERSION = f"OctoPrint {OCTOPRINT_VERSION} (Gantry {__version__})"


async def get_version(_request: web.Request) -> web.StreamResponse:
    """Return the versions of the API and of the server."""
    return web.json_response(
        {"api": API_VERSION, "server": OCTOPRINT_VERSION, "text": DISPLAY_VERSION}
    )


async def get_server(_request: web.Request) -> web.StreamResponse:
    """Return the version and whether this is safe mode, which we do not have."""
    return web.json_response({"version": OCTOPRINT_VERSION, "safemode": None})


async def get_online(_request: web.Request) -> web.StreamResponse:
    """Return a line that says that we are here."""
    return web.Response(text="online\n", content_type="text/plain")


async def get_robots(_request: web.Request) -> web.StreamResponse:
    """Ask crawlers to stay away."""
    return web.Response(text="User-agent: *\nDisallow: /\n", content_type="text/plain")


async def get_reverse_proxy_test(request: web.Request) -> web.StreamResponse:
    """Return the address that we think the client used, to check a reverse proxy."""
    return web.Response(
        text=f"This request came for {web.url_for(request, '/')}\n",
        content_type="text/plain",
    )


def routes() -> Iterable[web.Route]:
    """Declare the routes."""
    yield route("GET", "/api/version", get_version, Permission.STATUS)
    yield route("GET", "/api/server", get_server, Permission.STATUS)
    yield route("GET", "/online.txt", get_online, public())
    yield route("GET", "/robots.txt", get_robots, public(), per_printer=False)
    yield route("GET", "/reverse_proxy_test", get_reverse_proxy_test, public())
