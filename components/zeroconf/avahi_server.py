"""avahi's D-Bus interface, as far as we use it: calls with their types, and its signals.

The numbers and names are those of avahi-common (defs.h) and of its introspection files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from enum import IntEnum, IntFlag
from typing import Any

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from appliance.components.zeroconf.records import Record
from appliance.domain.discovery import Service
from appliance.errors import GantryError
from appliance.records import dataclass

AVAHI = "org.freedesktop.Avahi"
SERVER = f"{AVAHI}.Server"
ENTRY_GROUP = f"{AVAHI}.EntryGroup"
BROWSER = f"{AVAHI}.ServiceBrowser"
COLLISION = f"{AVAHI}.CollisionError"
_BUS = "org.freedesktop.DBus"
_WATCHED = (
    f"type='signal',sender='{AVAHI}'",
    f"type='signal',sender='{_BUS}',member='NameOwnerChanged',arg0='{AVAHI}'",
)
ANY = -1  # interface or protocol


class State(IntEnum):
    """How the daemon is."""

    INVALID = 0
    REGISTERING = 1
    RUNNING = 2
    COLLISION = 3
    FAILURE = 4


class GroupState(IntEnum):
    """How a group of entries is."""

    UNCOMMITTED = 0
    REGISTERING = 1
    ESTABLISHED = 2
    COLLISION = 3
    FAILURE = 4


class Found(IntFlag):
    """What is told of something that was found."""

    OUR_OWN = 16


class AvahiUnavailable(GantryError):
    """The bus or the daemon is not there, or refused; the text says which."""


class AvahiCollision(AvahiUnavailable):
    """The name is taken."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that the daemon told, or that it came or went (``NameOwnerChanged``)."""

    path: str
    interface: str
    member: str
    body: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A service that a browser saw."""

    interface: int
    protocol: int
    name: str
    type: str
    domain: str
    flags: int


class AvahiServer:
    """A connection to the daemon over the system bus."""

    def __init__(self, heard: Callable[[Signal], None]) -> None:
        self._heard = heard
        self._bus = MessageBus(bus_type=BusType.SYSTEM)

    async def connect(self) -> None:
        """Connect to the bus and hear what the daemon tells; `AvahiUnavailable`."""
        try:
            await self._bus.connect()
        except (OSError, EOFError, DBusFastError) as error:
            message = f"no connection to the system bus: {error}"
            raise AvahiUnavailable(message) from error
        self._bus.add_message_handler(self._message)
        for rule in _WATCHED:
            await self._call(_BUS, "/org/freedesktop/DBus", _BUS, "AddMatch", "s", rule)

    async def close(self) -> None:
        """Hang up: the daemon takes back what was announced, with goodbyes."""
        if self._bus.connected:
            self._bus.disconnect()
            await self.lost()  # only then its socket is closed

    @property
    def connected(self) -> bool:
        """Whether the bus is there."""
        return bool(self._bus.connected)

    async def lost(self) -> None:
        """Return when the bus is gone."""
        try:
            bus: Any = self._bus  # this method of it has no types
            # What it waits for is one for all: who goes away must not cancel it for others.
            await asyncio.shield(asyncio.ensure_future(bus.wait_for_disconnect()))
        except (OSError, EOFError, DBusFastError):
            return

    async def state(self) -> State:
        """Return how the daemon is."""
        (state,) = await self._ask("GetState")
        return State(state)

    async def new_group(self) -> str:
        """Return the path of a new, empty group of entries."""
        (path,) = await self._ask("EntryGroupNew")
        return str(path)

    async def alternative_name(self, name: str) -> str:
        """Return the name to try when ``name`` is taken."""
        (other,) = await self._ask("GetAlternativeServiceName", "s", name)
        return str(other)

    async def add_service(
        self, group: str, interface: int, protocol: int, record: Record
    ) -> None:
        """Put a service of this machine into a group."""
        texts = [f"{key}={value}".encode() for key, value in record.properties.items()]
        kind = record.type.removesuffix(".local.")
        body = (interface, protocol, 0, record.name, kind, "", "", record.port, texts)
        await self._group(group, "AddService", "iiussssqaay", *body)

    async def commit(self, group: str) -> None:
        """Announce what is in a group."""
        await self._group(group, "Commit")

    async def reset(self, group: str) -> None:
        """Take back what is in a group."""
        await self._group(group, "Reset")

    async def browse(self, type_: str) -> str:
        """Look for services of a type, for ever; return the browser's path."""
        body = (ANY, ANY, type_, "", 0)
        (path,) = await self._ask("ServiceBrowserNew", "iissu", *body)
        return str(path)

    async def stop_browsing(self, browser: str) -> None:
        """Look no more."""
        await self._call(AVAHI, browser, BROWSER, "Free")

    async def resolve(self, seen: Sighting) -> Service | None:
        """Return where a service is; None if nobody answers."""
        body = (seen.interface, seen.protocol, seen.name, seen.type, seen.domain, ANY, 0)
        try:
            answer = await self._ask("ResolveService", "iisssiu", *body)
        except AvahiUnavailable:
            return None
        _, _, name, _, _, host, _, address, port, texts, _ = answer
        return Service(name, host, (address,), port, _properties(texts))

    # -- within

    async def _ask(self, member: str, signature: str = "", *body: Any) -> Sequence[Any]:
        return await self._call(AVAHI, "/", SERVER, member, signature, *body)

    async def _group(self, path: str, member: str, signature: str = "", *body: Any) -> None:
        await self._call(AVAHI, path, ENTRY_GROUP, member, signature, *body)

    async def _call(
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        *body: Any,
    ) -> Sequence[Any]:
        message = Message(
            destination=destination,
            path=path,
            interface=interface,
            member=member,
            signature=signature,
            body=list(body),
        )
        if not self._bus.connected:
            raise AvahiUnavailable("the system bus went away")
        try:
            reply = await self._bus.call(message)
        except (OSError, EOFError, DBusFastError) as error:
            text = f"the system bus: {error}"
            raise AvahiUnavailable(text) from error
        if reply is None or reply.message_type is MessageType.ERROR:
            name = "" if reply is None else str(reply.error_name)
            said = reply.body[0] if reply is not None and reply.body else name
            kind = AvahiCollision if name == COLLISION else AvahiUnavailable
            text = f"avahi: {said}"
            raise kind(text)
        return tuple(reply.body)

    def _message(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL:
            self._heard(
                Signal(
                    message.path or "",
                    message.interface or "",
                    message.member or "",
                    tuple(message.body),
                )
            )


def _properties(texts: Sequence[bytes]) -> dict[str, str]:
    pairs = (bytes(text).decode(errors="replace").partition("=") for text in texts)
    return {key: value for key, _, value in pairs if key}
