"""Sensors beside the printers: what the room, an enclosure or the computer measures.

The component sensor provides `SENSORS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Protocol

from appliance.interfaces import Key
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that a sensor measures."""

    name: str  # temperature
    unit: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor at one moment."""

    id: str
    name: str
    type: str  # mqtt, host
    quantities: tuple[Quantity, ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)  # what nobody told is absent
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SensorsMeasured:
    """Some sensors measure something else than before; at most once a second."""

    sensors: tuple[Sensor, ...]


class Sensors(Protocol):
    """All sensors."""

    def all(self) -> tuple[Sensor, ...]:
        """Return them as configured."""

    def get(self, sensor_id: str) -> Sensor:
        """Return one; `DeviceMissing` if there is none of that id."""

    def measurements(self, sensor_id: str) -> Mapping[str, Sequence[float]]:
        """Return the values of the last minutes, one a second, the oldest first."""


SENSORS: Key[Sensors] = Key("sensors")
