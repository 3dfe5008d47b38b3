"""Calls to other servers, with limits: who is called stands in the configuration.

A template cannot choose the server, nothing is called on this machine itself or on addresses
that only mean something here (loopback, link-local with the metadata of clouds, multicast),
whatever a name resolves to; redirects are not followed, and answers are not read far.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from appliance.errors import InvalidRequest

TIMEOUT_S = 10.0


class GuardedResolver(AbstractResolver):
    """Resolves names to addresses that may be called."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return what is left of a name's addresses; OSError if nothing is."""
        found = await self._inner.resolve(host, port, family)
        good = [each for each in found if may_call(each["host"])]
        if not good:
            raise OSError(None, "the name leads to an address that may not be called")
        return good

    async def close(self) -> None:
        """Nothing is held."""
        await self._inner.close()


def may_call(address: str) -> bool:
    """Return whether an address is one of another machine."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return not (
        parsed.is_loopback
        or parsed.is_link_local
        or parsed.is_multicast
        or parsed.is_unspecified
        or parsed.is_reserved
    )


async def call(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: str | None,
    resolver: AbstractResolver | None = None,
) -> int:
    """Call, and return the status; `InvalidRequest` says why there is none."""
    if "\r" in url or "\n" in url:
        raise InvalidRequest("a template put a line end into the URL")
    _check_literal(url)
    connector = aiohttp.TCPConnector(resolver=resolver or GuardedResolver(), limit=1)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            session.request(
                method.upper(),
                url,
                headers=dict(headers),
                data=None if body is None else body.encode(),
                allow_redirects=False,
            ) as response,
        ):
            return response.status
    except TimeoutError:
        message = f"{_server(url)} did not answer within {TIMEOUT_S:.0f} s"
        raise InvalidRequest(message) from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        message = f"{_server(url)} cannot be called: {type(error).__name__}"
        raise InvalidRequest(message) from error


def _check_literal(url: str) -> None:
    """Check an address that stands in the URL: no resolver is asked about it."""
    host = urlsplit(url).hostname or ""
    try:
        allowed = may_call(host)
    except ValueError:
        return  # a name
    if not allowed:
        raise InvalidRequest("that address is one that may not be called")


def _server(url: str) -> str:
    """Name the server; a path or query may hold a token."""
    return urlsplit(url).hostname or "the server"
