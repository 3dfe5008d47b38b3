"""Pairing: an application asks for a key, a person decides, the application fetches it.

A request lives as long as the application keeps asking (every second or so), ten minutes at
most. The key is handed over once, to whoever holds the secret of the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

from appliance.components.auth.clock import Clock
from appliance.components.auth.secret import new_secret
from appliance.domain.api_keys import AppKeyRequest
from appliance.errors import InvalidRequest, TooManyAttempts, UserMissing
from appliance.records import dataclass

SILENT_S = 5.0
LONGEST_S = 600.0
GRANTED_S = 60.0  # to fetch a key that was granted
MAX_PENDING = 20


class Ended(Enum):
    """How a request ended without a key."""

    DENIED = "denied"
    SILENT = "silent"


@dataclass(slots=True)
class _Pending:
    request: AppKeyRequest
    asked_at: float
    began_at: float
    key: str | None = None  # granted, not fetched yet


class Pairing:
    """The requests that wait."""

    def __init__(self, clock: Clock, ended: Callable[[AppKeyRequest, Ended], None]) -> None:
        self._clock = clock
        self._ended = ended
        self._pending: dict[str, _Pending] = {}  # by the application's secret

    def __len__(self) -> int:
        return len(self._pending)

    def __iter__(self) -> Iterator[AppKeyRequest]:
        return iter([each.request for each in self._pending.values() if each.key is None])

    def request(self, app: str, user: str | None, address: str) -> AppKeyRequest:
        """Begin a request."""
        self.expire()
        app = app.strip()
        if not app or len(app) > 128 or not app.isprintable():
            raise InvalidRequest("an application needs a name of at most 128 characters")
        if len(self._pending) >= MAX_PENDING:
            raise TooManyAttempts("too many applications wait for a decision", 60)
        made = AppKeyRequest(app, new_secret(), new_secret(), user, address)
        now = self._clock.monotonic()
        self._pending[made.app_token] = _Pending(made, now, now)
        return made

    def poll(self, app_token: str) -> str | None:
        """Return the key (once) or None while nobody has decided."""
        self.expire()
        pending = self._pending.get(app_token)
        if pending is None:
            raise UserMissing("there is no such request")
        if pending.key is not None:
            del self._pending[app_token]
            return pending.key
        pending.asked_at = self._clock.monotonic()
        return None

    def by_app_token(self, app_token: str) -> AppKeyRequest:
        """Return a request that waits, for the page that the application opened."""
        self.expire()
        pending = self._pending.get(app_token)
        if pending is None or pending.key is not None:
            raise UserMissing("there is no such request")
        return pending.request

    def by_user_token(self, user_token: str) -> AppKeyRequest:
        """Return a request that waits for a decision."""
        self.expire()
        for request in self:
            if request.user_token == user_token:
                return request
        raise UserMissing("there is no such request")

    def grant(self, request: AppKeyRequest, key: str) -> None:
        """Lay the key ready."""
        pending = self._pending[request.app_token]
        pending.key = key
        pending.asked_at = self._clock.monotonic()

    def deny(self, request: AppKeyRequest) -> None:
        """Forget the request."""
        del self._pending[request.app_token]
        self._ended(request, Ended.DENIED)

    def expire(self) -> None:
        """Forget what nobody asks for any more."""
        now = self._clock.monotonic()
        for token, pending in tuple(self._pending.items()):
            patience = SILENT_S if pending.key is None else GRANTED_S
            if now - pending.asked_at <= patience and now - pending.began_at <= LONGEST_S:
                continue
            del self._pending[token]
            if pending.key is None:
                self._ended(pending.request, Ended.SILENT)
