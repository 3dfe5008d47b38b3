"""From what stands in gantry.yaml to what is to be in configuration.yaml.

A secret that stands there becomes ``!secret NAME``; one that is stored already stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from appliance.config.emit import Secret
from appliance.config.report import SECRET_KEY, Path_
from appliance.config.validate import PRINTER

from .inbox import Inbox
from .merge import Keep
from .product import Wanted
from .settings import MOSQUITTO, STORED

_NOT_STORED = "it says (stored), and nothing is stored on this card"
_WRITE_AGAIN = "write the password again; it is taken off the card at the next start"
MQTT, _MQTT_PASSWORD = "mqtt", "mqtt_password"
_NOT_JOINED = (
    "Gantry itself is not connected to the broker of this computer: write mosquitto's password"
    " again, or a section mqtt"
)


def wanted(inbox: Inbox, stored: Mapping[str, str], *, join_broker: bool = False) -> Wanted:
    """Return what the readable sections ask for; what is not stored becomes a problem.

    ``join_broker`` lets Gantry connect to the broker of this computer if there is one now.
    """
    users = _users(inbox)
    host_only = {name for name, keys in users.items() if keys <= set(inbox.host)}
    secrets = {
        name: text
        for name, text in inbox.secrets.items()
        if text != STORED and name not in host_only
    }
    reader = _Reader(inbox, stored, secrets, users)
    values = {key: reader.read((key,), value) for key, value in inbox.product.items()}
    if join_broker and MQTT not in values and (mqtt := _own_broker(inbox, stored, secrets)):
        values[MQTT] = mqtt
        users.setdefault(_MQTT_PASSWORD, set()).add(MQTT)
    used_by = {name: frozenset(keys - set(inbox.host)) for name, keys in users.items()}
    broken = inbox.broken_sections
    readable = {key: value for key, value in values.items() if key not in broken}
    return Wanted(readable, secrets, used_by)


def _own_broker(
    inbox: Inbox, stored: Mapping[str, str], secrets: dict[str, str]
) -> dict[str, Any] | None:
    """Return the section mqtt for the broker of this computer, if one is wanted rightly."""
    section = inbox.verbatim((MOSQUITTO,), inbox.host.get(MOSQUITTO))
    if not isinstance(section, dict) or MOSQUITTO in inbox.broken_sections:
        return None
    password: Secret | Keep
    if section["password"] != STORED:
        secrets[_MQTT_PASSWORD] = str(section["password"])
        password = Secret(_MQTT_PASSWORD, secrets[_MQTT_PASSWORD])
    elif _MQTT_PASSWORD in stored:
        password = Keep(Secret(_MQTT_PASSWORD, stored[_MQTT_PASSWORD]))
    else:
        inbox.notes.append(_NOT_JOINED)
        return None
    user = str(section.get("username", "gantry"))
    return {"broker": "127.0.0.1", "username": user, "password": password}


class _Reader:
    def __init__(
        self,
        inbox: Inbox,
        stored: Mapping[str, str],
        secrets: dict[str, str],
        users: dict[str, set[str]],
    ) -> None:
        self._inbox = inbox
        self._stored = stored
        self._secrets = secrets
        self._users = users

    def read(self, path: Path_, value: Any) -> Any:
        """Return the value with secrets marked."""
        if isinstance(value, dict):
            return {key: self.read((*path, key), inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.read((*path, index), inner) for index, inner in enumerate(value)]
        if (name := self._inbox.secret_name(path)) is not None:
            return self._from_file(path, name, str(value))
        if SECRET_KEY.search(str(path[-1])) and isinstance(value, str | int | float):
            return self._in_place(path, value)
        return value

    def _from_file(self, path: Path_, name: str, value: str) -> Secret | None:
        if value != STORED:
            return Secret(name, value)
        if name in self._stored:
            return Secret(name, self._stored[name])
        self._missing(path)
        return None

    def _in_place(self, path: Path_, value: Any) -> Secret | Keep | None:
        name = _name(self._inbox, path)
        if value == STORED:
            if name in self._stored:
                return Keep(Secret(name, self._stored[name]))
            self._missing(path)
            return None
        self._users.setdefault(name, set()).add(str(path[0]))
        self._secrets[name] = str(self._inbox.verbatim(path, value))
        return Secret(name, self._secrets[name])

    def _missing(self, path: Path_) -> None:
        self._inbox.problems.append(self._inbox.problem(path, _NOT_STORED, _WRITE_AGAIN))


def _users(inbox: Inbox) -> dict[str, set[str]]:
    """Return the sections that use each secret of secrets.yaml."""
    found: dict[str, set[str]] = {}
    for path in inbox.document.origins:
        if path and (name := inbox.secret_name(path)) is not None:
            found.setdefault(name, set()).add(str(path[0]))
    return found


def _name(inbox: Inbox, path: Path_) -> str:
    """Return a name for a secret by its place: mqtt_password, printer_ender3_api_key."""
    return re.sub("[^a-z0-9]+", "_", "_".join(_words(inbox, path)).lower()).strip("_")


def _words(inbox: Inbox, path: Path_) -> Iterator[str]:
    data: Any = inbox.product
    for step in path:
        data = data[step]
        is_printer = path[0] == PRINTER and isinstance(step, int) and isinstance(data, dict)
        yield str(data.get("id", step)) if is_printer else str(step)
