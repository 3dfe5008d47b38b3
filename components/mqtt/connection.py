"""One connection to a broker, from CONNECT to its end, on the asyncio loop.

paho-mqtt speaks the protocol; its socket is watched by the event loop and only the blocking
part (name, TCP, TLS and websocket handshakes) runs in an executor. A connection is used once:
what follows a loss is a new one, so that nothing of the old state can be left in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import struct
from collections.abc import Callable
from dataclasses import field
from functools import partial
from typing import Any, Protocol

from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from appliance.domain.mqtt import MqttMessage
from appliance.errors import GantryError
from appliance.records import dataclass

CONNECT_TIMEOUT_S = 10.0
GOODBYE_TIMEOUT_S = 2.0
MISC_EVERY_S = 1.0
# The longest packet that is taken: a picture of a camera, at most. MQTT knows 256 MB.
MAX_PACKET = 4 << 20
# Packets that are read before the loop may do something else.
READ_AT_ONCE = 64
UNSUPPORTED_PROTOCOL = "Unsupported protocol version"
# What a broker that speaks nonsense can make of paho's decoders.
_NONSENSE = (ValueError, LookupError, struct.error)


class BrokerUnavailable(GantryError):
    """The broker cannot be reached, refuses us, or went away; the text says which."""


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says of us when we are gone without a goodbye."""

    topic: str
    payload: str


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and how to speak with it."""

    host: str
    port: int
    client_id: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    version: int = MQTTv5
    keepalive_s: int = 30
    websocket_path: str | None = None  # None: plain TCP
    tls: ssl.SSLContext | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way to the broker."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    correlation: bytes | None = None


class Listener(Protocol):
    """Whoever uses a connection; called in the event loop."""

    def received(self, message: MqttMessage) -> None:
        """Take a message of a subscription."""

    def published(self, mid: int) -> None:
        """Know that the broker has the message (QoS 0: that it was written)."""


class _Client(Client):
    """paho's client, which would take any packet that a broker sends into memory."""

    def _sock_recv(self, bufsize: int) -> bytes:
        if bufsize > MAX_PACKET:  # what is left of the packet
            message = f"a packet of {bufsize} bytes"
            raise ValueError(message)
        return super()._sock_recv(bufsize)


