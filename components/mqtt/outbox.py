"""What waits for the broker: the newest state of each topic, and a bounded queue of the rest.

Pure: no socket, no clock. A state replaces the older one of its topic and is sent again to a
broker that has lost it; a message is sent once, in order, and the oldest are lost when too
many wait.
"""

from __future__ import annotations

from collections import deque

from appliance.components.mqtt.connection import Outgoing

MAX_MESSAGES = 1000
MAX_BYTES = 4 << 20


class Outbox:
    """Keeps what could not be sent yet."""

    def __init__(self, max_messages: int = MAX_MESSAGES, max_bytes: int = MAX_BYTES) -> None:
        self._states: dict[str, Outgoing] = {}
        self._due: dict[str, None] = {}  # topics of states to send, the oldest wish first
        self._messages: deque[Outgoing] = deque()
        self._max_messages = max_messages
        self._max_bytes = max_bytes
        self._bytes = 0
        self._turn = False
        self.lost = 0

    def __len__(self) -> int:
        return len(self._due) + len(self._messages)

    def state(self, message: Outgoing) -> bool:
        """Take the present value of a topic; return whether it is another one than before."""
        if self._states.get(message.topic) == message:
            return False
        if message.topic not in self._states:
            self._supersede(message.topic)
        self._states[message.topic] = message
        self._due[message.topic] = None
        return True

    def forget(self, topic: str) -> bool:
        """Have the broker forget a topic; return whether we knew it."""
        known = topic in self._states
        self.state(Outgoing(topic, b"", 1, retain=True))
        return known

    def message(self, message: Outgoing) -> None:
        """Take something to send once."""
        self._messages.append(message)
        self._bytes += len(message.payload)
        self._shrink()

    def put_back(self, messages: list[Outgoing]) -> None:
        """Take back what was on its way when the connection broke, before all others."""
        for message in reversed(messages):
            if message.topic in self._states:
                continue  # the present value is sent again, and this may be an older one
            self._messages.appendleft(message)
            self._bytes += len(message.payload)
        self._shrink()

    def send_states_again(self) -> None:
        """Make every state due: a new connection may be to a broker that forgot them."""
        self._due = dict.fromkeys(self._states)

    def next(self) -> Outgoing | None:
        """Return what is to be sent next, messages and states in turn."""
        self._turn = not self._turn
        if self._messages and (self._turn or not self._due):
            message = self._messages.popleft()
            self._bytes -= len(message.payload)
            return message
        if self._due:
            topic = next(iter(self._due))
            del self._due[topic]
            state = self._states[topic]
            if not state.payload:  # nothing of the topic is left
                del self._states[topic]
            return state
        return None

    def _supersede(self, topic: str) -> None:
        """Drop what would undo a state if it were sent after it: a removal that waits."""
        for message in [each for each in self._messages if each.topic == topic]:
            if message.retain:
                self._messages.remove(message)
                self._bytes -= len(message.payload)

    def _shrink(self) -> None:
        while self._messages and (
            len(self._messages) > self._max_messages or self._bytes > self._max_bytes
        ):
            self._bytes -= len(self._messages.popleft().payload)
            self.lost += 1
