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
        vol.Required(
            "action", description="Its name in addresses: letters, digits, - and _."
        ): vol.All(non_empty, vol.Match(r"^[A-Za-z0-9_-]{1,64}$")),
        vol.Required("name", description="What menus of apps call it."): non_empty,
        vol.Required(
            "command",
            description="The program and its arguments, such as [sudo, "
            "systemctl, restart, camera]; no shell.",
        ): _command,
        vol.Optional("confirm", description="What apps ask before they run it."): non_empty,
        vol.Optional(
            "async", default=False, description="Answer at once, while it still runs."
        ): boolean,
        vol.Optional(
            "ignore",
            default=False,
            description="Call it a success whatever the program returns.",
        ): boolean,
    }
)
SCHEMA = vol.Schema(
    {
        vol.Optional(
            "restart_command",
            description="The program that restarts the computer, such as sudo "
            "reboot; no shell.",
        ): _command,
        vol.Optional(
            "shutdown_command",
            description="The program that switches the computer off, such as "
            "sudo poweroff; no shell.",
        ): _command,
        vol.Optional(
            "system_commands",
            default=list,
            description="Programs in the system menu of apps; the word divider draws a line.",
        ): [_custom],
    }
)
