"""Gantry's own page: a few built files, the same below every printer's address."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from appliance import web
from appliance.components.frontend.site import media_type
from appliance.domain.permissions import public
from appliance.errors import FileMissing

FOLDER = Path(__file__).parent / "static"
INDEX = "index.html"
SETUP = "#/setup"  # below the page
# The names of these do not change with their content.
_FIXED = frozenset(
    {"icon.svg", "icon-192.png", "icon-512.png", "icon-maskable.png", "site.webmanifest"}
)
_YEAR = "public, max-age=31536000, immutable"
# Scripts, styles and data from here alone, and nothing inline.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; worker-src 'self'; manifest-src 'self'; base-uri 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'self'"
)


class Page:
    """The routes. The files stand in memory: they are few and small."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._index = files[INDEX].decode()

    def routes(self) -> Iterable[web.Route]:
        """Declare them."""
        for path, handler, kind in (
            ("/", self.index, "text/html"),
            ("/page/{name}", self.file, "text/javascript"),
        ):
            yield web.Route(
                "GET",
                path,
                handler,
                public(),
                web.Family.GANTRY,
                exchange=web.Exchange(media_type=kind, answer={"type": "string"}),
            )

    async def index(self, request: web.Request) -> web.StreamResponse:
        """Return the page; it asks for everything else relative to where it is."""
        text = self._index.replace("{{base}}", escape(web.base_path(request)))
        return web.Response(
            text=text,
            content_type="text/html",
            headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"},
        )

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Return a script, a style sheet or a picture of the page."""
        name = request.match_info["name"]
        content = self._files.get(name)
        if content is None or name == INDEX:
            raise FileMissing("there is no such file")
        return web.Response(
            body=content,
            content_type=media_type(Path(name)),
            charset="utf-8",
            headers={"Cache-Control": "no-cache" if name in _FIXED else _YEAR},
        )


async def read_page() -> Page:
    """Read the built files."""
    return Page(await asyncio.to_thread(_read))


def _read() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.is_file()}
