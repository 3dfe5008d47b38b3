"""Keeps the topics of a layout true."""

from __future__ import annotations

import time
from typing import Any

from appliance.components.mqtt.connection import Outgoing
from appliance.components.mqtt.layouts.layout import Layout
from appliance.components.mqtt.render.values import json
from appliance.components.mqtt.session import Session
from appliance.domain.printer import Printer
from appliance.domain.words import Told

_NOTHING = object()


class LayoutPublisher:
    """One printer in one layout."""

    def __init__(self, session: Session, printer: Printer, layout: Layout, qos: int) -> None:
        self._session = session
        self._printer = printer
        self._layout = layout
        self._qos = qos
        self._said: dict[str, Any] = {}

    def start(self) -> None:
        """Say that we are here, and everything else."""
        topic, payload = self._layout.presence(here=True)
        self._session.state(Outgoing(topic, payload.encode(), 1, retain=True))
        self.refresh()

    def refresh(self) -> None:
        """Send what is different now."""
        now = time.time()
        for topic, value in self._layout.values(self._printer).items():
            if self._said.get(topic, _NOTHING) == value.data:
                continue
            self._said[topic] = value.data
            payload = json(self._layout.stamped(value.data, now))
            self._session.state(Outgoing(topic, payload, self._qos, value.retain))

    def tell(self, told: Told) -> None:
        """Send something that happened."""
        now = time.time()
        for topic, data in self._layout.events(self._printer, told):
            stamp = "eventtime" if "status" in data else "_timestamp"
            payload = json({**data, stamp: now if stamp == "eventtime" else int(now)})
            self._session.send(Outgoing(topic, payload, self._qos))

    def stop(self) -> None:
        """Say that we go."""
        topic, payload = self._layout.presence(here=False)
        self._session.state(Outgoing(topic, payload.encode(), 1, retain=True))
