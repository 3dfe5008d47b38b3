"""The appliance itself as a device of Home Assistant: the parent of its printers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appliance.components.mqtt.homeassistant.device import (
    CONFIG,
    DIAGNOSTIC,
    MEASUREMENT,
    Entity,
)
from appliance.components.mqtt.homeassistant.names import Names
from appliance.components.mqtt.host import Host
from appliance.components.mqtt.updates import INSTALL

# Where the values of the host stand, and how they are shown; None: as it is.
_READ: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("cpu", "cpu_percent", {"unit_of_measurement": "%", "suggested_display_precision": 0}),
    ("load", "load", {"suggested_display_precision": 2}),
    (
        "memory",
        "memory_percent",
        {"unit_of_measurement": "%", "suggested_display_precision": 0},
    ),
    ("disk", "disk_percent", {"unit_of_measurement": "%", "suggested_display_precision": 0}),
    (
        "host_temperature",
        "temperature",
        {
            "unit_of_measurement": "°C",
            "device_class": "temperature",
            "suggested_display_precision": 1,
        },
    ),
)


def entities(
    base: str, names: Names, host: Host, *, restart: bool, install: bool = False
) -> Iterator[Entity]:
    """Yield the entities of the appliance; what this machine cannot measure has none."""
    topic = f"{base}/host"
    for entity_id, key, config in _READ:
        if entity_id == "host_temperature" and host.temperature is None:
            continue
        keys = {
            "state_topic": topic,
            "value_template": f"{{{{ value_json.{key} }}}}",
            "state_class": MEASUREMENT,
            "entity_category": DIAGNOSTIC,
            **config,
        }
        yield Entity(entity_id, "sensor", names[entity_id], keys)
    if host.throttled is not None:
        keys = {
            "state_topic": topic,
            "value_template": "{{ 'ON' if value_json.throttled else 'OFF' }}",
            "device_class": "problem",
            "entity_category": DIAGNOSTIC,
        }
        yield Entity("throttled", "binary_sensor", names["throttled"], keys)
    if host.boot is not None:
        keys = {
            "state_topic": topic,
            "value_template": "{{ value_json.boot }}",
            "device_class": "timestamp",
            "entity_category": DIAGNOSTIC,
        }
        yield Entity("boot", "sensor", names["boot"], keys)
    keys = {
        "state_topic": f"{base}/update",
        "device_class": "firmware",
        "entity_category": DIAGNOSTIC,
    }
    if install:
        keys |= {
            "command_topic": f"{base}/command/update",
            "payload_install": INSTALL,
            "entity_category": CONFIG,
        }
    yield Entity("update", "update", names["update"], keys)
    if restart:
        keys = {
            "command_topic": f"{base}/command/restart",
            "device_class": "restart",
            "entity_category": CONFIG,
        }
        yield Entity("restart", "button", names["restart"], keys)
