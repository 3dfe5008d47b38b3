"""The component with printers in memory, at a real broker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.components import mqtt
from appliance.components.mqtt.session import Session
from appliance.config import Configuration
from appliance.core import Appliance, ApplianceStarted, StopReason
from appliance.domain.mqtt import MQTT, Mqtt
from appliance.domain.printer import PRINTERS, Printers
from tests.fakes import FakePrinter
from tests.waiting import eventually


@dataclass
class Running:
    """An appliance at the broker."""

    appliance: Appliance
    printers: list[FakePrinter]

    @property
    def printer(self) -> FakePrinter:
        return self.printers[0]

    def settled(self) -> bool:
        """Return whether the broker has our subscriptions and all that we said."""
        session = self.mqtt
        assert isinstance(session, Session)
        return session.connected and session.waiting == 0

    @property
    def mqtt(self) -> Mqtt:
        return self.appliance.use(MQTT)


@asynccontextmanager
async def running(
    folder: Path,
    options: Mapping[str, Any],
    *,
    printers: tuple[str, ...] = ("ender3",),
    connected: bool = True,
    provide: Mapping[Any, Any] | None = None,
) -> AsyncIterator[Running]:
    """Set the component up and start it."""
    folder.mkdir(exist_ok=True)
    entries = tuple({"id": name, "platform": "fake"} for name in printers)
    appliance = Appliance(Configuration(folder, {"name": "Workshop"}, entries))
    appliance.paths.storage.mkdir(exist_ok=True)
    registry = Printers()
    fakes = [FakePrinter(appliance.bus, name, name.title()) for name in printers]
    for fake in fakes:
        registry.add(fake)
    appliance.provide(PRINTERS, registry)
    for key, value in (provide or {}).items():
        appliance.provide(key, value)
    try:
        config = mqtt.CONFIG_SCHEMA({"broker": "127.0.0.1", **options})
        await mqtt.async_setup(appliance, config)
        appliance.bus.fire(ApplianceStarted())
        made = Running(appliance, fakes)
        if connected:
            await eventually(made.settled, "connected to the broker")
        yield made
    finally:
        await appliance.stop(StopReason.TERMINATE)
