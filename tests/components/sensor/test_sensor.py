"""Sensors from their YAML to Moonraker's clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.components import sensor
from appliance.components.sensor.gauge import KEPT, Gauge
from appliance.components.sensor.sources import Wanted, read_payload
from appliance.config.schema import vol
from appliance.domain.mqtt import MQTT, MqttDisconnected, MqttMessage
from appliance.domain.sensors import SENSORS, Sensor
from appliance.errors import SetupError
from tests.components.moonraker_api.served import Served, serve
from tests.waiting import eventually, eventually_answers

Listener = Callable[[MqttMessage], None]
CONFIG = {
    "enclosure": {
        "type": "mqtt",
        "state_topic": "zigbee2mqtt/enclosure",
        "values": {
            "temperature": {"value_template": "{{ value_json.temperature }}", "unit": "°C"},
            "humidity": {"value_template": "{{ value_json.humidity }}", "unit": "%"},
        },
    }
}


@dataclass
class Broker:
    """Implements `appliance.domain.mqtt.Mqtt`, and has `CONFIG_SCHEMA` as a component has."""

    connected: bool = True
    published: list[tuple[str, bytes | str]] = field(default_factory=list)
    listeners: list[tuple[str, Listener]] = field(default_factory=list)
    CONFIG_SCHEMA: Any = field(default_factory=lambda: vol.Schema({}))

    async def async_setup(self, appliance: Any, _config: Any) -> None:
        appliance.provide(MQTT, self)

    def publish(
        self, topic: str, payload: bytes | str, *, qos: int = 0, retain: bool = False
    ) -> None:
        self.published.append((topic, payload))

    def subscribe(self, pattern: str, listener: Listener) -> Callable[[], None]:
        entry = (pattern, listener)
        self.listeners.append(entry)
        return lambda: self.listeners.remove(entry)

    def say(self, topic: str, payload: str) -> None:
        for pattern, listener in self.listeners:
            if pattern == topic:
                asyncio.get_running_loop().call_soon(
                    listener, MqttMessage(topic, payload.encode())
                )


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensor, "EVERY_S", 0.01)


@asynccontextmanager
async def running(
    folder: Path, config: dict[str, Any]
) -> AsyncIterator[tuple[Served, Broker]]:
    broker = Broker()
    async with serve(folder, beside=[(broker, {}), (sensor, config)]) as served:
        yield served, broker


async def test_a_sensor_of_mqtt(tmp_path: Path, often: None) -> None:
    async with running(tmp_path, CONFIG) as (served, broker):
        assert "sensor" in (await served.result("GET", "/server/info"))["components"]
        async with served.on_second().socket() as socket:
            broker.say("zigbee2mqtt/enclosure", '{"temperature": 31.5, "humidity": "40"}')
            both = {"temperature": 31.5, "humidity": 40.0}
            assert await socket.until("notify_sensor_update") == {"enclosure": both}
            listed = await socket.result("server.sensors.list", extended=True)
            assert listed["sensors"]["enclosure"] == {
                "id": "enclosure",
                "friendly_name": "Enclosure",
                "type": "mqtt",
                "values": both,
                "parameter_info": [
                    {"name": "temperature", "units": "°C", "description": ""},
                    {"name": "humidity", "units": "%", "description": ""},
                ],
                "history_fields": [],
            }
            info = await served.result("GET", "/server/sensors/info?sensor=enclosure")
            assert info["values"] == both
            kept = await socket.result("server.sensors.measurements", sensor="enclosure")
            assert kept["enclosure"]["humidity"][-1] == 40.0
            assert await socket.code("server.sensors.info", {"sensor": "x"}) == -32601
            broker.say("zigbee2mqtt/enclosure", "offline")
            gone = await socket.until("notify_sensor_update", lambda it: not it["enclosure"])
            assert gone == {"enclosure": {}}


async def test_a_lost_broker(tmp_path: Path, often: None) -> None:
    async with running(tmp_path, CONFIG) as (served, broker):
        sensors = served.running.appliance.use(SENSORS)
        broker.say("zigbee2mqtt/enclosure", '{"temperature": 31.5, "humidity": 40}')
        await eventually(lambda: sensors.get("enclosure").values)
        served.running.appliance.bus.fire(MqttDisconnected("broker", "gone"))
        assert sensors.get("enclosure").values == {}
        assert sensors.get("enclosure").problem == "the MQTT broker is not connected"


async def test_a_sensor_that_falls_silent(tmp_path: Path) -> None:
    config = {"enclosure": {**CONFIG["enclosure"], "expire_after": "1s"}}
    async with running(tmp_path, config) as (served, broker):
        sensors = served.running.appliance.use(SENSORS)
        broker.say("zigbee2mqtt/enclosure", '{"temperature": 31.5, "humidity": 40}')
        silent = "nothing was said for 1 s"
        await eventually(lambda: sensors.get("enclosure").problem == silent)
        assert sensors.get("enclosure").values == {}


async def test_a_sensor_of_the_computer(tmp_path: Path, often: None) -> None:
    file = tmp_path / "temp"
    file.write_text("48312\n")
    values = {"cpu": {"file": str(file), "scale": 0.001, "unit": "°C"}}
    config = {"computer": {"type": "host", "name": "Raspberry", "values": values}}
    async with serve(tmp_path, beside=[(sensor, config)]) as served:

        async def cpu() -> Any:
            info = await served.result("GET", "/server/sensors/info?sensor=computer")
            assert info["friendly_name"] == "Raspberry"
            return info["values"].get("cpu")

        assert await eventually_answers(cpu) == pytest.approx(48.312)


async def test_mqtt_is_needed_for_its_sensors(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="needs the component mqtt"):
        async with serve(tmp_path, beside=[(sensor, CONFIG)]):
            pass


def test_minutes_are_kept_and_no_more() -> None:
    gauge = Gauge(Sensor("a", "A", "mqtt"))
    for number in range(KEPT + 5):
        gauge.measured({"x": float(number)})
        assert gauge.tick()
    assert not gauge.tick()
    assert len(gauge.measurements()["x"]) == KEPT


@given(text=st.text(max_size=200))
def test_any_payload_is_read_or_refused(text: str) -> None:
    wanted = {"x": Wanted("{{ value_json.x }}"), "y": Wanted("{{ value }}", 2.0)}
    values, problem = read_payload(text, wanted)
    assert problem is not None or set(values) == {"x", "y"}


# --- server.mqtt.* --------------------------------------------------------------------------


async def test_the_way_to_the_broker(tmp_path: Path) -> None:
    async with running(tmp_path, {}) as (served, broker):
        assert "mqtt" in (await served.result("GET", "/server/info"))["components"]
        async with served.socket() as socket:
            sent = await socket.result(
                "server.mqtt.publish", topic="lamp/set", payload={"on": True}, qos=1
            )
            assert sent == {"topic": "lamp/set"}
            assert broker.published == [("lamp/set", b'{"on":true}')]
            assert await socket.code("server.mqtt.publish", {"topic": "a", "qos": 7}) == 400
            late = {"topic": "a", "timeout": 0.01}
            assert await socket.code("server.mqtt.subscribe", late) == 504
        waiting = asyncio.create_task(
            served.result("POST", "/server/mqtt/subscribe", json={"topic": "lamp/state"})
        )
        await eventually(lambda: broker.listeners)
        broker.say("lamp/state", '{"on": true}')
        assert await waiting == {"topic": "lamp/state", "payload": {"on": True}}
        assert broker.listeners == []
        broker.connected = False
        answer = await served.call("POST", "/server/mqtt/publish", json={"topic": "a"})
        assert answer.status == 503
