"""What a layout is: other names and forms for the same state and the same events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from appliance.components.mqtt.session import Presence
from appliance.domain.printer import Printer
from appliance.domain.words import Told
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """What a topic says; ``data`` is sent when it is another than before."""

    data: Any
    retain: bool = True


class Layout(Protocol):
    """How one printer looks in the topics of another program."""

    def values(self, printer: Printer) -> Mapping[str, Value]:
        """Return topics and what they say."""

    def stamped(self, data: Any, now: float) -> Any:
        """Return what is sent for ``data`` at that moment."""

    def events(self, printer: Printer, told: Told) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return topics and payloads for something that happened."""

    def summary(
        self, changed: Mapping[str, Any], now: float
    ) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return topics and payloads that tell several changes at once."""

    @property
    def presence(self) -> Presence:
        """The topic that tells whether we are there, and what it says."""
