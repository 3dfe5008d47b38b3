"""How a platform that is no serial port itself gets a printer driven all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from appliance.domain.printer import Printer
from appliance.interfaces import Key


class SerialDriver(Protocol):
    """Makes printers of serial devices; offered by the component ``serial_printer``."""

    async def __call__(
        self, entry: Mapping[str, Any], port: str | None, baudrate: int | None
    ) -> Printer:
        """Drive the printer on ``port`` as ``entry`` (of ``printer:``) describes it."""


SERIAL_DRIVER: Key[SerialDriver] = Key("serial_driver")
