"""Keeps the topics of one printer true: renders its snapshot, sends what is different.

What people wait for (a state, a fault, a question) goes out at once, the rest at most once an
interval. Nothing is remembered but what was sent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from appliance.components.mqtt.connection import Outgoing
from appliance.components.mqtt.render.printer import render
from appliance.components.mqtt.render.values import json, moment
from appliance.components.mqtt.session import Session
from appliance.domain.printer import Printer, PrinterChanged, Snapshot
from appliance.domain.words import JOB_EVENTS, Told
from appliance.records import dataclass

# Never kept by the broker: an event that is told again did not happen again.
EVENT = "event"
LAST_EVENT = "last_event"


class Beside(Protocol):
    """Other topics that are kept true along with ours."""

    def refresh(self) -> None:
        """Send what is different now."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How topics are published: the rule, and its exceptions by first level."""

    qos: int
    retain: bool
    exceptions: Mapping[str, Mapping[str, Any]]

    def outgoing(self, base: str, topic: str, payload: bytes) -> Outgoing | None:
        """Return the message, or None if the topic is not wanted."""
        rule = self.exceptions.get(topic.partition("/")[0], {})
        if not rule.get("publish", True):
            return None
        qos, retain = rule.get("qos", self.qos), rule.get("retain", self.retain)
        return Outgoing(f"{base}/{topic}", payload, qos, retain)


class Publisher:
    """The topics of one printer."""

    def __init__(
        self,
        session: Session,
        printer: Printer,
        base: str,
        terms: Terms,
        interval_s: float,
        beside: Sequence[Beside] = (),
    ) -> None:
        self._session = session
        self._printer = printer
        self._base = base
        self._terms = terms
        self._interval_s = interval_s
        self._beside = beside
        self._sent: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._due_at = 0.0
        self._flushed_at = 0.0

    @property
    def topics(self) -> set[str]:
        """The whole names of the topics that were published."""
        return {f"{self._base}/{topic}" for topic in self._sent}

    def start(self) -> None:
        """Publish everything."""
        self._flush()

    def changed(self, event: PrinterChanged) -> None:
        """Take note of a change."""
        loop = asyncio.get_running_loop()
        urgent = _matters_now(event.snapshot, event.previous)
        due = loop.time() if urgent else self._flushed_at + self._interval_s
        if self._timer is not None:
            if self._due_at <= due:
                return
            self._timer.cancel()
        self._due_at = due
        self._timer = loop.call_at(due, self._flush)

    def tell(self, told: Told) -> None:
        """Publish something that happened."""
        data = json(told.plain(moment(time.time())))
        message = self._terms.outgoing(self._base, EVENT, data)
        if message is not None:
            self._session.send(Outgoing(message.topic, data, message.qos))
            if told.kind in JOB_EVENTS:
                self._session.send(Outgoing(f"{message.topic}/job", data, message.qos))
        self.put(LAST_EVENT, data)

    def put(self, topic: str, payload: bytes) -> None:
        """Publish the value of a topic that is no part of the snapshot."""
        message = self._terms.outgoing(self._base, topic, payload)
        if message is not None:
            self._session.state(message)
            self._sent.add(topic)

    def drop(self, topic: str) -> None:
        """Have a topic forgotten."""
        if topic in self._sent:
            self._sent.discard(topic)
            self._session.forget(f"{self._base}/{topic}")

    def stop(self) -> None:
        """Publish no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _flush(self) -> None:
        self._timer = None
        self._flushed_at = asyncio.get_running_loop().time()
        for topic, payload in render(self._printer.snapshot, time.time()).items():
            self.put(topic, payload)
        for each in self._beside:
            each.refresh()


def _matters_now(now: Snapshot, before: Snapshot) -> bool:
    return (
        now.link is not before.link
        or now.phase is not before.phase
        or now.fault != before.fault
        or now.prompt != before.prompt
        or now.message != before.message
        or {name: heater.target for name, heater in now.heaters.items()}
        != {name: heater.target for name, heater in before.heaters.items()}
    )
