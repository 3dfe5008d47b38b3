"""How a component speaks HTTP: it declares `Route`s and hands them to the server.

    from appliance import web
    from appliance.domain.permissions import Permission, permission

    async def get_job(request: web.Request) -> web.StreamResponse:
        '''Return the present job.'''          # its summary in the documents
        printer = web.printer(request)             # of this request
        who = web.identity(request)                # who asks; the guard let them in
        return web.json_response({"state": printer.snapshot.phase})

    appliance.use(web.HTTP).add_routes([
        web.Route("GET", "/api/job", get_job, permission(Permission.STATUS),
                  web.Family.OCTOPRINT, per_printer=True),
    ])

The server does everything that is the same everywhere *before* the handler runs: body and
rate limits, who is it, may they, Origin and CSRF, which printer. *After* it: errors. A
handler raises errors of `appliance.errors` (or `HttpError`) and never renders one itself;
the family of the route gives them their shape and status.

Paths: ``/api/files/{location}`` matches one segment, ``/api/files/{location}/{path:.*}``
the rest with its slashes (at least one character). Parameters are percent-decoded and stand
in ``request.match_info``. A literal segment wins over ``{name}``, ``{name}`` over the rest.
HEAD is answered by the GET route, OPTIONS by the server. A per-printer route is reachable at
the root (first printer), below ``/printers/<id>/`` and on that printer's own port.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import field
from email.utils import formatdate
from enum import StrEnum
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl, quote

import orjson
from aiohttp.web import AbstractRoute, Request, Response, StreamResponse, UrlMappingMatchInfo

from appliance.domain.identity import Identity
from appliance.domain.permissions import Access
from appliance.domain.printer import Printer
from appliance.errors import GantryError, InvalidRequest
from appliance.interfaces import Key
from appliance.records import dataclass

__all__ = [
    "HTTP",
    "MEBIBYTE",
    "Exchange",
    "Family",
    "Handler",
    "HttpError",
    "HttpServer",
    "Match",
    "Rate",
    "Request",
    "Response",
    "Route",
    "StreamResponse",
    "address",
    "base_path",
    "cookie_suffix",
    "cookie_suffixes",
    "drop_cookie",
    "form_body",
    "identity",
    "json_body",
    "json_response",
    "match",
    "no_content",
    "not_modified",
    "note",
    "printer",
    "set_cookie",
    "url_for",
]

Handler = Callable[[Request], Awaitable[StreamResponse]]

MEBIBYTE = 1 << 20


class Family(StrEnum):
    """The shape of errors, and the habits around credentials.

    OCTOPRINT: ``{"error": text}``; 403 for a missing or wrong credential on GET, 400
    ``CSRF validation failed`` on anything that changes something.
    MOONRAKER: ``{"error": {"code", "message", "traceback": ""}}``; 401, 403 for scope.
    GANTRY: ``{"error": {"code", "message"}}``; 401, 403 for scope.
    """

    OCTOPRINT = "octoprint"
    MOONRAKER = "moonraker"
    GANTRY = "gantry"


class Rate(StrEnum):
    """How often a route may be called by one address."""

    NORMAL = "normal"  # no limit of its own (wrong credentials wait, whatever the route)
    PAIRING = "pairing"  # app key requests: 3 a minute, 5 in ten, 10 an hour


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the OpenAPI document says about a route beyond its path. All of it optional."""

    statuses: tuple[int, ...] = (200,)  # of success; errors are documented by the server
    query: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # name -> JSON schema
    body: Mapping[str, Any] | None = None  # JSON schema of a JSON body
    multipart: bool = False  # the body is multipart/form-data
    answer: Mapping[str, Any] | None = None  # JSON schema of the first success
    media_type: str = "application/json"  # of the first success


_PLAIN = Exchange()


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be called. ``access`` has no default: nothing is open by accident."""

    method: str  # GET, POST, PUT, PATCH, DELETE
    path: str
    handler: Handler
    access: Access
    family: Family
    per_printer: bool = False
    # Largest body in bytes; None = the 1 MiB that anything but an upload needs.
    body_limit: int | None = None
    rate: Rate = Rate.NORMAL
    # A websocket (or SockJS transport): Origin is checked even though it is a GET.
    websocket: bool = False
    # A POST that a plain HTML form or query string cannot abuse: no CSRF check (app keys).
    csrf_exempt: bool = False
    # A GET that does something, as the real system has it: not for a browser that shows no
    # key, because any page can make it ask.
    acts: bool = False
    exchange: Exchange = _PLAIN


class HttpServer(Protocol):
    """The one server of the appliance."""

    def add_routes(self, routes: Iterable[Route]) -> None:
        """Serve these from now on; two routes of one method and path are a SetupError."""

    def add_site(self, port: int, handler: Handler, *, printer_id: str | None = None) -> int:
        """Serve everything on one more port, where ``handler`` has what no API has.

        Before the appliance has started. With a printer, its API stands at the root there.
        Returns the port (0 finds a free one); a port in use is a SetupError.
        """

    @property
    def routes(self) -> tuple[Route, ...]:
        """Everything that was declared."""

    @property
    def url(self) -> str:
        """The address to tell people, such as http://ender3.local:8080."""

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that serve the whole appliance, the main one first."""

    def port_of(self, printer_id: str) -> int:
        """Return the port of a printer's own listener, or the main one."""

    @property
    def clients(self) -> int:
        """How many websockets are open."""


HTTP: Key[HttpServer] = Key("http")


