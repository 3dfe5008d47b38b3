"""What the page may wish of the Wi-Fi: look around, join a network, forget one.

What is looked at comes from nmcli. A network to join is written down for a unit of its own
(gantry-wifi.service), which checks it as gantry.yaml is checked, tries it, and goes back: that
takes a minute, and more rights than we have.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Run = Callable[[Sequence[str]], str]

NMCLI = "/usr/bin/nmcli"
SYSTEMCTL = "/usr/bin/systemctl"
UNIT = "gantry-wifi.service"
ACCESS_POINT_ID = "gantry-access-point"
_OURS = "Wi-Fi "  # what stands before the name in connections of ours
_SEEN = [NMCLI, "-t", "-f", "SSID-HEX,SIGNAL,SECURITY", "device", "wifi", "list"]
_TEXTS = ("ssid", "password", "country", "security")
_LONGEST_TEXT = 128


class WishRefused(Exception):
    """It cannot be done; the text says why."""


@dataclass(frozen=True, slots=True)
class Wifi:
    """The Wi-Fi of the computer."""

    run: Run
    folder: Path = Path("/run/gantry-wifi")
    system: Path = Path("/data/system")

    def look(self, *, scan: bool) -> dict[str, Any]:
        """Return what there is."""
        device, state, connection = self._device()
        seen = (
            "" if device is None else self.run([*_SEEN, "--rescan", "yes" if scan else "no"])
        )
        is_open = connection == ACCESS_POINT_ID
        if is_open or not seen:  # deaf while on the air: what was around before
            seen = _text(self.folder / "around") or seen
        return {
            "device": device,
            "state": state,
            "ssid": None if is_open else _name(connection),
            "access_point": is_open,
            "country": _text(self.system / "regdomain"),
            "known": self._known(),
            "seen": _networks(seen),
            "busy": self._is_busy(),
            "ended": _json(self.folder / "ended.json"),
        }

    def join(self, wish: dict[str, Any]) -> None:
        """Have a network tried."""
        checked: dict[str, Any] = {"do": "join", "hidden": wish.get("hidden") is True}
        for name in _TEXTS:
            value = wish.get(name)
            if value is None:
                continue
            if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
                message = f"'{name}' is a text"
                raise WishRefused(message)
            checked[name] = value
        self._order(checked)

    def forget(self, wish: dict[str, Any]) -> None:
        """Have a network forgotten, unless it is the way to us."""
        ssid = wish.get("ssid")
        if ssid not in self._known():
            raise WishRefused("that network is not known")
        if ssid == _name(self._device()[2]):
            raise WishRefused("that network is in use")
        self._order({"do": "forget", "ssid": ssid})

    def _order(self, order: dict[str, Any]) -> None:
        if self._is_busy():
            raise WishRefused("a network is being tried already")
        request = self.folder / "request.json"
        request.unlink(missing_ok=True)
        (self.folder / "ended.json").unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(request, flags, 0o600), "w") as file:
            json.dump(order, file)
        self.run([SYSTEMCTL, "--no-block", "start", UNIT])

    def _device(self) -> tuple[str | None, str, str]:
        text = self.run([NMCLI, "-t", "-f", "DEVICE,TYPE,STATE,CONNECTION", "device"])
        for fields in map(_fields, text.splitlines()):
            if len(fields) == 4 and fields[1] == "wifi":
                return fields[0], fields[2], fields[3]
        return None, "", ""

    def _known(self) -> list[str]:
        text = self.run([NMCLI, "-t", "-f", "NAME,TYPE", "connection"])
        rows = map(_fields, text.splitlines())
        names = (_name(row[0]) for row in rows if row[1:] == ["802-11-wireless"])
        return [name for name in names if name is not None]

    def _is_busy(self) -> bool:
        state = self.run([SYSTEMCTL, "show", "--property=ActiveState", UNIT])
        return state.strip() == "ActiveState=activating"


def _networks(text: str) -> list[dict[str, Any]]:
    """Return the networks by name, the strongest first; each once."""
    found: dict[str, dict[str, Any]] = {}
    for fields in map(_fields, text.splitlines()):
        if len(fields) != 3 or not fields[0]:
            continue
        try:
            ssid = bytes.fromhex(fields[0]).decode()
            signal = int(fields[1])
        except ValueError:
            continue  # a name that is no text can only be set in gantry.yaml
        if not ssid.strip("\0") or signal <= found.get(ssid, {}).get("signal", -1):
            continue
        found[ssid] = {"ssid": ssid, "signal": signal, "security": fields[2] or None}
    return sorted(found.values(), key=lambda each: -each["signal"])


def _name(connection: str) -> str | None:
    return connection.removeprefix(_OURS) if connection.startswith(_OURS) else None


def _fields(line: str) -> list[str]:
    """Split a terse line of nmcli, in which colons of values have a backslash."""
    return [re.sub(r"\\(.)", r"\1", part) for part in re.split(r"(?<!\\):", line)]


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
