"""The computer that Gantry runs on, where it is ours to command (the SD-card image)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from appliance.interfaces import Key


class HostControl(Protocol):
    """What can be wished of the computer; provided only where somebody has set that up."""

    async def reboot(self) -> None:
        """Restart the computer."""

    async def power_off(self) -> None:
        """Turn the computer off."""

    async def services(self) -> Mapping[str, Mapping[str, str]]:
        """Return the services that may be managed: ``active_state`` and ``sub_state``."""

    async def service(self, verb: str, name: str) -> None:
        """Start, stop or restart one of `services`."""


HOST_CONTROL: Key[HostControl] = Key("host control")
