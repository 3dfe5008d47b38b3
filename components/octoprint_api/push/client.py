"""One listener: who it is, what it wants, and how far it has heard."""

from __future__ import annotations

import itertools
from collections import deque
from typing import Any, Protocol

from appliance.components.octoprint_api.push.messages import Cursor
from appliance.components.octoprint_api.push.subscription import EVERYTHING, Subscription
from appliance.domain.identity import ANONYMOUS, Identity
from appliance.domain.permissions import Permission
from appliance.records import dataclass

# Messages kept for a client that has not said who it is.
MOST_HELD_BACK = 100
_SLOWEST = 120  # ticks between two messages: one a minute


class Outlet(Protocol):
    """The way to one client; writing never waits."""

    @property
    def address(self) -> str:
        """Where the client is."""

    @property
    def backlog(self) -> int:
        """Bytes that wait; 0 = the client keeps up."""

    def send(self, message: bytes) -> None:
        """Queue a message that is JSON already."""

    def end(self, code: int, reason: str) -> None:
        """Begin to close."""

    def identified(self, who: Identity) -> None:
        """Take note of who is at the other end."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be told: rendered once, with what it takes to hear it."""

    kind: str  # event, plugin, timelapse, ...
    name: str  # of the event or plugin
    body: bytes
    permission: Permission | None = Permission.STATUS


class Client:
    """One listener."""

    _numbers = itertools.count(1)

    def __init__(self, outlet: Outlet) -> None:
        self.number = next(self._numbers)
        self.outlet = outlet
        self.identity: Identity = ANONYMOUS
        self.wish: Subscription = EVERYTHING
        self.cursor = Cursor()
        self.owed: int = -1  # the hub's version that was last told; -1 = none
        self._throttle = 1
        self._wait = 0
        self._held: deque[Message] = deque(maxlen=MOST_HELD_BACK)

    @property
    def terminal(self) -> bool:
        """Whether it may see the dialogue with the printer."""
        return self.identity.may(Permission.MONITOR_TERMINAL)

    @property
    def listens(self) -> bool:
        """Whether the state is of any interest to it."""
        return self.wish.state and self.identity.may(Permission.STATUS)

    def log_in(self, who: Identity) -> list[Message]:
        """Become somebody; return what was held back until now."""
        self.identity = who
        self.outlet.identified(who)
        held = list(self._held)
        self._held.clear()
        return held

    def log_out(self) -> None:
        """Become nobody again."""
        self.identity = ANONYMOUS

    def throttle(self, factor: Any) -> None:
        """Hear the state every ``factor`` ticks only."""
        if isinstance(factor, int) and not isinstance(factor, bool):
            self._throttle = min(max(factor, 1), _SLOWEST)

    def due(self) -> bool:
        """Count a tick; return whether the client wants to hear the state now."""
        self._wait += 1
        if self._wait < self._throttle or self.outlet.backlog:
            return False
        self._wait = 0
        return True

    def tell(self, message: Message) -> None:
        """Send a message if the client wants and may hear it; keep it for one unknown."""
        if self.identity.anonymous:
            self._held.append(message)
        elif self._wants(message):
            self.outlet.send(message.body)

    def _wants(self, message: Message) -> bool:
        if message.permission is not None and not self.identity.may(message.permission):
            return False
        if message.kind == "event":
            return message.name in self.wish.events
        if message.kind == "plugin":
            return message.name in self.wish.plugins
        return True
