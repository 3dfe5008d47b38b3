"""A supply that the printer's own board switches, by M80 and M81."""

from __future__ import annotations

import re
from collections.abc import Sequence

from appliance.components.power.outlets.outlet import Tell, state_of
from appliance.domain.power import PowerState
from appliance.domain.printer import Printer
from appliance.errors import DeviceFailed, PrinterError

ORIGIN = "power"
_REPORT = re.compile(r"\bPS:\s*([01])")  # what Marlin answers to M80 S


class Gcode:
    """G-code for on and off, and perhaps to ask (``M80 S`` where the firmware has it)."""

    def __init__(
        self,
        printer: Printer,
        turn_on: Sequence[str],
        turn_off: Sequence[str],
        status: Sequence[str],
    ) -> None:
        self._printer = printer
        self._lines = {True: turn_on, False: turn_off}
        self._status = status
        self._known = PowerState.UNKNOWN

    @property
    def polled(self) -> bool:
        """With a question it can be asked; without one nothing but our own commands counts."""
        return bool(self._status)

    async def start(self, _tell: Tell) -> None:
        """There is nothing to get ready."""

    async def switch(self, on: bool) -> PowerState:
        """Send the commands and wait until they are done."""
        await self._ask(self._lines[on])
        self._known = state_of(on)
        return self._known

    async def read(self) -> PowerState:
        """Ask the printer; what an offline one did since it was told is unknown."""
        if not self._printer.snapshot.operational:
            self._known = PowerState.UNKNOWN
        elif self._status and not self._printer.snapshot.phase.active:
            answers = "\n".join(await self._ask(self._status))
            found = _REPORT.search(answers)
            self._known = PowerState.UNKNOWN if found is None else state_of(found[1] == "1")
        return self._known

    async def stop(self) -> None:
        """Nothing is held."""

    async def _ask(self, lines: Sequence[str]) -> Sequence[str]:
        try:
            return await self._printer.send(lines, origin=ORIGIN, wait=True)
        except PrinterError as error:
            raise DeviceFailed(str(error)) from error
