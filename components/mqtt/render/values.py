"""How values are written: short, the same for the same value, unknown as ``None``.

``None`` is the word by which Home Assistant understands that a value is not known.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

UNKNOWN = b"None"


def number(value: float | None, decimals: int = 1) -> bytes:
    """Write a number without needless digits."""
    if value is None:
        return UNKNOWN
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return b"0" if text in ("-0", "") else text.encode()


def rounded(value: float | None, decimals: int = 1) -> float | None:
    """Round for JSON."""
    return None if value is None else round(value, decimals)


def percent(share: float | None, decimals: int = 1) -> bytes:
    """Write a share of 1 as a percentage."""
    return number(None if share is None else share * 100, decimals)


def word(value: str | None) -> bytes:
    """Write text."""
    return UNKNOWN if value is None else value.encode(errors="replace")


def switch(value: bool | None) -> bytes:
    """Write what is on or off."""
    if value is None:
        return UNKNOWN
    return b"ON" if value else b"OFF"


def json(value: Any) -> bytes:
    """Write plain data; keys in the order given."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def moment(unix_s: float | None) -> str | None:
    """Write a moment as ISO 8601 in UTC, to the second."""
    if unix_s is None:
        return None
    return datetime.fromtimestamp(unix_s, UTC).isoformat(timespec="seconds")
