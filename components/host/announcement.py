"""The address of the page on the displays of the printers: a screen that everybody has.

It is shown once when a printer connects. While nobody owns the appliance yet, the code to
claim it and the address take turns.
"""

from __future__ import annotations

import asyncio

from appliance.addresses import outward_address
from appliance.core import Appliance
from appliance.domain.auth import CLAIM_CODE
from appliance.domain.machine import Link
from appliance.domain.printer import PRINTERS, Printer, PrinterChanged
from appliance.errors import PrinterError
from appliance.web import HTTP

TURN_S = 10.0
# Who has not claimed it by then is not standing there.
TURNS = 90


class Announcement:
    """Writes to displays."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance
        self._running: set[str] = set()

    def begin(self) -> None:
        """Announce to every printer that is there, and to each that comes."""
        self._appliance.bus.listen(PrinterChanged, self._changed)
        for printer in self._appliance.use(PRINTERS):
            if printer.snapshot.operational:
                self._announce_to(printer.id)

    def _changed(self, event: PrinterChanged) -> None:
        if event.snapshot.link is Link.ONLINE is not event.previous.link:
            self._announce_to(event.printer_id)

    def _announce_to(self, printer_id: str) -> None:
        if printer_id not in self._running:
            self._running.add(printer_id)
            printer = self._appliance.use(PRINTERS).get(printer_id)
            self._appliance.tasks.spawn(self._announce(printer), "show the address")

    async def _announce(self, printer: Printer) -> None:
        try:
            for turn in range(TURNS):
                code = self._code()
                wants_code = code is not None and turn % 2 == 1
                text = f"Code {code}" if wants_code else await self._address()
                if text is None or not await self._show(printer, text) or code is None:
                    return
                await asyncio.sleep(TURN_S)
        finally:
            self._running.discard(printer.id)

    def _code(self) -> str | None:
        claim = self._appliance.find(CLAIM_CODE)
        return None if claim is None else claim()

    async def _address(self) -> str | None:
        """Return the address without scheme where it is usual: displays are narrow."""
        address = await asyncio.to_thread(outward_address)
        http = self._appliance.find(HTTP)
        if address is None or http is None or not http.ports:
            return None
        port = http.ports[0]
        return f"http://{address}" if port == 80 else f"http://{address}:{port}"

    async def _show(self, printer: Printer, text: str) -> bool:
        """Show it unless the display is needed; return whether it was shown."""
        if not printer.snapshot.operational or printer.snapshot.phase.active:
            return False
        try:
            await printer.send([f"M117 {text}"], origin="address")
        except PrinterError:
            return False
        return True
