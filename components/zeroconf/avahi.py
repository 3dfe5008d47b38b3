"""Announces through avahi, which owns the machine's name and port 5353, and looks around.

Each service is a group of entries of its own, so that a name that is taken changes one of
them. When the daemon goes, everything is announced again once it is back; when we go, avahi
notices that our connection ended and says goodbye for us.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from appliance.components.zeroconf.avahi_server import (
    ANY,
    BROWSER,
    ENTRY_GROUP,
    SERVER,
    AvahiCollision,
    AvahiServer,
    AvahiUnavailable,
    Found,
    GroupState,
    Sighting,
    Signal,
    State,
)
from appliance.components.zeroconf.network import interface_numbers
from appliance.components.zeroconf.records import GANTRY_TYPE, Record
from appliance.domain.discovery import Service

_LOGGER = logging.getLogger(__name__)

TRY_AGAIN_S = 5.0
MAX_NEIGHBOURS = 100
# A network on which so many names are taken is not worth another one.
MAX_RENAMES = 20
_IPV4 = 0


class Avahi:
    """Implements `appliance.domain.discovery.Discovery`."""

    def __init__(self, interfaces: Sequence[str], *, ipv6: bool) -> None:
        self._wanted = tuple(interfaces)
        self._ipv6 = ipv6
        self._server: AvahiServer | None = None
        self._groups: dict[str, Record] = {}  # by the path of their group
        self._announced = False
        self._changed = asyncio.Event()
        self._collided: set[str] = set()
        self._heard: list[Callable[[Signal], None]] = []
        self._neighbours: dict[str, Service] = {}
        self._resolving: set[asyncio.Task[None]] = set()
        self._said = ""

    @property
    def neighbours(self) -> Mapping[str, Service]:
        """The other Gantrys on the network, by their names in DNS."""
        return dict(self._neighbours)

    async def run(self, records: Sequence[Record]) -> None:
        """Announce for ever, again whenever the daemon or the bus comes back."""
        while True:
            try:
                await self._serve(records)
            except AvahiUnavailable as error:
                self._say(str(error))
            finally:
                await self.close()
            await asyncio.sleep(TRY_AGAIN_S)

    async def close(self) -> None:
        """Take everything back."""
        server, self._server = self._server, None
        self._forget()
        for task in tuple(self._resolving):
            task.cancel()
        await asyncio.gather(*self._resolving, return_exceptions=True)
        if server is not None:
            await server.close()

    async def browse(self, service_type: str, *, within_s: float = 3.0) -> Sequence[Service]:
        """Return who offers that type."""
        own = None
        server = self._server
        seen: dict[Sighting, None] = {}

        def heard(signal: Signal) -> None:
            sighting = _new_item(signal, service_type)
            if sighting is not None:
                seen[sighting] = None

        try:
            if server is None:
                own = server = AvahiServer(self._take)
                await own.connect()
            self._heard.append(heard)
            browser = await server.browse(service_type)
            await asyncio.sleep(within_s)
            await server.stop_browsing(browser)
            found = await asyncio.gather(*(server.resolve(each) for each in seen))
        except AvahiUnavailable as error:
            self._say(str(error))
            return []
        finally:
            if heard in self._heard:
                self._heard.remove(heard)
            if own is not None:
                await own.close()
        return _merged(each for each in found if each is not None)

    def _forget(self) -> None:
        """Know that the daemon has nothing of ours any more."""
        self._groups.clear()
        self._collided.clear()
        self._neighbours.clear()
        self._announced = False

    # -- announcing

    async def _serve(self, records: Sequence[Record]) -> None:
        server = AvahiServer(self._take)
        try:
            await server.connect()
        except BaseException:
            await server.close()
            raise
        self._server = server
        lost = asyncio.ensure_future(server.lost())
        lost.add_done_callback(lambda _: self._changed.set())
        try:
            while not lost.done():
                self._changed.clear()
                await self._follow(server, records)
                await self._changed.wait()
        finally:
            lost.cancel()
            await asyncio.gather(lost, return_exceptions=True)
        raise AvahiUnavailable("the system bus went away")

    async def _follow(self, server: AvahiServer, records: Sequence[Record]) -> None:
        """Announce when the daemon begins to run; rename what has collided."""
        if await server.state() is not State.RUNNING:
            # It looks for a name for the machine; all is to be announced under that one.
            await self._withdraw(server)
            return
        if not self._announced:
            await self._announce(server, records)
        while self._collided:
            group = self._collided.pop()
            if group in self._groups:
                await self._rename(server, group)

    async def _announce(self, server: AvahiServer, records: Sequence[Record]) -> None:
        if not self._groups:
            await server.browse(GANTRY_TYPE.removesuffix(".local."))
            for record in records:
                self._groups[await server.new_group()] = record
        for group in self._groups:
            await self._fill(server, group)
        self._announced = True
        self._said = ""
        _LOGGER.info("Announced %d services through avahi", len(self._groups))

    async def _withdraw(self, server: AvahiServer) -> None:
        self._announced = False
        for group in self._groups:
            await server.reset(group)

    async def _rename(self, server: AvahiServer, group: str) -> None:
        record = self._groups[group]
        name = await server.alternative_name(record.name)
        _LOGGER.info("'%s' is taken, we are '%s'", record.name, name)
        self._groups[group] = replace(record, name=name)
        await server.reset(group)
        await self._fill(server, group)

    async def _fill(self, server: AvahiServer, group: str) -> None:
        protocol = ANY if self._ipv6 else _IPV4
        for _ in range(MAX_RENAMES):
            record = self._groups[group]
            try:
                for interface in self._interfaces():
                    await server.add_service(group, interface, protocol, record)
                await server.commit(group)
            except AvahiCollision:  # of this machine: another program has the name
                name = await server.alternative_name(record.name)
                _LOGGER.info("'%s' is taken, we are '%s'", record.name, name)
                self._groups[group] = replace(record, name=name)
                await server.reset(group)
                continue
            return
        _LOGGER.warning("'%s' cannot be announced: its names are all taken", record.name)

    def _interfaces(self) -> tuple[int, ...]:
        """Return the numbers of the interfaces to use; `ANY` stands for all."""
        return interface_numbers(self._wanted) if self._wanted else (ANY,)

    # -- what the daemon tells

    def _take(self, signal: Signal) -> None:
        for heard in self._heard:
            heard(signal)
        if signal.member == "NameOwnerChanged":  # it ended, or a new one is there
            self._forget()
            self._changed.set()
        elif signal.member == "StateChanged" and signal.interface == SERVER:
            self._changed.set()
        elif signal.member == "StateChanged" and signal.interface == ENTRY_GROUP:
            if signal.body[0] == GroupState.COLLISION:
                self._collided.add(signal.path)
                self._changed.set()
        elif signal.interface == BROWSER:
            self._browsed(signal)

    def _browsed(self, signal: Signal) -> None:
        kind = GANTRY_TYPE.removesuffix(".local.")
        if signal.member == "ItemRemove" and signal.body[3] == kind:
            self._neighbours.pop(f"{signal.body[2]}.{GANTRY_TYPE}", None)
        sighting = _new_item(signal, kind)
        if sighting is None or sighting.flags & Found.OUR_OWN or self._server is None:
            return
        if len(self._resolving) < MAX_NEIGHBOURS:
            task = asyncio.ensure_future(self._meet(self._server, sighting))
            self._resolving.add(task)
            task.add_done_callback(self._resolving.discard)

    async def _meet(self, server: AvahiServer, sighting: Sighting) -> None:
        service = await server.resolve(sighting)
        name = f"{sighting.name}.{GANTRY_TYPE}"
        if service is None:
            return
        if name in self._neighbours or len(self._neighbours) < MAX_NEIGHBOURS:
            known = self._neighbours.get(name)
            both = (service,) if known is None else (known, service)
            (self._neighbours[name],) = _merged(both)

    def _say(self, reason: str) -> None:
        """Log why nothing is announced; the same reason once only."""
        if reason != self._said:
            _LOGGER.warning("Nothing is announced: %s; trying again", reason)
        self._said = reason


def _new_item(signal: Signal, service_type: str) -> Sighting | None:
    if signal.interface != BROWSER or signal.member != "ItemNew":
        return None
    sighting = Sighting(*signal.body)
    return sighting if sighting.type == service_type else None


def _merged(services: Iterable[Service]) -> list[Service]:
    """Return each service once, with all its addresses."""
    merged: dict[tuple[str, int], Service] = {}
    for service in services:
        key = (service.name, service.port)
        known = merged.get(key, replace(service, addresses=()))
        addresses = tuple(dict.fromkeys((*known.addresses, *service.addresses)))
        merged[key] = replace(known, addresses=addresses)
    return list(merged.values())
