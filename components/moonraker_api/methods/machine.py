"""``machine.*``: the computer that all of this runs on."""

from __future__ import annotations

import asyncio
import logging
import platform
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from appliance.components.moonraker_api import proc, system
from appliance.components.moonraker_api.method import Argument, Asked, Method, get, post
from appliance.components.moonraker_api.methods import access
from appliance.components.moonraker_api.proc import Sampler
from appliance.domain.host import HostControl, HostRefused
from appliance.domain.printer import SerialPort
from appliance.errors import InvalidRequest
from appliance.web import HttpError

_LOGGER = logging.getLogger(__name__)


class MachineMethods:
    """The handlers."""

    def __init__(
        self,
        sampler: Sampler,
        clients: Callable[[], int],
        control: Callable[[], HostControl | None],
    ) -> None:
        self._sampler = sampler
        self._clients = clients
        self._control = control

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        yield get("/machine/system_info", access.READ, self.system_info)
        yield get("/machine/proc_stats", access.READ, self.proc_stats)
        yield post("/machine/reboot", access.ADMIN, self.reboot)
        yield post("/machine/shutdown", access.ADMIN, self.shutdown)
        service = Argument("service")
        yield post("/machine/services/restart", access.ADMIN, self.restart_service, service)
        yield post("/machine/services/start", access.ADMIN, self.start_service, service)
        yield post("/machine/services/stop", access.ADMIN, self.stop_service, service)
        yield get("/machine/peripherals/serial", access.READ, self.serial)
        yield get("/machine/peripherals/usb", access.READ, self.usb)
        yield get("/machine/peripherals/video", access.READ, self.video)
        yield get("/machine/peripherals/canbus", access.READ, self.canbus)

    async def system_info(self, asked: Asked) -> dict[str, Any]:
        """Return what the computer is."""
        found = await asyncio.to_thread(system.read)
        control = self._control()
        services = await _services(control)
        return {
            "system_info": {
                **found,
                "python": {
                    "version": list(sys.version_info),
                    "version_string": platform.python_version(),
                },
                "canbus": {},
                "available_services": list(services),
                "service_state": services,
                "provider": "none" if control is None else "systemd",
                "instance_ids": {"moonraker": "gantry", "klipper": asked.printer.id},
            }
        }

    async def proc_stats(self, _asked: Asked) -> dict[str, Any]:
        """Return how busy computer and server are."""
        self._sampler.take(await asyncio.to_thread(proc.read), time.time())
        last = self._sampler.last
        assert last is not None, "it was taken just now"
        return {
            "moonraker_stats": list(self._sampler.stats),
            "throttled_state": last.throttled,
            "system_uptime": last.uptime_s,
            **self._sampler.common(self._clients()),
        }

    async def reboot(self, _asked: Asked) -> str:
        """Restart the computer."""
        await self._need_control().reboot()
        return "ok"

    async def shutdown(self, _asked: Asked) -> str:
        """Turn the computer off."""
        await self._need_control().power_off()
        return "ok"

    async def restart_service(self, asked: Asked) -> str:
        """Restart a service."""
        return await self._service("restart", asked["service"])

    async def start_service(self, asked: Asked) -> str:
        """Start a service."""
        return await self._service("start", asked["service"])

    async def stop_service(self, asked: Asked) -> str:
        """Stop a service."""
        return await self._service("stop", asked["service"])

    async def serial(self, asked: Asked) -> dict[str, Any]:
        """List the serial devices."""
        ports = await asked.printer.ports()
        return {"serial_devices": [_serial(port) for port in ports]}

    async def usb(self, _asked: Asked) -> dict[str, Any]:
        """List the USB devices."""
        return {"usb_devices": await asyncio.to_thread(system.usb_devices)}

    async def video(self, _asked: Asked) -> dict[str, Any]:
        """List the cameras at this computer."""
        devices = await asyncio.to_thread(system.video_devices)
        return {"v4l2_devices": devices, "libcamera_devices": []}

    async def canbus(self, _asked: Asked) -> dict[str, Any]:
        """List the CAN nodes; printers on a serial line have none."""
        return {"can_uuids": []}

    def _need_control(self) -> HostControl:
        control = self._control()
        if control is None:
            raise HttpError(501, "Gantry does not manage this computer")
        return control

    async def _service(self, verb: str, name: str) -> str:
        control = self._need_control()
        if name not in await control.services():
            message = f"Service '{name}' cannot be managed"
            raise InvalidRequest(message)
        await control.service(verb, name)
        return "ok"


async def _services(control: HostControl | None) -> dict[str, Any]:
    try:
        return {} if control is None else dict(await control.services())
    except HostRefused as error:
        _LOGGER.warning("The services are not known: %s", error)
        return {}


def _serial(port: SerialPort) -> dict[str, Any]:
    device = Path(port.device)
    return {
        "device_type": "usb" if port.vendor_id is not None else "unknown",
        "device_path": port.device,
        "device_name": device.name,
        "driver_name": port.driver,
        "path_by_hardware": None,
        "path_by_id": port.by_id,
        "usb_location": None,
    }
