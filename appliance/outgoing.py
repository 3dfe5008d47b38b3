"""Calls from here to other servers: bounded in time and size, and not to everywhere.

Addresses that only this machine or its own network card has (loopback, link-local, where
clouds keep their secrets) are not called; a name that leads there neither. Redirects are not
followed. Whoever is told the address by the configuration may allow the loopback, and then
only where it stands there as such: no name can lead to it.
"""

from __future__ import annotations

import asyncio
import base64
import errno
import ipaddress
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from appliance.errors import DeviceFailed
from appliance.records import dataclass

TIMEOUT_S = 10.0
MAX_ANSWER = 1 << 20
_LOCALHOST = "localhost"
_NO_NAME = "no computer of that name is known"
_NO_WAY = "there is no way to it"
_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientSSLError, "its certificate cannot be trusted"),
    (aiohttp.ClientConnectorDNSError, _NO_NAME),
    (aiohttp.ServerDisconnectedError, "it broke off"),
    (aiohttp.ClientPayloadError, "it broke off"),
    (aiohttp.TooManyRedirects, "it sends us from one address to the next"),
    (aiohttp.InvalidURL, "that is no address"),
)
_REASONS = {
    errno.ECONNREFUSED: "nobody listens there",
    errno.EHOSTUNREACH: _NO_WAY,
    errno.ENETUNREACH: _NO_WAY,
    errno.ECONNRESET: "it hung up",
    errno.EPIPE: "it hung up",
    errno.ETIMEDOUT: "it does not answer",
}


@dataclass(frozen=True, slots=True)
class Login:
    """A name and password, sent plainly (basic) or as a digest of what the server says."""

    user: str
    password: str
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    server: str

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """Return the body as JSON data; `DeviceFailed` if it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            message = f"{self.server} sent no JSON"
            raise DeviceFailed(message) from None


class GuardedResolver(AbstractResolver):
    """Resolves names to addresses that may be called."""

    def __init__(self, *, loopback: bool = False) -> None:
        self._inner = ThreadedResolver()
        self._loopback = loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return what is left of a name's addresses; OSError if nothing is."""
        found = await self._inner.resolve(host, port, family)
        loopback = self._loopback and host == _LOCALHOST
        good = [each for each in found if may_call(each["host"], loopback=loopback)]
        if not good:
            raise OSError(None, "the name leads to an address that may not be called")
        return good

    async def close(self) -> None:
        """Nothing is held."""
        await self._inner.close()


class Caller:
    """Calls other servers over connections that are kept for a while."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        timeout_s: float = TIMEOUT_S,
        resolver: AbstractResolver | None = None,
    ) -> None:
        """With ``loopback`` this machine may be called by its own name or address."""
        self._loopback = loopback
        self._timeout_s = timeout_s
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        login: Login | None = None,
        limit: int = MAX_ANSWER,
    ) -> Answer:
        """Call, and return the answer of any status; `DeviceFailed` says why there is none.

        ``limit`` is the largest body in bytes; with 0 nothing of it is read.
        """
        server = server_of(url)
        self._check_literal(url)
        try:
            async with self._opened().request(
                method.upper(),
                url,
                headers={**(headers or {}), **_basic(login)},
                data=body,
                allow_redirects=False,
                middlewares=_digest(login),
            ) as response:
                read = await _read(response, limit) if limit else b""
                return Answer(response.status, response.headers, read, server)
        except TimeoutError:
            message = f"{server} did not answer within {self._timeout_s:.0f} s"
            raise DeviceFailed(message) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            message = f"{server} cannot be called: {reason_of(error)}"
            raise DeviceFailed(message) from error

    @asynccontextmanager
    async def stream(self, url: str, limit: int) -> AsyncIterator[AsyncIterator[bytes]]:
        """Get a large body piece by piece; `DeviceFailed` says why not, or if it is larger."""
        server = server_of(url)
        self._check_literal(url)
        try:
            async with self._opened().get(url, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    message = f"{server} answered {response.status}"
                    raise DeviceFailed(message)
                yield _pieces(response, limit)
        except TimeoutError:
            message = f"{server} did not send everything within {self._timeout_s:.0f} s"
            raise DeviceFailed(message) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            message = f"{server} cannot be called: {reason_of(error)}"
            raise DeviceFailed(message) from error

    @asynccontextmanager
    async def websocket(
        self, url: str, *, heartbeat_s: float
    ) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Open a websocket; `DeviceFailed` says why there is none, or why it ended."""
        server = server_of(url)
        self._check_literal(url)
        try:
            async with asyncio.timeout(self._timeout_s):
                socket = await self._opened().ws_connect(
                    url, heartbeat=heartbeat_s, max_msg_size=MAX_ANSWER
                )
            async with socket:
                yield socket
        except (aiohttp.ClientError, OSError, ValueError) as error:
            message = f"{server} cannot be reached: {reason_of(error)}"
            raise DeviceFailed(message) from error

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = self._resolver or GuardedResolver(loopback=self._loopback)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, limit=20, limit_per_host=4),
                timeout=aiohttp.ClientTimeout(total=self._timeout_s),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _check_literal(self, url: str) -> None:
        """Check an address that stands in the URL: no resolver is asked about it."""
        try:
            allowed = may_call(urlsplit(url).hostname or "", loopback=self._loopback)
        except ValueError:
            return  # a name
        if not allowed:
            raise DeviceFailed("that address is one that may not be called")


def reason_of(error: Exception) -> str:
    """Say why a server was not reached; texts of the library hold the URL and its password."""
    # A guarded resolver has a text and no number.
    if isinstance(error, aiohttp.ClientConnectorDNSError) and error.os_error.errno is None:
        return error.os_error.strerror or _NO_NAME
    for kind, text in _KINDS:
        if isinstance(error, kind):
            return text
    if isinstance(error, OSError):
        return _REASONS.get(error.errno or 0) or error.strerror or _NO_WAY
    return "it answers nothing that could be understood"


def may_call(address: str, *, loopback: bool = False) -> bool:
    """Return whether an address is one of another machine (or ours, with ``loopback``)."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return loopback
    return not (
        parsed.is_link_local
        or parsed.is_multicast
        or parsed.is_unspecified
        or parsed.is_reserved
    )


def server_of(url: str) -> str:
    """Name the server of a URL; a path or query may hold a token."""
    return urlsplit(url).hostname or "the server"


def _basic(login: Login | None) -> dict[str, str]:
    if login is None or login.digest:
        return {}
    known = base64.b64encode(f"{login.user}:{login.password}".encode())
    return {"Authorization": f"Basic {known.decode()}"}


def _digest(login: Login | None) -> tuple[aiohttp.DigestAuthMiddleware, ...]:
    if login is None or not login.digest:
        return ()
    return (aiohttp.DigestAuthMiddleware(login.user, login.password),)


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read an answer of a bounded size."""
    read = bytearray()
    async for piece in _pieces(response, limit):
        read += piece
    return bytes(read)


async def _pieces(response: aiohttp.ClientResponse, limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for piece in response.content.iter_chunked(1 << 16):
        size += len(piece)
        if size > limit:
            message = f"{server_of(str(response.url))} sent more than {limit} bytes"
            raise DeviceFailed(message)
        yield piece
