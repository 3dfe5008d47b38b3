"""What may be said of the computer itself: its name, Wi-Fi, time zone, SSH, MQTT broker.

Each key is a section of its own: a mistake in one does not hold back the others.
"""

from __future__ import annotations

import base64
import binascii
import re
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from appliance.config.schema import closest, vol
from appliance.config.validators import boolean, ensure_list, one_of, string

# Stands on the card where a secret was; the secret itself is on the data partition.
STORED = "(stored)"

HOSTNAME, TIME_ZONE, WIFI, SSH, ACCESS_POINT, MOSQUITTO = SECTIONS = (
    "hostname",
    "time_zone",
    "wifi",
    "ssh",
    "access_point",
    "mosquitto",
)

_ZONES = Path("/usr/share/zoneinfo")
_COUNTRIES = _ZONES / "iso3166.tab"
_COMMON_MISTAKES = {"UK": "GB", "EN": "GB", "EL": "GR", "JA": "JP", "SW": "SE"}
_HOSTNAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_HEX_KEY = re.compile(r"[0-9A-Fa-f]{64}")
_KEY_TYPES = re.compile(
    r"ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com"
    r"|sk-ecdsa-sha2-nistp256@openssh\.com"
)
_CURLY = ("\u201c", "\u201d", "\u201e", "\u2018", "\u2019")


def hostname(value: object) -> str:
    """Accept the name of a computer; without .local, in small letters."""
    text = string(value).strip().lower().removesuffix(".local")
    if not _HOSTNAME.fullmatch(text):
        raise vol.Invalid("expected a name of a-z, 0-9 and -, at most 63, such as ender3")
    return text


