"""Set-up and schema of serial printers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from appliance.config.printing import DRIVEN_OPTIONS, build_profile
from appliance.config.schema import vol
from appliance.config.validators import integer, list_of, non_empty
from appliance.core import Appliance, Stage
from appliance.domain.drivers import SERIAL_DRIVER
from appliance.domain.printer import Printer

from .contract import EngineSettings, HeaterLimits
from .driver import SerialPrinter

AUTO = "auto"


def _port(value: object) -> str | None:
    """Accept a device's path, a URL of a serial server, or ``auto``."""
    text = non_empty(value)
    if text.lower() == AUTO:
        return None
    if not text.startswith(("/", "socket://", "rfc2217://")):
        message = "expected a device such as /dev/ttyUSB0 or /dev/serial/by-id/..., or auto"
        raise vol.Invalid(message)
    return text


def _baudrate(value: object) -> int | None:
    """Accept a baud rate, or ``auto``."""
    if isinstance(value, str) and value.strip().lower() == AUTO:
        return None
    return integer(least=1200, most=4_000_000, what="a baud rate, or auto")(value)


CONFIG_SCHEMA = vol.Schema({})
PRINTER_SCHEMA = vol.Schema(
    {
        **DRIVEN_OPTIONS,
        vol.Optional("port", default=AUTO): _port,
        vol.Optional("baudrate", default=AUTO): _baudrate,
        vol.Optional("ignored_ports", default=list): list_of(non_empty),
    }
)


async def async_setup(appliance: Appliance, config: Mapping[str, Any]) -> None:
    """Offer the driver to platforms that bring a serial line of their own."""
    appliance.provide(SERIAL_DRIVER, partial(drive, appliance))


async def async_setup_printer(appliance: Appliance, entry: Mapping[str, Any]) -> Printer:
    """Drive the printer that an entry of ``printer:`` describes."""
    return await drive(appliance, entry, entry["port"], entry["baudrate"])


async def drive(
    appliance: Appliance, entry: Mapping[str, Any], port: str | None, baudrate: int | None
) -> Printer:
    """Start or find the engine of a printer and return its proxy."""
    name = entry.get("name") or entry["id"]
    profile = build_profile(entry["profile"], name)
    limits = dict.fromkeys(profile.heaters, profile.max_tool_c)
    limits |= {"bed": profile.max_bed_c, "chamber": profile.max_chamber_c}
    watchdog = entry["heater_watchdog"]
    log = appliance.paths.logs / f"serial-{entry['id']}.log"
    settings = EngineSettings(
        port=port,
        baudrate=baudrate,
        autoconnect=entry["autoconnect"],
        transport=entry["transport"],
        heaters=profile.heaters,
        max_temperatures={heater: limits[heater] for heater in profile.heaters},
        window=entry.get("window"),
        rx_buffer=entry.get("rx_buffer"),
        compact=entry["compact"],
        meatpack=entry["meatpack"],
        wait_on_host=entry["wait_on_host"],
        idle_heater_off_s=entry["idle_heaters_off"],
        watchdog=HeaterLimits(
            enabled=watchdog["enabled"],
            above_target=watchdog["above_target"],
            above_max=watchdog["above_max"],
            rise=watchdog["rise"],
            rise_s=watchdog["rise_within"],
        ),
        serial_log=str(log) if entry["serial_log"] else None,
        reset_on_connect=entry["reset_on_connect"],
        blacklist=tuple(entry.get("ignored_ports", ())),
    )
    printer = SerialPrinter(appliance, entry["id"], name, profile, settings, entry["scripts"])
    await printer.begin()
    appliance.on_stop(Stage.DOMAIN, f"printer {entry['id']}", printer.stop)
    appliance.warn_before_interrupt(printer.goes_on)
    return printer
