"""The lasting side of the broker: connects again and again, and sends what waits.

Nothing here waits for the broker: whoever publishes puts something into the outbox. Only so
many messages are on their way at once, so that a broker that reads slowly (or stands still)
costs neither memory nor time: newer states replace older ones until there is room.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from paho.mqtt.client import MQTTv5, MQTTv311

from appliance.bus import Bus
from appliance.components.mqtt.connection import (
    UNSUPPORTED_PROTOCOL,
    Broker,
    BrokerUnavailable,
    Connection,
    Outgoing,
    Will,
)
from appliance.components.mqtt.outbox import Outbox
from appliance.components.mqtt.topics import check_pattern, check_topic, fits
from appliance.domain.mqtt import MqttConnected, MqttDisconnected, MqttListener, MqttMessage
from appliance.records import dataclass

_LOGGER = logging.getLogger(__name__)

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
# A connection that lasted this long was a good one: the next failure waits shortly.
GOOD_AFTER_S = 30.0
# What may be on its way without the broker's answer; brokers allow 20 by default.
MAX_IN_FLIGHT = 20
MAX_IN_FLIGHT_BYTES = 1 << 20
FindBroker = Callable[[], Awaitable[Broker]]


@dataclass(frozen=True, slots=True)
class Presence:
    """What a topic says while we are there, and by our last will once we are not."""

    topic: str
    here: str = "online"
    gone: str = "offline"

    def message(self, text: str) -> Outgoing:
        """Return one or the other as a message."""
        return Outgoing(self.topic, text.encode(), 1, retain=True)


class Session:
    """Implements `appliance.domain.mqtt.Mqtt`; ``bus`` hears how the connection is."""

    def __init__(self, find: FindBroker, presence: Presence, bus: Bus | None = None) -> None:
        self._find = find
        self._presence = presence
        self._bus = bus
        self._outbox = Outbox()
        self._in_flight: dict[int, Outgoing] = {}
        self._bytes_in_flight = 0
        self._subscriptions: dict[str, list[MqttListener]] = {}
        self._kept_wanted: set[str] = set()  # patterns of which retained messages are wanted
        self._connection: Connection | None = None
        self._broker_name = ""
        self._version = MQTTv5
        self._said = ""
        self._drained = asyncio.Event()
        self._stopping = False
        self._pumping = False

    @property
    def connected(self) -> bool:
        """Whether the broker answers now."""
        return self._connection is not None and self._connection.open

    @property
    def waiting(self) -> int:
        """How many messages wait or are on their way."""
        return len(self._outbox) + len(self._in_flight)

    # -- what others do

    def publish(
        self, topic: str, payload: bytes | str, *, qos: int = 0, retain: bool = False
    ) -> None:
        """Send a message once."""
        self.send(Outgoing(check_topic(topic), _bytes(payload), qos, retain))

    def send(self, message: Outgoing) -> None:
        """Send a message whose topic is known to be good."""
        self._outbox.message(message)
        self._pump()

    def state(self, message: Outgoing) -> None:
        """Make a topic say that, until it is told otherwise."""
        if self._outbox.state(message):
            self._pump()

    def repeat(self) -> None:
        """Send every state again, for somebody who has missed them."""
        self._outbox.send_states_again()
        self._pump()

    def forget(self, topic: str) -> None:
        """Have the broker forget a topic."""
        self._outbox.forget(topic)
        self._pump()

    def subscribe(self, pattern: str, listener: MqttListener) -> Callable[[], None]:
        """Call ``listener`` for what fits the pattern, and for what the broker keeps of it."""
        return self._subscribe(pattern, listener, kept=True)

    def listen(self, pattern: str, listener: MqttListener) -> Callable[[], None]:
        """Call ``listener`` for what comes from now on: a wish of some other time is none."""
        return self._subscribe(pattern, listener, kept=False)

    def _subscribe(
        self, pattern: str, listener: MqttListener, *, kept: bool
    ) -> Callable[[], None]:
        listeners = self._subscriptions.setdefault(check_pattern(pattern), [])
        listeners.append(listener)
        if kept:
            self._kept_wanted.add(pattern)
        if (len(listeners) == 1 or kept) and self.connected and self._connection is not None:
            self._connection.subscribe(pattern, kept=kept)

        def unsubscribe() -> None:
            if listener not in listeners:
                return
            listeners.remove(listener)
            if not listeners and self._subscriptions.get(pattern) is listeners:
                del self._subscriptions[pattern]
                self._kept_wanted.discard(pattern)
                if self._connection is not None and self._connection.open:
                    self._connection.unsubscribe(pattern)

        return unsubscribe

    # -- its life

    async def run(self) -> None:
        """Be connected for ever."""
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE_S
        while True:
            started = loop.time()
            try:
                reason = await self._once()
            except BrokerUnavailable as error:
                reason = str(error)
                if UNSUPPORTED_PROTOCOL in reason and self._version == MQTTv5:
                    self._version = MQTTv311
                    _LOGGER.info("The broker knows no MQTT 5, going on with 3.1.1")
                    continue
            if loop.time() - started > GOOD_AFTER_S:
                pause = FIRST_PAUSE_S
            if self._stopping:
                return
            self._say(reason)
            # Not all at once when a broker that many clients use comes back.
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def stop(self) -> None:
        """Say that we go, and hang up."""
        self._stopping = True
        connection = self._connection
        if connection is None or not connection.open:
            return
        self._outbox.message(self._presence.message(self._presence.gone))
        self._drained.clear()
        self._pump()
        with suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                await self._drained.wait()
        await connection.close()

    async def _once(self) -> str:
        """Connect, and return why the connection ended."""
        broker = await self._find()
        if self._version != MQTTv5:
            broker = replace(broker, version=self._version)
        self._broker_name = str(broker)
        connection = Connection(broker, Will(self._presence.topic, self._presence.gone), self)
        await connection.connect()
        self._connection = connection
        try:
            self._greet(connection)
            return await connection.wait_until_lost()
        finally:
            await self._parted(connection)

    def _greet(self, connection: Connection) -> None:
        _LOGGER.info("Connected to the broker %s", self._broker_name)
        self._said = ""
        for pattern in self._subscriptions:
            connection.subscribe(pattern, kept=pattern in self._kept_wanted)
        self._outbox.put_back([self._presence.message(self._presence.here)])
        self._outbox.send_states_again()
        self._tell(MqttConnected(self._broker_name))
        self._pump()

    async def _parted(self, connection: Connection) -> None:
        """Keep what the broker did not confirm."""
        if connection.open:  # we are cancelled
            await connection.close()
        self._connection = None
        undelivered = [
            message
            for message in self._in_flight.values()
            if message.qos and message.topic != self._presence.topic
        ]
        self._in_flight.clear()
        self._bytes_in_flight = 0
        self._outbox.put_back(undelivered)
        self._tell(MqttDisconnected(self._broker_name, "the connection ended"))

    def _tell(self, event: object) -> None:
        if self._bus is not None:
            self._bus.fire(event)

    def _say(self, reason: str) -> None:
        """Log why there is no broker; the same reason once only."""
        if reason != self._said:
            where = self._broker_name or "the broker"
            _LOGGER.warning("No connection to %s: %s; trying again", where, reason)
        self._said = reason

    # -- called by the connection

    def received(self, message: MqttMessage) -> None:
        """Tell a message to those who wait for such, each isolated from the others."""
        loop = asyncio.get_running_loop()
        for pattern, listeners in self._subscriptions.items():
            if fits(pattern, message.topic):
                for listener in listeners:
                    loop.call_soon(listener, message)

    def published(self, mid: int) -> None:
        """Make room for the next message."""
        message = self._in_flight.pop(mid, None)
        if message is not None:
            self._bytes_in_flight -= len(message.payload)
        if not self._pumping:  # not from within paho's callback
            self._pumping = True
            asyncio.get_running_loop().call_soon(self._pump)

    def _pump(self) -> None:
        self._pumping = False
        connection = self._connection
        if connection is None or not connection.open:
            return
        while (
            len(self._in_flight) < MAX_IN_FLIGHT
            and self._bytes_in_flight < MAX_IN_FLIGHT_BYTES
            and (message := self._outbox.next()) is not None
        ):
            self._in_flight[connection.publish(message)] = message
            self._bytes_in_flight += len(message.payload)
        if not self.waiting:
            self._drained.set()


@dataclass(frozen=True, slots=True)
class Sessions:
    """Our client of the broker, and further ones: each has a last will of its own."""

    own: Session
    find: FindBroker

    def further(self, name: str, presence: Presence) -> Session:
        """Return another client; ``name`` ends its id."""

        async def find_as() -> Broker:
            broker = await self.find()
            return replace(broker, client_id=f"{broker.client_id}-{name}")

        return Session(find_as, presence)


def _bytes(payload: bytes | str) -> bytes:
    return payload.encode(errors="replace") if isinstance(payload, str) else payload
