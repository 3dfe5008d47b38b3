"""Reports that the firmware pushes by itself: M155, M154 and M27 S."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from appliance.components.simulator.timers import Timer, Timers


class _Machine(Protocol):
    now: float
    timers: Timers


class AutoReport:
    """One report with its interval."""

    def __init__(self, machine: _Machine, report: Callable[[], None]) -> None:
        self._machine = machine
        self._report = report
        self._timer: Timer | None = None
        self.seconds = 0

    def start(self, seconds: int) -> None:
        """Report every so many seconds; 0 ends it."""
        self.stop()
        self.seconds = max(0, min(seconds, 60))
        if self.seconds:
            self._arm()

    def stop(self) -> None:
        """End the report."""
        self.seconds = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        machine = self._machine
        self._timer = machine.timers.at(machine.now + self.seconds, self._fire)

    def _fire(self) -> None:
        self._report()
        if self.seconds:
            self._arm()
