"""Trees of settings: merge one into another, keeping only what is known."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from appliance.errors import InvalidRequest

# Far more than any list that people make by hand.
_LONGEST_LIST = 1000
_LONGEST_TEXT = 100_000
_DEEPEST = 12


def merge(tree: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``tree`` with the branches of ``other`` put over it."""
    merged = dict(tree)
    for key, value in other.items():
        known = merged.get(key)
        if isinstance(known, dict) and isinstance(value, Mapping):
            merged[key] = merge(known, value)
        else:
            merged[key] = copy.deepcopy(value)
    return merged


def accept(known: Mapping[str, Any], given: object, where: str = "") -> dict[str, Any]:
    """Return the part of ``given`` that is in ``known``, each value of the known type."""
    if not isinstance(given, Mapping):
        message = f"{where or 'the settings'} must be an object"
        raise InvalidRequest(message)
    accepted: dict[str, Any] = {}
    for key, default in known.items():
        if key in given:
            path = f"{where}.{key}" if where else key
            accepted[key] = _value(default, given[key], path)
    return accepted


def _value(default: Any, value: Any, path: str) -> Any:
    if isinstance(default, Mapping):
        return accept(default, value, path)
    if isinstance(default, bool):
        return _typed(value, bool, path, "true or false")
    if isinstance(default, int | float):
        if isinstance(value, bool):
            value = None
        number = _typed(value, int | float, path, "a number")
        return int(number) if isinstance(default, int) and number == int(number) else number
    if isinstance(default, list):
        items = _typed(value, list, path, "a list")
        if len(items) > _LONGEST_LIST or not _is_plain(items, _DEEPEST):
            message = f"{path} is too long or too deep"
            raise InvalidRequest(message)
        return items
    text = _typed(value, str, path, "a text")
    if len(text) > _LONGEST_TEXT:
        message = f"{path} is too long"
        raise InvalidRequest(message)
    return text


def _typed(value: Any, kind: Any, path: str, words: str) -> Any:
    if not isinstance(value, kind):
        message = f"{path} must be {words}"
        raise InvalidRequest(message)
    return value


def _is_plain(value: Any, depth: int) -> bool:
    if depth == 0:
        return False
    if isinstance(value, list):
        return len(value) <= _LONGEST_LIST and all(
            _is_plain(item, depth - 1) for item in value
        )
    if isinstance(value, dict):
        return all(_is_plain(item, depth - 1) for item in value.values())
    return not isinstance(value, str) or len(value) <= _LONGEST_TEXT
