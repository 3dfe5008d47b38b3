"""A device and its entities, and the message that announces them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from appliance import __version__
from appliance.records import dataclass

MEASUREMENT = "measurement"
DIAGNOSTIC = "diagnostic"
CONFIG = "config"


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity: its id within the device, what it is, and the keys of its platform."""

    id: str
    platform: str
    name: str
    config: Mapping[str, Any]
    # Whether it means something while the printer is away.
    always: bool = False

    def plain(self, device_id: str, always: Mapping[str, Any]) -> dict[str, Any]:
        """Return it as it stands in the message."""
        known = {key: value for key, value in self.config.items() if value is not None}
        return {
            "platform": self.platform,
            "unique_id": f"{device_id}_{self.id}",
            "object_id": f"{always['slug']}_{self.id}",
            "name": self.name,
            **(always["availability"] if self.always else {}),
            **known,
        }


@dataclass(frozen=True, slots=True)
class Device:
    """A device in Home Assistant."""

    id: str  # letters, digits, _ and -
    slug: str  # what the ids of its entities begin with
    name: str
    entities: tuple[Entity, ...]
    availability: tuple[str, ...]  # topics; all must say online, the appliance's first
    more: Mapping[str, Any] = field(default_factory=dict)  # model, via_device, ...

    def topic(self, prefix: str) -> str:
        """Return the topic of the message."""
        return f"{prefix}/device/{self.id}/config"

    @property
    def platforms(self) -> dict[str, str]:
        """Return the platform of each entity by its id."""
        return {entity.id: entity.platform for entity in self.entities}

    def payload(self, removed: Mapping[str, str]) -> dict[str, Any]:
        """Return the message; ``removed`` are entities of the past with their platforms."""
        always = {
            "slug": self.slug,
            "availability": {"availability": _topics(self.availability[:1])},
        }
        return {
            "device": {"identifiers": [self.id], "name": self.name, **self.more},
            "origin": {"name": "Gantry", "sw_version": __version__},
            "availability": _topics(self.availability),
            "availability_mode": "all",
            "components": {
                **{entity.id: entity.plain(self.id, always) for entity in self.entities},
                **{
                    entity_id: {"platform": platform}
                    for entity_id, platform in removed.items()
                    if entity_id not in self.platforms
                },
            },
        }


def _topics(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"topic": name} for name in names]
