"""``machine.device_power.*``: the plugs and supplies of the printer, and those of none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance.components.moonraker_api.method import Argument, Asked, Method, get, post
from appliance.components.moonraker_api.methods import access
from appliance.components.moonraker_api.render import power as render
from appliance.domain.power import Power, PowerDevice, PowerState
from appliance.errors import DeviceFailed, DeviceMissing, InvalidRequest

_BASE = "/machine/device_power"
_ACTIONS = ("on", "off", "toggle")
MISSING = "device_not_found"


class PowerMethods:
    """The handlers."""

    def __init__(self, power: Power) -> None:
        self._power = power

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        one, path = Argument("device"), f"{_BASE}/device"
        yield get(f"{_BASE}/devices", access.READ, self.devices)
        yield get(
            path, access.READ, self.get_device, one, name="machine.device_power.get_device"
        )
        yield post(
            path,
            access.CONTROL,
            self.post_device,
            one,
            Argument("action"),
            name="machine.device_power.post_device",
        )
        yield get(f"{_BASE}/status", access.READ, self.status)
        yield post(f"{_BASE}/on", access.CONTROL, self.turn_on)
        yield post(f"{_BASE}/off", access.CONTROL, self.turn_off)

    async def devices(self, asked: Asked) -> dict[str, Any]:
        """List the devices."""
        found = self._power.devices(asked.printer.id)
        return {"devices": [render.device(device) for device in found]}

    async def get_device(self, asked: Asked) -> dict[str, str]:
        """Ask a device how it is."""
        name = self._find(asked, asked["device"]).name
        return {name: render.status(await self._power.refresh(name))}

    async def post_device(self, asked: Asked) -> dict[str, str]:
        """Switch a device."""
        action = asked["action"].lower()
        if action not in _ACTIONS:
            message = f"Invalid requested action '{asked['action']}'"
            raise InvalidRequest(message)
        device = self._find(asked, asked["device"])
        on = device.state is not PowerState.ON if action == "toggle" else action == "on"
        return {device.name: render.status(await self._switch(asked, device.name, on))}

    async def status(self, asked: Asked) -> dict[str, str]:
        """Ask several devices how they are."""
        found = {}
        for name in _names(asked):
            try:
                self._find(asked, name)
            except DeviceMissing:
                found[name] = MISSING
            else:
                found[name] = render.status(await self._power.refresh(name))
        return found

    async def turn_on(self, asked: Asked) -> dict[str, str]:
        """Switch several devices on."""
        return await self._switch_all(asked, on=True)

    async def turn_off(self, asked: Asked) -> dict[str, str]:
        """Switch several devices off; one that is locked by a print refuses for all."""
        return await self._switch_all(asked, on=False)

    async def _switch_all(self, asked: Asked, *, on: bool) -> dict[str, str]:
        found = {}
        for name in _names(asked):
            try:
                self._find(asked, name)
                device = await self._switch(asked, name, on)
            except DeviceMissing:
                found[name] = MISSING
            except DeviceFailed:
                found[name] = PowerState.ERROR.value
            else:
                found[name] = render.status(device)
        return found

    async def _switch(self, asked: Asked, name: str, on: bool) -> PowerDevice:
        return await self._power.switch(name, on, origin=asked.identity.origin)

    def _find(self, asked: Asked, name: str) -> PowerDevice:
        for device in self._power.devices(asked.printer.id):
            if device.name == name:
                return device
        message = f"No valid device named {name}"
        raise DeviceMissing(message)


def _names(asked: Asked) -> list[str]:
    if not asked.params:
        raise InvalidRequest("No arguments provided")
    return list(asked.params)
