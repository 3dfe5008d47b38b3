"""Wi-Fi without a radio: the kernel's simulated ones (mac80211_hwsim) inside the machine.

Three of them hear each other. The first is the appliance's, the second becomes a router in a
network name space of its own, and the third somebody's phone. What is in the image suffices:
wpa_supplicant is an access point, too.
"""

from __future__ import annotations

import base64
import json
import shlex
from pathlib import Path
from typing import Any

from image.vm.machine import Machine

ROUTER, PHONE = "router", "phone"
_ADDRESS = "192.168.77.1"
_PHONE_PROGRAM = Path(__file__).with_name("phone.py")
_CHUNK = 2000  # a terminal's line is no longer than 4095
_RADIOS = {ROUTER: ("phy1", "wlan1"), PHONE: ("phy2", "wlan2")}
WPA2 = "key_mgmt=WPA-PSK proto=RSN pairwise=CCMP"
WPA3 = "key_mgmt=SAE proto=RSN pairwise=CCMP ieee80211w=2"
BOTH = "key_mgmt=WPA-PSK SAE proto=RSN pairwise=CCMP ieee80211w=1"
_FREQUENCY = 2437  # channel 6


class Airspace:
    """The radios beside the appliance's."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        # Not in the list of modules at the start: an emulated machine is too slow for that.
        said = machine.shell("modprobe mac80211_hwsim radios=3")
        assert "wlan2" in machine.shell("ls /sys/class/net"), said
        for space, (radio, _) in _RADIOS.items():
            machine.shell(
                f"ip netns add {space}; iw phy {radio} set netns name {space};"
                f"ip netns exec {space} ip link set lo up"
            )
        self._put("/run/phone.py", _PHONE_PROGRAM.read_bytes())

    # -- the router

    def router(
        self, ssid: str, password: str, kind: str = WPA2, frequency: int = _FREQUENCY
    ) -> None:
        """Put a network on the air, with addresses and names."""
        self.router_off()
        lines = [
            "ctrl_interface=/run/router", "ap_scan=2", "country=DE", "network={",
            f"ssid={ssid.encode().hex()}", "mode=2", f"frequency={frequency}",
            *_network(password, kind), "}",
        ]  # fmt: skip
        self._supplicant(ROUTER, lines)
        self.inside(
            ROUTER,
            f"ip address replace {_ADDRESS}/24 dev wlan1; "
            "dnsmasq --conf-file=/dev/null --user=root --interface=wlan1 --bind-interfaces "
            "--dhcp-range=192.168.77.10,192.168.77.99 --no-resolv --leasefile-ro "
            "--pid-file=/run/router-dns.pid",
        )

    def router_off(self) -> None:
        """Take it off the air."""
        self._stop(ROUTER)
        self._machine.shell("kill $(cat /run/router-dns.pid); rm -f /run/router-dns.pid")

    def sees(self, url: str) -> dict[str, Any]:
        """Open a page of the appliance from the router's network."""
        return self._program(ROUTER, "open", url)

    # -- the phone

    def join(self, ssid: str, password: str) -> dict[str, Any]:
        """Join a network with the phone; return what it was given."""
        lines = [
            "ctrl_interface=/run/phone", "network={", f"ssid={ssid.encode().hex()}",
            *_network(password, WPA2), "}",
        ]  # fmt: skip
        self._supplicant(PHONE, lines)
        self._machine.wait_until(
            lambda: "COMPLETED" in self.inside(PHONE, "wpa_cli -p /run/phone -i wlan2 status"),
            f"the phone in {ssid}",
            180.0,
        )
        return self._program(PHONE, "lease", "wlan2")

    def leave(self) -> None:
        """Switch the phone's Wi-Fi off."""
        self._stop(PHONE)

    def resolve(self, server: str, name: str) -> str:
        """Return the address that a name server says."""
        return str(self._program(PHONE, "resolve", server, name)["address"])

    def open(
        self, url: str, host: str = "", method: str = "GET", body: Any = None, key: str = ""
    ) -> dict[str, Any]:
        """Open a page with the phone, under another name if one is given."""
        words = [url, host, method, "" if body is None else json.dumps(body)]
        return self._program(PHONE, "open", *words, key=key)

    # -- the machine

    def inside(self, space: str, command: str) -> str:
        """Run a command in a name space."""
        return self._machine.shell(f"ip netns exec {space} sh -c {shlex.quote(command)}")

    def _supplicant(self, space: str, lines: list[str]) -> None:
        self._stop(space)
        device = _RADIOS[space][1]
        self._put(f"/run/{space}.conf", "\n".join([*lines, ""]).encode())
        said = self.inside(
            space,
            f"ip link set {device} up; wpa_supplicant -B -i {device} -c /run/{space}.conf "
            f"-P /run/{space}.pid -f /run/{space}.log",
        )
        assert "rror" not in said, said

    def _stop(self, space: str) -> None:
        device = _RADIOS[space][1]
        self._machine.shell(f"kill $(cat /run/{space}.pid); sleep 1")
        self.inside(space, f"ip address flush dev {device}")

    def _program(self, space: str, *words: str, key: str = "") -> dict[str, Any]:
        command = " ".join(map(shlex.quote, ["python3", "/run/phone.py", *words]))
        said = self.inside(space, f"GANTRY_KEY={key} {command}" if key else command)
        try:
            found: dict[str, Any] = json.loads(said)
        except ValueError:
            raise AssertionError(said) from None
        return found

    def _put(self, path: str, content: bytes) -> None:
        text = base64.b64encode(content).decode()
        self._machine.shell(f": > {path}.b64")
        for start in range(0, len(text), _CHUNK):
            self._machine.shell(f"echo {text[start : start + _CHUNK]} >> {path}.b64")
        self._machine.shell(f"base64 -d {path}.b64 > {path}; rm {path}.b64")


def _network(password: str, kind: str) -> list[str]:
    words = [f"psk={_quoted(password)}"]
    if "SAE" in kind:
        words += [f"sae_password={_quoted(password)}"]
    return [*_assignments(kind), *words]


def _assignments(kind: str) -> list[str]:
    """Split `key_mgmt=A B proto=C` into its assignments."""
    lines: list[str] = []
    for word in kind.split(" "):
        if "=" in word:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return lines


def _quoted(text: str) -> str:
    return f'"{text}"'
