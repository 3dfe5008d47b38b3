"""Updates of Gantry itself; where it cannot update itself, it says so and why."""

from __future__ import annotations

from typing import Any

from appliance.components.updates.service import UpdateService
from appliance.config.schema import vol
from appliance.config.validators import url
from appliance.core import Appliance, ApplianceStarted, Stage, StopReason
from appliance.domain.updates import UPDATES
from appliance.releases.places import find_places

CONFIG_SCHEMA = vol.Schema(
    {
        vol.Optional(
            "channel",
            description="Where new versions are announced: an https address; "
            "without one there are only files that you bring.",
        ): url("https")
    }
)


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer the updates; a release on trial begins to show that it is well."""
    service = UpdateService(appliance, find_places(), config.get("channel"))
    await service.prepare()
    appliance.provide(UPDATES, service)
    appliance.bus.listen(ApplianceStarted, service.started)

    async def stop(_: StopReason) -> None:
        await service.close()

    appliance.on_stop(Stage.DOMAIN, "updates", stop)
