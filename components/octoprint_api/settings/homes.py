"""Settings that stand in the YAML: how each is read, and what a change writes there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from appliance.components.octoprint_api.script_names import TO_CLIENT, TO_YAML
from appliance.config.schema import vol
from appliance.core import Appliance
from appliance.domain.printer import Printer
from appliance.errors import InvalidRequest
from appliance.records import dataclass
from appliance.templates import template

YamlPath = tuple[str | int, ...]
_AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Here:
    """What a setting is about."""

    appliance: Appliance
    printer: Printer
    origin: str | None = None  # of the page that sends the change

    @property
    def entry(self) -> Mapping[str, Any]:
        """The entry of the printer in the configuration."""
        entries = self.appliance.configuration.printers
        return next(entry for entry in entries if entry["id"] == self.printer.id)

    @property
    def alone(self) -> bool:
        """Whether this is the only printer."""
        return len(self.appliance.configuration.printers) == 1


@dataclass(slots=True)
class Changes:
    """What is to be written: for the whole appliance, and for the printer."""

    common: dict[YamlPath, Any]
    printer: dict[YamlPath, Any]


@dataclass(frozen=True, slots=True)
class Home:
    """One setting and its place."""

    path: tuple[str, ...]  # in the settings
    read: Callable[[Here], Any]
    write: Callable[[Here, Any, Changes], None]


def read_all(here: Here) -> dict[str, Any]:
    """Return the tree of all settings that stand in the YAML."""
    tree: dict[str, Any] = {}
    for home in HOMES:
        branch = tree
        for key in home.path[:-1]:
            branch = branch.setdefault(key, {})
        branch[home.path[-1]] = home.read(here)
    tree["scripts"] = {"gcode": _scripts(here)}
    return tree


def changes_for(here: Here, given: Mapping[str, Any]) -> Changes:
    """Return what must be written for ``given``; what stays as it is, is left alone."""
    changes = Changes({}, {})
    for home in HOMES:
        found, value = _look_up(given, home.path)
        if found and value != home.read(here):
            home.write(here, value, changes)
    scripts = _look_up(given, ("scripts", "gcode"))[1]
    if isinstance(scripts, Mapping):
        _write_scripts(here, scripts, changes)
    return changes


def _look_up(tree: object, path: Sequence[str]) -> tuple[bool, Any]:
    for key in path:
        if not isinstance(tree, Mapping) or key not in tree:
            return False, None
        tree = tree[key]
    return True, tree


# --- names and origins ----------------------------------------------------------------


def _name(here: Here) -> str:
    return here.appliance.name if here.alone else here.printer.name


def _write_name(here: Here, value: Any, changes: Changes) -> None:
    name = _text(value, "appearance.name").strip()
    if not name:
        raise InvalidRequest("appearance.name must not be empty")
    if here.alone:
        changes.common["appliance", "name"] = name
    else:
        changes.printer["name",] = name


def _cross_origin(here: Here) -> bool:
    return bool(here.appliance.configuration.components.get("http", {}).get("cors_origins"))


def _write_cross_origin(here: Here, value: Any, changes: Changes) -> None:
    """Allow the page that asks, or nobody; every page at once is never allowed."""
    if not _truth(value, "api.allowCrossOrigin"):
        changes.common["http", "cors_origins"] = []
    elif here.origin is not None:
        changes.common["http", "cors_origins"] = [here.origin]
    else:
        message = "name the allowed pages in configuration.yaml: http.cors_origins"
        raise InvalidRequest(message)


# --- the serial line --------------------------------------------------------------------


def _write_port(_here: Here, value: Any, changes: Changes) -> None:
    automatic = value is None or value == "AUTO"
    changes.printer["port",] = _AUTO if automatic else _text(value, "serial.port")


def _write_baudrate(_here: Here, value: Any, changes: Changes) -> None:
    if value in (None, 0):
        changes.printer["baudrate",] = _AUTO
    elif isinstance(value, int) and not isinstance(value, bool):
        changes.printer["baudrate",] = value
    else:
        raise InvalidRequest("serial.baudrate must be a whole number")


def _option(name: str, setting: str) -> tuple[Any, Any]:
    """Return reader and writer of a printer's option that is true or false."""

    def read(here: Here) -> bool:
        return bool(here.entry.get(name, False))

    def write(_here: Here, value: Any, changes: Changes) -> None:
        changes.printer[name,] = _truth(value, setting)

    return read, write


def _write_ignored_ports(_here: Here, value: Any, changes: Changes) -> None:
    if not isinstance(value, list) or not all(isinstance(port, str) for port in value):
        raise InvalidRequest("serial.blacklistedPorts must be a list of texts")
    changes.printer["ignored_ports",] = value


HOMES: tuple[Home, ...] = (
    Home(("appearance", "name"), _name, _write_name),
    Home(("api", "allowCrossOrigin"), _cross_origin, _write_cross_origin),
    Home(("serial", "port"), lambda here: here.printer.preferred.port, _write_port),
    Home(
        ("serial", "baudrate"), lambda here: here.printer.preferred.baudrate, _write_baudrate
    ),
    Home(("serial", "autoconnect"), *_option("autoconnect", "serial.autoconnect")),
    Home(("serial", "log"), *_option("serial_log", "serial.log")),
    Home(
        ("serial", "blacklistedPorts"),
        lambda here: list(here.entry.get("ignored_ports", ())),
        _write_ignored_ports,
    ),
)


# --- scripts ----------------------------------------------------------------------------


def _scripts(here: Here) -> dict[str, str]:
    return {
        TO_CLIENT[name]: text
        for name, text in here.printer.scripts.items()
        if name in TO_CLIENT
    }


def _write_scripts(here: Here, given: Mapping[str, Any], changes: Changes) -> None:
    present = _scripts(here)
    for name, wanted in given.items():
        if name not in TO_YAML or wanted == present.get(name):
            continue
        text = _text(wanted, f"scripts.gcode.{name}")
        try:
            template(text)
        except vol.Invalid as error:
            message = f"scripts.gcode.{name}: {error}"
            raise InvalidRequest(message) from error
        changes.printer["scripts", TO_YAML[name]] = text


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        message = f"{path} must be a text"
        raise InvalidRequest(message)
    return value


def _truth(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        message = f"{path} must be true or false"
        raise InvalidRequest(message)
    return value
