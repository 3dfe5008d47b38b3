"""Keeps the topics of a layout true.

A layout is a client of its own: a client has one last will, and dashboards that were made for
another program wait for that program's.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
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
        self.session = session
        self._printer = printer
        self.layout = layout
        self._qos = qos
        self._said: dict[str, Any] = {}

    def refresh(self) -> None:
        """Send what is different now."""
        now = time.time()
        changed: dict[str, Any] = {}
        for topic, value in self.layout.values(self._printer).items():
            if self._said.get(topic, _NOTHING) == value.data:
                continue
            self._said[topic] = changed[topic] = value.data
            payload = json(self.layout.stamped(value.data, now))
            self.session.state(Outgoing(topic, payload, self._qos, value.retain))
        if changed:
            for topic, data in self.layout.summary(changed, now):
                self.session.send(Outgoing(topic, json(data), self._qos))

    def tell(self, told: Told) -> None:
        """Send something that happened."""
        for topic, data in self.layout.events(self._printer, told):
            self.send(topic, data)

    def send(self, topic: str, data: Mapping[str, Any]) -> None:
        """Send something that happened, with the moment."""
        payload = json({**data, "_timestamp": int(time.time())})
        self.session.send(Outgoing(topic, payload, self._qos))
