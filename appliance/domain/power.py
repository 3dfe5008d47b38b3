"""Power: the supplies and plugs that printers (and lamps, fans, ...) hang on.

The component power provides `POWER`; views show its devices and switch them by name. What
follows by itself (off when idle, on for a queued job, ...) is the component's business.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from appliance.interfaces import Key
from appliance.records import dataclass


class PowerState(StrEnum):
    """What a device is known to be."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"  # nobody has told yet, or it cannot be asked
    ERROR = "error"  # it could not be reached or refused; see the problem


@dataclass(frozen=True, slots=True)
class PowerDevice:
    """A device at one moment: what the configuration says of it, and its state."""

    name: str  # unique; people read it and clients send it
    type: str  # gpio, mqtt, http, tasmota, shelly, homeassistant, gcode
    state: PowerState = PowerState.UNKNOWN
    printer_id: str | None = None  # the printer that hangs on it; None: of no printer
    locked_while_printing: bool = False  # cannot be switched off during a job
    locked: bool = False  # such a job goes on now
    on_when_job_queued: bool = False
    off_when_shutdown: bool = False  # after an emergency stop or a fault of a heater
    off_when_idle_s: float | None = None
    timer_s: float | None = None  # goes off by itself so long after it went on
    initial_state: PowerState | None = None  # at the first start after the computer's
    connect_when_powered: bool = False
    problem: str | None = None  # why the state is ERROR, for a person


@dataclass(frozen=True, slots=True)
class PowerDeviceChanged:
    """A device is in another state, or is locked or free now."""

    device: PowerDevice
    previous: PowerDevice


class Power(Protocol):
    """All devices. Verbs return the device as it is then."""

    def devices(self, printer_id: str | None = None) -> tuple[PowerDevice, ...]:
        """Return all devices as configured; with an id those of that printer and of none."""

    def get(self, name: str) -> PowerDevice:
        """Return a device as it was last known; `DeviceMissing` if there is none."""

    async def refresh(self, name: str) -> PowerDevice:
        """Ask the device how it is; what cannot be reached is in state ERROR."""

    async def switch(self, name: str, on: bool, *, origin: str) -> PowerDevice:
        """Switch it, and return when it has obeyed.

        `PrinterBusy` when it is locked by a job and was to go off, `DeviceFailed` when it
        does not obey.
        """


POWER: Key[Power] = Key("power")
