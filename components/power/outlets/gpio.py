"""A relay at a pin of this computer, through libgpiod and its character device."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from appliance.components.power.outlets.outlet import Tell, state_of
from appliance.config.schema import vol
from appliance.config.validators import string
from appliance.domain.power import PowerState
from appliance.errors import DeviceFailed, SetupError
from appliance.records import dataclass

try:
    import gpiod
except ImportError:  # the extra `gpio` was not installed
    gpiod = None

CONSUMER = "gantry"
_PIN = re.compile(r"(!?)(?:(gpiochip\d{1,3})/)?(?:gpio)?(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Pin:
    """A line of a chip."""

    chip: str  # /dev/gpiochip0
    line: int
    inverted: bool = False  # a relay that is on when the line is low


def pin(value: object) -> Pin:
    """Accept a pin as Moonraker writes it: ``gpio17``, ``gpiochip0/gpio17``, ``!gpio17``."""
    match = _PIN.fullmatch(string(value).strip())
    if match is None:
        raise vol.Invalid("expected a pin such as gpio17 or !gpiochip0/gpio17")
    chip = match[2] or "gpiochip0"
    return Pin(f"/dev/{chip}", int(match[3]), inverted=bool(match[1]))


class Gpio:
    """A pin that is high (or low) when the device is on."""

    def __init__(self, pin: Pin) -> None:
        self._pin = pin
        self._request: Any = None  # gpiod.LineRequest

    @property
    def polled(self) -> bool:
        """Nobody but us drives the line."""
        return False

    async def start(self, _tell: Tell) -> None:
        """Take the line as it is: a restart of Gantry switches nothing."""
        if gpiod is None:
            raise SetupError("power: a GPIO needs libgpiod: pip install gpiod")
        try:
            self._request = await asyncio.to_thread(_take, self._pin)
        except OSError as error:
            message = f"power: {self._pin.chip}, line {self._pin.line}: {error.strerror}"
            raise SetupError(message) from error

    async def switch(self, on: bool) -> PowerState:
        """Drive the line."""
        try:
            self._taken().set_value(self._pin.line, _value(on))
        except OSError as error:
            raise self._failed(error) from error
        return state_of(on)

    async def read(self) -> PowerState:
        """Return what the line is driven to."""
        try:
            value = self._taken().get_value(self._pin.line)
        except OSError as error:
            raise self._failed(error) from error
        return state_of(value == gpiod.line.Value.ACTIVE)

    async def stop(self) -> None:
        """Let the line go; the kernel leaves its level as it is."""
        if self._request is not None:
            self._request.release()
            self._request = None

    def _taken(self) -> Any:
        if self._request is None:
            raise DeviceFailed("the line is not ours")
        return self._request

    def _failed(self, error: OSError) -> DeviceFailed:
        return DeviceFailed(f"{self._pin.chip}, line {self._pin.line}: {error.strerror}")


def _take(pin: Pin) -> Any:
    """Request a line as an output: at its level if it is one already, off if not."""
    with gpiod.Chip(pin.chip) as chip:
        driven = chip.get_line_info(pin.line).direction == gpiod.line.Direction.OUTPUT
    as_it_is = gpiod.LineSettings(active_low=pin.inverted)
    request = gpiod.request_lines(pin.chip, consumer=CONSUMER, config={pin.line: as_it_is})
    on = driven and request.get_value(pin.line) == gpiod.line.Value.ACTIVE
    output = gpiod.LineSettings(
        direction=gpiod.line.Direction.OUTPUT,
        active_low=pin.inverted,
        output_value=_value(on),
    )
    request.reconfigure_lines({pin.line: output})
    return request


def _value(on: bool) -> Any:
    return gpiod.line.Value.ACTIVE if on else gpiod.line.Value.INACTIVE
