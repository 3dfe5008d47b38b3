"""The computer itself, where it is ours (the SD-card image)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from appliance.components.host.announcement import Announcement
from appliance.components.host.control import SocketControl
from appliance.components.host.own_network import OwnNetworkFile
from appliance.components.host.watch import Watch
from appliance.components.host.wifi import SocketWifi
from appliance.config.schema import vol
from appliance.config.validators import boolean, path
from appliance.core import Appliance
from appliance.domain.host import HOST_CONDITION, HOST_CONTROL, OWN_NETWORK
from appliance.domain.printer import PRINTERS
from appliance.domain.wifi import WIFI

CONFIG_SCHEMA = vol.Schema(
    {
        # Without the helper of the image there is nothing to command.
        vol.Optional(
            "socket",
            default="/run/gantry-host/socket",
            description="Where the helper listens that restarts the computer.",
        ): path,
        vol.Optional(
            "own_network",
            default="/run/gantry-access-point",
            description="The file that is there while the computer's own Wi-Fi is on the air.",
        ): path,
        vol.Optional(
            "announce_address",
            default=False,
            description="Show the address of the page on the printers' displays.",
        ): boolean,
    }
)


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer control of the computer if it is ours, and watch it."""
    socket = Path(config["socket"])
    if await asyncio.to_thread(socket.is_socket):
        appliance.provide(HOST_CONTROL, SocketControl(socket, appliance.use(PRINTERS)))
        appliance.provide(WIFI, SocketWifi(socket))
    appliance.provide(OWN_NETWORK, OwnNetworkFile(Path(config["own_network"])))
    watch = Watch(appliance.bus, appliance.paths.storage)
    await watch.look()
    appliance.provide(HOST_CONDITION, watch)
    appliance.tasks.supervise(watch.run, "watch the computer")
    if config["announce_address"]:
        Announcement(appliance).begin()
