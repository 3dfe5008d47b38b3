"""All devices: implements `appliance.domain.power.Power`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator

from appliance.components.power.device import Device
from appliance.domain.power import PowerDevice
from appliance.domain.printer import PrinterChanged, Printers
from appliance.errors import DeviceMissing


class Devices:
    """The devices by their names."""

    def __init__(self, devices: Iterable[Device], printers: Callable[[], Printers]) -> None:
        self._devices = {device.now.name: device for device in devices}
        self._printers = printers

    def __iter__(self) -> Iterator[Device]:
        return iter(self._devices.values())

    def devices(self, printer_id: str | None = None) -> tuple[PowerDevice, ...]:
        """Return all devices, or those of a printer and of none."""
        return tuple(
            device.now
            for device in self
            if printer_id is None or device.now.printer_id in (None, printer_id)
        )

    def get(self, name: str) -> PowerDevice:
        """Return a device as it was last known."""
        return self._known(name).now

    async def refresh(self, name: str) -> PowerDevice:
        """Ask a device how it is."""
        return await self._known(name).refresh()

    async def switch(self, name: str, on: bool, *, origin: str) -> PowerDevice:
        """Switch a device."""
        device = self._known(name)
        self._look(device)
        # Whoever asked may go away; what was begun is done.
        return await asyncio.shield(device.switch(on, origin))

    def look_at_jobs(self, _event: PrinterChanged | None = None) -> None:
        """Lock what jobs need, and free what they do not need any more."""
        for device in self:
            self._look(device)

    def _look(self, device: Device) -> None:
        needed_by = device.now.printer_id
        device.lock(
            any(
                printer.snapshot.phase.active
                for printer in self._printers()
                if needed_by in (None, printer.id)
            )
        )

    def _known(self, name: str) -> Device:
        try:
            return self._devices[name]
        except KeyError:
            message = f"there is no power device '{name}'"
            raise DeviceMissing(message) from None
