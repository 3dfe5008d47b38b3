"""A client of the websocket: who it is, what it wants to know, what it was told."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from appliance.components.moonraker_api import rpc
from appliance.components.moonraker_api.objects.catalogue import Status
from appliance.components.moonraker_api.subscriptions import Wish
from appliance.domain.identity import ANONYMOUS, Identity
from appliance.errors import DeviceFailed, InvalidRequest
from appliance.records import dataclass
from appliance.websocket import POLICY, Channel

# Front ends show their form for a password over an open websocket.
LOG_IN_S = 300.0
# What a client may take to answer a call of ours.
ANSWER_S = 60.0


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a client said of itself (``server.connection.identify``)."""

    name: str
    version: str
    type: str
    url: str

    def describe(self) -> dict[str, str]:
        """Return it as others are told of it."""
        return {
            "name": self.name,
            "version": self.version,
            "type": self.type,
            "url": self.url,
        }


class Client:
    """One open websocket."""

    def __init__(self, channel: Channel, number: int) -> None:
        self.channel = channel
        self.id = number
        self.introduction: Introduction | None = None
        self.wish: Wish = ()
        self.told: Status = {}  # the rendering that the client has
        self._calls = 0  # quick calls that are being answered
        self._held: list[bytes] = []
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Any]] = {}  # calls of ours, by their ids
        channel.on_revoked = self.log_out

    @property
    def identity(self) -> Identity:
        """Who is at the other end."""
        return self.channel.identity

    def log_out(self) -> None:
        """Be nobody from now on; the socket stays for a while, to log in again."""
        self.channel.identity = ANONYMOUS
        self.wish = ()
        asyncio.get_running_loop().call_later(LOG_IN_S, self._end_if_nobody)

    def _end_if_nobody(self) -> None:
        if self.identity.anonymous:
            self.channel.end(POLICY, "nobody logged in")

    def send(self, message: bytes) -> None:
        """Send at once."""
        self.channel.send(message)

    def tell(self, message: bytes) -> None:
        """Send a fact; not before the answer to the call that caused it."""
        if self._calls:
            self._held.append(message)
        else:
            self.channel.send(message)

    def begin_call(self) -> None:
        """Hold facts back until the call is answered."""
        self._calls += 1

    def end_call(self) -> None:
        """Tell what was held back."""
        self._calls -= 1
        if not self._calls:
            held, self._held = self._held, []
            for message in held:
                self.channel.send(message)

    async def ask(self, method: str, params: Any) -> Any:
        """Call a method of the client; `InvalidRequest` with what it says against it."""
        number = next(self._numbers)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            self.send(rpc.call(method, params, number))
            async with asyncio.timeout(ANSWER_S):
                return await answer
        except TimeoutError:
            message = f"no answer to '{method}' within {ANSWER_S:.0f} seconds"
            raise DeviceFailed(message) from None
        finally:
            del self._asked[number]

    def answered(self, answer: rpc.Answer) -> None:
        """Take an answer; one that nobody waits for means nothing."""
        waiting = self._asked.get(answer.id) if isinstance(answer.id, int) else None
        if waiting is None or waiting.done():
            return
        if answer.complaint is None:
            waiting.set_result(answer.value)
        else:
            waiting.set_exception(InvalidRequest(answer.complaint))

    def left(self) -> None:
        """Answer for the client what it cannot answer any more."""
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_exception(DeviceFailed("the program has left"))

    def describe(self) -> dict[str, Any]:
        """Return how the client introduced itself."""
        who = self.introduction
        return {
            "connection_id": self.id,
            "client_name": None if who is None else who.name,
        }
