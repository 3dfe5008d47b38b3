"""State, commands and Home Assistant discovery over an MQTT broker."""

from __future__ import annotations

import asyncio
from typing import Any

from appliance.components.mqtt.broker import finder
from appliance.components.mqtt.gateway import APPLIANCE, AVAILABILITY, Gateway
from appliance.components.mqtt.homeassistant.announcer import Announcer
from appliance.components.mqtt.homeassistant.names import load_names
from appliance.components.mqtt.options import CONFIG_SCHEMA
from appliance.components.mqtt.session import Presence, Session, Sessions
from appliance.core import Appliance, ApplianceStarted, Stage, StopReason
from appliance.domain.mqtt import MQTT
from appliance.identifiers import identifiers
from appliance.storage import mappings
from appliance.web import HTTP

__all__ = ["CONFIG_SCHEMA", "async_setup"]


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer the broker to others; connect once everything is set up."""
    own_id = (await identifiers(appliance)).appliance.replace("-", "")
    find = await finder(appliance, config, f"gantry-{own_id[:12]}")
    presence = Presence(f"{config['prefix']}/{APPLIANCE}/{AVAILABILITY}")
    session = Session(find, presence, appliance.bus)
    appliance.provide(MQTT, session)
    kept = appliance.storage.store("mqtt")
    seen = await kept.read(mappings) or {}
    announcer = await _announcer(appliance, session, config)
    names = None
    if announcer is not None:
        language = config["home_assistant"]["language"]
        names = await asyncio.to_thread(load_names, language)

    async def begin() -> None:
        gateway = Gateway(appliance, Sessions(session, find), config, kept, seen)
        host = await gateway.start()
        if announcer is not None and names is not None:
            http = appliance.find(HTTP)
            url = None if http is None else http.url
            gateway.announce_with(announcer, f"gantry_{own_id[:12]}", names, host, url)
        appliance.tasks.supervise(gateway.watch_host, "mqtt host")
        appliance.tasks.supervise(session.run, "mqtt")

        async def stop(_reason: StopReason) -> None:
            await gateway.stop()
            await session.stop()

        appliance.on_stop(Stage.VIEWS, "mqtt", stop)

    def start(_event: ApplianceStarted) -> None:
        appliance.tasks.spawn(begin(), "start mqtt")

    appliance.bus.listen(ApplianceStarted, start)


async def _announcer(
    appliance: Appliance, session: Session, config: dict[str, Any]
) -> Announcer | None:
    options = config["home_assistant"]
    if options is None:
        return None
    store = appliance.storage.store("mqtt.homeassistant")
    announcer = Announcer(session, store, options["prefix"])
    await announcer.load()
    return announcer
