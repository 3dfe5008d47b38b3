"""The pages of authentication: log in, let an application in, claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

from appliance import web
from appliance.domain.permissions import public
from appliance.errors import FileMissing
from appliance.web import Exchange, Family, Handler, Request, Response, Route, StreamResponse

FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".html": "text/html"}
_PAGES = {
    "/login": "login.html",
    "/plugin/appkeys/auth/{app_token}": "appkey.html",
}
_CLAIM, _CLAIMED = "claim.html", "claimed.html"


class Pages:
    """The routes; everything stands in memory, it is a few kilobytes."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        claimed: Callable[[], bool],
        setup_page: Callable[[], str | None],
    ) -> None:
        """``setup_page`` is where people claim instead, if there is something better."""
        self._files = files
        self._claimed = claimed
        self._setup_page = setup_page

    def routes(self) -> list[Route]:
        """Return them."""
        html = Exchange(media_type="text/html", answer={"type": "string"})
        return [
            *(
                Route("GET", path, self._page(name), public(), Family.GANTRY, exchange=html)
                for path, name in _PAGES.items()
            ),
            Route("GET", "/claim", self.claim, public(), Family.GANTRY, exchange=html),
            Route(
                "GET",
                "/auth/{file}",
                self.file,
                public(),
                Family.GANTRY,
                exchange=Exchange(media_type="text/javascript", answer={"type": "string"}),
            ),
        ]

    async def claim(self, request: Request) -> StreamResponse:
        """Lead to the set-up of the page; without one, return a page of our own."""
        claimed = self._claimed()
        if (place := self._setup_page()) is not None:
            location = f"{web.base_path(request)}/{'' if claimed else place}"
            return Response(
                status=302, headers={"Location": location, "Cache-Control": "no-store"}
            )
        return self._filled(_CLAIMED if claimed else _CLAIM, request)

    async def file(self, request: Request) -> StreamResponse:
        """Return a script or style sheet."""
        name = request.match_info["file"]
        content = self._files.get(name)
        kind = _TYPES.get(Path(name).suffix)
        if content is None or kind in (None, "text/html"):
            raise FileMissing("there is no such file")
        return Response(body=content, content_type=kind, charset="utf-8")

    def _page(self, name: str) -> Handler:
        async def show(request: Request) -> StreamResponse:
            """Return a page."""
            return self._filled(name, request)

        return show

    def _filled(self, name: str, request: Request) -> Response:
        text = self._files[name].decode()
        text = text.replace("{{base}}", escape(web.base_path(request)))
        text = text.replace("{{suffix}}", escape(web.cookie_suffix(request)))
        return Response(text=text, content_type="text/html")


def read_pages() -> dict[str, bytes]:
    """Read the files; blocks on the disk."""
    return {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in _TYPES}
