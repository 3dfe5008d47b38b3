"""Another Wi-Fi network, wished on the page: tried, and kept only if it leads somewhere.

What was there before is remembered on the data partition until then, so that neither a wrong
password nor a power cut in the middle costs the way to the appliance.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.config.schema import flatten, vol

from . import disk
from .access_point import AROUND, RUNTIME, AccessPoint
from .diagnosis import why_not_joined
from .host import Host
from .keyfile import ACCESS_POINT_ID, Wifi
from .network import Run, devices
from .settings import SCHEMAS, WIFI

TRY_S = 50  # for the new network; a minute with what comes before and after
BACK_S = 40
_BEFORE = "import/wifi-before.json"
_KEPT = ("network", "import/wifi-passwords.json", "regdomain")


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended, for the page."""

    ssid: str
    joined: bool
    reason: str = ""  # in words, if not
    back: str = ""  # where we are instead


class WishRefused(Exception):
    """It is no network that could be joined; the text says why."""


@dataclass(frozen=True, slots=True)
class Joining:
    """Joins networks."""

    host: Host
    run: Run
    runtime: Path = RUNTIME
    around: Path = AROUND

    def join(self, wish: Mapping[str, Any]) -> Ended:
        """Try a network; keep it, or go back to what was before."""
        country, network = read_wish(wish)
        device = next((each for each in devices(self.run) if each.kind == "wifi"), None)
        if device is None:
            raise WishRefused("this computer has no Wi-Fi")
        was_open = device.connection == ACCESS_POINT_ID
        remember(self.host.folder)
        if country is not None:
            self.host.set_wifi({"country": country})
            self.run(["iw", "reg", "set", country])
        self.host.put_first(network)
        if self._up(network.uuid, TRY_S):
            disk.remove(self.host.folder / _BEFORE)
            return Ended(network.ssid, joined=True)
        reason = (
            why_not_joined(self.run, device.name, [network])
            or "it did not answer within a minute"
        )
        put_back(self.host.folder)
        return Ended(network.ssid, joined=False, reason=reason, back=self._back(was_open))

    def forget(self, ssid: str) -> None:
        """Have a network no more."""
        self.host.forget(ssid)
        self.run(["nmcli", "connection", "reload"])

    def _back(self, was_open: bool) -> str:
        """Go back to where we were; return its name."""
        if (country := self.host.country) is not None:
            self.run(["iw", "reg", "set", country])
        self.run(["nmcli", "connection", "reload"])
        for network in self.host.networks:
            if self._up(network.uuid, BACK_S):
                return network.ssid
        point = AccessPoint(self.host, self.run, self.runtime, self.around)
        if was_open and point.open():
            return point.name
        return ""

    def _up(self, uuid: str, wait_s: int) -> bool:
        self.run(["nmcli", "connection", "reload"])
        words = ["nmcli", "--wait", str(wait_s), "connection", "up", "uuid", uuid]
        return self.run(words) is not None


def read_wish(wish: Mapping[str, Any]) -> tuple[str | None, Wifi]:
    """Check a wish as gantry.yaml is checked; return country and network."""
    try:
        checked = SCHEMAS[WIFI](dict(wish))
    except vol.Invalid as error:
        raise WishRefused(str(next(flatten(error)).error_message)) from None
    if len(checked.get("networks", ())) != 1:
        raise WishRefused("one network at a time")
    value = checked["networks"][0]
    is_wpa3 = value["security"] == "wpa3"
    network = Wifi(value["ssid"], value.get("password"), value["hidden"], is_wpa3)
    return checked.get("country"), network


def remember(folder: Path) -> None:
    """Keep what is set, to be put back."""
    files = [file for name in _KEPT for file in _files(folder / name)]
    kept = {
        str(file.relative_to(folder)): [
            file.stat().st_mode & 0o777,
            base64.b64encode(file.read_bytes()).decode(),
        ]
        for file in files
    }
    disk.write(folder / _BEFORE, json.dumps(kept).encode())


def put_back(folder: Path) -> bool:
    """Have what `remember` has kept, and nothing else; return whether there was anything."""
    file = folder / _BEFORE
    try:
        kept: dict[str, tuple[int, str]] = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return False
    for name in _KEPT:
        for now in _files(folder / name):
            if str(now.relative_to(folder)) not in kept:
                disk.remove(now)
    for relative, (mode, content) in kept.items():
        disk.write(folder / relative, base64.b64decode(content), mode)
    disk.remove(file)
    return True


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("gantry-*.nmconnection"))
    return [path] if path.is_file() else []
