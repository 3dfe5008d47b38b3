"""What Raspberry Pi Imager wrote onto the card: its dialog is one more way to say things.

It writes one of three: `rpi-preseed.toml` (2.0.11 and later, for images that ask for it, as
ours does), `user-data` and `network-config` (cloud-init), or `firstrun.sh`, a script that is
read here and never executed. They hold passwords, so their contents go once they are taken.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from appliance.config.nodes import UnreadableYaml
from appliance.config.yaml import read_document

from . import disk, text
from .settings import HOSTNAME, SSH, TIME_ZONE, WIFI

CMDLINE = "cmdline.txt"
_TAKEN = "Its settings were taken at start {}; see gantry-report.txt."
_NO_PASSWORDS = "nobody logs in with a password here; SSH takes keys"
_SCRIPT_LINE = re.compile(r"^\s*\S*/imager_custom\s+(?P<words>\w.*)$", re.MULTILINE)
_RUN_SCRIPT = re.compile(r"\s+systemd\.(?:run\S*|unit=kernel-command-line\.target)")


@dataclass(slots=True)
class Preset:
    """The settings of one file, in the words of gantry.yaml."""

    file: Path
    sections: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problem: str | None = None

    def add_network(
        self, ssid: Any, password: Any, *, hidden: Any = False, country: Any = None
    ) -> None:
        """Add a Wi-Fi network, or the country alone."""
        wifi = self.sections.setdefault(WIFI, {})
        if country:
            wifi["country"] = country
        if ssid:
            network = {"ssid": ssid, "hidden": bool(hidden)}
            if password:
                network["password"] = password
            wifi.setdefault("networks", []).append(network)

    def allow(self, keys: Any) -> None:
        """Let SSH keys in; without any, say why SSH stays off."""
        lines = keys.splitlines() if isinstance(keys, str) else keys or []
        found = [line for each in lines if (line := str(each).strip())]
        if found:
            self.sections[SSH] = {"keys": found}
        else:
            self.notes.append(f"{self.file.name}: SSH stays off: {_NO_PASSWORDS}")


def read_presets(boot: Path) -> list[Preset]:
    """Return what is on the card; a file that has been taken has no sections any more."""
    found = []
    for name, read in _READERS.items():
        file = boot / name
        if not file.is_file():
            continue
        preset = Preset(file)
        try:
            read(preset, text.read(file).text)
        except (OSError, UnreadableYaml, tomllib.TOMLDecodeError, _Unexpected) as error:
            preset.problem = (
                f"{name}: Raspberry Pi Imager's settings are not readable: {error}"
            )
        found.append(preset)
    return found


def forget(preset: Preset, boot: int) -> None:
    """Leave a remark in the place of the contents, which may hold passwords."""
    first = "#cloud-config\n" if preset.file.name == "user-data" else ""
    disk.replace_secret(preset.file, f"{first}# {_TAKEN.format(boot)}\n".encode())


def dont_run_script(boot: Path) -> bool:
    """Take the order to run the script out of the kernel's command line."""
    file = boot / CMDLINE
    try:
        before = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    after = _RUN_SCRIPT.sub("", before)
    return after != before and disk.write(file, after.encode(), file.stat().st_mode & 0o777)


class _Unexpected(Exception):
    """A value is not what it should be."""


def _preseed(preset: Preset, content: str) -> None:
    data = tomllib.loads(content)
    system, wlan = _table(data, "system"), _table(data, "wlan")
    ssh, user = _table(data, "ssh"), _table(data, "user")
    locale = _table(data, "locale")
    _take(preset, HOSTNAME, system.get("hostname"))
    _take(preset, TIME_ZONE, locale.get("timezone"))
    if wlan:
        ssid = wlan.get("ssid") or _from_hex(wlan.get("ssid_hex"))
        preset.add_network(
            ssid,
            wlan.get("password"),
            hidden=wlan.get("hidden"),
            country=wlan.get("country"),
        )
    if ssh.get("enabled") or ssh.get("authorized_keys"):
        preset.allow(ssh.get("authorized_keys"))
    _note_user(preset, user.get("name"))


def _user_data(preset: Preset, content: str) -> None:
    data = _yaml(preset, content)
    _take(preset, HOSTNAME, data.get("hostname"))
    _take(preset, TIME_ZONE, data.get("timezone"))
    users = [each for each in _list(data.get("users")) if isinstance(each, dict)]
    keys = _list(data.get("ssh_authorized_keys"))
    for user in users:
        keys = [*keys, *_list(user.get("ssh_authorized_keys"))]
        _note_user(preset, user.get("name"))
    if keys or data.get("enable_ssh") or data.get("ssh_pwauth"):
        preset.allow(keys)


def _network_config(preset: Preset, content: str) -> None:
    data = _yaml(preset, content)
    data = _table(data, "network") or data
    for interface in _table(data, "wifis").values():
        if not isinstance(interface, dict):
            continue
        preset.add_network(None, None, country=interface.get("regulatory-domain"))
        for ssid, options in _table(interface, "access-points").items():
            known = options if isinstance(options, dict) else {}
            password = known.get("password") or _table(known, "auth").get("password")
            preset.add_network(ssid, password, hidden=known.get("hidden"))


def _script(preset: Preset, content: str) -> None:
    for line in _SCRIPT_LINE.finditer(content):
        try:
            verb, *words = shlex.split(line["words"])
        except ValueError as error:
            raise _Unexpected(str(error)) from None
        if verb == "set_hostname" and words:
            _take(preset, HOSTNAME, words[0])
        elif verb == "set_timezone" and words:
            _take(preset, TIME_ZONE, words[0])
        elif verb == "enable_ssh":
            preset.allow([word for word in words if not word.startswith("-")])
        elif verb == "set_wlan":
            hidden = "-h" in words
            ssid, password, country = [*(w for w in words if w != "-h"), "", "", ""][:3]
            preset.add_network(ssid, password, hidden=hidden, country=country)


_READERS: Mapping[str, Callable[[Preset, str], None]] = {
    "firstrun.sh": _script,
    "user-data": _user_data,
    "network-config": _network_config,
    "custom.toml": _preseed,
    "rpi-preseed.toml": _preseed,
}


def _yaml(preset: Preset, content: str) -> dict[str, Any]:
    folder, name = preset.file.parent, preset.file.name
    document = read_document(folder, name, {preset.file: content})
    for problem in document.problems:
        message = f"line {problem.place.line}: {problem.message}"
        raise _Unexpected(message)
    return document.data if isinstance(document.data, dict) else {}


def _table(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _take(preset: Preset, section: str, value: Any) -> None:
    if value:
        preset.sections[section] = value


def _note_user(preset: Preset, name: Any) -> None:
    if name:
        preset.notes.append(
            f"{preset.file.name}: the user '{name}' is not made: {_NO_PASSWORDS}"
        )


def _from_hex(digits: Any) -> str | None:
    try:
        return (
            bytes.fromhex(str(digits)).decode("utf-8", "surrogateescape") if digits else None
        )
    except ValueError:
        raise _Unexpected("ssid_hex is not hexadecimal") from None
