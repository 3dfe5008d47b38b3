"""The guard: what every request has to pass before its handler runs.

In this order: is the peer what it says, is the appliance claimed, who is it, does the
browser speak for its reader or for a foreign page, may they, and is the body acceptable.
Everything is synchronous and costs some microseconds.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable, Collection

from aiohttp import HttpVersion10, HttpVersion11
from aiohttp.web import Request

from appliance import web
from appliance.components.http.credentials import (
    CSRF_COOKIE,
    CSRF_HEADER,
    read_credentials,
    without_cookies,
)
from appliance.components.http.errors import SAFE_METHODS
from appliance.components.http.limits import Windows
from appliance.components.http.peers import Peer, Peers
from appliance.domain.auth import Auth
from appliance.domain.identity import ANONYMOUS, LOCAL, Identity, Method
from appliance.domain.permissions import Need
from appliance.errors import (
    CredentialInvalid,
    CredentialMissing,
    PermissionMissing,
    TooManyAttempts,
)
from appliance.web import Family, HttpError, Match, Rate, Route

DEFAULT_BODY_LIMIT = web.MEBIBYTE
# App key requests of one address: 3 in a minute, 5 in ten, 10 in an hour, as in OctoPrint.
PAIRING = ((3, 60.0), (5, 600.0), (10, 3600.0))

# What programs do not send by themselves; every browser names itself Mozilla as well.
_BROWSER = ("Origin", "Referer", "Sec-Fetch-Site", "Cookie")


class Guard:
    """Lets requests in, or raises."""

    def __init__(
        self,
        peers: Peers,
        find_auth: Callable[[], Auth | None],
        cors_origins: Collection[str],
        clock: Callable[[], float],
    ) -> None:
        self._peers = peers
        self._find_auth = find_auth
        self._origins = frozenset(cors_origins)
        self._pairing = Windows(PAIRING, clock)

    def meet(self, request: Request, found: Match, remote: str) -> Peer:
        """Find out who the peer is; for every request, whether its path is known or not."""
        if request.version < HttpVersion10:
            raise HttpError(505, "speak HTTP/1.1")
        if request.version >= HttpVersion11 and "Host" not in request.headers:
            raise HttpError(400, "the Host header is missing")
        peer = self._peers.of(request.headers, remote, request.scheme)
        found.address = peer.address
        found.external = peer.external
        found.port = peer.port
        found.base_path = peer.prefix
        return peer

    def admit(self, request: Request, found: Match, route: Route, peer: Peer) -> None:
        """Raise unless this request may be handled; leave the identity in ``found``."""
        found.identity = who = self._identify(request, route, peer)
        self._check_forgery(request, route, peer, who)
        who.check(route.access, found)
        if who.printers is not None and route.per_printer and found.printer is not None:
            who.check_printer(found.printer.id)
        if route.rate is Rate.PAIRING:
            wait = self._pairing.hit(peer.address)
            if wait:
                raise TooManyAttempts("too many requests for keys", wait)
        if request.can_read_body:
            check_body(request, route)

    def allows_origin(self, origin: str) -> bool:
        """Return whether pages of that foreign origin are listed (CORS)."""
        return origin in self._origins

    def _identify(self, request: Request, route: Route, peer: Peer) -> Identity:
        need = route.access.need
        auth = self._find_auth()
        if auth is None or not auth.claimed:
            _check_unclaimed(auth, need, peer)
        if not peer.address:  # the control socket: only we and root can open it
            return LOCAL
        if auth is None:
            return ANONYMOUS
        credentials = read_credentials(request, peer.address)
        if route.websocket and "Origin" not in request.headers:
            credentials = without_cookies(credentials)  # every browser sends one
        try:
            return auth.identify(credentials)
        except CredentialInvalid:
            if need is Need.NOTHING:
                return ANONYMOUS
            raise

    def _check_forgery(
        self, request: Request, route: Route, peer: Peer, who: Identity
    ) -> None:
        """Refuse what a foreign page made the browser send."""
        if route.acts:
            _check_deed(request, who)
        if not route.websocket and (request.method in SAFE_METHODS or route.csrf_exempt):
            return
        origin = request.headers.get("Origin")
        if (
            origin is not None
            and (who.ambient or route.websocket)
            and not self._peers.same_or_listed(origin, peer, self._origins)
        ):
            raise PermissionMissing("a page of another site may not do that here")
        if route.websocket:
            return
        by_cookie = who.method in (Method.SESSION, Method.REMEMBER)
        if by_cookie or (who.anonymous and route.family is Family.OCTOPRINT):
            check_csrf(request)


def _check_deed(request: Request, who: Identity) -> None:
    """Refuse a GET that does something when an image or a link of any page may ask it."""
    agent = request.headers.get("User-Agent", "")
    browser = agent.startswith("Mozilla/") or any(each in request.headers for each in _BROWSER)
    if request.method != "GET" or (who.ambient and browser):
        raise HttpError(405, "a browser without a key asks for that with POST")


def check_csrf(request: Request) -> None:
    """Compare the cookie with its copy in the header: only our own pages can read it."""
    header = request.headers.get(CSRF_HEADER, "").encode()
    # Like the login: what the page of all printers was given is good for each of them.
    for suffix in web.cookie_suffixes(request):
        cookie = request.cookies.get(CSRF_COOKIE + suffix, "")
        if cookie and hmac.compare_digest(cookie.encode(), header):
            return
    raise HttpError(400, "CSRF validation failed")


def check_body(request: Request, route: Route) -> None:
    """Refuse a body that is too long or packed before a byte of it is read."""
    limit = body_limit(route)
    if request.content_length is not None and request.content_length > limit:
        message = f"the body is larger than {limit} bytes"
        raise HttpError(413, message)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise HttpError(415, "send the body without Content-Encoding")


def body_limit(route: Route) -> int:
    """Return the largest body of a route in bytes."""
    return DEFAULT_BODY_LIMIT if route.body_limit is None else route.body_limit


def _check_unclaimed(auth: Auth | None, need: Need, peer: Peer) -> None:
    """Until somebody owns the appliance only what is public answers, and only nearby."""
    if need is not Need.NOTHING and peer.address:
        if auth is None:
            raise HttpError(503, "the component auth is not loaded")
        raise CredentialMissing("this appliance has not been claimed yet")
    if peer.address and not is_private(peer.address):
        raise PermissionMissing("claim this appliance from its own network")


def is_private(address: str) -> bool:
    """Return whether the address is of a home network or of this machine."""
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False
