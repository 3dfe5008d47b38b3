"""What the engine asks the printer by itself: all it wants to know at first, then heat.

Only the engine polls, and only where the firmware does not report.
"""

from __future__ import annotations

from collections.abc import Mapping

from .dialect import Dialect
from .dialogue import Dialogue
from .outbox import Command
from .state import State
from .telemetry import Telemetry

POLL_HEATING_S = 2.0
POLL_IDLE_S = 5.0
# Reports that were promised and do not come are asked for after this time.
REPORTS_MISSED_S = 10.0
# Who has been busy with a line for so long answers only when that is done.
BUSY_S = 1.0


def first_questions(
    capabilities: Mapping[str, bool], dialect: Dialect, report_interval_s: int
) -> list[str]:
    """Return what is asked of a printer that has just been connected."""
    lines = []
    if capabilities.get("AUTOREPORT_TEMP"):
        lines.append(f"M155 S{report_interval_s}")
    if capabilities.get("AUTOREPORT_POS") or capabilities.get("AUTOREPORT_POSITION"):
        lines.append(f"M154 S{report_interval_s}")
    if dialect.settings_command is not None:
        lines.append(dialect.settings_command)
    return [*lines, "M220", "M221", "M114", "M105"]


class TemperaturePoll:
    """Asks for temperatures where the firmware does not tell them by itself."""

    def __init__(self, state: State, dialogue: Dialogue, telemetry: Telemetry) -> None:
        self._state = state
        self._dialogue = dialogue
        self._telemetry = telemetry
        self._asked_at = 0.0

    def tick(self, now: float, *, uploading: bool) -> None:
        """Ask if it is time to; called a few times a second."""
        dialogue = self._dialogue
        known_at = max(self._telemetry.temperatures_at, self._asked_at)
        if now - known_at < self._pause_s() or dialogue.has_queued(b"M105"):
            return
        if uploading:
            return  # the question would be written to the file
        oldest = dialogue.window.oldest
        if oldest is not None and now - oldest.sent_at > BUSY_S:
            return
        self._asked_at = now
        dialogue.send(Command(b"M105", "poll", poll=True))

    def _pause_s(self) -> float:
        firmware = self._state.firmware
        if firmware is not None and firmware.capabilities.get("AUTOREPORT_TEMP"):
            return REPORTS_MISSED_S
        heating = any(heater.target for heater in self._state.heaters.values())
        return POLL_HEATING_S if heating else POLL_IDLE_S
