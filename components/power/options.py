"""What stands below ``power:`` in the configuration: a list of devices.

power:
  - name: Printer plug
    type: tasmota
    host: 192.168.1.20
    printer: ender3
    off_when_idle: 30min
"""

from __future__ import annotations

import re
from typing import Any

from appliance.components.power.outlets.gpio import pin
from appliance.config.schema import vol
from appliance.config.validators import (
    boolean,
    ensure_list,
    host,
    integer,
    list_of,
    non_empty,
    one_of,
    port,
    slug,
    string,
    time_period,
    url,
)
from appliance.domain.power import PowerState
from appliance.templates import template

_NAME = re.compile(r"[^\W_][\w .()-]{0,62}")


def _name(value: object) -> str:
    """Accept a name that can stand in a URL, a topic and a button."""
    text = non_empty(value)
    if _NAME.fullmatch(text) is None:
        raise vol.Invalid("expected a name: letters, digits, spaces and _ . - ( ), at most 63")
    return text


def _entity(value: object) -> str:
    """Accept the id of an entity of Home Assistant."""
    text = non_empty(value)
    if re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", text) is None:
        raise vol.Invalid("expected an entity such as switch.printer")
    return text


_REQUEST = {
    vol.Required("url"): url("http", "https"),
    vol.Optional("method", default="get"): one_of("get", "post", "put", "patch"),
    vol.Optional("headers", default=dict): {non_empty: non_empty},
    vol.Optional("body"): string,
}
_STATUS = {**_REQUEST, vol.Optional("is_on", default="{{ value }}"): template}


def _request(value: object) -> Any:
    """Accept a request, or just its URL."""
    return vol.Schema(_REQUEST)({"url": value} if isinstance(value, str) else value)


def _status(value: object) -> Any:
    """Accept the request for the state, or just its URL."""
    return vol.Schema(_STATUS)({"url": value} if isinstance(value, str) else value)


_COMMON: dict[Any, Any] = {
    vol.Required("name"): _name,
    vol.Optional("printer"): slug,  # the printer that hangs on it
    vol.Optional("locked_while_printing"): boolean,  # yes, if a printer hangs on it
    vol.Optional("on_when_job_queued", default=False): boolean,
    vol.Optional("off_when_shutdown", default=False): boolean,
    vol.Optional("off_when_shutdown_delay", default=0): time_period,
    vol.Optional("off_when_idle"): time_period,
    vol.Optional("timer"): time_period,
    vol.Optional("initial_state"): one_of(PowerState.ON, PowerState.OFF),
    vol.Optional("connect_when_powered", default=True): boolean,
    vol.Optional("connect_delay", default=2): time_period,
    vol.Optional("poll", default=30): time_period,
}
_ADDRESS: dict[Any, Any] = {
    vol.Required("host"): host,
    vol.Optional("port", default=80): port,
}
_TYPES: dict[str, dict[Any, Any]] = {
    "gpio": {vol.Required("pin"): pin},
    "mqtt": {
        vol.Required("command_topic"): non_empty,
        vol.Optional("payload_on", default="ON"): string,
        vol.Optional("payload_off", default="OFF"): string,
        vol.Optional("state_topic"): non_empty,
        vol.Optional("state_on"): string,
        vol.Optional("state_off"): string,
        vol.Optional("value_template"): template,
        vol.Optional("query_topic"): non_empty,
        vol.Optional("query_payload", default=""): string,
        vol.Optional("qos", default=0): integer(least=0, most=2),
        vol.Optional("retain", default=False): boolean,
    },
    "http": {
        vol.Required("turn_on"): _request,
        vol.Required("turn_off"): _request,
        vol.Optional("status"): _status,
    },
    "tasmota": {
        **_ADDRESS,
        vol.Optional("output", default=1): integer(least=1, most=32),
        vol.Optional("user", default="admin"): non_empty,
        vol.Optional("password"): non_empty,
    },
    "shelly": {
        **_ADDRESS,
        vol.Optional("output", default=0): integer(least=0, most=31),
        vol.Optional("generation", default=2): integer(least=1, most=9),
        vol.Optional("user", default="admin"): non_empty,
        vol.Optional("password"): non_empty,
    },
    "homeassistant": {
        vol.Required("url"): url("http", "https"),
        vol.Required("token"): non_empty,
        vol.Required("entity"): _entity,
    },
    "gcode": {
        vol.Required("printer"): slug,
        vol.Optional("turn_on", default=lambda: ["M80"]): list_of(non_empty),
        vol.Optional("turn_off", default=lambda: ["M81"]): list_of(non_empty),
        vol.Optional("status", default=list): list_of(non_empty),
    },
}
# A key of a type comes first: an option in common may be required there.
_SCHEMAS = {
    kind: vol.Schema({**more, **_COMMON, vol.Required("type"): kind})
    for kind, more in _TYPES.items()
}
_TYPE = one_of(*_TYPES)


def _device(value: object) -> Any:
    """Accept a device; what may stand there depends on its type."""
    if not isinstance(value, dict) or "type" not in value:
        message = f"expected 'type:' with one of {', '.join(_TYPES)}"
        raise vol.Invalid(message)
    kind = _TYPE(value["type"])
    return _SCHEMAS[kind]({**value, "type": kind})


def _listed(value: object) -> list[object]:
    """Accept one device, a list of them, or (the key with nothing behind it) none."""
    return [] if value == {} else ensure_list(value)


CONFIG_SCHEMA = vol.All(_listed, [_device])
