"""Wishes to the root's helper of the image: one line each, answered by one of JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from appliance.domain.host import HostRefused
from appliance.domain.printer import Printers
from appliance.errors import PrinterBusy

_TIMEOUT_S = 40.0


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
        if not line.isascii() or not line.isprintable():
            raise HostRefused("that is nothing that can be wished")
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                reader, writer = await asyncio.open_unix_connection(str(self._path))
                try:
                    writer.write(f"{line}\n".encode())
                    await writer.drain()
                    content = await reader.readline()
                finally:
                    writer.close()
            answer: dict[str, Any] = json.loads(content)
        except (OSError, TimeoutError, ValueError) as error:
            message = f"the computer's helper does not answer: {error}"
            raise HostRefused(message) from error
        if not answer["ok"]:
            raise HostRefused(str(answer["error"]))
        return answer
