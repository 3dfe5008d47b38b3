"""Announces by mDNS, and looks around: one instance of python-zeroconf for all of it.

When the addresses of the machine change, everything is taken back and announced anew. The
host name that we announce is our own, so that a responder of the system (avahi) that owns
the machine's name is never contradicted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence

from zeroconf import (
    BadTypeInNameException,
    NonUniqueNameException,
    NotRunningException,
    ServiceStateChange,
    Zeroconf,
)
from zeroconf import Error as ZeroconfError
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from appliance.components.zeroconf.network import is_ipv4, own_addresses
from appliance.components.zeroconf.records import GANTRY_TYPE, Record
from appliance.domain.discovery import Service

_LOGGER = logging.getLogger(__name__)

LOOK_AT_ADDRESSES_S = 15.0
RESOLVE_MS = 3000
# The first question asks for an answer to us alone, the second, a second later, does not.
HEAR_OTHERS_S = 1.5
MAX_NEIGHBOURS = 100
_TROUBLE = (OSError, ZeroconfError, NotRunningException, BadTypeInNameException)


class Mdns:
    """Implements `appliance.domain.discovery.Discovery`."""

    def __init__(
        self,
        host: str,
        interfaces: Sequence[str],
        *,
        ipv6: bool,
        heard_at: Callable[[Sequence[str]], tuple[str, ...]] = tuple,
    ) -> None:
        self._heard_at = heard_at  # of our addresses, those at which HTTP answers
        self._host = f"{host}.local."
        self._interfaces = tuple(interfaces)
        self._ipv6 = ipv6
        self._records: tuple[Record, ...] = ()
        self._zeroconf: AsyncZeroconf | None = None
        self._addresses: tuple[str, ...] = ()
        self._neighbours: dict[str, Service] = {}
        self._resolving: set[asyncio.Task[None]] = set()
        self._browser: AsyncServiceBrowser | None = None

    @property
    def neighbours(self) -> Mapping[str, Service]:
        """The other Gantrys on the network, by their names in DNS."""
        return dict(self._neighbours)

    async def run(self, records: Sequence[Record]) -> None:
        """Announce for ever, anew whenever our addresses are others."""
        self._records = tuple(records)
        await self.close()  # what a run that failed has left
        while True:
            addresses = own_addresses(self._interfaces)
            if addresses != self._addresses:
                if self._zeroconf is not None:
                    _LOGGER.info("Our addresses changed, announcing anew")
                await self.close()
                self._addresses = addresses
                if addresses:
                    await self._announce()
            await asyncio.sleep(LOOK_AT_ADDRESSES_S)

    async def close(self) -> None:
        """Say goodbye for everything that was announced."""
        zeroconf, self._zeroconf = self._zeroconf, None
        browser, self._browser = self._browser, None
        self._addresses = ()
        for task in tuple(self._resolving):
            task.cancel()
        await asyncio.gather(*self._resolving, return_exceptions=True)
        if browser is not None:
            await browser.async_cancel()
        if zeroconf is not None:
            await zeroconf.async_close()

    async def browse(self, service_type: str, *, within_s: float = 3.0) -> Sequence[Service]:
        """Return who offers that type."""
        kind = f"{service_type}.local."
        zeroconf = self._zeroconf
        if zeroconf is None and not own_addresses(self._interfaces):
            return []  # no network, nobody to ask
        own = None if zeroconf is not None else self._open()
        look = zeroconf or own
        assert look is not None
        names: dict[str, None] = {}

        def seen(*, name: str, state_change: ServiceStateChange, **_: object) -> None:
            if state_change is not ServiceStateChange.Removed:
                names[name] = None

        browser = AsyncServiceBrowser(look.zeroconf, kind, handlers=[seen])
        try:
            await asyncio.sleep(within_s)
            found = [await _resolve(look.zeroconf, kind, name) for name in names]
        finally:
            await browser.async_cancel()
            if own is not None:
                await own.async_close()
        return [service for service in found if service is not None]

    # -- within

    def _open(self) -> AsyncZeroconf:
        """Open the sockets, on the interfaces that others reach us by."""
        addresses = list(self._addresses or own_addresses(self._interfaces))
        if self._ipv6:
            try:
                return AsyncZeroconf(interfaces=addresses)
            except OSError as error:
                _LOGGER.info("No discovery over IPv6 here: %s", error)
        return AsyncZeroconf(interfaces=[each for each in addresses if is_ipv4(each)])

    async def _announce(self) -> None:
        zeroconf = self._open()
        self._zeroconf = zeroconf
        if self._told():
            await self._hear_others(zeroconf)
            results = await asyncio.gather(
                *(self._register(zeroconf, record) for record in self._records)
            )
            where = ", ".join(self._told())
            _LOGGER.info("Announced %d services on %s", sum(results), where)
        else:
            _LOGGER.info("Nothing is announced: HTTP is not heard from outside (http.host)")
        self._browser = AsyncServiceBrowser(
            zeroconf.zeroconf, GANTRY_TYPE, handlers=[self._neighbour]
        )

    def _told(self) -> tuple[str, ...]:
        return self._heard_at(self._addresses)

    async def _hear_others(self, zeroconf: AsyncZeroconf) -> None:
        """Learn the names that are taken before we take ours.

        The answers to our probes are sent to port 5353 of this machine alone, where another
        responder (avahi) may get them instead of us; those to a browser are for everybody.
        """
        types = list({record.type for record in self._records})
        browser = AsyncServiceBrowser(zeroconf.zeroconf, types, handlers=[_ignore])
        try:
            await asyncio.sleep(HEAR_OTHERS_S)
        finally:
            await browser.async_cancel()

    async def _register(self, zeroconf: AsyncZeroconf, record: Record) -> bool:
        info = AsyncServiceInfo(
            record.type,
            record.full_name,
            port=record.port,
            properties=dict(record.properties),
            server=self._host,
            parsed_addresses=[a for a in self._told() if self._ipv6 or is_ipv4(a)],
        )
        try:
            sent = await zeroconf.async_register_service(
                info, allow_name_change=True, strict=False
            )
            await sent
        except (NonUniqueNameException, *_TROUBLE) as error:
            _LOGGER.warning("'%s' cannot be announced: %s", record.full_name, error)
            return False
        if info.name != record.full_name:
            _LOGGER.info("'%s' is taken, we are '%s'", record.full_name, info.name)
        return True

    def _neighbour(
        self,
        *,
        zeroconf: Zeroconf,
        service_type: str,
        name: str,
        state_change: ServiceStateChange,
    ) -> None:
        if state_change is ServiceStateChange.Removed:
            self._neighbours.pop(name, None)
            return
        if len(self._resolving) >= MAX_NEIGHBOURS:
            return
        task = asyncio.get_running_loop().create_task(
            self._meet(zeroconf, service_type, name), name="resolve a neighbour"
        )
        self._resolving.add(task)
        task.add_done_callback(self._resolving.discard)

    async def _meet(self, zeroconf: Zeroconf, kind: str, name: str) -> None:
        service = await _resolve(zeroconf, kind, name)
        if service is None or f"{service.host}." == self._host:
            return
        if name in self._neighbours or len(self._neighbours) < MAX_NEIGHBOURS:
            self._neighbours[name] = service


def _ignore(**_: object) -> None:
    """Know that what a browser hears stands in the cache."""


async def _resolve(zeroconf: Zeroconf, kind: str, name: str) -> Service | None:
    info = AsyncServiceInfo(kind, name)
    try:
        if not await info.async_request(zeroconf, RESOLVE_MS):
            return None
    except _TROUBLE:
        return None
    properties = {
        key.decode(errors="replace"): (value or b"").decode(errors="replace")
        for key, value in info.properties.items()
    }
    return Service(
        name.removesuffix(f".{kind}"),
        (info.server or "").rstrip("."),
        tuple(info.parsed_addresses()),
        info.port or 0,
        properties,
    )
