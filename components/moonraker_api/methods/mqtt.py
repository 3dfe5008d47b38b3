"""``server.mqtt.*``: a way to the broker for clients that have none of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import orjson

from appliance.components.moonraker_api.method import (
    Argument,
    Asked,
    Kind,
    Method,
    post,
)
from appliance.components.moonraker_api.methods import access
from appliance.domain.mqtt import Mqtt, MqttMessage
from appliance.errors import InvalidRequest
from appliance.web import HttpError

_BASE = "/server/mqtt"


class MqttMethods:
    """The handlers. The broker is not ours: only administrators speak to it through us."""

    def __init__(self, mqtt: Mqtt) -> None:
        self._mqtt = mqtt

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        topic = Argument("topic")
        qos = Argument("qos", Kind.INTEGER, default=0)
        timeout = Argument("timeout", Kind.NUMBER, default=None)
        yield post(
            f"{_BASE}/publish",
            access.ADMIN,
            self.publish,
            topic,
            Argument("payload", Kind.ANY, default=None),
            qos,
            Argument("retain", Kind.FLAG, default=False),
            timeout,
        )
        yield post(
            f"{_BASE}/subscribe",
            access.ADMIN,
            self.subscribe,
            topic,
            qos,
            timeout,
            quick=False,
        )

    async def publish(self, asked: Asked) -> dict[str, Any]:
        """Send a message."""
        _check_qos(asked)
        if not self._mqtt.connected:
            raise HttpError(503, "MQTT Not Connected")
        payload = asked["payload"]
        if not isinstance(payload, str):
            payload = b"" if payload is None else orjson.dumps(payload)
        self._mqtt.publish(asked["topic"], payload, qos=asked["qos"], retain=asked["retain"])
        return {"topic": asked["topic"]}

    async def subscribe(self, asked: Asked) -> dict[str, Any]:
        """Wait for the next message of a topic (the kept one counts) and return it."""
        _check_qos(asked)
        heard: asyncio.Future[MqttMessage] = asyncio.get_running_loop().create_future()

        def received(message: MqttMessage) -> None:
            if not heard.done():
                heard.set_result(message)

        unsubscribe = self._mqtt.subscribe(asked["topic"], received)
        try:
            async with asyncio.timeout(asked["timeout"]):
                message = await heard
        except TimeoutError:
            raise HttpError(504, "MQTT Subscribe Timed Out") from None
        finally:
            unsubscribe()
        return {"topic": message.topic, "payload": _payload(message)}


def _check_qos(asked: Asked) -> None:
    if asked["qos"] not in (0, 1, 2):
        raise InvalidRequest("'qos' is 0, 1 or 2")


def _payload(message: MqttMessage) -> Any:
    try:
        return orjson.loads(message.payload)
    except orjson.JSONDecodeError:
        return message.text
