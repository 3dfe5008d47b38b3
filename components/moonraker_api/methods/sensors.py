"""``server.sensors.*``: what is measured beside the printers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance.components.moonraker_api.method import Argument, Asked, Kind, Method, get
from appliance.components.moonraker_api.methods import access
from appliance.domain.sensors import Sensor, Sensors

_BASE = "/server/sensors"


class SensorMethods:
    """The handlers."""

    def __init__(self, sensors: Sensors) -> None:
        self._sensors = sensors

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        extended = Argument("extended", Kind.FLAG, default=False)
        yield get(f"{_BASE}/list", access.READ, self.list_sensors, extended)
        yield get(f"{_BASE}/info", access.READ, self.info, Argument("sensor"), extended)
        which = Argument("sensor", default=None)
        yield get(f"{_BASE}/measurements", access.READ, self.measurements, which)

    async def list_sensors(self, asked: Asked) -> dict[str, Any]:
        """List the sensors."""
        found = self._sensors.all()
        return {"sensors": {each.id: _render(each, asked["extended"]) for each in found}}

    async def info(self, asked: Asked) -> dict[str, Any]:
        """Return one sensor."""
        return _render(self._sensors.get(asked["sensor"]), asked["extended"])

    async def measurements(self, asked: Asked) -> dict[str, Any]:
        """Return the values of the last minutes."""
        if asked["sensor"]:
            return {asked["sensor"]: self._sensors.measurements(asked["sensor"])}
        found = self._sensors.all()
        return {each.id: self._sensors.measurements(each.id) for each in found}


def _render(sensor: Sensor, extended: bool) -> dict[str, Any]:
    plain = {
        "id": sensor.id,
        "friendly_name": sensor.name,
        "type": sensor.type,
        "values": sensor.values,
    }
    if not extended:
        return plain
    known = [
        {"name": each.name, "units": each.unit, "description": each.description}
        for each in sensor.quantities
    ]
    return {**plain, "parameter_info": known, "history_fields": []}
