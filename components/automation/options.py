"""What stands below ``automation:`` in the configuration: triggers, conditions, actions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from appliance.config.schema import vol
from appliance.config.validators import (
    boolean,
    ensure_list,
    integer,
    list_of,
    non_empty,
    number,
    one_of,
    slug,
    time_period,
    url,
)
from appliance.domain.words import EVENTS, STATES
from appliance.templates import template

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
JOB_VERBS = ("pause", "resume", "cancel", "start")
TOGGLE = "toggle"
MODES = ("single", "restart", "parallel")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


def clock(value: object) -> int:
    """Accept a time of the day such as 22:30; YAML may have read it as a number."""
    if isinstance(value, int) and not isinstance(value, bool):  # 22:30 is sexagesimal there
        value = f"{value // 60:02}:{value % 60:02}"
    match = _CLOCK.fullmatch(str(value).strip())
    if match is None:
        raise vol.Invalid("expected a time of the day such as 22:30")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def fixed_host(value: object) -> str:
    """Accept a URL whose server stands there plainly; what follows may hold templates."""
    text = template(value)
    head = text.partition("{")[0]
    url("http", "https")(head)
    parts = urlsplit(head)
    if "{" in text and not parts.path:
        raise vol.Invalid("templates may stand behind the server and its slash only")
    if parts.username is not None or parts.password is not None:
        raise vol.Invalid("put credentials into headers, from !secret, not into the URL")
    return text


def _chosen(kind: str, schemas: dict[str, dict[Any, Any]]) -> Callable[[object], Any]:
    """Choose the schema by the word at the key ``kind``."""
    known = one_of(*schemas)
    made = {
        word: vol.Schema({vol.Required(kind): word, **schema})
        for word, schema in schemas.items()
    }

    def check(value: object) -> Any:
        if not isinstance(value, dict) or kind not in value:
            message = f"expected '{kind}:' with one of {', '.join(schemas)}"
            raise vol.Invalid(message)
        word = known(value[kind])
        return made[word]({**value, kind: word})

    return check


_PRINTER: dict[Any, Any] = {vol.Optional("printer"): slug}
_RANGE: dict[Any, Any] = {
    vol.Optional("above"): number(),
    vol.Optional("below"): number(),
}
_FOR: dict[Any, Any] = {vol.Optional("for", default=0.0): time_period}

TRIGGER = _chosen(
    "trigger",
    {
        "event": {**_PRINTER, vol.Required("event"): list_of(one_of(*EVENTS))},
        "state": {
            **_PRINTER,
            **_FOR,
            vol.Optional("from"): list_of(one_of(*STATES)),
            vol.Optional("to"): list_of(one_of(*STATES)),
        },
        "temperature": {**_PRINTER, **_FOR, **_RANGE, vol.Required("heater"): slug},
        "time": {
            vol.Required("at"): list_of(clock),
            vol.Optional("weekday", default=list(WEEKDAYS)): list_of(one_of(*WEEKDAYS)),
        },
        "mqtt": {vol.Required("topic"): non_empty, vol.Optional("payload"): non_empty},
        "progress": {**_PRINTER, vol.Required("above"): number(least=0, most=100)},
        "layer": {**_PRINTER, vol.Required("at"): integer(least=1)},
    },
)


def condition(value: object) -> Any:
    """Accept a condition; ``and``, ``or`` and ``not`` hold further ones."""
    return _CONDITION(value)


_NESTED: dict[Any, Any] = {vol.Required("conditions"): list_of(condition)}
_CONDITION = _chosen(
    "condition",
    {
        "state": {**_PRINTER, vol.Required("state"): list_of(one_of(*STATES))},
        "temperature": {**_PRINTER, **_RANGE, vol.Required("heater"): slug},
        "time": {
            vol.Optional("after"): clock,
            vol.Optional("before"): clock,
            vol.Optional("weekday"): list_of(one_of(*WEEKDAYS)),
        },
        "template": {vol.Required("value"): template},
        "and": _NESTED,
        "or": _NESTED,
        "not": _NESTED,
    },
)

_MACRO: dict[Any, Any] = {
    vol.Required("name"): non_empty,
    vol.Optional("parameters", default=dict): {non_empty: template},
}
_JOB: dict[Any, Any] = {
    vol.Required("do"): one_of(*JOB_VERBS),
    vol.Optional("file"): template,
}
_HTTP: dict[Any, Any] = {
    vol.Required("url"): fixed_host,
    vol.Optional("method", default="get"): one_of("get", "post", "put", "delete"),
    vol.Optional("headers", default=dict): {non_empty: non_empty},
    vol.Optional("body"): template,
}
_NOTIFY: dict[Any, Any] = {
    vol.Required("message"): template,
    vol.Optional("title", default=""): template,
    vol.Required("to"): list_of(non_empty),
}
_POWER: dict[Any, Any] = {
    vol.Required("device"): non_empty,
    vol.Required("turn"): vol.Any(TOGGLE, boolean),
}
_MQTT: dict[Any, Any] = {
    vol.Required("topic"): template,
    vol.Optional("payload", default=""): template,
    vol.Optional("qos", default=0): integer(least=0, most=2),
    vol.Optional("retain", default=False): boolean,
}
_ACTIONS: dict[str, Any] = {
    "gcode": template,
    "macro": vol.Any(non_empty, _MACRO),
    "job": vol.Any(one_of(*JOB_VERBS), _JOB),
    "mqtt": _MQTT,
    "http": _HTTP,
    "notify": _NOTIFY,
    "power": _POWER,
    "delay": time_period,
    "stop_unless": condition,
}


def action(value: object) -> dict[str, Any]:
    """Accept one action: a mapping with its name, and perhaps ``printer:``."""
    if not isinstance(value, dict):
        message = f"expected an action: {', '.join(_ACTIONS)}"
        raise vol.Invalid(message)
    names = [name for name in value if name in _ACTIONS]
    if len(names) != 1:
        message = f"expected exactly one of {', '.join(_ACTIONS)}"
        raise vol.Invalid(message)
    schema: dict[Any, Any] = {**_PRINTER, vol.Required(names[0]): _ACTIONS[names[0]]}
    checked: dict[str, Any] = vol.Schema(schema)(value)
    return checked


def _listed(value: object) -> list[object]:
    """Accept one automation, a list of them, or (the key with nothing behind it) none."""
    return [] if value == {} else ensure_list(value)


CONFIG_SCHEMA = vol.All(
    _listed,
    [
        {
            vol.Required(
                "alias", description="What people read, such as: lamp off after the print."
            ): non_empty,
            vol.Optional(
                "mode",
                default="single",
                description="What happens when it is triggered while it runs: "
                "single ignores that, restart begins anew, parallel runs it twice.",
            ): one_of(*MODES),
            vol.Required(
                "triggers",
                description="What sets it off: a list of {trigger: ...}; any one "
                "of them does.",
            ): list_of(TRIGGER),
            vol.Optional(
                "conditions",
                default=list,
                description="What must be true then, all of it; otherwise nothing is done.",
            ): list_of(condition),
            vol.Required("actions", description="What is done, one after the other."): list_of(
                action
            ),
        }
    ],
)
