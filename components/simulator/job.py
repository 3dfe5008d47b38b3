"""The firmware's own idea of a print: its timer, its statistics, its progress."""

from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    """The state of the print timer."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"


class PrintTimer:
    """Marlin's print job timer (M75 to M78)."""

    def __init__(self) -> None:
        self.state = JobState.IDLE
        self.prints = 0
        self.finished = 0
        self.longest = 0.0
        self.total = 0.0
        self._before = 0.0
        self._since = 0.0

    def seconds(self, now: float) -> float:
        """Return how long the print has run."""
        running = now - self._since if self.state is JobState.RUNNING else 0.0
        return self._before + running

    def start(self, now: float) -> None:
        """Start or go on."""
        if self.state is JobState.RUNNING:
            return
        if self.state is JobState.IDLE:
            self.prints += 1
            self._before = 0.0
        self.state = JobState.RUNNING
        self._since = now

    def pause(self, now: float) -> None:
        """Hold the timer."""
        if self.state is JobState.RUNNING:
            self._before = self.seconds(now)
            self.state = JobState.PAUSED

    def stop(self, now: float, *, finished: bool = True) -> None:
        """End the print."""
        if self.state is JobState.IDLE:
            return
        self._before = self.seconds(now)
        self.state = JobState.IDLE
        self.total += self._before
        if finished:
            self.finished += 1
            self.longest = max(self.longest, self._before)

    def statistics(self) -> list[str]:
        """Return the lines of M78."""
        active = self.state is not JobState.IDLE
        failed = self.prints - self.finished - int(active)
        total, longest = spell_duration(self.total), spell_duration(self.longest)
        return [
            f"Stats: Prints: {self.prints}, Finished: {self.finished}, Failed: {failed}",
            f"Stats: Total time: {total}, Longest job: {longest}",
            "Stats: Filament used: 0.00m",
        ]


def spell_duration(seconds: float) -> str:
    """Write a duration the way Marlin does: 1d 2h 3m 4s, leading zeros left out."""
    whole = int(seconds)
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "m"), (left, "s")]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(f"{value}{unit}" for value, unit in parts)
