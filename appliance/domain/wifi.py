"""The Wi-Fi of the computer, where it is ours: what is around, and which network to join."""

from __future__ import annotations

import re
from typing import Protocol

from appliance.errors import InvalidRequest
from appliance.interfaces import Key
from appliance.records import dataclass

_HEX_KEY = re.compile(r"[0-9A-Fa-f]{64}")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Network:
    """A network on the air."""

    ssid: str
    signal: int  # 0 to 100
    security: str | None  # WPA2, WPA3, ...; None: open


@dataclass(frozen=True, slots=True)
class Attempt:
    """How the last wish to join a network ended."""

    ssid: str
    joined: bool
    reason: str  # in words, if not
    back: str  # the network that we are in instead
    ended_at: float


@dataclass(frozen=True, slots=True)
class WifiState:
    """How the Wi-Fi is."""

    device: str | None  # None: the computer has no radio
    ssid: str | None  # the network that we are in
    own_network: bool  # whether our own one is on the air
    country: str | None
    known: tuple[str, ...]
    seen: tuple[Network, ...]  # the strongest first
    trying: bool
    attempt: Attempt | None


@dataclass(frozen=True, slots=True)
class WifiWish:
    """A network to join. Its password goes to the computer and can never be read again."""

    ssid: str
    password: str | None = None
    country: str | None = None
    hidden: bool = False

    def __post_init__(self) -> None:
        """Refuse what no network is: InvalidRequest."""
        if not 1 <= len(self.ssid.encode("utf-8", "replace")) <= 32:
            raise InvalidRequest("'ssid' is the name of a network, 1 to 32 bytes long")
        if not self.ssid.isprintable():
            raise InvalidRequest("'ssid' has characters that cannot be shown")
        if self.country is not None and not _COUNTRY.fullmatch(self.country):
            raise InvalidRequest("'country' is a code of two letters, such as DE, GB or US")
        if self.password is None or _HEX_KEY.fullmatch(self.password):
            return
        if not 8 <= len(self.password.encode("utf-8", "replace")) <= 63:
            raise InvalidRequest("a Wi-Fi password has 8 to 63 characters")
        if not self.password.isprintable():
            raise InvalidRequest("the password has characters that cannot be typed")

    def __repr__(self) -> str:
        return f"WifiWish({self.ssid!r})"


class Wifi(Protocol):
    """What can be wished of the Wi-Fi; provided only where the computer is ours."""

    async def look(self, *, scan: bool = False) -> WifiState:
        """Return how it is; ``scan`` listens anew, which takes some seconds."""

    async def join(self, wish: WifiWish) -> None:
        """Have a network tried; within a minute it is kept, or we are back where we were."""

    async def forget(self, ssid: str) -> None:
        """Have a network no more, unless it is in use."""


WIFI: Key[Wifi] = Key("Wi-Fi")
