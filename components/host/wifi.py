"""The Wi-Fi by the root's helper of the image."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from appliance.components.host.helper import wish
from appliance.domain.wifi import Attempt, Network, WifiState, WifiWish


class SocketWifi:
    """Implements `Wifi`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def look(self, *, scan: bool = False) -> WifiState:
        """Return how it is; ``scan`` listens anew, which takes some seconds."""
        said = (await wish(self._path, f"wifi {'scan' if scan else 'look'}"))["wifi"]
        return WifiState(
            device=said["device"],
            ssid=said["ssid"],
            own_network=said["access_point"],
            country=said["country"],
            known=tuple(said["known"]),
            seen=tuple(Network(**each) for each in said["seen"]),
            trying=said["busy"],
            attempt=Attempt(**said["ended"]) if said["ended"] else None,
        )

    async def join(self, network: WifiWish) -> None:
        """Have a network tried."""
        order: dict[str, Any] = {"ssid": network.ssid, "hidden": network.hidden}
        if network.password is not None:
            order["password"] = network.password
        if network.country is not None:
            order["country"] = network.country
        await wish(self._path, f"wifi join {json.dumps(order)}")

    async def forget(self, ssid: str) -> None:
        """Have a network no more."""
        await wish(self._path, f"wifi forget {json.dumps({'ssid': ssid})}")
