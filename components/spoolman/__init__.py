"""Spoolman: what is on which spool, and how much of it printers use.

spoolman:
  server: http://192.168.1.5:7912
"""

from __future__ import annotations

from typing import Any

from appliance.components.spoolman.server import SpoolServer
from appliance.components.spoolman.service import SpoolService
from appliance.config.schema import vol
from appliance.config.validators import positive, time_period, url
from appliance.core import Appliance, ApplianceStarted, Stage, StopReason
from appliance.domain.spools import SPOOLS
from appliance.outgoing import Caller

CONFIG_SCHEMA = vol.Schema(
    {
        vol.Required(
            "server", description="Address of Spoolman, such as http://spoolman.local:7912."
        ): url("http", "https"),
        vol.Optional(
            "sync_rate",
            default=5,
            description="How often used filament is told to Spoolman while "
            "printing; seconds, or 5 s.",
        ): vol.All(time_period, positive),
    }
)


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer the spools; connect once everything is set up."""
    caller = Caller(loopback=True)
    service = SpoolService(
        SpoolServer(caller, config["server"]),
        appliance.bus,
        appliance.storage.store("spoolman"),
        config["sync_rate"],
    )
    await service.load()
    service.listen()
    appliance.provide(SPOOLS, service)

    def start(_event: ApplianceStarted) -> None:
        appliance.tasks.supervise(service.run, "spoolman")

    async def stop(_reason: StopReason) -> None:
        await caller.close()

    appliance.bus.listen(ApplianceStarted, start)
    appliance.on_stop(Stage.STORAGE, "spoolman", stop)
