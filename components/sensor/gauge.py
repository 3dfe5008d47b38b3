"""One sensor: its present values and those of the last minutes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace

from appliance.domain.sensors import Sensor

# One a second: twenty minutes, as Moonraker keeps them.
KEPT = 1200


class Gauge:
    """Holds what a sensor measures; whoever reads it puts the values in."""

    def __init__(self, sensor: Sensor) -> None:
        self.now = sensor
        self._told = sensor.values
        self._kept: dict[str, deque[float]] = {}

    def measured(self, values: Mapping[str, float]) -> None:
        """Take new values; those of others stay."""
        self.now = replace(self.now, values={**self.now.values, **values}, problem=None)

    def failed(self, problem: str) -> None:
        """Know nothing any more."""
        self.now = replace(self.now, values={}, problem=problem)

    def tick(self) -> bool:
        """Keep the present values, once a second; return whether they are other ones."""
        for name, value in self.now.values.items():
            self._kept.setdefault(name, deque(maxlen=KEPT)).append(value)
        changed = self.now.values != self._told
        self._told = self.now.values
        return changed

    def measurements(self) -> Mapping[str, Sequence[float]]:
        """Return what was kept."""
        return {name: list(values) for name, values in self._kept.items()}
