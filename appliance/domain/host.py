"""The computer that Gantry runs on: what can be wished of it, and what troubles it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from appliance.errors import DomainError
from appliance.interfaces import Key
from appliance.records import dataclass


class HostRefused(DomainError):
    """The computer did not do what was wished; the text says why."""


class HostControl(Protocol):
    """What can be wished of the computer; provided only where somebody has set that up."""

    async def reboot(self) -> None:
        """Restart the computer."""

    async def power_off(self) -> None:
        """Turn the computer off."""

    async def services(self) -> Mapping[str, Mapping[str, str]]:
        """Return the services that may be managed: ``active_state`` and ``sub_state``."""

    async def service(self, verb: str, name: str) -> None:
        """Start, stop or restart one of `services`."""


class HostTrouble(StrEnum):
    """What a person should do something about; the value is the sentence for them."""

    UNDER_VOLTAGE = "The power supply is too weak, or its cable too thin or too long."
    TOO_HOT = "The computer is too hot and has become slow."
    READ_ONLY = "The card can no longer be written to: it may be worn out. Replace it."
    NOT_KEPT = "The card's data partition is missing: nothing is kept over a restart."
    NEARLY_FULL = "The card is nearly full: delete files."


@dataclass(frozen=True, slots=True)
class HostChanged:
    """The troubles are others now."""

    troubles: tuple[HostTrouble, ...]


class HostCondition(Protocol):
    """How the computer is; offered by the component ``host``."""

    @property
    def troubles(self) -> tuple[HostTrouble, ...]:
        """What is wrong now, in the order of the enumeration."""


class OwnNetwork(Protocol):
    """The Wi-Fi network that the computer opens where it finds no other."""

    async def address(self) -> str | None:
        """Return our address in it; None while it is off the air."""


HOST_CONTROL: Key[HostControl] = Key("host control")
HOST_CONDITION: Key[HostCondition] = Key("host condition")
OWN_NETWORK: Key[OwnNetwork] = Key("own network")
