"""The addresses of this machine; reading them does not block."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

import ifaddr


def own_addresses(wanted: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the addresses by which others reach us: ``wanted``, or all but loopback."""
    chosen = tuple(wanted)
    if chosen:
        return chosen
    found = {address for _, address in _adapters()}
    return tuple(sorted(each for each in found if _reaches_us(each)))


def interface_numbers(wanted: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers by which the system knows the interfaces of these addresses."""
    addresses = set(wanted)
    return tuple(sorted({index for index, address in _adapters() if address in addresses}))


def reachable(addresses: Iterable[str], hosts: Iterable[str]) -> tuple[str, ...]:
    """Return those addresses at which a server that listens on ``hosts`` is heard."""
    listened = {"127.0.0.1" if host == "localhost" else host for host in hosts}
    if "::" in listened:
        return tuple(addresses)
    return tuple(
        address
        for address in addresses
        if address in listened or ("0.0.0.0" in listened and is_ipv4(address))  # noqa: S104
    )


def is_ipv4(address: str) -> bool:
    """Return whether that is an IPv4 address."""
    return ipaddress.ip_address(address).version == 4


def is_local(address: str) -> bool:
    """Return whether it is an address of a home or office network, not of the internet."""
    parsed = ipaddress.ip_address(address)
    return parsed.is_private or parsed.is_link_local or parsed.is_loopback


def _adapters() -> Iterator[tuple[int, str]]:
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            # Of IPv6 it is the address, with two numbers more.
            yield adapter.index or 0, ip.ip if isinstance(ip.ip, str) else ip.ip[0]


def _reaches_us(address: str) -> bool:
    """Leave out loopback, and IPv6 addresses that mean nothing without an interface."""
    parsed = ipaddress.ip_address(address)
    return not parsed.is_loopback and not (parsed.version == 6 and parsed.is_link_local)
