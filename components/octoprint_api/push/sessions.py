"""Sessions of clients that poll or read a stream: what waits for them until they come."""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from appliance.components.octoprint_api.push import frames
from appliance.components.octoprint_api.push.client import Client
from appliance.components.octoprint_api.push.hub import Hub
from appliance.domain.identity import Identity
from appliance.web import HttpError

_LOGGER = logging.getLogger(__name__)

# A client that is away for longer is gone.
DISCONNECT_S = 5.0
MOST_SESSIONS = 256
# Bytes that may wait; who lets more pile up is closed.
_MOST_BYTES = 128 * 1024


class Session:
    """What waits for one client, and the client itself (as its own outlet)."""

    def __init__(self, hub: Hub, address: str) -> None:
        self.hub = hub
        self.address = address
        self.closed = False
        self.client = Client(self)
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._close_frame = b""
        self._news = asyncio.Event()
        self._taken = False
        self._expiry: asyncio.TimerHandle | None = None

    # --- as an outlet -------------------------------------------------------------------

    @property
    def backlog(self) -> int:
        """Bytes that wait."""
        return self._bytes

    def send(self, message: bytes) -> None:
        """Keep a message until the client fetches it."""
        if self.closed:
            return
        if self._bytes > _MOST_BYTES:
            self.end(frames.GO_AWAY, "too slow")
            return
        self._waiting.append(message)
        self._bytes += len(message)
        self._news.set()

    def end(self, code: int, reason: str) -> None:
        """Close; whoever polls is told."""
        if not self.closed:
            self.closed = True
            if self._expiry is not None:
                self._expiry.cancel()
            self._close_frame = frames.close(code, reason)
            self._news.set()
            self.hub.leave(self.client)

    def identified(self, who: Identity) -> None:
        """Take note of who it is; polling needs no deadline of its own."""

    # --- as a queue ---------------------------------------------------------------------

    def take(self) -> bool:
        """Claim the session for one connection."""
        if self._taken:
            return False
        self._taken = True
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        return True

    def give_back(self) -> None:
        """Wait for the next connection, but not for ever."""
        self._taken = False
        self.expire_later()

    def expire_later(self) -> None:
        """End unless a connection comes in time."""
        loop = asyncio.get_running_loop()
        self._expiry = loop.call_later(DISCONNECT_S, self.end, frames.GO_AWAY, "Go away!")

    async def next_frame(self, patience_s: float) -> bytes | None:
        """Return what waits in one frame; None if nothing comes in that time."""
        if not self._waiting and not self.closed:
            self._news.clear()
            try:
                async with asyncio.timeout(patience_s):
                    await self._news.wait()
            except TimeoutError:
                return None
        if self._waiting:
            frame = frames.array(tuple(self._waiting))
            self._waiting.clear()
            self._bytes = 0
            return frame
        return self._close_frame


class Sessions:
    """The sessions by printer and name."""

    def __init__(self) -> None:
        self._sessions: dict[tuple[str, str], Session] = {}

    def find(self, key: tuple[str, str]) -> Session | None:
        """Return the session of that name, if it is open."""
        session = self._sessions.get(key)
        if session is not None and session.closed:
            del self._sessions[key]
            return None
        return session

    def open(self, key: tuple[str, str], hub: Hub, address: str) -> Session:
        """Open a session and join the hub."""
        for known, session in list(self._sessions.items()):
            if session.closed:
                del self._sessions[known]
        if len(self._sessions) >= MOST_SESSIONS:
            raise HttpError(503, "too many clients poll; use a websocket")
        session = self._sessions[key] = Session(hub, address)
        hub.join(session.client)
        session.expire_later()
        return session

    def close(self) -> None:
        """End every session; whoever polls is told."""
        for session in self._sessions.values():
            session.end(frames.GO_AWAY, "Go away!")
        self._sessions.clear()
