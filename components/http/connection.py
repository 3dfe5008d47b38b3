"""One TCP connection: aiohttp's, with the patience of a busy printer.

A connection that does not get to the point (headers that never end, a body that stalls, an
answer that nobody reads) is let go by one sweep every other second. When one address or all
together hold too many, the one that has been silent for longest makes room: nobody can lock
others out by opening sockets.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from aiohttp import StreamReader
from aiohttp.web import BaseRequest, RequestHandler, Response, Server, StreamResponse

from appliance.components.http.peers import plain_address
from appliance.descriptors import may_be_open
from appliance.web import HttpError, Route

_LOGGER = logging.getLogger(__name__)

SWEEP_S = 2.0
HEADERS_S = 10.0
BODY_STALLED_S = 30.0
ANSWER_STALLED_S = 60.0
KEEPALIVE_S = 60.0
MAX_PER_ADDRESS = 64  # that have not shown a credential
MAX_CONNECTIONS = 1500
# What is kept open beside connections: files, printers, cameras, programs that are started.
OTHER_FILES = 512


class Connection(RequestHandler):
    """A connection that counts what it receives and remembers when."""

    __slots__ = (
        "_connections",
        "_length",
        "_limit",
        "_written",
        "busy",
        "heard_at",
        "opened_at",
        "peer",
        "printer_id",
        "receiving",
        "served",
        "site",
        "trusted",
        "unwanted",
    )

    def __init__(
        self,
        server: Server,
        connections: Connections,
        printer_id: str | None,
        site: Route | None,
        **options: Any,
    ) -> None:
        super().__init__(server, **options)
        self._connections = connections
        self.site = site  # of the listener: what answers for paths that no API has
        self.printer_id = printer_id  # of the listener, if a printer has it for itself
        self.peer = ""
        self.opened_at = self.heard_at = 0.0
        self.served = False  # a whole request got here
        self.busy = False  # a request is being handled (as long as a websocket is open)
        self.trusted = False  # somebody proved who they are on it
        self.receiving: BaseRequest | None = None  # the request whose body is being read
        self.unwanted: StreamReader | None = None  # a body that was answered unread
        self._length = 0
        self._limit = 0
        self._written = (0, 0.0)  # bytes that wait to be read by the client, since when

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection on, unless there are too many."""
        name = transport.get_extra_info("peername")
        self.peer = plain_address(name[0]) if isinstance(name, tuple) else ""
        self.opened_at = self.heard_at = self._loop.time()
        if not self._connections.add(self):
            super().connection_made(transport)
            self.force_close()
            return
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the connection."""
        self._connections.discard(self)
        self.receiving = None
        super().connection_lost(exc)
        if self.unwanted is not None:
            self.unwanted.feed_eof()  # nothing more of it can come

    def data_received(self, data: bytes) -> None:
        """Count what comes in, and stop a body that is longer than allowed."""
        self.heard_at = self._loop.time()
        if self.receiving is not None:
            self._length += len(data)
            if self._length > self._limit:
                self._refuse(HttpError(413, "the body is too large"))
                return
        super().data_received(data)

    def expect_body(self, request: BaseRequest, limit: int) -> None:
        """Watch the body that the handler is about to read."""
        self.receiving = request
        self._length = 0
        # What was received together with the headers, and chunk headers, are not counted.
        self._limit = limit + 65536

    def body_done(self) -> None:
        """Stop to watch the body."""
        self.receiving = None

    def sweep(self, now: float) -> None:
        """Let go of the connection if it makes no progress."""
        transport = self.transport
        if transport is None:
            return
        if not self.served and now - self.opened_at > HEADERS_S:
            transport.abort()
        elif (
            self.receiving is not None
            and transport.is_reading()
            and now - self.heard_at > BODY_STALLED_S
        ):
            self._refuse(HttpError(408, "the body does not come"))
        waiting = transport.get_write_buffer_size()
        if not waiting or waiting < self._written[0] or self._written[0] == 0:
            self._written = (waiting, now)
        elif now - self._written[1] > ANSWER_STALLED_S:
            transport.abort()

    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> StreamResponse:
        """Answer what is not HTTP, without saying what we are."""
        if request.writer.output_size > 0:
            message = "the answer broke off"
            raise ConnectionError(message)
        if isinstance(exc, ConnectionError):
            _LOGGER.debug("a client at %s has gone", self.peer)
        elif status >= 500:
            _LOGGER.error("a request from %s failed", self.peer, exc_info=exc)
        text = "Internal Server Error" if status >= 500 else "Bad Request"
        response = Response(status=status, text=text)
        response.headers["Server"] = ""
        response.force_close()
        return response

    def _refuse(self, error: HttpError) -> None:
        request, self.receiving = self.receiving, None
        if request is not None and not request.content.is_eof():
            request.content.set_exception(error)


def room() -> int:
    """Return how many connections there may be, so that files can still be opened."""
    files = may_be_open()
    return min(MAX_CONNECTIONS, max(files // 2, files - OTHER_FILES))


class Connections:
    """All connections, and who has to go when there are too many."""

    def __init__(self) -> None:
        self._room = room()
        self._all: dict[Connection, None] = {}  # in the order of their opening
        self._by_address: dict[str, int] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._all)

    def start(self) -> None:
        """Begin to sweep."""
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(SWEEP_S, self._sweep)

    def stop(self) -> None:
        """End the sweeping."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def add(self, connection: Connection) -> bool:
        """Return whether there is room for one more, making some where that is fair."""
        address = connection.peer
        if self._by_address.get(address, 0) >= MAX_PER_ADDRESS and not self._make_room(
            lambda other: other.peer == address
        ):
            return False
        if len(self._all) >= self._room and not self._make_room(lambda _other: True):
            return False
        self._all[connection] = None
        self._by_address[address] = self._by_address.get(address, 0) + 1
        return True

    def discard(self, connection: Connection) -> None:
        """Forget a connection."""
        if connection in self._all:
            del self._all[connection]
            if not connection.trusted:
                self._uncount(connection.peer)

    def trust(self, connection: Connection) -> None:
        """Stop to count a connection against its address: a credential came on it."""
        if not connection.trusted and connection in self._all:
            connection.trusted = True
            self._uncount(connection.peer)

    def _uncount(self, address: str) -> None:
        left = self._by_address.get(address, 0) - 1
        if left > 0:
            self._by_address[address] = left
        else:
            self._by_address.pop(address, None)

    def _make_room(self, fits: Callable[[Connection], bool]) -> bool:
        """Let one go: one that never said anything, else one that stands idle."""
        for dispensable in (_is_silent, _is_idle):
            for connection in self._all:
                if dispensable(connection) and fits(connection):
                    self.discard(connection)
                    if connection.transport is not None:
                        connection.transport.abort()
                    return True
        return False

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in tuple(self._all):
            connection.sweep(now)
        self._timer = loop.call_later(SWEEP_S, self._sweep)


def _is_silent(connection: Connection) -> bool:
    return not connection.served


def _is_idle(connection: Connection) -> bool:
    return not connection.busy and not connection.trusted
