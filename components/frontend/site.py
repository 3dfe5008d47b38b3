"""One folder of static files as a site: single-page fallback, caching, policy."""

from __future__ import annotations

import asyncio
import mimetypes
import re
from collections.abc import Iterable
from pathlib import Path

from aiohttp.web import FileResponse

from appliance import web
from appliance.components.frontend import endpoints
from appliance.errors import FileMissing

# A name that changes with its content: kept for a year.
_HASHED = re.compile(r"[-.][0-9A-Za-z_-]{8,}\.(?:js|css|woff2?|png|svg|jpe?g|webp|wasm)$")
_YEAR = "public, max-age=31536000, immutable"
_ASK = "no-cache"  # kept, and asked for again each time
# Beyond what mimetypes knows; a module or service worker of a wrong type does not run.
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}


class Site:
    """Serves a folder."""

    def __init__(self, folder: Path, sources: Iterable[str] = ()) -> None:
        """Serve ``folder``; pages may load from ``sources`` as well."""
        self._folder = folder.resolve()
        self._policy = policy(sources)

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Return a file; any path of the page itself is its index."""
        wanted = request.match_info.get("path") or request.path
        file = await asyncio.to_thread(self._find, wanted)
        headers = {
            "Cache-Control": _YEAR if _HASHED.search(file.name) else _ASK,
            "Content-Type": media_type(file),
        }
        if file.suffix == ".html":
            headers["Content-Security-Policy"] = self._policy
        if wanted.strip("/") == endpoints.CONFIG:
            content = await asyncio.to_thread(file.read_bytes)
            settled = endpoints.settle(content, web.url_for(request, ""))
            if settled is not None:
                return web.Response(body=settled, headers=headers)
        return FileResponse(file, headers=headers)

    def _find(self, path: str) -> Path:
        """Return the file of a path; never one outside of the folder."""
        relative = path.strip("/")
        parts = relative.split("/") if relative else []
        if any(
            part in ("..", "") or part.startswith(".") for part in parts if part != ".version"
        ):
            raise FileMissing("there is no such file")
        file = self._folder.joinpath(*parts)
        if file.is_file() and file.resolve().is_relative_to(self._folder):
            return file
        if parts and "." in parts[-1]:
            # A missing picture is missing; only pages are made up by the script.
            raise FileMissing("there is no such file")
        return self._folder / "index.html"


def media_type(file: Path) -> str:
    """Return the type of a file by its ending."""
    known = _TYPES.get(file.suffix.lower())
    return known or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def policy(sources: Iterable[str]) -> str:
    """Return what the page may do: scripts from here alone, pictures and data by network.

    Front ends show cameras of other hosts, write styles into the page, and run workers; the
    height map of Mainsail compiles its shaders by eval.
    """
    more = "".join(f" {source}" for source in sources)
    return (
        f"default-src 'self'{more}; script-src 'self' 'unsafe-eval'{more}; "
        f"style-src 'self' 'unsafe-inline'{more}; img-src * data: blob:; "
        f"media-src * blob:; font-src 'self' data:{more}; "
        f"connect-src 'self' ws: wss: http: https: data: blob:; worker-src 'self' blob:; "
        "frame-src *; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
    )
