"""The options of this API in the configuration."""

from __future__ import annotations

import shlex
from typing import Any

from appliance.config.schema import vol
from appliance.config.validators import boolean, non_empty


def _command(value: object) -> list[str]:
    """Accept a program with its arguments, as a list or as one text in shell quoting."""
    try:
        words = shlex.split(value) if isinstance(value, str) else value
    except ValueError:
        words = None
    if not isinstance(words, list) or not words:
        raise vol.Invalid("expected a program and its arguments")
    if not all(isinstance(word, str) and "\0" not in word for word in words):
        raise vol.Invalid("expected texts only")
    return words


def _custom(value: Any) -> Any:
    """Accept a command for people; a divider is none."""
    if isinstance(value, dict) and value.get("action") == "divider":
        return vol.Schema({"action": "divider"})(value)
    return _CUSTOM(value)


_CUSTOM = vol.Schema(
    {
        vol.Required("action"): vol.All(non_empty, vol.Match(r"^[A-Za-z0-9_-]{1,64}$")),
        vol.Required("name"): non_empty,
        vol.Required("command"): _command,
        vol.Optional("confirm"): non_empty,
        vol.Optional("async", default=False): boolean,
        vol.Optional("ignore", default=False): boolean,
    }
)
SCHEMA = vol.Schema(
    {
        vol.Optional("restart_command"): _command,  # of the machine: sudo reboot
        vol.Optional("shutdown_command"): _command,
        vol.Optional("system_commands", default=list): [_custom],
    }
)
