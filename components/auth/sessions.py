"""Sessions of browsers, and the cookies that remember them for a month.

A session ends after 15 days without use and after 90 days in any case, with its user's
password and at logout. Only hashes are kept, so that a stolen file opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from appliance.components.auth.clock import Clock
from appliance.components.auth.secret import digest, new_id, new_secret
from appliance.domain.identity import Identity, Method
from appliance.records import dataclass

IDLE_S = 15 * 86400.0
LIFE_S = 90 * 86400.0
REMEMBER_S = 31 * 86400.0
FRESH_S = 300.0
MAX_PER_USER = 50
# Use of a session is worth a write to the card this often.
TOUCH_S = 6 * 3600.0


@dataclass(slots=True)
class Session:
    """A session; times are of the monotonic clock."""

    id: str
    user: str
    method: Method  # how it began
    hash: str
    handle_hash: str
    ends_at: float
    idle_at: float
    fresh_until: float = 0.0
    password_at: float | None = None  # unix seconds
    remember: str | None = None  # hash of the cookie that it began with
    # Of a session that only logs websockets in: what it stands for, and ends with.
    stands_for: Identity | None = None


@dataclass(slots=True)
class Remembered:
    """A remember-me cookie."""

    user: str
    ends_at: float  # monotonic


class Sessions:
    """All sessions."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}  # by hash of the cookie
        self._handles: dict[str, Session] = {}
        self._remembered: dict[str, Remembered] = {}

    def open(
        self,
        user: str,
        method: Method,
        *,
        fresh: bool = False,
        remember: str | None = None,
        stands_for: Identity | None = None,
    ) -> tuple[Session, str, str]:
        """Begin a session; return it with the cookie and the handle for websockets."""
        now = self._clock.monotonic()
        self._make_room(user, now, for_websocket=stands_for is not None)
        cookie, handle = new_secret(), new_secret()
        session = Session(
            id=new_id(),
            user=user,
            method=method,
            hash=digest(cookie),
            handle_hash=digest(handle),
            ends_at=now + LIFE_S,
            idle_at=now + IDLE_S,
            fresh_until=now + FRESH_S if fresh else 0.0,
            password_at=self._clock.wall() if fresh else None,
            remember=remember,
            stands_for=stands_for,
        )
        self._sessions[session.hash] = self._handles[session.handle_hash] = session
        return session, cookie, handle

    def remember(self, user: str) -> tuple[str, str]:
        """Return a new remember-me cookie and its hash."""
        cookie = new_secret()
        ends_at = self._clock.monotonic() + REMEMBER_S
        self._remembered[digest(cookie)] = Remembered(user, ends_at)
        return cookie, digest(cookie)

    def by_cookie(self, cookie: str) -> tuple[Session | None, bool]:
        """Return the session of a cookie, and whether its use is worth a write."""
        session = self._live(self._sessions.get(digest(cookie)))
        if session is None or session.stands_for is not None:
            return None, False
        idle_at = self._clock.monotonic() + IDLE_S
        worth = idle_at - session.idle_at > TOUCH_S
        if worth:
            session.idle_at = idle_at
        return session, worth

    def by_handle(self, handle: str) -> Session | None:
        """Return the session of a websocket's handle."""
        return self._live(self._handles.get(digest(handle)))

    def by_id(self, session_id: str) -> Session | None:
        """Return the session of that id."""
        for session in self._sessions.values():
            if session.id == session_id:
                return self._live(session)
        return None

    def by_remember(self, cookie: str) -> tuple[str, str] | None:
        """Return the user that a remember-me cookie stands for, and its hash."""
        key = digest(cookie)
        remembered = self._remembered.get(key)
        if remembered is None:
            return None
        if self._clock.monotonic() >= remembered.ends_at:
            del self._remembered[key]
            return None
        return remembered.user, key

    def remembers(self, user: str, credential: str) -> bool:
        """Return whether the remember-me cookie that an identity came with is still good."""
        _, _, start = credential.partition(":")
        now = self._clock.monotonic()
        return any(
            key.startswith(start) and each.user == user and now < each.ends_at
            for key, each in self._remembered.items()
        )

    def close(self, session: Session) -> None:
        """End a session and the cookie that remembers it."""
        self._sessions.pop(session.hash, None)
        self._handles.pop(session.handle_hash, None)
        if session.remember is not None:
            self._remembered.pop(session.remember, None)

    def forget_remembered(self, credential: str) -> None:
        """Void the remember-me cookie that an identity came with."""
        _, _, start = credential.partition(":")
        for key in [key for key in self._remembered if key.startswith(start)]:
            del self._remembered[key]

    def close_user(self, user: str) -> None:
        """End everything of a user."""
        for session in [each for each in self._sessions.values() if each.user == user]:
            self.close(session)
        for key in [k for k, each in self._remembered.items() if each.user == user]:
            del self._remembered[key]

    def _live(self, session: Session | None) -> Session | None:
        if session is None:
            return None
        now = self._clock.monotonic()
        if now >= session.ends_at or now >= session.idle_at:
            self.close(session)
            return None
        return session

    def _make_room(self, user: str, now: float, *, for_websocket: bool) -> None:
        """Drop what is over, and the oldest of the same kind when a user has too many."""
        for session in tuple(self._sessions.values()):
            if now >= session.ends_at or now >= session.idle_at:
                self.close(session)
        own = [
            each
            for each in self._sessions.values()
            if each.user == user and (each.stands_for is not None) == for_websocket
        ]
        own.sort(key=lambda each: each.idle_at)
        for session in own[: max(len(own) - MAX_PER_USER + 1, 0)]:
            self.close(session)

    # --- what is kept -------------------------------------------------------------------

    def to_data(self) -> dict[str, Any]:
        """Return what survives a restart, with what is left of each life in seconds."""
        now = self._clock.monotonic()
        return {
            "saved_at": self._clock.wall(),
            "sessions": [
                {
                    "id": each.id,
                    "user": each.user,
                    "method": each.method,
                    "hash": each.hash,
                    "handle_hash": each.handle_hash,
                    "left_s": each.ends_at - now,
                    "idle_left_s": each.idle_at - now,
                    "password_at": each.password_at,
                    "remember": each.remember,
                }
                for each in self._sessions.values()
                if each.stands_for is None
            ],
            "remembered": [
                {"hash": key, "user": each.user, "left_s": each.ends_at - now}
                for key, each in self._remembered.items()
            ],
        }

    def read(self, data: Mapping[str, Any]) -> None:
        """Take over what `to_data` made; the time in between counts if the clock knows it."""
        now = self._clock.monotonic()
        gone = max(self._clock.wall() - data["saved_at"], 0.0)
        self._read_sessions(data["sessions"], now - gone)
        for each in data["remembered"]:
            ends_at = now - gone + each["left_s"]
            self._remembered[each["hash"]] = Remembered(each["user"], ends_at)

    def _read_sessions(self, data: Iterable[Mapping[str, Any]], start: float) -> None:
        for each in data:
            session = Session(
                id=each["id"],
                user=each["user"],
                method=Method(each["method"]),
                hash=each["hash"],
                handle_hash=each["handle_hash"],
                ends_at=start + each["left_s"],
                idle_at=start + each["idle_left_s"],
                password_at=each["password_at"],
                remember=each["remember"],
            )
            self._sessions[session.hash] = self._handles[session.handle_hash] = session
