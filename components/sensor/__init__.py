"""What the room, an enclosure or the computer measures."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from appliance.bus import Bus
from appliance.components.sensor.gauge import Gauge
from appliance.components.sensor.options import CONFIG_SCHEMA
from appliance.components.sensor.sources import Topic, Wanted, read_files
from appliance.core import Appliance, ApplianceStarted, Stage, StopReason
from appliance.domain.mqtt import MQTT, MqttDisconnected
from appliance.domain.sensors import SENSORS, Quantity, Sensor, SensorsMeasured
from appliance.errors import DeviceMissing, SetupError

__all__ = ["CONFIG_SCHEMA", "async_setup"]

EVERY_S = 1.0


class Gauges:
    """Implements `appliance.domain.sensors.Sensors`."""

    def __init__(self, gauges: Sequence[Gauge]) -> None:
        self._gauges = {gauge.now.id: gauge for gauge in gauges}

    def all(self) -> tuple[Sensor, ...]:
        """Return all sensors."""
        return tuple(gauge.now for gauge in self._gauges.values())

    def get(self, sensor_id: str) -> Sensor:
        """Return one sensor."""
        return self._known(sensor_id).now

    def measurements(self, sensor_id: str) -> Mapping[str, Sequence[float]]:
        """Return the values of the last minutes."""
        return self._known(sensor_id).measurements()

    async def watch(self, bus: Bus) -> None:
        """Keep the values and tell what is new, for ever."""
        while True:
            changed = [gauge.now for gauge in self._gauges.values() if gauge.tick()]
            if changed:
                bus.fire(SensorsMeasured(tuple(changed)))
            await asyncio.sleep(EVERY_S)

    def _known(self, sensor_id: str) -> Gauge:
        try:
            return self._gauges[sensor_id]
        except KeyError:
            message = f"there is no sensor '{sensor_id}'"
            raise DeviceMissing(message) from None


async def async_setup(appliance: Appliance, config: dict[str, Any]) -> None:
    """Offer the sensors."""
    gauges = {sensor_id: Gauge(_sensor(sensor_id, config[sensor_id])) for sensor_id in config}
    sensors = Gauges(list(gauges.values()))
    topics = [
        _listen(appliance, gauges[sensor_id], entry)
        for sensor_id, entry in config.items()
        if entry["type"] == "mqtt"
    ]
    appliance.provide(SENSORS, sensors)

    def start(_event: ApplianceStarted) -> None:
        for sensor_id, entry in config.items():
            if entry["type"] == "host":
                work = partial(
                    read_files, gauges[sensor_id], _wanted(entry, "file"), entry["every"]
                )
                appliance.tasks.supervise(work, f"sensor {sensor_id}")
        appliance.tasks.supervise(partial(sensors.watch, appliance.bus), "sensors")

    def lost(_event: MqttDisconnected) -> None:
        for sensor_id, entry in config.items():
            if entry["type"] == "mqtt":
                gauges[sensor_id].failed("the MQTT broker is not connected")

    async def stop(_reason: StopReason) -> None:
        for topic in topics:
            topic.stop()

    appliance.bus.listen(ApplianceStarted, start)
    appliance.bus.listen(MqttDisconnected, lost)
    appliance.on_stop(Stage.DOMAIN, "sensor", stop)


def _listen(appliance: Appliance, gauge: Gauge, entry: dict[str, Any]) -> Topic:
    mqtt = appliance.find(MQTT)
    if mqtt is None:
        message = f"the sensor '{gauge.now.id}' needs the component mqtt"
        raise SetupError(message)
    wanted = _wanted(entry, "value_template")
    topic = Topic(mqtt, entry["state_topic"], wanted, entry.get("expire_after"))
    topic.start(gauge)
    return topic


def _wanted(entry: dict[str, Any], source: str) -> dict[str, Wanted]:
    return {
        name: Wanted(value[source], value["scale"]) for name, value in entry["values"].items()
    }


def _sensor(sensor_id: str, entry: dict[str, Any]) -> Sensor:
    quantities = tuple(
        Quantity(name, value["unit"], value["description"])
        for name, value in entry["values"].items()
    )
    name = entry.get("name") or sensor_id.replace("_", " ").capitalize()
    return Sensor(sensor_id, name, entry["type"], quantities)
