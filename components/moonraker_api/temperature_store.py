"""The temperatures of the last twenty minutes, as the charts of front ends read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from appliance.domain.telemetry import Heater, TemperatureSample

STORED = 1200  # one a second

_UNKNOWN = Heater()


def render(
    samples: Sequence[TemperatureSample], names: Mapping[str, str]
) -> dict[str, dict[str, list[float | None]]]:
    """Return the series of every sensor; one that was never told is left out.

    ``names``: the printer object of each heater of the snapshot.
    """
    last = list(samples)[-STORED:]
    stored: dict[str, dict[str, list[float | None]]] = {}
    for heater, name in names.items():
        seen = [sample.heaters.get(heater, _UNKNOWN) for sample in last]
        series: dict[str, list[Any]] = {"temperatures": [each.actual for each in seen]}
        if not name.startswith("temperature_sensor "):
            series["targets"] = [each.target or 0.0 for each in seen]
            if any(each.power is not None for each in seen):
                series["powers"] = [each.power or 0.0 for each in seen]
        stored[name] = series
    return stored
