"""The heaters: watched while on, and off whenever the engine lets go of the printer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from appliance.components.serial_printer.contract import EngineSettings
from appliance.domain.printer import Fault

from .dialogue import Dialogue
from .execution import Execute, Interrupted
from .outbox import Command
from .patience import blocks
from .runner import JobRunner
from .state import State
from .watchdog import Watchdog

# How long a printer may take to turn its heaters off before the engine ends regardless.
COOL_DOWN_S = 4.0
# Time for the last bytes to leave before the port is closed.
LAST_WORDS_S = 0.25


class Safety:
    """Keeps one printer from staying hot."""

    def __init__(
        self, state: State, dialogue: Dialogue, runner: JobRunner, execute: Execute
    ) -> None:
        self._state = state
        self._dialogue = dialogue
        self._runner = runner
        self._execute = execute
        self._watchdog = Watchdog()
        self._idle_off_s = EngineSettings().idle_heater_off_s

    def configure(self, settings: EngineSettings) -> None:
        """Take limits and times of the core."""
        self._watchdog.limits = settings.watchdog
        self._watchdog.maximum = settings.max_temperatures
        self._idle_off_s = settings.idle_heater_off_s

    def begin(self) -> None:
        """Begin to watch a printer that has just been connected."""
        self._watchdog.reset()

    def skip(self, seconds: float) -> None:
        """Leave time out in which no temperature could be heard."""
        self._watchdog.skip(seconds)

    def watch(self, now: float) -> Fault | None:
        """Return a heater's fault, if any; turn off those that nobody has used for long."""
        fault = self._watchdog.check(self._state.heaters, now)
        if fault is not None:
            return fault
        if self._watchdog.left_on(
            self._state.heaters,
            busy=self._state.phase.active or not self._dialogue.idle,
            after_s=self._idle_off_s,
            now=now,
        ):
            self._dialogue.console.note(
                "Nothing has been printed for a while: the heaters are turned off."
            )
            self._dialogue.send(*(Command(line, "gantry") for line in self._off_lines()))
        return None

    def last_lines(self) -> list[bytes]:
        """Return what makes the printer safe; a file on its card is closed before it."""
        return [*([b"M29"] if self._runner.uploading else []), *self._off_lines()]

    def write(self, lines: Sequence[bytes]) -> None:
        """Write lines past window and queue."""
        for line in lines:
            self._dialogue.write_line(line)
            self._state.tracker.sent(line)

    async def cool_down(self, lines: Sequence[bytes]) -> None:
        """Turn the heaters off before the port is closed, whatever stands in the window."""
        dialogue = self._dialogue
        oldest = dialogue.window.oldest
        if oldest is not None and blocks(oldest.text) and self._state.hears_emergency:
            dialogue.send_now(b"M108", "gantry")
        try:
            async with asyncio.timeout(COOL_DOWN_S):
                await self._execute([line.decode() for line in lines], "gantry")
        except (TimeoutError, Interrupted):
            # Its receive buffer takes them; it comes to them when it has time.
            for line in lines:
                dialogue.write_line(line)
            await asyncio.sleep(LAST_WORDS_S)

    async def look_for_heat(self) -> None:
        """Make a printer safe that is hot although nobody prints.

        Also one whose print can be resumed: nobody knows when, and the nozzle stands on the
        part. Who resumes heats it again first.
        """
        state = self._state
        await self._execute(("M105",), "handshake")
        if state.sd.supported:
            await self._execute(("M27",), "handshake")
        hot = [name for name, heater in state.heaters.items() if heater.target]
        if hot and not state.phase.active:
            note = f"Found {', '.join(hot)} heated with no print: turned off."
            self._dialogue.console.note(note)
            await self._execute([line.decode() for line in self._off_lines()], "gantry")

    def _off_lines(self) -> list[bytes]:
        heaters = self._state.configured_heaters
        tools = [name for name in heaters if name.startswith("tool")]
        lines = (
            [b"M104 S0"] if len(tools) < 2 else [b"M104 T%d S0" % n for n in range(len(tools))]
        )
        if "bed" in heaters:
            lines.append(b"M140 S0")
        if "chamber" in heaters:
            lines.append(b"M141 S0")
        return lines
