"""Who is at the other end of a connection, and by which name they reached us.

Forwarded headers count only from listed proxies and are refused from everybody else: they
would let anyone choose their own address. A Host that is not ours is refused: a hostile
name that resolves to our address (DNS rebinding) must not open the door for a browser.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from multidict import CIMultiDictProxy

from appliance.config.validators import Network
from appliance.records import dataclass
from appliance.web import HttpError

FORWARDED = (
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Prefix",
    "X-Real-IP",
    "X-Scheme",
    "X-Script-Name",
    "Forwarded",
)
_FORWARDED = frozenset(name.lower() for name in FORWARDED)
# Names that the public DNS does not answer, so that nobody can point them at us.
LOCAL_SUFFIXES = (".local", ".lan", ".internal", ".home.arpa", ".localdomain", ".localhost")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_AUTHORITY = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?")
_KNOWN_HOSTS = 256  # authorities remembered as ours


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a request."""

    address: str
    external: str  # scheme://authority as the client used it
    authority: str  # host:port of it, in small letters
    prefix: str  # path before ours, said by a proxy
    port: int  # of the external URL


class Peers:
    """Decides by headers and socket who the peer is."""

    def __init__(self, proxies: Iterable[Network], hosts: Iterable[str]) -> None:
        self._proxies = tuple(proxies)
        self._hosts = frozenset(
            name.lower().rstrip(".") for name in (*hosts, "localhost", socket.gethostname())
        )
        self._known: dict[tuple[str, str], Peer] = {}

    def of(self, headers: CIMultiDictProxy[str], remote: str, scheme: str) -> Peer:
        """Return the peer of a request; HttpError 400 or 421 if something is not right."""
        if any(name.lower() in _FORWARDED for name in headers):
            return self._forwarded(headers, remote, scheme)
        return self._direct(headers.get("Host", ""), remote, scheme, "")

    def same_or_listed(self, origin: str, peer: Peer, listed: Iterable[str]) -> bool:
        """Return whether a page of that Origin may act on behalf of its reader."""
        if origin in listed:
            return True
        parts = _origin(origin)
        return parts is not None and parts == (
            peer.external.partition("://")[0],
            _with_port(peer.authority, peer.port),
        )

    def _direct(self, host: str, remote: str, scheme: str, prefix: str) -> Peer:
        known = self._known.get((scheme, host))
        if known is None:
            known = self._check_host(host, scheme)
            if len(self._known) >= _KNOWN_HOSTS:
                self._known.clear()
            self._known[scheme, host] = known
        return Peer(remote, known.external, known.authority, prefix, known.port)

    def _check_host(self, host: str, scheme: str) -> Peer:
        standard = 443 if scheme == "https" else 80
        if not host:  # HTTP/1.0; no browser does this
            return Peer("", f"{scheme}://localhost", "localhost", "", standard)
        parts = _AUTHORITY.fullmatch(host)
        if parts is None:
            raise HttpError(400, "the Host header is not valid")
        name = parts["name"].lower().rstrip(".")
        if not self._is_ours(name):
            raise HttpError(421, "this name is not listed in http.allowed_hosts")
        port = int(parts["port"] or standard)
        return Peer("", f"{scheme}://{host}", host.lower(), "", port)

    def _is_ours(self, name: str) -> bool:
        return (
            name in self._hosts
            or "." not in name
            or name.endswith(LOCAL_SUFFIXES)
            or _is_address(name.strip("[]"))
        )

    def _forwarded(self, headers: CIMultiDictProxy[str], remote: str, scheme: str) -> Peer:
        if not self._is_proxy(remote):
            raise HttpError(
                400,
                "forwarded headers come from a proxy that is not in http.trusted_proxies",
            )
        for name in FORWARDED:
            if name != "X-Forwarded-For" and len(headers.getall(name, ())) > 1:
                message = f"{name} is given twice"
                raise HttpError(400, message)
        scheme = headers.get("X-Forwarded-Proto", headers.get("X-Scheme", scheme)).lower()
        if scheme not in ("http", "https"):
            raise HttpError(400, "the forwarded scheme must be http or https")
        prefix = headers.get("X-Script-Name", headers.get("X-Forwarded-Prefix", ""))
        prefix = prefix.rstrip("/")
        if prefix and not _PREFIX.fullmatch(prefix):
            raise HttpError(400, "the forwarded prefix is not a path")
        host = headers.get("X-Forwarded-Host", headers.get("Host", ""))
        return self._direct(host, self._client(headers, remote), scheme, prefix)

    def _client(self, headers: CIMultiDictProxy[str], remote: str) -> str:
        """Return the right-most address that is not a proxy of ours."""
        chain = [
            part.strip()
            for line in headers.getall("X-Forwarded-For", ())
            for part in line.split(",")
        ] or [headers.get("X-Real-IP", remote)]
        client = remote
        for part in reversed(chain):
            try:
                client = str(ipaddress.ip_address(part.strip("[]")))
            except ValueError:
                raise HttpError(400, "a forwarded address is not an address") from None
            if not self._is_proxy(client):
                break
        return client

    def _is_proxy(self, address: str) -> bool:
        return bool(self._proxies) and in_networks(address, self._proxies)


def plain_address(address: str) -> str:
    """Return an address without zone, and IPv4 in its own form."""
    text = address.partition("%")[0]
    return text.removeprefix("::ffff:") if "." in text else text


def in_networks(address: str, networks: Iterable[Network]) -> bool:
    """Return whether the address is in one of the networks."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _origin(origin: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.path
        or "@" in origin
    ):
        return None
    standard = 443 if parts.scheme == "https" else 80
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return parts.scheme, f"{name}:{port or standard}"


def _with_port(authority: str, port: int) -> str:
    return authority if re.search(r":\d+$", authority) else f"{authority}:{port}"
