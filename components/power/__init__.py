"""The supplies and plugs that printers hang on, switched by hand and by rules."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import Any

from appliance import web
from appliance.components.power.build import describe, outlet
from appliance.components.power.device import Device
from appliance.components.power.options import CONFIG_SCHEMA
from appliance.components.power.outlets.mqtt import MqttOutlet
from appliance.components.power.rules import Delays, Rules
from appliance.components.power.service import Devices
from appliance.components.power.view import routes
from appliance.core import Appliance, ApplianceStarted, Stage, StopReason
from appliance.domain.mqtt import MqttConnected, MqttDisconnected
from appliance.domain.power import POWER, PowerDevice, PowerDeviceChanged, PowerState
from appliance.domain.printer import PRINTERS, PrinterChanged
from appliance.domain.queue import QueueChanged
from appliance.errors import GantryError, SetupError
from appliance.outgoing import Caller
from appliance.storage import mapping

__all__ = ["CONFIG_SCHEMA", "async_setup"]

_LOGGER = logging.getLogger(__name__)

ORIGIN = "power"
CALL_S = 5.0
# Another one after each start of the computer, and the same after a restart of Gantry.
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


async def async_setup(appliance: Appliance, config: list[dict[str, Any]]) -> None:
    """Offer the devices, and let them follow their rules."""
    _check(appliance, config)
    caller = Caller(loopback=True, timeout_s=CALL_S)

    def changed(now: PowerDevice, before: PowerDevice) -> None:
        appliance.bus.fire(PowerDeviceChanged(now, before))

    made = [
        Device(describe(entry), outlet(appliance, caller, entry), changed) for entry in config
    ]
    devices = Devices(made, lambda: appliance.use(PRINTERS))
    rules = [
        _rules(appliance, devices, device, entry)
        for device, entry in zip(made, config, strict=True)
    ]

    async def stop(_reason: StopReason) -> None:
        for each in rules:
            each.stop()
        for device in devices:
            await device.outlet.stop()
        await caller.close()

    appliance.on_stop(Stage.DOMAIN, "power", stop)
    for device in devices:
        await device.start()
    appliance.provide(POWER, devices)
    appliance.bus.listen(PrinterChanged, devices.look_at_jobs)
    http = appliance.find(web.HTTP)
    if http is not None:
        http.add_routes(routes(devices))
    _follow(appliance, devices, [entry["poll"] for entry in config])


def _follow(appliance: Appliance, devices: Devices, polls: list[float]) -> None:
    """Ask the devices how they are: at the start, now and then, and with a new broker."""

    def begin(_event: ApplianceStarted) -> None:
        appliance.tasks.spawn(_initial_states(appliance, devices), "initial states of power")
        for device, every_s in zip(devices, polls, strict=True):
            if device.outlet.polled and every_s:
                work = partial(_poll, device, every_s)
                appliance.tasks.supervise(work, f"ask '{device.now.name}'")

    def broker_changed(_event: MqttConnected | MqttDisconnected) -> None:
        for device in devices:
            if isinstance(device.outlet, MqttOutlet):
                appliance.tasks.spawn(device.refresh(), f"ask '{device.now.name}'")

    appliance.bus.listen(ApplianceStarted, begin)
    appliance.bus.listen(MqttConnected, broker_changed)
    appliance.bus.listen(MqttDisconnected, broker_changed)


def _check(appliance: Appliance, config: list[dict[str, Any]]) -> None:
    """Say at the start what could only fail later."""
    names = [entry["name"] for entry in config]
    known = {printer.id for printer in appliance.use(PRINTERS)}
    for entry in config:
        if names.count(entry["name"]) > 1:
            message = f"two power devices are called '{entry['name']}'"
            raise SetupError(message)
        if entry.get("printer", None) not in {None, *known}:
            message = f"power: '{entry['name']}': there is no printer '{entry['printer']}'"
            raise SetupError(message)


def _rules(
    appliance: Appliance, devices: Devices, device: Device, entry: dict[str, Any]
) -> Rules:
    """Let a device follow its rules from now on."""
    name, printer_id = entry["name"], entry.get("printer")
    printer = None if printer_id is None else appliance.use(PRINTERS).get(printer_id)

    async def switch(on: bool) -> PowerDevice:
        return await devices.switch(name, on, origin=ORIGIN)

    delays = Delays(entry["off_when_shutdown_delay"], entry["connect_delay"])
    rules = Rules(lambda: device.now, switch, printer, delays, appliance.tasks)

    def switched(event: PowerDeviceChanged) -> None:
        if event.device.name == name:
            rules.switched(event.device, event.previous)

    def printer_changed(event: PrinterChanged) -> None:
        if event.printer_id == printer_id:
            rules.printer_changed(event.snapshot)

    def queue_changed(event: QueueChanged) -> None:
        if event.view.printer_id == printer_id:
            rules.queue_changed(event.view)

    appliance.bus.listen(PowerDeviceChanged, switched)
    appliance.bus.listen(PrinterChanged, printer_changed)
    appliance.bus.listen(QueueChanged, queue_changed)
    return rules


async def _initial_states(appliance: Appliance, devices: Devices) -> None:
    """Switch what has an initial state, once after each start of the computer.

    A restart of Gantry is no reason to: a print may be going on without it.
    """
    wanted = [device for device in devices if device.now.initial_state is not None]
    store = appliance.storage.store("power")
    boot = (await asyncio.to_thread(_BOOT_ID.read_text)).strip()
    if not wanted or (await store.read(mapping) or {}).get("boot") == boot:
        await _refresh(devices)
        return
    for device in wanted:
        try:
            on = device.now.initial_state is PowerState.ON
            await devices.switch(device.now.name, on, origin="initial_state")
        except GantryError as error:
            _LOGGER.warning("%s", error)
    await store.save({"boot": boot})
    await _refresh(devices)


async def _refresh(devices: Devices) -> None:
    for device in devices:
        await device.refresh()


async def _poll(device: Device, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        await device.refresh()
