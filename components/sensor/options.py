"""What stands below ``sensor:`` in the configuration: sensors by their ids.

sensor:
  enclosure:
    name: Enclosure
    type: mqtt
    state_topic: zigbee2mqtt/enclosure
    values:
      temperature: {value_template: "{{ value_json.temperature }}", unit: °C}
  computer:
    type: host
    values:
      cpu: {file: /sys/class/thermal/thermal_zone0/temp, scale: 0.001, unit: °C}
"""

from __future__ import annotations

from typing import Any

from appliance.config.schema import vol
from appliance.config.validators import (
    non_empty,
    number,
    one_of,
    path,
    slug,
    string,
    time_period,
)
from appliance.templates import template


def _period(value: object) -> float:
    """Accept how often something is read."""
    seconds = time_period(value)
    if seconds < 1:
        raise vol.Invalid("expected at least one second")
    return seconds


_QUANTITY: dict[Any, Any] = {
    vol.Optional("unit", default=""): string,
    vol.Optional("description", default=""): string,
    vol.Optional("scale", default=1.0): number(),
}
_TEMPLATE = vol.Optional("value_template", default="{{ value }}")
_TYPES: dict[str, dict[Any, Any]] = {
    "mqtt": {
        vol.Required("state_topic"): non_empty,
        vol.Optional("expire_after"): _period,
        vol.Required("values"): {
            slug: {
                **_QUANTITY,
                vol.Optional("value_template", default="{{ value }}"): template,
            }
        },
    },
    "host": {
        vol.Optional("every", default=10): _period,
        vol.Required("values"): {slug: {**_QUANTITY, vol.Required("file"): path}},
    },
}
_SCHEMAS = {
    kind: vol.Schema({vol.Required("type"): kind, vol.Optional("name"): non_empty, **more})
    for kind, more in _TYPES.items()
}
_TYPE = one_of(*_TYPES)


def _sensor(value: object) -> Any:
    """Accept a sensor; what may stand there depends on its type."""
    if not isinstance(value, dict) or "type" not in value:
        message = f"expected 'type:' with one of {', '.join(_TYPES)}"
        raise vol.Invalid(message)
    kind = _TYPE(value["type"])
    return _SCHEMAS[kind]({**value, "type": kind})


CONFIG_SCHEMA = vol.Schema({slug: _sensor})
