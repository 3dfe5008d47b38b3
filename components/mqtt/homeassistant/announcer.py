"""Announces devices to Home Assistant, again when it asks, and takes back what is gone."""

from __future__ import annotations

import logging

from appliance.components.mqtt.connection import Outgoing
from appliance.components.mqtt.homeassistant.device import Device
from appliance.components.mqtt.render.values import json
from appliance.components.mqtt.session import Session
from appliance.domain.mqtt import MqttMessage
from appliance.storage import Store, mappings

_LOGGER = logging.getLogger(__name__)

BIRTH = "online"
# Removed entities are named in the message for as long as they are known, which is long.
MAX_REMOVED = 200


class Announcer:
    """What Home Assistant was told, kept over restarts so that it can be taken back."""

    def __init__(self, session: Session, store: Store, prefix: str) -> None:
        self._session = session
        self._store = store
        self._prefix = prefix
        # By topic: the entities there with their platforms, and those of the past.
        self._told: dict[str, dict[str, dict[str, str]]] = {}
        self._present: set[str] = set()

    async def load(self) -> None:
        """Read what was told in former lives."""
        self._told = await self._store.read(mappings) or {}

    def announce(self, device: Device) -> None:
        """Announce a device as it is now."""
        topic = device.topic(self._prefix)
        self._present.add(topic)
        before = self._told.get(topic, {})
        platforms = device.platforms
        gone = {**before.get("removed", {}), **before.get("present", {})}
        removed = {key: gone[key] for key in gone if key not in platforms}
        removed = dict(list(removed.items())[-MAX_REMOVED:])
        now = {"present": platforms, "removed": removed}
        if now != before:
            self._told[topic] = now
            self._store.save_soon(lambda: self._told)
        payload = json(device.payload(removed))
        self._session.state(Outgoing(topic, payload, 1, retain=True))

    def forget_others(self) -> None:
        """Take back devices that were not announced in this life."""
        for topic in [topic for topic in self._told if topic not in self._present]:
            self._session.forget(topic)
            del self._told[topic]
            self._store.save_soon(lambda: self._told)

    def follow_birth(self) -> None:
        """Announce everything again when Home Assistant comes up."""
        self._session.listen(f"{self._prefix}/status", self._status)

    def _status(self, message: MqttMessage) -> None:
        if message.text.strip() == BIRTH and not message.retained:
            _LOGGER.debug("Home Assistant is up, announcing again")
            self._session.repeat()
