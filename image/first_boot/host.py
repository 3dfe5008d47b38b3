"""The settings of the computer as files on the data partition.

/etc is read-only: the image has links and binds from there to here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import broker, disk
from .keyfile import Wifi, read_wifi, wifi_keyfile
from .settings import ACCESS_POINT, HOSTNAME, MOSQUITTO, SSH, STORED, TIME_ZONE, WIFI

_PASSWORDS = "import/wifi-passwords.json"
_BROKER = "mosquitto-passwords"  # mosquitto.service starts if there is one


class NotStored(Exception):
    """A password is said to be stored, and is not."""

    def __init__(self, whose: str) -> None:
        super().__init__(f"no password is stored for {whose}")


@dataclass(frozen=True, slots=True)
class Host:
    """The folder of the files."""

    folder: Path

    def apply(self, section: str, value: Any) -> list[str]:
        """Set a (checked) section; return what was done, in words, or nothing if nothing.

        Raises `NotStored`, and OSError where the disk refuses.
        """
        return _APPLY[section](self, value)

    @property
    def hostname(self) -> str | None:
        """The name that is set."""
        return self._text("hostname")

    @property
    def country(self) -> str | None:
        """The country of the radio that is set."""
        return self._text("regdomain")

    @property
    def has_wifi(self) -> bool:
        """Whether any network to join is configured, by us or by somebody else."""
        return any(self._connections.glob("*.nmconnection"))

    @property
    def wants_access_point(self) -> bool:
        """Whether our own network may be opened."""
        return self._text("access-point") != "off"

    # -- sections

    def set_hostname(self, name: str) -> list[str]:
        """Name the computer."""
        done = self._write("hostname", f"{name}\n", 0o644)
        return [f"name: {name} (http://{name}.local)"] if done else []

    def set_time_zone(self, zone: str) -> list[str]:
        """Set the time zone."""
        done = disk.link(self.folder / "localtime", f"/usr/share/zoneinfo/{zone}")
        done |= self._write("timezone", f"{zone}\n", 0o644)
        return [f"time zone: {zone}"] if done else []

    def set_wifi(self, value: Mapping[str, Any]) -> list[str]:
        """Write one file for each network, and remove those of ours that are no more."""
        lines = []
        if "country" in value and self._write("regdomain", f"{value['country']}\n", 0o644):
            lines.append(f"Wi-Fi country: {value['country']}")
        if "networks" in value:
            lines += self._set_networks(value["networks"])
        return lines

    @property
    def networks(self) -> list[Wifi]:
        """The networks that are set, the best one first."""
        files = sorted(self._connections.glob("gantry-*.nmconnection"))
        found = [network for file in files if (network := read_wifi(file.read_bytes()))]
        return sorted(found, key=lambda each: -each.priority)

    def put_first(self, network: Wifi) -> None:
        """Have a network before all others."""
        others = [each for each in self.networks if each.ssid != network.ssid]
        self._write_networks([network, *others])

    def forget(self, ssid: str) -> None:
        """Have a network no more."""
        self._write_networks([each for each in self.networks if each.ssid != ssid])

    def _write_networks(self, networks: Sequence[Wifi]) -> list[str]:
        count = len(networks)
        return self._have(
            [replace(each, priority=count - index) for index, each in enumerate(networks)]
        )

    def _set_networks(self, values: Sequence[Mapping[str, Any]]) -> list[str]:
        passwords = self._passwords()
        return self._write_networks([_network(each, passwords) for each in values])

    def _have(self, networks: Sequence[Wifi]) -> list[str]:
        self._keep(networks)
        folder = self._connections
        lines = [
            f"Wi-Fi network: {_described(network)}"
            for network in networks
            if disk.write(folder / network.file_name, wifi_keyfile(network))
        ]
        wanted = {network.file_name for network in networks}
        lines += [
            "a Wi-Fi network that is no longer listed was forgotten"
            for file in sorted(folder.glob("gantry-*.nmconnection"))
            if file.name not in wanted and disk.remove(file)
        ]
        return lines

    def set_ssh(self, value: Mapping[str, Any]) -> list[str]:
        """Let these keys in, or nobody."""
        keys: Sequence[str] = value["keys"]
        file = self.folder / "ssh/authorized_keys"
        if not keys:
            return ["SSH: off"] if disk.remove(file) else []
        done = disk.write(file, "".join(f"{key}\n" for key in keys).encode(), 0o600)
        words = "1 key" if len(keys) == 1 else f"{len(keys)} keys"
        return [f"SSH: on, for root with {words}"] if done else []

    def set_access_point(self, mode: str) -> list[str]:
        """Allow or forbid our own network."""
        done = self._write("access-point", f"{mode}\n", 0o644)
        return [f"access point: {mode}"] if done else []

    def set_mosquitto(self, value: Mapping[str, Any]) -> list[str]:
        """Have the MQTT broker of this computer, with one user; or none."""
        if not value:
            return ["MQTT broker: off"] if disk.remove(self.folder / _BROKER) else []
        user, password = value["username"], value["password"]
        line = self._text(_BROKER) or ""
        if password == STORED:
            if broker.user_of(line) != user:
                message = f"the broker's user '{user}'"
                raise NotStored(message)
            return []
        if broker.accepts(line, user, password):
            return []
        self._write(_BROKER, broker.password_line(user, password), 0o600)
        return [f"MQTT broker: on, for the user '{user}'"]

    # -- files

    @property
    def _connections(self) -> Path:
        return self.folder / "network"

    def _write(self, name: str, text: str, mode: int) -> bool:
        return disk.write(self.folder / name, text.encode(), mode)

    def _text(self, name: str) -> str | None:
        try:
            return (self.folder / name).read_text(encoding="utf-8").strip() or None
        except OSError:
            return None

    def _passwords(self) -> dict[str, str]:
        try:
            found = json.loads((self.folder / _PASSWORDS).read_bytes())
        except (OSError, ValueError):
            return {}
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    def _keep(self, networks: Sequence[Wifi]) -> None:
        """Remember the passwords by network: the card will say '(stored)' for them."""
        known = {each.ssid: each.password for each in networks if each.password is not None}
        disk.write(self.folder / _PASSWORDS, json.dumps(known, indent=1).encode())


_APPLY: Mapping[str, Callable[[Host, Any], list[str]]] = {
    HOSTNAME: Host.set_hostname,
    TIME_ZONE: Host.set_time_zone,
    WIFI: Host.set_wifi,
    SSH: Host.set_ssh,
    ACCESS_POINT: Host.set_access_point,
    MOSQUITTO: Host.set_mosquitto,
}


def _network(value: Mapping[str, Any], passwords: Mapping[str, str]) -> Wifi:
    password = value.get("password")
    if password == STORED:
        password = passwords.get(value["ssid"])
        if password is None:
            message = f"the network '{value['ssid']}'"
            raise NotStored(message)
    return Wifi(value["ssid"], password, value["hidden"], value["security"] == "wpa3")


def _described(network: Wifi) -> str:
    if network.password is None:
        return f"'{network.ssid}', open: whoever is near reads what is sent"
    return f"'{network.ssid}'{', hidden' if network.hidden else ''}"