class Connection:
    """A connection to a broker."""

    def __init__(self, broker: Broker, will: Will, listener: Listener) -> None:
        self._broker = broker
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._accepted: asyncio.Future[None] = self._loop.create_future()
        self._ended: asyncio.Future[str] = self._loop.create_future()
        self._misc: asyncio.TimerHandle | None = None
        self._client = self._make_client(will)

    @property
    def open(self) -> bool:
        """Whether the broker accepted us and is still there."""
        return self._accepted.done() and not self._ended.done()

    async def connect(self) -> None:
        """Connect, or raise `BrokerUnavailable`."""
        broker = self._broker
        more: dict[str, Any] = {}
        if broker.version == MQTTv5:  # then the broker leaves out what we would not take
            limits = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            limits.MaximumPacketSize = MAX_PACKET
            more = {"clean_start": True, "properties": limits}
        attempt = self._loop.run_in_executor(
            None,
            partial(
                self._client.connect, broker.host, broker.port, broker.keepalive_s, **more
            ),
        )
        try:
            await asyncio.shield(attempt)
        except asyncio.CancelledError:
            attempt.add_done_callback(self._abandon)
            raise
        except (OSError, ssl.CertificateError, UnicodeError, *_NONSENSE) as error:
            raise BrokerUnavailable(_reason(error)) from error
        self._attach()
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await self._accepted
        except TimeoutError:
            self._drop("the broker does not answer")
            raise BrokerUnavailable("it takes the connection and does not answer") from None
        except BrokerUnavailable:
            self._drop("refused")
            raise
        except asyncio.CancelledError:
            self._drop("cancelled")
            raise

    async def wait_until_lost(self) -> str:
        """Return why the connection ended, when it has."""
        return await asyncio.shield(self._ended)

    def publish(self, message: Outgoing) -> int:
        """Hand a message to the socket; return the id that `Listener.published` will tell."""
        properties = None
        if message.correlation is not None and self._broker.version == MQTTv5:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.CorrelationData = message.correlation
        info = self._client.publish(
            message.topic, message.payload, message.qos, message.retain, properties
        )
        return info.mid

    def subscribe(self, pattern: str, *, kept: bool) -> None:
        """Ask for what fits the pattern, and if ``kept`` for what the broker keeps of it.

        MQTT 3.1.1 cannot say that: it always sends what is kept.
        """
        if self._broker.version == MQTTv5:
            handling = (
                SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE
                if kept
                else SubscribeOptions.RETAIN_DO_NOT_SEND
            )
            options = SubscribeOptions(qos=1, retainHandling=handling)
            self._client.subscribe(pattern, options=options)
        else:
            self._client.subscribe(pattern, 1)

    def unsubscribe(self, pattern: str) -> None:
        """Ask for it no more."""
        self._client.unsubscribe(pattern)

    async def close(self) -> None:
        """Say goodbye, so that the broker does not send the last will."""
        if self._ended.done():
            return
        self._client.disconnect()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_TIMEOUT_S):
                await asyncio.shield(self._ended)
        self._drop("closed")

    # -- within

    def _make_client(self, will: Will) -> Client:
        broker = self._broker
        plain = broker.websocket_path is None
        client = _Client(
            CallbackAPIVersion.VERSION2,
            broker.client_id,
            None if broker.version == MQTTv5 else True,
            protocol=MQTTv5 if broker.version == MQTTv5 else MQTTv311,
            transport="tcp" if plain else "websockets",
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_TIMEOUT_S
        if broker.websocket_path is not None:
            client.ws_set_options(broker.websocket_path)
        if broker.username is not None:
            client.username_pw_set(broker.username, broker.password)
        if broker.tls is not None:
            client.tls_set_context(broker.tls)
        client.will_set(will.topic, will.payload, 1, retain=True)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        return client

    def _attach(self) -> None:
        """Let the event loop watch the socket; paho has written CONNECT already."""
        sock = self._client.socket()
        if sock is None:
            raise BrokerUnavailable("the connection was lost at once")
        self._loop.add_reader(sock, self._readable)
        self._client.on_socket_close = self._on_socket_close
        self._client.on_socket_register_write = self._on_register_write
        self._client.on_socket_unregister_write = self._on_unregister_write
        if self._client.want_write():
            self._loop.add_writer(sock, self._writable)
        self._misc = self._loop.call_later(MISC_EVERY_S, self._look_after)

    def _readable(self) -> None:
        try:
            for _ in range(READ_AT_ONCE):
                if self._client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                    return
                # What TLS has deciphered already is not seen by the selector.
                if not _deciphered(self._client.socket()):
                    return
        except _NONSENSE as error:
            self._drop(f"the broker speaks no MQTT: {error}")
            return
        self._loop.call_soon(self._readable)

    def _writable(self) -> None:
        self._client.loop_write()

    def _look_after(self) -> None:
        """Send pings, notice that none is answered."""
        self._misc = None
        if self._client.loop_misc() == MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._misc = self._loop.call_later(MISC_EVERY_S, self._look_after)

    def _drop(self, reason: str) -> None:
        """End the connection from our side."""
        if self._misc is not None:
            self._misc.cancel()
            self._misc = None
        sock = self._client.socket()
        if sock is not None:
            self._loop.remove_reader(sock)
            self._loop.remove_writer(sock)
            # paho would tell of it once more when it is forgotten itself.
            self._client.on_socket_close = self._client.on_socket_unregister_write = None
            sock.close()
        if not self._ended.done():
            self._ended.set_result(reason)

    def _abandon(self, attempt: asyncio.Future[Any]) -> None:
        """Close what was opened when nobody waited any more."""
        if not attempt.cancelled() and attempt.exception() is None:
            sock = self._client.socket()
            if sock is not None:
                sock.close()

    # -- called by paho

    def _on_connect(
        self, _client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if self._accepted.done():
            return
        if reason.is_failure:
            self._accepted.set_exception(BrokerUnavailable(f"it refuses us: {reason}"))
        else:
            self._accepted.set_result(None)

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if not self._accepted.done():
            self._accepted.set_exception(BrokerUnavailable(f"it hung up: {reason}"))
        if not self._ended.done():
            self._ended.set_result(str(reason))

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return  # not a topic by the standard
        properties = message.properties
        response = getattr(properties, "ResponseTopic", None)
        correlation = getattr(properties, "CorrelationData", None)
        payload, retained, qos = bytes(message.payload), message.retain, message.qos
        self._listener.received(
            MqttMessage(topic, payload, retained, qos, response, correlation)
        )

    def _on_publish(
        self, _client: Client, _data: Any, mid: int, _reason: ReasonCode, _properties: Any
    ) -> None:
        self._listener.published(mid)

    def _on_socket_close(self, _client: Client, _data: Any, sock: Any) -> None:
        self._loop.remove_reader(sock)
        self._loop.remove_writer(sock)
        if self._misc is not None:
            self._misc.cancel()
            self._misc = None

    def _on_register_write(self, _client: Client, _data: Any, sock: Any) -> None:
        self._loop.add_writer(sock, self._writable)

    def _on_unregister_write(self, _client: Client, _data: Any, sock: Any) -> None:
        self._loop.remove_writer(sock)


def _deciphered(sock: Any) -> bool:
    """Return whether bytes wait in the TLS layer."""
    pending: Callable[[], int] | None = getattr(sock, "pending", None)
    return pending is not None and pending() > 0


def _reason(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    return " ".join(text.split())
