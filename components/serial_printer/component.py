"""Set-up and schema of serial printers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from appliance.config import Configuration
from appliance.config.printing import DRIVEN_OPTIONS, build_profile
from appliance.config.schema import vol
from appliance.config.validate import PROFILE_NAME
from appliance.config.validators import integer, list_of, non_empty
from appliance.core import Appliance, ConfigurationChanged, Stage
from appliance.domain.detection import DETECTION
from appliance.domain.drivers import SERIAL_DRIVER
from appliance.domain.printer import PRINTERS, Printer, Profile

from .contract import EngineSettings, HeaterLimits
from .detection import SerialDetection
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
    return integer(least=1200, most=4_000_000, what="auto, or a baud rate such as 115200,")(
        value
    )


CONFIG_SCHEMA = vol.Schema({})
PRINTER_SCHEMA = vol.Schema(
    {
        **DRIVEN_OPTIONS,
        vol.Optional(
            "port",
            default=AUTO,
            description="The device of the printer, a serial server, or auto to look for it.",
        ): _port,
        vol.Optional(
            "baudrate", default=AUTO, description="The speed of the cable, or auto to find it."
        ): _baudrate,
        vol.Optional(
            "ignored_ports",
            default=list,
            description="Patterns of devices that are never tried.",
        ): list_of(non_empty),
        vol.Optional(
            "additional_ports",
            default=list,
            description="Patterns of devices that are tried as well.",
        ): list_of(non_empty),
    }
)


async def async_setup(appliance: Appliance, config: Mapping[str, Any]) -> None:
    """Offer the driver to platforms that bring a serial line of their own, and look around."""
    appliance.provide(SERIAL_DRIVER, partial(drive, appliance))
    appliance.provide(DETECTION, SerialDetection(appliance.use(PRINTERS)))


async def async_setup_printer(appliance: Appliance, entry: Mapping[str, Any]) -> Printer:
    """Drive the printer that an entry of ``printer:`` describes."""
    return await drive(appliance, entry, entry["port"], entry["baudrate"])


async def drive(
    appliance: Appliance, entry: Mapping[str, Any], port: str | None, baudrate: int | None
) -> Printer:
    """Start or find the engine of a printer and return its proxy."""
    name = entry.get("name") or entry["id"]
    profile = _profile(entry)
    settings = _settings(appliance, entry, profile, port, baudrate)
    printer = SerialPrinter(appliance, entry["id"], name, profile, settings, entry["scripts"])
    await printer.begin()
    _follow_configuration(appliance, printer, port, baudrate)
    appliance.on_stop(Stage.DOMAIN, f"printer {entry['id']}", printer.stop)
    appliance.warn_before_interrupt(printer.goes_on)
    return printer


def _follow_configuration(
    appliance: Appliance, printer: SerialPrinter, port: str | None, baudrate: int | None
) -> None:
    """Let the printer go by its entry whenever that is changed."""

    def changed(event: ConfigurationChanged) -> None:
        now, before = (
            _entry(each, printer.id) for each in (event.configuration, event.before)
        )
        if now is None or now == before:
            return
        profile = _profile(now)
        # A platform that brings a port of its own keeps it.
        line = (now["port"], now["baudrate"]) if "port" in now else (port, baudrate)
        settings = _settings(appliance, now, profile, *line)
        printer.reconfigure(profile, settings, now["scripts"])

    appliance.bus.listen(ConfigurationChanged, changed)


def _entry(configuration: Configuration, printer_id: str) -> Mapping[str, Any] | None:
    entries = configuration.printers
    return next((entry for entry in entries if entry["id"] == printer_id), None)


def _profile(entry: Mapping[str, Any]) -> Profile:
    """Build the profile; one that stands in printer_profiles is known by its name there."""
    config = entry["profile"]
    if (named := entry.get(PROFILE_NAME)) is not None:
        config = {"id": named, "name": named, **config}
    return build_profile(config, entry.get("name") or entry["id"])


def _settings(
    appliance: Appliance,
    entry: Mapping[str, Any],
    profile: Profile,
    port: str | None,
    baudrate: int | None,
) -> EngineSettings:
    limits = dict.fromkeys(profile.heaters, profile.max_tool_c)
    limits |= {"bed": profile.max_bed_c, "chamber": profile.max_chamber_c}
    watchdog = entry["heater_watchdog"]
    log = appliance.paths.logs / f"serial-{entry['id']}.log"
    return EngineSettings(
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
        ignored_ports=tuple(entry.get("ignored_ports", ())),
        additional_ports=tuple(entry.get("additional_ports", ())),
    )
