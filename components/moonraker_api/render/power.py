"""Power devices in Moonraker's words."""

from __future__ import annotations

from typing import Any

from appliance.domain.power import PowerDevice, PowerState


def status(device: PowerDevice) -> str:
    """Return the state; what is not known yet is ``init``."""
    return "init" if device.state is PowerState.UNKNOWN else device.state.value


def device(device: PowerDevice) -> dict[str, Any]:
    """Return a device as lists and notifications have it."""
    return {
        "device": device.name,
        "status": status(device),
        "locked_while_printing": device.locked_while_printing,
        "type": device.type,
    }
