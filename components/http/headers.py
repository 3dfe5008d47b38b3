"""The headers that every answer carries, and those of cross-origin requests."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from aiohttp.web import ContentCoding, Request, Response, StreamResponse
from multidict import CIMultiDict

from appliance import web
from appliance.components.http.credentials import CSRF_COOKIE, CSRF_HEADER
from appliance.web import Match

# Compressing less than this costs more than sending it.
COMPRESS_FROM = 4096
_PACKABLE = frozenset({"application/json", "text/html", "text/css", "text/javascript"})

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow, noimageindex",
}
# Nothing inline, nothing from elsewhere; pages that need more set their own.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
CORS_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
CORS_HEADERS = f"Content-Type, X-Api-Key, Authorization, {CSRF_HEADER}, X-Requested-With"


class Headers:
    """Completes the headers of an answer just before they are sent."""

    def __init__(self, allows_origin: Callable[[str], bool]) -> None:
        self._allows_origin = allows_origin

    async def complete(self, request: Request, response: StreamResponse) -> None:
        """Add what is missing; the last step before the head of the answer goes out."""
        headers = response.headers
        headers.pop("Server", None)
        for name, value in _ALWAYS.items():
            headers.setdefault(name, value)
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "max-age=0" if request.method == "GET" else "no-store"
        if response.content_type == "text/html":
            headers.setdefault("Content-Security-Policy", POLICY)
        if (origin := request.headers.get("Origin")) is not None:
            headers.add("Vary", "Origin")
            if self._allows_origin(origin):
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Expose-Headers"] = "ETag, Location, Retry-After"

    def preflight(self, request: Request) -> CIMultiDict[str]:
        """Return the headers that answer the question of a foreign page."""
        headers: CIMultiDict[str] = CIMultiDict()
        origin = request.headers.get("Origin")
        if origin is not None and self._allows_origin(origin):
            headers["Access-Control-Allow-Methods"] = CORS_METHODS
            headers["Access-Control-Allow-Headers"] = CORS_HEADERS
            headers["Access-Control-Max-Age"] = "600"
        return headers


def finish(request: Request, response: StreamResponse) -> None:
    """Pack a large answer, and give a page its CSRF token; before the answer begins."""
    if response.prepared or not isinstance(response, Response):
        return
    kind = response.content_type
    if kind == "text/html":
        _give_csrf_cookie(request, response)
    body = response.body
    if isinstance(body, bytes) and len(body) >= COMPRESS_FROM and kind in _PACKABLE:
        response.headers.add("Vary", "Accept-Encoding")
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.enable_compression(ContentCoding.gzip)


def _give_csrf_cookie(request: Request, response: StreamResponse) -> None:
    """Give a page the token that its scripts repeat in a header."""
    if not isinstance(request.match_info, Match):
        return
    if CSRF_COOKIE + web.cookie_suffix(request) not in request.cookies:
        web.set_cookie(request, response, CSRF_COOKIE, secrets.token_urlsafe(32), script=True)