def time_zone(value: object) -> str:
    """Accept the name of a time zone of this system."""
    text = string(value).strip()
    is_plain = re.fullmatch(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*", text)
    if is_plain and (_ZONES / text).is_file():
        return text
    guess = closest(text, zoneinfo.available_timezones())
    hint = f" (did you mean {guess}?)" if guess else ""
    message = f"expected a time zone such as Europe/Berlin{hint}"
    raise vol.Invalid(message)


def country(value: object) -> str:
    """Accept a country code of two letters."""
    text = string(value).strip().upper()
    known = _countries()
    if re.fullmatch("[A-Z]{2}", text) and (not known or text in known):
        return text
    meant = _COMMON_MISTAKES.get(text)
    hint = f" (did you mean {meant}?)" if meant else ""
    message = f"expected a country code of two letters, such as DE, GB or US{hint}"
    raise vol.Invalid(message)


def ssid(value: object) -> str:
    """Accept the name of a Wi-Fi network: 1 to 32 bytes."""
    text = string(value)
    _refuse_curly(text)
    if not 1 <= len(text.encode("utf-8", "surrogateescape")) <= 32:
        raise vol.Invalid("expected the name of a Wi-Fi network, 1 to 32 bytes long")
    return text


def wifi_password(value: object) -> str:
    """Accept what a WPA network takes: 8 to 63 characters, or 64 hexadecimal digits."""
    text = string(value)
    _refuse_curly(text)
    if text == STORED or _HEX_KEY.fullmatch(text):
        return text
    if not 8 <= len(text.encode()) <= 63 or not text.isprintable():
        raise vol.Invalid("expected a Wi-Fi password: 8 to 63 characters, or 64 hex digits")
    return text


def public_key(value: object) -> str:
    """Accept a line of a .pub file."""
    text = string(value).strip()
    if "PRIVATE KEY" in text:
        raise vol.Invalid("this is a private key: keep it, and give the line of the .pub file")
    kind, _, rest = text.partition(" ")
    if _KEY_TYPES.fullmatch(kind) and text.isprintable():
        data = rest.split(" ")[0]
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if content[4 : 4 + len(kind)] == kind.encode():
            return text
    raise vol.Invalid(
        "expected a public SSH key: the line of a .pub file, ssh-ed25519 AAAA..."
    )


def broker_user(value: object) -> str:
    """Accept the name of a user of the broker: mosquitto's file has a colon behind it."""
    text = string(value)
    if not text.isprintable() or ":" in text or not 1 <= len(text.encode()) <= 64:
        raise vol.Invalid("expected a user name without a colon, 1 to 64 characters")
    return text


def broker_password(value: object) -> str:
    """Accept a password that is worth its name."""
    text = string(value)
    _refuse_curly(text)
    if text != STORED and not (8 <= len(text) <= 256 and text.isprintable()):
        raise vol.Invalid("expected a password of 8 to 256 characters")
    return text


_NETWORK = {
    vol.Required("ssid"): ssid,
    vol.Optional("password"): wifi_password,
    vol.Optional("hidden", default=False): boolean,
    vol.Optional("security", default="auto"): one_of("auto", "wpa3"),
}
_WIFI = vol.Schema(
    {
        vol.Optional("country"): country,
        vol.Optional("ssid"): ssid,
        vol.Optional("password"): wifi_password,
        vol.Optional("hidden"): boolean,
        vol.Optional("security"): one_of("auto", "wpa3"),
        vol.Optional("networks"): vol.All(ensure_list, [_NETWORK]),
    }
)
_SSH = vol.Schema({vol.Required("keys"): vol.All(ensure_list, [public_key])})

_MOSQUITTO = vol.Schema(
    {
        vol.Optional("username"): broker_user,
        vol.Optional("password"): broker_password,
    }
)


def _mosquitto_off(value: object) -> object:
    return {} if is_off(value) else value


def _one_user(checked: dict[str, Any]) -> dict[str, Any]:
    if checked and "password" not in checked:
        raise vol.Invalid("the password is missing: the broker is open to the whole network")
    return {"username": "gantry", **checked} if checked else {}


def _wifi_off(value: object) -> object:
    return {"networks": []} if is_off(value) else value


def _all_networks(checked: dict[str, Any]) -> dict[str, Any]:
    """Make one list of the network that stands alone and of the others."""
    single = {key: checked.pop(key) for key in list(checked) if key in _single_names()}
    if single:
        if "ssid" not in single:
            raise vol.Invalid("the name of the network (ssid) is missing")
        first = {"hidden": False, "security": "auto", **single}
        checked["networks"] = [first, *checked.get("networks", ())]
    names = [each["ssid"] for each in checked.get("networks", ())]
    if len(set(names)) < len(names):
        raise vol.Invalid("the same network is there twice", path=["networks"])
    return checked


def _ssh_keys(value: object) -> object:
    if is_off(value):
        return {"keys": []}
    return value if isinstance(value, Mapping) else {"keys": value}


def access_point(value: object) -> str:
    """Accept auto (where no network is found and none configured) or off."""
    if is_off(value):
        return "off"
    return one_of("auto", "off")(value)


SCHEMAS: Mapping[str, Any] = {
    HOSTNAME: hostname,
    TIME_ZONE: time_zone,
    WIFI: vol.All(_wifi_off, _WIFI, _all_networks),
    SSH: vol.All(_ssh_keys, _SSH),
    ACCESS_POINT: access_point,
    MOSQUITTO: vol.All(_mosquitto_off, _MOSQUITTO, _one_user),
}


def is_off(value: object) -> bool:
    """Whether a section is switched off."""
    return value is False or (isinstance(value, str) and value.strip().lower() == "off")


def _single_names() -> frozenset[str]:
    return frozenset(str(key.schema) for key in _NETWORK)


def _refuse_curly(text: str) -> None:
    if text.startswith(_CURLY) and text.endswith(_CURLY):
        raise vol.Invalid("these quotes are typographic ones; use straight ones")


def _countries() -> frozenset[str]:
    try:
        lines = _COUNTRIES.read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    return frozenset(line[:2] for line in lines if line[:2].isalpha())
