"""Another client of the broker: it sees what is published, and wishes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tests.waiting import eventually


class Watcher:
    """Sees everything; paho's own thread reads, which makes it as far from ours as can be.

    What it sees is noted in the event loop: nothing changes while a test looks.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen: list[MQTTMessage] = []
        self.latest: dict[str, bytes] = {}
        self.subscribed = False

    def note(self, message: MQTTMessage) -> None:
        self.latest[message.topic] = bytes(message.payload)
        self.seen.append(message)

    def payload(self, topic: str) -> str | None:
        """Return the last payload of a topic."""
        data = self.latest.get(topic)
        return None if data is None else data.decode()

    def json(self, topic: str) -> Any:
        return json.loads(self.latest[topic])

    def all(self, topic: str) -> list[MQTTMessage]:
        return [message for message in self.seen if message.topic == topic]

    def said(self, topic: str) -> list[str]:
        """Return every payload of a topic: the latest may be another one already."""
        return [bytes(message.payload).decode() for message in self.all(topic)]

    async def until(self, topic: str, *wanted: str) -> str:
        """Wait until a topic says one of these (anything, if none is given)."""

        def says() -> bool:
            text = self.payload(topic)
            return text is not None and (not wanted or text in wanted)

        await eventually(says, f"{topic} says {wanted or 'something'}")
        return self.payload(topic) or ""

    async def until_json(self, topic: str, fits: Callable[[Any], object]) -> Any:
        """Wait until what a topic says fits, and return it."""
        await eventually(
            lambda: bool(self.latest.get(topic)) and fits(self.json(topic)),
            f"{topic} says what fits",
        )
        return self.json(topic)

    def send(
        self,
        topic: str,
        payload: str | bytes = b"",
        *,
        retain: bool = False,
        response: str | None = None,
        correlation: bytes | None = None,
    ) -> None:
        properties = None
        if response is not None:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.ResponseTopic = response
            if correlation is not None:
                properties.CorrelationData = correlation
        self.client.publish(topic, payload, 1, retain=retain, properties=properties)

    async def ask(self, base: str, command: str, payload: str | bytes = b"") -> Any:
        """Send a command and return the answer."""
        before = len(self.all(f"{base}/response"))

        def answered() -> Any:
            answers = [json.loads(m.payload) for m in self.all(f"{base}/response")[before:]]
            return next((each for each in answers if each["command"] == command), None)

        self.send(f"{base}/command/{command}", payload)
        return await eventually(answered, f"an answer to {command}")


@asynccontextmanager
async def watching(
    port: int,
    pattern: str = "#",
    username: str | None = None,
    password: str | None = None,
) -> AsyncIterator[Watcher]:
    """Look at a broker."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
    if username is not None:
        client.username_pw_set(username, password)
    client.reconnect_delay_set(0.05, 0.2)  # type: ignore[arg-type]
    watcher = Watcher(client)
    loop = asyncio.get_running_loop()

    def on_message(_client: Client, _data: object, message: MQTTMessage) -> None:
        loop.call_soon_threadsafe(watcher.note, message)

    def on_subscribe(*_: object) -> None:
        watcher.subscribed = True

    client.on_connect = lambda c, *_: c.subscribe(pattern, 1)
    client.on_subscribe = on_subscribe
    client.on_message = on_message
    await asyncio.to_thread(client.connect, "127.0.0.1", port)
    client.loop_start()
    try:
        await eventually(lambda: watcher.subscribed, "the watcher is subscribed")
        yield watcher
    finally:
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)
        client._reset_sockets()  # which paho does when it is collected
