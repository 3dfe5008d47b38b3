"""Records prints with a camera and renders them as videos."""

from __future__ import annotations

from typing import Any

from appliance.components.timelapse.options import SCHEMA
from appliance.components.timelapse.service import DOMAIN, TimelapseService
from appliance.core import Appliance, ConfigurationChanged, Stage, StopReason
from appliance.domain.timelapse import TIMELAPSE

CONFIG_SCHEMA = SCHEMA


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Watch every printer."""
    service = TimelapseService(appliance, config)
    appliance.provide(TIMELAPSE, service)
    await service.start()

    def changed(event: ConfigurationChanged) -> None:
        now = event.configuration.components.get(DOMAIN)
        if now is not None and now != event.before.components.get(DOMAIN):
            service.configure(now)

    async def stop(_reason: StopReason) -> None:
        await service.stop()

    appliance.bus.listen(ConfigurationChanged, changed)
    appliance.on_stop(Stage.VIEWS, "timelapse", stop)
