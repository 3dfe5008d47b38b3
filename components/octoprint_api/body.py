"""What requests hold: commands with parameters, booleans and numbers in OctoPrint's manner."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from appliance import web
from appliance.errors import InvalidRequest

_TRUE = frozenset({"true", "yes", "y", "1"})


async def command(
    request: web.Request, commands: Mapping[str, Sequence[str]]
) -> tuple[str, dict[str, Any]]:
    """Return the command of a JSON body and the body; ``commands`` names what each needs."""
    body = await web.json_body(request)
    name = body.get("command")
    if not isinstance(name, str) or name not in commands:
        message = f"'command' must be one of {', '.join(commands)}"
        raise InvalidRequest(message)
    missing = [parameter for parameter in commands[name] if parameter not in body]
    if missing:
        message = f"'{name}' needs {' and '.join(missing)}"
        raise InvalidRequest(message)
    return name, body


def truth(value: object) -> bool:
    """Read a boolean from JSON, a form field or a query string; anything odd is false."""
    if isinstance(value, str):
        return value.strip().lower() in _TRUE
    return value is True or (isinstance(value, int) and value == 1)


def flag(request: web.Request, name: str) -> bool:
    """Read a boolean from the query string."""
    return truth(request.query.get(name, ""))


def limit(request: web.Request) -> int | None:
    """Read ``limit`` from the query string; what is no number limits nothing."""
    text = request.query.get("limit", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def number(value: object, what: str) -> float:
    """Take a JSON number; text and booleans are none."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
    ):
        message = f"{what} must be a number"
        raise InvalidRequest(message)
    return float(value)


def factor(value: object) -> float:
    """Take a factor: whole numbers are percent, others are shares; 1.0 = unchanged."""
    share = number(value, "factor")
    if isinstance(value, int):
        share /= 100
    if share < 0.01:
        raise InvalidRequest("factor must be at least 1 percent")
    return share
