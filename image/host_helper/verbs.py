"""What can be wished, and nothing else: fixed verbs and fixed names.

A wish is one line: ``reboot``, ``shutdown``, ``services``, a verb and the name of a service,
or ``wifi look|scan|join|forget``. Nothing of what a client sends becomes part of a command;
``wifi join`` and ``wifi forget`` alone carry data: what to write down, as JSON.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .wifi import SYSTEMCTL, Run, Wifi, WishRefused

_LONGEST_S = 30.0
_ALL = frozenset({"start", "stop", "restart"})
# By name: the unit, and what may be wished of it. Stopping Gantry would close the only door.
SERVICES: Mapping[str, tuple[str, frozenset[str]]] = {
    "gantry": ("gantry.service", frozenset({"restart"})),
    "mosquitto": ("mosquitto.service", _ALL),
    "avahi-daemon": ("avahi-daemon.service", _ALL),
    "ssh": ("ssh.service", _ALL),
}
_TARGETS = {"reboot": "reboot.target", "shutdown": "poweroff.target"}


class Refused(Exception):
    """The wish is none of ours, or the system refused it."""


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What is answered; and a command that ends who asks, for when the answer is sent."""

    answer: Mapping[str, Any] = field(default_factory=dict)
    then: Sequence[str] | None = None


def obey(wish: str, run: Run, wifi: Wifi | None = None) -> Obeyed:
    """Do what a line says; return the answer, or raise `Refused`."""
    match wish.split(" "):
        case ["wifi", verb, *rest]:
            return Obeyed(_obey_wifi(wifi or Wifi(run), verb, " ".join(rest)))
        case ["reboot" | "shutdown" as verb]:
            order = [SYSTEMCTL, "--no-block", "--job-mode=replace-irreversibly", "start"]
            return Obeyed(then=[*order, _TARGETS[verb]])
        case ["services"]:
            states = {name: _state(unit, run) for name, (unit, _) in SERVICES.items()}
            return Obeyed({"services": states})
        case ["start" | "stop" | "restart" as verb, name] if name in SERVICES:
            unit, allowed = SERVICES[name]
            if verb not in allowed:
                message = f"'{name}' cannot be told to {verb}"
                raise Refused(message)
            order = [SYSTEMCTL, "--no-block", verb, unit]
            if name == "gantry":
                return Obeyed(then=order)
            run(order)
            return Obeyed()
    raise Refused("that is nothing that can be wished")


def _obey_wifi(wifi: Wifi, verb: str, text: str) -> dict[str, Any]:
    if verb in ("look", "scan") and not text:
        return {"wifi": wifi.look(scan=verb == "scan")}
    orders = {"join": wifi.join, "forget": wifi.forget}
    try:
        order = json.loads(text)
        if verb in orders and isinstance(order, dict):
            orders[verb](order)
            return {}
    except (ValueError, RecursionError):
        pass
    except (OSError, WishRefused) as error:
        raise Refused(str(error)) from error
    raise Refused("that is nothing that can be wished")


def run(words: Sequence[str]) -> str:
    """Run a command of ours; raise `Refused` with its own words."""
    try:
        done = subprocess.run(  # noqa: S603 - a command of ours, no shell
            words,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=_LONGEST_S,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refused(str(error)) from error
    if done.returncode != 0:
        raise Refused(done.stderr.strip() or f"it ended with {done.returncode}")
    return done.stdout


def _state(unit: str, run: Run) -> dict[str, str]:
    lines = run([SYSTEMCTL, "show", "--property=ActiveState,SubState", unit]).splitlines()
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    return {
        "active_state": found.get("ActiveState", "unknown"),
        "sub_state": found.get("SubState", "unknown"),
    }
