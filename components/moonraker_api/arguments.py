"""The arguments of an HTTP call: query and body as one mapping, the body wins.

A query may say what a value is: ``?count:int=5``, ``:bool``, ``:float``, ``:json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from appliance.errors import InvalidRequest
from appliance.web import HttpError, Request

_FORM = "application/x-www-form-urlencoded"
_JSON = ("application/json", "application/octet-stream")
# These prove who asks; a handler must not mistake them for something that is meant.
_CREDENTIALS = frozenset({"token", "access_token", "apikey", "_"})
_FLAGS = {"true": True, "false": False}


def _flag(text: str) -> bool:
    return _FLAGS[text.lower()]


_HINTS: Mapping[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "bool": _flag,
    "json": orjson.loads,
    "str": str,
}


async def read(request: Request) -> dict[str, Any]:
    """Return the arguments of a request."""
    found = query(request.query.items())
    data = await request.read()
    if not data.strip():
        return found
    if request.content_type == _FORM:
        form = await request.post()
        return found | {name: str(value) for name, value in form.items()}
    if request.content_type not in _JSON:
        raise HttpError(415, "send JSON or a form")
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise InvalidRequest("the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise InvalidRequest("the body must be a JSON object")
    return found | body


def query(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the arguments of a query with their type hints applied."""
    found: dict[str, Any] = {}
    for key, value in items:
        if key in _CREDENTIALS:
            continue
        name, colon, hint = key.rpartition(":")
        convert = _HINTS.get(hint) if colon else None
        if convert is None:
            found[key] = value
            continue
        try:
            found[name] = convert(value)
        except (ValueError, KeyError):
            message = f"Unable to convert argument [{name}] to {hint}"
            raise InvalidRequest(message) from None
    return found


def objects(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the printer objects of a query such as ``?toolhead&extruder=target,power``."""
    if "objects" in arguments:
        found = arguments["objects"]
        if not isinstance(found, Mapping):
            raise InvalidRequest("'objects' has to be an object of names and fields")
        return dict(found)
    return {
        name: [field.strip() for field in value.split(",")] if value else None
        for name, value in arguments.items()
        if isinstance(value, str) and name != "connection_id"
    }
