"""What other devices offer on the local network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Protocol

from appliance.interfaces import Key
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """A service that somebody announced by mDNS."""

    name: str  # of the instance, such as "Ender 3"
    host: str  # such as ender3.local
    addresses: tuple[str, ...]
    port: int
    properties: Mapping[str, str] = field(default_factory=dict)


class Discovery(Protocol):
    """Looks around."""

    async def browse(self, service_type: str, *, within_s: float = 3.0) -> Sequence[Service]:
        """Return who offers a type such as ``_mqtt._tcp``, as far as they answer in time."""


DISCOVERY: Key[Discovery] = Key("discovery")
