"""A clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.components.auth.clock import Clock


@dataclass(slots=True)
class Hands:
    """Both clocks of an appliance, moved by hand."""

    wall: float = 1_800_000_000.0
    monotonic: float = 1000.0

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.wall, lambda: self.monotonic)

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.wall += seconds
        self.monotonic += seconds
