"""The server: every declared route, behind the guard, on every listener."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import cast

from aiohttp import HttpVersion11
from aiohttp.web import (
    Application,
    AppRunner,
    HTTPNotFound,
    Request,
    Response,
    StreamResponse,
)

from appliance import web
from appliance.components.http.captive import CaptivePortal
from appliance.components.http.connection import KEEPALIVE_S, Connection, Connections
from appliance.components.http.errors import answer
from appliance.components.http.front import Front
from appliance.components.http.guard import DEFAULT_BODY_LIMIT, Guard, body_limit
from appliance.components.http.headers import Headers, finish
from appliance.components.http.listeners import Listener, take_port
from appliance.components.http.records import log_access, record_deed
from appliance.components.http.table import Found, Table, allowed, plain
from appliance.domain.audit import Audit
from appliance.domain.auth import Auth
from appliance.domain.permissions import public
from appliance.domain.printer import Printers
from appliance.errors import PrinterMissing
from appliance.web import Family, HttpError, Match, Route
from appliance.websocket import GOING_AWAY, Channel

_LOGGER = logging.getLogger(__name__)

PRINTER_PREFIX = "/printers/"
SHUTDOWN_S = 3.0
LINGER_S = 5.0  # for the rest of a body that was refused

# Whose shape an error has where no route says it.
_FAMILIES = (
    ("/api/gantry", Family.GANTRY),
    ("/api", Family.OCTOPRINT),
    ("/plugin", Family.OCTOPRINT),
    ("/downloads", Family.OCTOPRINT),
    ("/sockjs", Family.OCTOPRINT),
    ("/server", Family.MOONRAKER),
    ("/printer", Family.MOONRAKER),
    ("/machine", Family.MOONRAKER),
    ("/access", Family.MOONRAKER),
)

# Paths that a site of a port of its own cannot have.
_OF_APIS = (*(prefix for prefix, _ in _FAMILIES), "/printers", "/websocket", "/webcam")


class Server:
    """Implements `appliance.web.HttpServer`."""

    def __init__(
        self,
        guard: Guard,
        printers: Printers,
        find_audit: Callable[[], Audit | None],
        listeners: Sequence[Listener],
        url: str,
        portal: CaptivePortal,
    ) -> None:
        self.connections = Connections()
        self.channels: set[Channel] = set()
        self.answers: Counter[tuple[str, int]] = Counter()  # by family and status
        self._guard = guard
        self._printers = printers
        self._find_audit = find_audit
        self._listeners = list(listeners)
        self._url = url
        self._portal = portal
        self._table: Table[Route] = Table()
        self._routes: list[Route] = []
        self._headers = Headers(guard.allows_origin)
        self._runner: AppRunner | None = None

    # --- what components use ------------------------------------------------------------

    def add_routes(self, routes: Iterable[Route]) -> None:
        """Serve these from now on."""
        for route in routes:
            self._table.add(route.method, route.path, route)
            self._routes.append(route)

    def add_site(
        self, port: int, handler: web.Handler, *, printer_id: str | None = None
    ) -> int:
        """Serve everything on one more port, where ``handler`` has what no API has."""
        main = self._listeners[0]
        hosts = [str(sock.getsockname()[0]) for sock in main.sockets]
        listener = take_port(hosts, port, printer_id=printer_id, tls=main.tls)
        listener.site = Route("GET", "/{path:.*}", handler, public(), Family.GANTRY)
        self._listeners.append(listener)
        return listener.port

    @property
    def routes(self) -> tuple[Route, ...]:
        """Everything that was declared."""
        return tuple(self._routes)

    @property
    def url(self) -> str:
        """The address to tell people."""
        return self._url

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that serve the whole appliance."""
        return tuple(
            listener.port
            for listener in self._listeners
            if listener.printer_id is None and listener.path is None and listener.site is None
        )

    def port_of(self, printer_id: str) -> int:
        """Return the port of a printer's own listener, or the main one."""
        for listener in self._listeners:
            if listener.printer_id == printer_id and listener.site is None:
                return listener.port
        return self.ports[0]

    @property
    def clients(self) -> int:
        """How many websockets are open."""
        return len(self.channels)

    # --- life -----------------------------------------------------------------------------

    async def start(self) -> None:
        """Answer from now on."""
        app = Application(client_max_size=DEFAULT_BODY_LIMIT)
        app.router.register_resource(Front(self._handle))
        app.on_response_prepare.append(self._headers.complete)
        self._runner = AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
        await self._runner.setup()
        assert self._runner.server is not None
        for listener in self._listeners:
            await listener.serve(
                partial(
                    Connection,
                    self._runner.server,
                    self.connections,
                    listener.printer_id,
                    listener.site,
                    loop=asyncio.get_running_loop(),
                    access_log=None,
                    auto_decompress=False,
                    keepalive_timeout=KEEPALIVE_S,
                    lingering_time=LINGER_S,
                )
            )
        self.connections.start()

    async def stop(self) -> None:
        """Take no more connections, say goodbye on the open ones, and end them."""
        for listener in self._listeners:
            listener.close()
        self.connections.stop()
        await asyncio.gather(
            *(channel.close(GOING_AWAY, "Gantry stops") for channel in tuple(self.channels))
        )
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def recheck(self, auth: Auth) -> None:
        """Let go of websockets whose credential is void by now."""
        for channel in tuple(self.channels):
            if not channel.identity.anonymous and not auth.still_valid(channel.identity):
                channel.on_revoked()

    # --- requests -------------------------------------------------------------------------

    async def _handle(self, request: Request) -> StreamResponse:
        """Answer one request, whatever happens."""
        found = web.match(request)
        connection = cast("Connection", request.protocol)
        connection.served = connection.busy = True
        path = plain(request.rel_url.raw_path)
        family = _family_of(path)
        try:
            peer = self._guard.meet(request, found, connection.peer)
            located = self._locate(found, path, connection.printer_id)
            if request.method == "OPTIONS":
                response: StreamResponse = self._options(request, located)
            else:
                if connection.site is not None and _of_site(request, path):
                    route = connection.site
                else:
                    route = _choose(request, found, located)
                family = route.family
                found.channels = self.channels
                found.trust = partial(self.connections.trust, connection)
                self._guard.admit(request, found, route, peer)
                if not web.identity(request).anonymous:
                    found.trust()
                response = await self._run(request, route, connection)
                finish(request, response)
        except ConnectionError:
            raise  # the client is gone
        except Exception as error:  # the one place where errors become answers
            if request.writer.output_size > 0:
                _LOGGER.warning("%s %s broke off: %s", request.method, path, error)
                raise ConnectionResetError from error
            response = await self._portal.instead_of(error, request) or answer(
                error, request, family
            )
        self.answers[family, response.status] += 1
        connection.busy = False
        connection.unwanted = None if request.content.is_eof() else request.content
        log_access(request, found, response)
        record_deed(self._find_audit(), request, found, response)
        return response

    def _locate(self, found: Match, path: str, printer_id: str | None) -> Found[Route] | None:
        """Look the path up, without what stands before it: a proxy's prefix, a printer."""
        prefix = found.base_path
        if prefix and path.startswith(prefix + "/"):
            path = path[len(prefix) :]
        if path.startswith(PRINTER_PREFIX):
            printer_id, _, rest = path[len(PRINTER_PREFIX) :].partition("/")
            found.base_path = f"{prefix}{PRINTER_PREFIX}{printer_id}"
            path = f"/{rest}"
        located = self._table.find(path)
        if located is not None:
            if printer_id is not None:
                found.printer = self._printers.get(printer_id)
            elif len(self._printers):
                found.printer = self._printers.first
        return located

    async def _run(
        self, request: Request, route: Route, connection: Connection
    ) -> StreamResponse:
        if not request.can_read_body:
            return await route.handler(request)
        if "Expect" in request.headers:
            await _continue(request)
        connection.expect_body(request, body_limit(route))
        try:
            return await route.handler(request)
        finally:
            connection.body_done()

    def _options(self, request: Request, located: Found[Route] | None) -> Response:
        if located is None:
            raise HTTPNotFound
        headers = self._headers.preflight(request)
        headers["Allow"] = allowed(located.methods)
        return Response(status=204, headers=headers)


