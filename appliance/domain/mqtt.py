"""Messages of a broker: what anybody may publish and listen to.

The component mqtt provides `MQTT`; it holds the connection and forgets nothing that is
short enough to be kept while the broker is away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from appliance.interfaces import Key
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class MqttMessage:
    """A message that came from the broker."""

    topic: str
    payload: bytes
    retained: bool = False  # kept by the broker from some time before
    qos: int = 0
    response_topic: str | None = None  # MQTT 5
    correlation: bytes | None = None  # MQTT 5

    @property
    def text(self) -> str:
        """The payload as text; what is no UTF-8 is replaced."""
        return self.payload.decode(errors="replace")


MqttListener = Callable[[MqttMessage], None]


class Mqtt(Protocol):
    """The broker as everybody sees it."""

    @property
    def connected(self) -> bool:
        """Whether the broker answers now."""

    def publish(
        self, topic: str, payload: bytes | str, *, qos: int = 0, retain: bool = False
    ) -> None:
        """Send a message, now or when the broker is back; `InvalidRequest` for wildcards."""

    def subscribe(self, pattern: str, listener: MqttListener) -> Callable[[], None]:
        """Call ``listener`` for what fits ``pattern`` (with + and #); return the way out."""


MQTT: Key[Mqtt] = Key("mqtt")


@dataclass(frozen=True, slots=True)
class MqttConnected:
    """The broker accepted us."""

    broker: str


@dataclass(frozen=True, slots=True)
class MqttDisconnected:
    """The broker is gone."""

    broker: str
    reason: str
