"""Connections as NetworkManager keeps them: key files (nm-settings-keyfile(5))."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

# So that the same network keeps its identity when its file is written again.
_NAMESPACE = uuid.UUID("8c3aa93e-54b2-5ce5-8d1f-6b58d6a02c1b")
_RAW_KEY = re.compile(r"[0-9A-Fa-f]{64}")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

ACCESS_POINT_ID = "gantry-access-point"


@dataclass(frozen=True, slots=True)
class Wifi:
    """A network to join; no password means an open one."""

    ssid: str
    password: str | None
    hidden: bool = False
    wpa3: bool = False
    priority: int = 0

    @property
    def file_name(self) -> str:
        """The name of its file, the same at every import."""
        return f"gantry-{_uuid(self.ssid).hex[:12]}.nmconnection"

    @property
    def uuid(self) -> str:
        """By which NetworkManager knows it."""
        return str(_uuid(self.ssid))


def wifi_keyfile(network: Wifi) -> bytes:
    """Return the file of a network."""
    lines = [
        "[connection]",
        f"id={_string('Wi-Fi ' + printable(network.ssid))}",
        f"uuid={_uuid(network.ssid)}",
        "type=wifi",
        f"autoconnect-priority={network.priority}",
        # A router may take minutes to be back after a power cut: never give up.
        "autoconnect-retries=0",
        "",
        "[wifi]",
        "mode=infrastructure",
        f"ssid={_bytes(network.ssid)}",
        # Saving power costs seconds of latency on a Raspberry Pi.
        "powersave=2",
    ]
    if network.hidden:
        lines.append("hidden=true")
    if network.password is not None:
        lines += _security(network)
    return _file([*lines, "", "[ipv4]", "method=auto", "", "[ipv6]", "method=auto"])


def read_wifi(content: bytes) -> Wifi | None:
    """Return the network of a file of `wifi_keyfile`; None if it is none."""
    found = dict(
        line.split("=", 1)
        for line in content.decode(errors="replace").splitlines()
        if "=" in line
    )
    try:
        ssid = bytes(int(number) for number in found["ssid"].split(";") if number)
        return Wifi(
            ssid.decode("utf-8", "surrogateescape"),
            _unescaped(found["psk"]) if "psk" in found else None,
            found.get("hidden") == "true",
            found.get("key-mgmt") == "sae",
            int(found.get("autoconnect-priority", 0)),
        )
    except (KeyError, ValueError):
        return None


def access_point_keyfile(name: str, password: str) -> bytes:
    """Return the file of our own network; NetworkManager hands out the addresses."""
    return _file(
        [
            "[connection]",
            f"id={ACCESS_POINT_ID}",
            f"uuid={_uuid('access point')}",
            "type=wifi",
            "autoconnect=false",
            "",
            "[wifi]",
            "mode=ap",
            "band=bg",
            f"ssid={_bytes(name)}",
            "",
            "[wifi-security]",
            "key-mgmt=wpa-psk",
            "proto=rsn",
            "pairwise=ccmp",
            f"psk={_string(password)}",
            "",
            "[ipv4]",
            "method=shared",
            "address1=10.42.0.1/24",
            "",
            "[ipv6]",
            "method=ignore",
        ]
    )


def _security(network: Wifi) -> list[str]:
    assert network.password is not None, "asked only with one"
    # wpa-psk joins WPA2 and, where the radio can, WPA3; a ready key fits WPA2 only.
    sae = network.wpa3 and not _RAW_KEY.fullmatch(network.password)
    return [
        "",
        "[wifi-security]",
        f"key-mgmt={'sae' if sae else 'wpa-psk'}",
        f"psk={_string(network.password)}",
    ]


def _uuid(name: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, name.encode("utf-8", "surrogateescape").hex())


def _bytes(text: str) -> str:
    """Write text as a list of bytes: any name then survives the way."""
    return "".join(f"{byte};" for byte in text.encode("utf-8", "surrogateescape"))


def _string(text: str) -> str:
    """Escape as GLib's key files have it; spaces at the ends would be lost otherwise."""
    escaped = "".join(_ESCAPES.get(character, character) for character in text)
    inner = escaped.strip(" ")
    before = len(escaped) - len(escaped.lstrip(" "))
    after = len(escaped) - len(inner) - before
    return "\\s" * before + inner + "\\s" * after


def _unescaped(text: str) -> str:
    letters = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t", "s": " "}
    return re.sub(r"\\(.)", lambda found: letters.get(found[1], found[1]), text)


def printable(text: str) -> str:
    """Return a name without what would do something where it is read."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _file(lines: list[str]) -> bytes:
    return ("\n".join([*lines, ""])).encode()
