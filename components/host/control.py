"""Restart, switch off and services by the root's helper of the image."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from appliance.components.host.helper import wish
from appliance.domain.printer import Printers
from appliance.errors import PrinterBusy


class SocketControl:
    """Implements `HostControl`."""

    def __init__(self, path: Path, printers: Printers) -> None:
        self._path = path
        self._printers = printers

    async def reboot(self) -> None:
        """Restart the computer, unless something prints."""
        self._refuse_while_printing()
        await self._wish("reboot")

    async def power_off(self) -> None:
        """Turn the computer off, unless something prints."""
        self._refuse_while_printing()
        await self._wish("shutdown")

    async def services(self) -> Mapping[str, Mapping[str, str]]:
        """Return the services that may be managed and their states."""
        answer: Mapping[str, Mapping[str, str]] = (await self._wish("services"))["services"]
        return answer

    async def service(self, verb: str, name: str) -> None:
        """Start, stop or restart a service; the helper knows the names."""
        await self._wish(f"{verb} {name}")

    def _refuse_while_printing(self) -> None:
        for printer in self._printers:
            if printer.snapshot.phase.active:
                message = f"'{printer.name}' is printing"
                raise PrinterBusy(message)

    async def _wish(self, line: str) -> dict[str, Any]:
        return await wish(self._path, line)
