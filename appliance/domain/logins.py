"""Logins: sessions, tokens, and the facts that are told about them."""

from __future__ import annotations

from appliance.domain.identity import Identity, Method
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Login:
    """A login that worked: who it is, and the secrets that go back to that client only."""

    identity: Identity
    session: str  # the value of the session cookie
    # What a page may hold to log its websocket in (``{"auth": "user:handle"}``).
    handle: str
    method: Method  # how the session began
    remember: str | None = None  # the value of the remember-me cookie, when wanted
    credentials_seen: float | None = None  # unix seconds of the last password


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of JWTs for Moonraker's clients."""

    user: str
    token: str
    refresh_token: str | None  # None when only the access token was renewed


@dataclass(frozen=True, slots=True)
class UserLoggedIn:
    """Somebody logged in."""

    name: str
    address: str
    method: Method


@dataclass(frozen=True, slots=True)
class LoginFailed:
    """Somebody gave a wrong password; ``name`` is what they typed and may be anything."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class UserLoggedOut:
    """Somebody logged out; ``session`` is the id in the `Identity`, None = all of them."""

    name: str
    session: str | None
