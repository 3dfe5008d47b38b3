"""What a request shows to prove who it is from, wherever clients put it."""

from __future__ import annotations

from dataclasses import replace

from aiohttp.web import Request

from appliance import web
from appliance.domain.identity import Credentials

API_KEY_HEADER = "X-Api-Key"
SESSION_COOKIE = "session"
REMEMBER_COOKIE = "remember_token"
CSRF_COOKIE = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"


def read_credentials(request: Request, address: str) -> Credentials:
    """Collect the credentials of a request. An empty key counts as none."""
    headers = request.headers
    key = headers.get(API_KEY_HEADER)
    bearer = headers.get("Authorization")
    if bearer is not None:
        kind, _, value = bearer.partition(" ")
        bearer = value.strip() if kind.lower() == "bearer" else None
    token = access_token = None
    if request.query_string:
        query = request.query
        key = query.get("apikey") or key
        token = query.get("token")
        access_token = query.get("access_token")
    session = remember = None
    if "Cookie" in headers and not key and not bearer:
        cookies = request.cookies
        for suffix in web.cookie_suffixes(request):
            session = session or cookies.get(SESSION_COOKIE + suffix)
            remember = remember or cookies.get(REMEMBER_COOKIE + suffix)
    return Credentials(
        api_key=key or None,
        bearer=bearer or None,
        token=token or None,
        access_token=access_token or None,
        session=session or None,
        remember=remember or None,
        address=address,
    )


def without_cookies(credentials: Credentials) -> Credentials:
    """Return the credentials that a browser does not add by itself."""
    return replace(credentials, session=None, remember=None)
