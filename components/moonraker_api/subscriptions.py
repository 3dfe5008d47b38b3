"""What a client wants to know of the printer objects, and what has changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.components.moonraker_api.objects.catalogue import Status
from appliance.errors import InvalidRequest

# Object -> the wanted fields; None stands for all. Hashable, so that equal wishes are
# answered by one rendering.
Wish = tuple[tuple[str, tuple[str, ...] | None], ...]


def parse(objects: object) -> Wish:
    """Understand ``{"toolhead": null, "extruder": ["target"]}``; an empty list means all."""
    if not isinstance(objects, Mapping):
        raise InvalidRequest("'objects' has to be an object of names and fields")
    wish: dict[str, tuple[str, ...] | None] = {}
    for name, fields in objects.items():
        if fields is None or fields == []:
            wish[str(name)] = None
        elif isinstance(fields, list) and all(isinstance(field, str) for field in fields):
            wish[str(name)] = tuple(dict.fromkeys(fields))
        else:
            message = f"the fields of '{name}' have to be a list of names, or null"
            raise InvalidRequest(message)
    return tuple(sorted(wish.items(), key=lambda item: item[0]))


def select(status: Status, wish: Wish) -> dict[str, dict[str, Any]]:
    """Return what is wished; an unknown object is empty, an unknown field null."""
    chosen: dict[str, dict[str, Any]] = {}
    for name, fields in wish:
        known = status.get(name)
        if known is None:
            chosen[name] = {}
        elif fields is None:
            chosen[name] = dict(known)
        else:
            chosen[name] = {field: known.get(field) for field in fields}
    return chosen


def changes(old: Status, new: Status, wish: Wish) -> dict[str, dict[str, Any]]:
    """Return the wished fields that are different now."""
    changed: dict[str, dict[str, Any]] = {}
    for name, fields in wish:
        before, after = old.get(name), new.get(name)
        if after is None or after is before or after == before:
            continue
        before = before or {}
        wanted = after if fields is None else fields
        different = {
            field: after[field]
            for field in wanted
            if field in after and (field not in before or before[field] != after[field])
        }
        if different:
            changed[name] = different
    return changed
