"""Finding a printer before anything is configured: which ports there are, who answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from appliance.domain.printer import SerialPort
from appliance.domain.telemetry import Firmware
from appliance.interfaces import Key
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """What a port answered."""

    port: str
    baudrate: int | None = None
    firmware: Firmware | None = None  # None: nobody answered
    heaters: tuple[str, ...] = ()  # that it reports
    printer_id: str | None = None  # the configured printer that uses it now
    reason: str | None = None  # why nobody answered, for a person
    advice: str | None = None


class Detection(Protocol):
    """Looks for printers; offered by the component ``serial_printer``."""

    async def ports(self) -> Sequence[SerialPort]:
        """List the serial devices of this machine."""

    def known(self, port: SerialPort) -> Found | None:
        """Return what the configured printer that is connected to ``port`` said of itself."""

    async def probe(self, port: str, baudrate: int | None = None) -> Found:
        """Ask who is there (M115), at every usual baud rate if none is given.

        Opening a port resets most boards. A printer of ours that only looks for its port
        lets go of it meanwhile; one that is connected is not disturbed and answers itself.
        """


DETECTION: Key[Detection] = Key("printer detection")
