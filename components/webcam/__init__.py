"""Cameras by URL or on this machine, and pictures from them with limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from appliance.components.webcam.options import cameras
from appliance.components.webcam.proxy import CameraProxy
from appliance.components.webcam.service import CameraService
from appliance.core import Appliance, ConfigurationChanged, Stage, StopReason
from appliance.domain.camera import CAMERAS
from appliance.web import HTTP

DOMAIN = "webcam"
CONFIG_SCHEMA = cameras


async def async_setup(appliance: Appliance, config: Sequence[dict[str, Any]]) -> None:
    """Offer the cameras."""
    service = CameraService(appliance)
    await service.configure(config)
    appliance.provide(CAMERAS, service)
    appliance.use(HTTP).add_routes(CameraProxy(service).routes())

    def changed(event: ConfigurationChanged) -> None:
        now = event.configuration.components.get(DOMAIN, [])
        if now != event.before.components.get(DOMAIN, []):
            appliance.tasks.spawn(service.configure(now), "configure the cameras")

    async def stop(_reason: StopReason) -> None:
        await service.close()

    appliance.bus.listen(ConfigurationChanged, changed)
    appliance.on_stop(Stage.DOMAIN, "cameras", stop)
