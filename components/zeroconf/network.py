"""The addresses of this machine; reading them does not block."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

# Both are there, neither is in its __all__.
from zeroconf import get_all_addresses, get_all_addresses_v6  # type: ignore[attr-defined]


def own_addresses(wanted: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the addresses by which others reach us: ``wanted``, or all but loopback."""
    chosen = tuple(wanted)
    if chosen:
        return chosen
    found: set[str] = set(get_all_addresses())
    for (address, _flow, _scope), _index in get_all_addresses_v6():
        found.add(address)
    return tuple(sorted(each for each in found if _reaches_us(each)))


def is_ipv4(address: str) -> bool:
    """Return whether that is an IPv4 address."""
    return ipaddress.ip_address(address).version == 4


def is_local(address: str) -> bool:
    """Return whether it is an address of a home or office network, not of the internet."""
    parsed = ipaddress.ip_address(address)
    return parsed.is_private or parsed.is_link_local or parsed.is_loopback


def _reaches_us(address: str) -> bool:
    """Leave out loopback, and IPv6 addresses that mean nothing without an interface."""
    parsed = ipaddress.ip_address(address)
    return not parsed.is_loopback and not (parsed.version == 6 and parsed.is_link_local)