def _choose(request: Request, found: Match, located: Found[Route] | None) -> Route:
    """Return the route of the method; leave its parameters in ``found``."""
    if located is None:
        raise HttpError(404, "there is nothing at this path")
    entry = located.get(request.method)
    if entry is None:
        message = f"{request.method} is not possible here"
        raise HttpError(405, message, {"Allow": allowed(located.methods)})
    parameters, route = entry
    found.update(parameters)
    found.declared = route
    if route.per_printer and found.printer is None:
        raise PrinterMissing("no printer is configured, or none could be set up")
    return route


async def _continue(request: Request) -> None:
    """Tell a client that waits for it to send the body."""
    if request.headers["Expect"].lower() != "100-continue":
        raise HttpError(417, "only Expect: 100-continue is known")
    if request.version == HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer itself has not begun


def _of_site(request: Request, path: str) -> bool:
    """Return whether a path on the port of a site is the site's and no API's."""
    return request.method in ("GET", "HEAD") and not any(
        path == prefix or path.startswith(prefix + "/") for prefix in _OF_APIS
    )


def _family_of(path: str) -> Family:
    """Guess by the path who asks, for errors outside of any route."""
    if path.startswith(PRINTER_PREFIX):
        path = "/" + path[len(PRINTER_PREFIX) :].partition("/")[2]
    for prefix, family in _FAMILIES:
        if path.startswith(prefix):
            return family
    return Family.GANTRY