class HttpError(GantryError):
    """An answer that is an error and has no domain error of its own, such as 415 or 304."""

    def __init__(
        self, status: int, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


def _nothing() -> None:
    """Do nothing."""


class Match(UrlMappingMatchInfo):
    """What the server found out about a request; read it through the accessors below."""

    __slots__ = (
        "address",
        "base_path",
        "channels",
        "declared",
        "external",
        "identity",
        "note",
        "port",
        "printer",
        "trust",
    )

    def __init__(
        self, parameters: dict[str, str], route: AbstractRoute, declared: Route | None
    ) -> None:
        super().__init__(parameters, route)
        self.declared = declared
        self.identity: Identity | None = None
        self.printer: Printer | None = None
        self.address = ""
        self.base_path = ""
        self.external = ""  # scheme and authority that the client used
        self.port = 0  # of that authority
        self.note = ""  # for the audit log
        self.channels: set[Any] = set()  # the open `appliance.websocket.Channel`s
        self.trust: Callable[[], None] = _nothing  # somebody proved who they are


def match(request: Request) -> Match:
    """Return what the server found out about the request."""
    return cast("Match", request.match_info)


def identity(request: Request) -> Identity:
    """Return who calls; on public routes it may be anonymous."""
    who = match(request).identity
    assert who is not None, "the guard runs before every handler"
    return who


def printer(request: Request) -> Printer:
    """Return the printer that the request is about (per-printer routes only)."""
    found = match(request).printer
    assert found is not None, "the route is not declared per printer"
    return found


def note(request: Request, what: str) -> None:
    """Say what a request was about, for the audit log: a command, a file; no secret."""
    match(request).note = what


def address(request: Request) -> str:
    """Return the address of the client, behind the proxies that are trusted."""
    return match(request).address


def base_path(request: Request) -> str:
    """Return what stands before the declared path: "", "/printers/x", a proxy's prefix."""
    return match(request).base_path


def url_for(request: Request, path: str) -> str:
    """Return the absolute URL of a path of ours, as this client reaches it.

    ``path`` begins with a slash and is percent-encoded already.
    """
    found = match(request)
    return f"{found.external}{found.base_path}{path}"


def cookie_suffix(request: Request) -> str:
    """Return what the names of our cookies end with, as OctoPrint's clients expect.

    Cookies do not keep ports apart, so the name does; and each printer has its own.
    """
    return _suffix(request, match(request).base_path)


def cookie_suffixes(request: Request) -> tuple[str, ...]:
    """Return with what suffixes a cookie may come: that of this printer, that of all.

    Whoever is logged in at the root stays so with every printer below it.
    """
    own = match(request).base_path
    above, below, printer_id = own.rpartition("/printers/")
    paths = (own, above) if below and "/" not in printer_id else (own,)
    return tuple(_suffix(request, path) for path in paths)


def _suffix(request: Request, path: str) -> str:
    root = f"_R{path.replace('/', '|')}" if path else ""
    return f"_P{match(request).port}{root}"


def set_cookie(
    request: Request,
    response: StreamResponse,
    name: str,
    value: str,
    *,
    script: bool = False,
    max_age_s: int | None = None,
) -> None:
    """Set a cookie that only this base path gets; with ``script`` our pages can read it."""
    response.set_cookie(
        name + cookie_suffix(request),
        value,
        path=base_path(request) or "/",
        httponly=not script,
        secure=match(request).external.startswith("https:"),
        samesite="Lax",
        max_age=max_age_s,
    )


def drop_cookie(request: Request, response: StreamResponse, name: str) -> None:
    """Tell the client to forget a cookie."""
    response.del_cookie(name + cookie_suffix(request), path=base_path(request) or "/")


def json_response(
    data: Any,
    status: int = 200,
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Render plain data, dataclasses and enums as JSON; non-string keys become strings."""
    return Response(
        body=orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def no_content() -> Response:
    """Return 204, as OctoPrint answers a command that was accepted."""
    return Response(status=204, content_type="text/plain")


async def json_body(request: Request, *, empty: bool = False) -> dict[str, Any]:
    """Return the JSON object that was sent.

    Another content type is 415; broken or deep JSON, and anything but an object, 400. With
    ``empty`` a request without a body counts as ``{}``.
    """
    data = await request.read()
    if not data.strip() and empty:
        return {}
    if request.content_type != "application/json":
        raise HttpError(415, "send JSON with Content-Type: application/json")
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise InvalidRequest("the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise InvalidRequest("the body must be a JSON object")
    return body


async def form_body(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent as in a query (urlencoded, UTF-8)."""
    text = (await request.read()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        raise InvalidRequest("the form has too many fields") from None


def save_as(name: str) -> dict[str, str]:
    """Return the header that makes a browser save an answer by that name."""
    plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_")
    value = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return {"Content-Disposition": value}


def not_modified(
    request: Request, etag: str, modified: float | None = None, *, bypass: bool = False
) -> dict[str, str]:
    """Return the headers of a conditional answer, or raise `HttpError` 304.

    ``etag`` is the bare tag (no quotes); ``modified`` unix seconds. If the client sent both
    validators both must hit. ``bypass`` is for ``force=true``.
    """
    headers = {"ETag": f'"{etag}"', "Cache-Control": "max-age=0"}
    if modified is not None:
        headers["Last-Modified"] = formatdate(modified, usegmt=True)
    if bypass:
        return headers
    tags = request.if_none_match
    since = request.if_modified_since
    if tags is None and (since is None or modified is None):
        return headers
    tag_hits = tags is None or any(tag.value in ("*", etag) for tag in tags)
    date_hits = since is None or (modified is not None and int(modified) <= since.timestamp())
    if tag_hits and date_hits:
        raise HttpError(304, "not modified", headers)
    return headers
