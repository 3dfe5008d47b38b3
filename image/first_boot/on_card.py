"""The Wi-Fi of the computer in gantry.yaml, after it was changed on the page.

The file stays a person's: only its section ``wifi`` changes, and no password is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from appliance.config.edit import EditError, set_value
from appliance.config.nodes import UnreadableYaml

from . import disk, text
from .host import Host
from .inbox import GANTRY_YAML
from .keyfile import Wifi
from .settings import STORED, WIFI


def write_wifi(boot: Path, host: Host) -> bool:
    """Have gantry.yaml say which networks are set; return whether it was changed."""
    file = boot / GANTRY_YAML
    try:
        content = text.read(file).text
        changed = set_value(content, (WIFI,), _section(host)) if host.networks else content
    except (OSError, EditError, UnreadableYaml):
        return False  # not there, or not readable: it is the person's
    if changed == content:
        return False
    if "\r\n" in content:
        changed = changed.replace("\r\n", "\n").replace("\n", "\r\n")
    return disk.write(file, changed.encode(), file.stat().st_mode & 0o777)


def _section(host: Host) -> dict[str, Any]:
    country = {"country": host.country} if host.country else {}
    networks = [_network(each) for each in host.networks]
    return {**country, **(networks[0] if len(networks) == 1 else {"networks": networks})}


def _network(network: Wifi) -> dict[str, Any]:
    return {
        "ssid": network.ssid,
        **({"password": STORED} if network.password is not None else {}),
        **({"hidden": True} if network.hidden else {}),
        **({"security": "wpa3"} if network.wpa3 else {}),
    }
