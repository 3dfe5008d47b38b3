"""From what a person chose in the set-up to values at their places in configuration.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from appliance.catalogue import Catalogue
from appliance.config.report import Path_
from appliance.config.schema import known_options
from appliance.config.validate import COMMON_PRINTER_OPTIONS, PRINTER
from appliance.config.write import UNSET
from appliance.errors import InvalidRequest

Changes = dict[Path_, Any]

APPLIANCE_NAME: Path_ = ("appliance", "name")
WEBCAM = "webcam"
MQTT = "mqtt"


def changes(
    data: Mapping[str, Any], wishes: Mapping[str, Any], catalogue: Catalogue
) -> Changes:
    """Return the values to set; ``data`` is what the files say now."""
    found: Changes = {}
    if name := wishes.get("name"):
        found[APPLIANCE_NAME] = name
    if printer := _mapping(wishes, "printer"):
        found |= _printer(data.get(PRINTER), printer, catalogue)
    if camera := _mapping(wishes, "camera"):
        found |= _added(WEBCAM, data.get(WEBCAM), camera)
    if mqtt := _mapping(wishes, "mqtt"):
        before = data.get(MQTT)
        known = before if isinstance(before, dict) else {}
        found |= dict(_different((MQTT,), known, {**known, **mqtt})) if known else {
            (MQTT,): dict(mqtt)
        }  # fmt: skip
    if not found:
        raise InvalidRequest("nothing was chosen")
    return found


def _mapping(wishes: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = wishes.get(name)
    if value is not None and not isinstance(value, dict):
        message = f"'{name}' is an object"
        raise InvalidRequest(message)
    return value


def _printer(present: object, wish: Mapping[str, Any], catalogue: Catalogue) -> Changes:
    """Add a printer, or let it take the place of the one that it ``replaces``."""
    entry = {key: value for key, value in wish.items() if key != "replaces"}
    replaced = wish.get("replaces")
    if replaced is None:
        return _added(PRINTER, present, entry)
    for place, before in _entries(present):
        if str(before.get("id")) == replaced:
            after = _merged(_that_fits(before, entry, catalogue), entry)
            return dict(_different(place, before, after))
    message = f"there is no printer '{replaced}' in the configuration"
    raise InvalidRequest(message)


def _entries(present: object) -> Iterator[tuple[Path_, dict[str, Any]]]:
    """Yield every printer as written, and where it stands."""
    if isinstance(present, dict):
        yield (PRINTER,), present
    for index, entry in enumerate(present if isinstance(present, list) else ()):
        if isinstance(entry, dict):
            yield (PRINTER, index), entry


def _that_fits(
    before: Mapping[str, Any], entry: Mapping[str, Any], catalogue: Catalogue
) -> dict[str, Any]:
    """Return the options of an entry that the platform of another one knows too."""
    domain = catalogue.platform_component(str(entry.get("platform")))
    if domain not in catalogue:
        raise InvalidRequest("there is no such printer platform")
    schema = catalogue.load(domain).printer_schema
    known = known_options(COMMON_PRINTER_OPTIONS) | known_options(schema)
    return {key: value for key, value in before.items() if key in known}


def _merged(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``before`` with every value of ``after``, mappings within mappings too."""
    result = dict(before)
    for key, value in after.items():
        old = result.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        result[key] = _merged(old, value) if both and old is not None else value
    return result


def _added(section: str, present: object, entry: Mapping[str, Any]) -> Changes:
    """Add an entry to a list that may be empty, or one mapping as yet."""
    if isinstance(present, list) and present:
        return {(section, len(present)): dict(entry)}
    return {(section,): [present, dict(entry)] if present else [dict(entry)]}


def _different(
    place: Path_, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[Path_, Any]]:
    """Yield each value that differs at its own place, so that all others stay as written."""
    for key in before:
        if key not in after:
            yield (*place, key), UNSET
    for key, value in after.items():
        old = before.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and old:
            yield from _different((*place, key), old, value)
        elif key not in before or old != value:
            yield (*place, key), value
