"""Answers searches by SSDP on every IPv4 interface, to neighbours only."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import cast

from appliance.components.zeroconf import ssdp
from appliance.components.zeroconf.network import is_ipv4, is_local
from appliance.components.zeroconf.ssdp import Offer

_LOGGER = logging.getLogger(__name__)

# Answers a second: a search is small and its answers are larger, so nobody floods by us.
MAX_ANSWERS_A_SECOND = 60
TELL_EVERY_S = 600.0


class Responder(asyncio.DatagramProtocol):
    """The socket on one interface."""

    def __init__(
        self,
        address: str,
        offers: Sequence[Offer],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = address
        self._offers = offers
        self._clock = clock
        self._second = 0
        self._answered = 0
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer a search."""
        target = ssdp.searched(data)
        if target is None or self.transport is None or not is_local(addr[0]):
            return
        for offer in self._offers:
            for answer in ssdp.answers(offer, target, self._address):
                if self._may():
                    self.transport.sendto(answer, addr)

    def error_received(self, exc: Exception) -> None:
        """Know that a neighbour was not reached; it may ask again."""
        _LOGGER.debug("SSDP on %s: %s", self._address, exc)

    def tell(self, *, alive: bool) -> None:
        """Tell the neighbours that we are here, or that we go."""
        if self.transport is None:
            return
        for offer in self._offers:
            told = ssdp.alive(offer, self._address) if alive else ssdp.goodbye(offer)
            for message in told:
                self.transport.sendto(message, (ssdp.GROUP, ssdp.PORT))

    def _may(self) -> bool:
        second = int(self._clock())
        if second != self._second:
            self._second, self._answered = second, 0
        self._answered += 1
        return self._answered <= MAX_ANSWERS_A_SECOND


class Responders:
    """The sockets on all interfaces."""

    def __init__(
        self, offers: Sequence[Offer], addresses: Callable[[], Sequence[str]]
    ) -> None:
        self._offers = offers
        self._addresses = addresses
        self._open: dict[str, Responder] = {}

    async def run(self) -> None:
        """Answer for ever, following the addresses of the machine."""
        last_told = float("-inf")
        loop = asyncio.get_running_loop()
        while True:
            changed = await self._follow()
            if changed or loop.time() - last_told > TELL_EVERY_S:
                last_told = loop.time()
                for responder in self._open.values():
                    responder.tell(alive=True)
            await asyncio.sleep(15.0)

    def close(self) -> None:
        """Say goodbye."""
        for responder in self._open.values():
            responder.tell(alive=False)
            if responder.transport is not None:
                responder.transport.close()
        self._open.clear()

    async def _follow(self) -> bool:
        wanted = {address for address in self._addresses() if is_ipv4(address)}
        for address in [each for each in self._open if each not in wanted]:
            transport = self._open.pop(address).transport
            if transport is not None:
                transport.close()
        missing = [address for address in wanted if address not in self._open]
        for address in missing:
            with contextlib.suppress(OSError):  # tried again at the next look
                self._open[address] = await self._listen(address)
        return bool(missing)

    async def _listen(self, address: str) -> Responder:
        loop = asyncio.get_running_loop()
        sock = _multicast_socket(address)
        try:
            _, responder = await loop.create_datagram_endpoint(
                lambda: Responder(address, self._offers), sock=sock
            )
        except BaseException:
            sock.close()
            raise
        return responder


def _multicast_socket(address: str) -> socket.socket:
    """Return a socket that hears the group on the interface of that address."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((ssdp.GROUP, ssdp.PORT))
        interface = socket.inet_aton(address)
        member = struct.pack("4s4s", socket.inet_aton(ssdp.GROUP), interface)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 2)
    except BaseException:
        sock.close()
        raise
    return sock
