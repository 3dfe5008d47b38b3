"""The network in words: NetworkManager is asked through nmcli, addresses through ip."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .keyfile import ACCESS_POINT_ID

Run = Callable[[Sequence[str]], str | None]
Why = Callable[[str], str | None]  # is a device without a network, in words

# What is on the air, as host_helper reads it.
SCAN = ("nmcli", "-t", "-f", "SSID-HEX,SIGNAL,SECURITY", "device", "wifi", "list",
        "--rescan", "yes")  # fmt: skip
NO_COUNTRY = (
    "no country is set for the Wi-Fi: networks at 5 GHz and on channels 12 to 14 may not be "
    "heard; add 'country:' with two letters, such as DE, below 'wifi:'"
)


@dataclass(frozen=True, slots=True)
class Device:
    """A network device as NetworkManager sees it."""

    name: str
    kind: str  # wifi, ethernet, ...
    state: str
    connection: str

    @property
    def is_connected(self) -> bool:
        """Whether it is in a network of somebody else."""
        return self.state.startswith("connected") and self.connection != ACCESS_POINT_ID

    @property
    def is_connecting(self) -> bool:
        """Whether it may be soon."""
        return self.state.startswith("connecting")


def devices(run: Run) -> list[Device]:
    """Return the wired and wireless devices."""
    text = run(["nmcli", "-t", "-f", "DEVICE,TYPE,STATE,CONNECTION", "device"]) or ""
    rows = (fields(line) for line in text.splitlines())
    return [Device(*row) for row in rows if len(row) == 4 and row[1] in ("wifi", "ethernet")]


def addresses(run: Run) -> dict[str, list[str]]:
    """Return the addresses that others can reach, by device, IPv4 first."""
    try:
        links = json.loads(run(["ip", "-json", "address"]) or "[]")
    except ValueError:
        return {}
    found: dict[str, list[str]] = {}
    for link in links:
        texts = [str(each.get("local")) for each in link.get("addr_info", ())]
        usable = [ipaddress.ip_address(text) for text in texts if _is_address(text)]
        usable = [each for each in usable if not each.is_loopback and not _is_link(each)]
        if usable:
            usable.sort(key=lambda each: each.version)
            found[str(link.get("ifname"))] = [str(each) for each in usable]
    return found


def network_lines(
    run: Run, hostname: str, port: int, why: Why, *, has_wifi: bool, has_country: bool = True
) -> list[str]:
    """Return what to say about the network."""
    found = addresses(run)
    known = devices(run)
    lines = ["Network:"]
    for device in known:
        lines += _device_lines(device, found.get(device.name, []), why, has_wifi=has_wifi)
    if has_wifi and not has_country and any("NOT connected" in line for line in lines):
        lines.append(f"    and {NO_COUNTRY}")
    if not known:
        lines.append("  no network device is known")
    colon = "" if port == 80 else f":{port}"
    urls = [f"http://{_in_url(each)}{colon}" for list_ in found.values() for each in list_]
    if urls:
        lines += ["", "Open it in a browser:", f"  http://{hostname}.local{colon}"]
        lines += [f"  {url}" for url in urls]
    return lines


def _device_lines(
    device: Device, found: Sequence[str], why: Why, *, has_wifi: bool
) -> list[str]:
    kind = "Wi-Fi" if device.kind == "wifi" else "cable"
    name = f"  {kind} ({device.name}): "
    if device.connection == ACCESS_POINT_ID:
        return [f"{name}our own network, at {', '.join(found)}"]
    if device.is_connected:
        what = device.connection.removeprefix("Wi-Fi ") if device.kind == "wifi" else ""
        connected = f"connected to '{what}'" if what else "connected"
        return [f"{name}{connected}, {', '.join(found) or 'still without an address'}"]
    if device.kind != "wifi":
        plugged = "no cable is plugged in" if device.state == "unavailable" else device.state
        return [name + plugged]
    if not has_wifi:
        return [f"{name}no network is configured"]
    if device.state == "unavailable":
        return [f"{name}the radio is switched off or has no firmware"]
    reason = why(device.name) or f"still trying ({device.state})"
    return [f"{name}NOT connected: {reason}"]


def fields(line: str) -> list[str]:
    """Split a terse line of nmcli, in which colons of values have a backslash."""
    parts = re.split(r"(?<!\\):", line)
    return [re.sub(r"\\(.)", r"\1", part) for part in parts]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_link(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.version == 6 and address.is_link_local


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address
