"""A plug that listens to a topic: Tasmota, Zigbee2MQTT, ESPHome, anything at the broker."""

from __future__ import annotations

import asyncio

import orjson

from appliance.components.power.outlets.outlet import Tell, state_of
from appliance.domain.mqtt import Mqtt, MqttMessage
from appliance.domain.power import PowerState
from appliance.errors import DeviceFailed
from appliance.records import dataclass
from appliance.templates import render

ANSWER_S = 5.0


@dataclass(frozen=True, slots=True)
class Topics:
    """How the device is told, and how it tells."""

    command: str
    payload_on: str = "ON"
    payload_off: str = "OFF"
    state: str | None = None  # None: it tells nothing, and is taken at our word
    state_on: str = "ON"
    state_off: str = "OFF"
    value_template: str | None = None
    query: str | None = None  # a topic that makes it tell
    query_payload: str = ""
    qos: int = 0
    retain: bool = False


class MqttOutlet:
    """A device at the broker."""

    def __init__(self, mqtt: Mqtt, topics: Topics) -> None:
        self._mqtt = mqtt
        self._topics = topics
        self._known = PowerState.UNKNOWN
        self._heard = asyncio.Event()
        self._tell: Tell | None = None
        self._unsubscribe = _nothing

    @property
    def polled(self) -> bool:
        """It tells by itself, or never."""
        return False

    async def start(self, tell: Tell) -> None:
        """Listen to what it tells."""
        self._tell = tell
        if self._topics.state is not None:
            self._unsubscribe = self._mqtt.subscribe(self._topics.state, self._received)

    async def switch(self, on: bool) -> PowerState:
        """Tell it, and wait for its answer if it gives any.

        A broker that is away is a failure: the command must not arrive an hour later.
        """
        self._need_broker()
        topics, wanted = self._topics, state_of(on)
        self._heard.clear()
        payload = topics.payload_on if on else topics.payload_off
        self._mqtt.publish(topics.command, payload, qos=topics.qos, retain=topics.retain)
        if topics.state is None:
            self._known = wanted
            return wanted
        try:
            async with asyncio.timeout(ANSWER_S):
                while self._known is not wanted:
                    await self._heard.wait()
                    self._heard.clear()
        except TimeoutError:
            message = f"no '{topics.state}' said so within {ANSWER_S:.0f} s"
            raise DeviceFailed(message) from None
        return wanted

    async def read(self) -> PowerState:
        """Return what it told last, and make it tell again."""
        topics = self._topics
        if not self._mqtt.connected:
            if topics.state is not None:
                self._known = PowerState.UNKNOWN  # it may be switched behind our back
            return PowerState.UNKNOWN
        if topics.query is not None:
            self._mqtt.publish(topics.query, topics.query_payload, qos=topics.qos)
        return self._known

    async def stop(self) -> None:
        """Listen no more."""
        self._unsubscribe()

    def _need_broker(self) -> None:
        if not self._mqtt.connected:
            raise DeviceFailed("the MQTT broker is not connected")

    def _received(self, message: MqttMessage) -> None:
        said = self._value(message.text)
        if said not in (self._topics.state_on, self._topics.state_off):
            return
        self._known = state_of(said == self._topics.state_on)
        self._heard.set()
        if self._tell is not None:
            self._tell(self._known)

    def _value(self, text: str) -> str | None:
        """Return the state that stands in a payload."""
        template = self._topics.value_template
        if template is None:
            return text.strip()
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            value = None
        try:
            return render(template, {"value": text, "value_json": value}).strip()
        except ValueError:
            return None


def _nothing() -> None:
    """Do nothing."""
