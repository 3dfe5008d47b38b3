"""Updates of Gantry in the topics of the appliance, and the wish for one."""

from __future__ import annotations

import logging
from typing import Any

from appliance import __version__
from appliance.components.mqtt.connection import Outgoing
from appliance.components.mqtt.render.values import json
from appliance.components.mqtt.session import Session
from appliance.core import Appliance
from appliance.domain.audit import AUDIT
from appliance.domain.identity import Identity
from appliance.domain.mqtt import MqttMessage
from appliance.domain.updates import UPDATES, UpdateChanged, UpdatePhase, UpdateStatus
from appliance.errors import GantryError

_LOGGER = logging.getLogger(__name__)

# What Home Assistant sends, and what it shows of the notes.
INSTALL = "install"
LONGEST_SUMMARY = 255


class UpdateTopics:
    """What is installed, what there is, and how far an update is."""

    def __init__(
        self, appliance: Appliance, session: Session, base: str, who: Identity
    ) -> None:
        self._appliance = appliance
        self._session = session
        self._base = base
        self._who = who

    @property
    def can_install(self) -> bool:
        """Whether this appliance can update itself."""
        updates = self._appliance.find(UPDATES)
        return updates is not None and updates.status.supported

    def start(self, *, commands: bool) -> None:
        """Publish, and with ``commands`` install when somebody wishes it."""
        updates = self._appliance.find(UPDATES)
        self._publish(UpdateStatus(__version__) if updates is None else updates.status)
        self._appliance.bus.listen(UpdateChanged, lambda event: self._publish(event.status))
        if commands:
            self._session.listen(f"{self._base}/command/update", self._wished)

    def _publish(self, status: UpdateStatus) -> None:
        data = json(rendered(status))
        self._session.state(Outgoing(f"{self._base}/update", data, 1, retain=True))

    def _wished(self, message: MqttMessage) -> None:
        if not message.retained and message.text.strip().lower() == INSTALL:
            self._appliance.tasks.spawn(self._install(), "an update over MQTT")

    async def _install(self) -> None:
        updates, audit = self._appliance.find(UPDATES), self._appliance.find(AUDIT)
        if updates is None:
            return
        outcome = "ok"
        try:
            await updates.install()
        except GantryError as error:
            outcome = "refused"
            _LOGGER.warning("No update over MQTT: %s", error)
        if audit is not None:
            audit.record(self._who, "mqtt update", outcome=outcome)


def rendered(status: UpdateStatus) -> dict[str, Any]:
    """Return the status as Home Assistant's entity reads it."""
    offer = status.available
    latest = status.running if status.checked_at is not None else None
    busy = status.phase not in (UpdatePhase.IDLE, UpdatePhase.CHECKING)
    percentage = None if status.progress is None else round(status.progress * 100)
    told = {
        "installed_version": status.running,
        "latest_version": latest if offer is None else offer.version,
        "title": "Gantry",
        "release_summary": "" if offer is None else offer.notes[:LONGEST_SUMMARY],
        "in_progress": busy,
    }
    # What is not known is absent; of the percentage null says that there is none any more.
    known = {key: value for key, value in told.items() if value is not None}
    return {**known, "update_percentage": percentage if busy else None}
