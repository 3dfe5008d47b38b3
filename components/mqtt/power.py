"""The power devices of a printer in its topics: what each is, and the switch."""

from __future__ import annotations

from collections.abc import Mapping

from appliance.components.mqtt.commands import Command, Wish
from appliance.components.mqtt.publisher import Publisher
from appliance.components.mqtt.render.values import UNKNOWN
from appliance.components.mqtt.topics import level
from appliance.config.schema import vol
from appliance.config.validators import boolean
from appliance.core import Appliance
from appliance.domain.permissions import Scope
from appliance.domain.power import POWER, PowerDevice, PowerDeviceChanged, PowerState
from appliance.errors import InvalidRequest

_PAYLOADS = {PowerState.ON: b"ON", PowerState.OFF: b"OFF"}


class PowerTopics:
    """The devices that a printer hangs on; those of no printer stand with the first one."""

    def __init__(
        self, appliance: Appliance, publisher: Publisher, printer_id: str, *, first: bool
    ) -> None:
        self._appliance = appliance
        self._publisher = publisher
        self._printer_id = printer_id
        self._first = first

    def devices(self) -> Mapping[str, PowerDevice]:
        """Return the devices by their level of the topic."""
        power = self._appliance.find(POWER)
        if power is None:
            return {}
        found = (each for each in power.devices(self._printer_id) if self._is_ours(each))
        return {level(each.name): each for each in found}

    def start(self) -> None:
        """Publish how each is, from now on."""
        for device in self.devices().values():
            self._publish(device)
        self._appliance.bus.listen(PowerDeviceChanged, self._changed)

    def command(self) -> Command:
        """Return the command that switches one."""
        schema = {vol.Required("value"): boolean}
        return Command("power", Scope.CONTROL, self._switch, schema, "value", item=True)

    async def _switch(self, wish: Wish) -> None:
        device = self.devices().get(wish.item)
        if device is None:
            raise InvalidRequest("there is no power device of that name")
        power = self._appliance.use(POWER)
        await power.switch(device.name, wish.values["value"], origin=wish.origin)

    def _changed(self, event: PowerDeviceChanged) -> None:
        if self._is_ours(event.device):
            self._publish(event.device)

    def _is_ours(self, device: PowerDevice) -> bool:
        return device.printer_id == self._printer_id or (
            device.printer_id is None and self._first
        )

    def _publish(self, device: PowerDevice) -> None:
        payload = _PAYLOADS.get(device.state, UNKNOWN)
        self._publisher.put(f"power/{level(device.name)}", payload)
