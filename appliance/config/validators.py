"""Checks of single values. Each error says what is wanted, never what was given.

(The report shows the line of the YAML; a value repeated in a message could be a secret.)
Numbers may come as text, because `!secret` and `!env_var` give text.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, TypeVar
from urllib.parse import urlsplit

from appliance.config.report import DECEIVING
from appliance.config.schema import closest, vol
from appliance.records import dataclass

T = TypeVar("T")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOG_LEVELS = ("debug", "info", "warning", "error", "critical")

_TRUE = frozenset({"true", "yes", "on", "1", "enable", "enabled"})
_FALSE = frozenset({"false", "no", "off", "0", "disable", "disabled"})
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*\.?")
_NUMBER_AND_UNIT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)")
_CLOCK = re.compile(r"(\d{1,3}):([0-5]?\d)(?::([0-5]?\d))?")
_UNITS_S = {
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("h", "hour", "hours"), 3600.0),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60.0),
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
}


def string(value: object) -> str:
    """Accept text; a whole number too, since a forgotten quote changes nothing there."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise vol.Invalid("expected text; put it in quotes")


def non_empty(value: object) -> str:
    """Accept text with something in it."""
    text = string(value).strip()
    if not text:
        raise vol.Invalid("expected text that is not empty")
    return text


def title(value: object) -> str:
    """Accept what people read: one line, without what nobody sees or what turns the text."""
    text = non_empty(value)
    if DECEIVING.search(text):
        raise vol.Invalid("expected a name in one line, without control characters")
    return text


def boolean(value: object) -> bool:
    """Accept true or false, in the words that people use."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
    raise vol.Invalid("expected true or false")


@dataclass(frozen=True, slots=True)
class Number:
    """Accepts a finite number in a range; ``what`` names it in the error."""

    least: float | None = None
    most: float | None = None
    what: str = "a number"

    def __call__(self, value: object) -> float:
        """Return the number."""
        wanted = f"expected {self.what}{_range(self.least, self.most)}"
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise vol.Invalid(wanted)
        try:
            result = float(value)
        except (ValueError, OverflowError):
            raise vol.Invalid(wanted) from None
        if not math.isfinite(result) or not _within(result, self.least, self.most):
            raise vol.Invalid(wanted)
        return result


@dataclass(frozen=True, slots=True)
class Integer:
    """Accepts a whole number in a range; ``what`` names it in the error."""

    least: int | None = None
    most: int | None = None
    what: str = "a whole number"

    def __call__(self, value: object) -> int:
        """Return the number."""
        wanted = f"expected {self.what}{_range(self.least, self.most)}"
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise vol.Invalid(wanted)
        if isinstance(value, float) and not value.is_integer():
            raise vol.Invalid(wanted)
        try:
            result = int(value)
        except (ValueError, OverflowError):
            raise vol.Invalid(wanted) from None
        if not _within(result, self.least, self.most):
            raise vol.Invalid(wanted)
        return result


def number(
    *, least: float | None = None, most: float | None = None, what: str = "a number"
) -> Number:
    """Accept a finite number in a range; ``what`` names it in the error."""
    return Number(least, most, what)


def integer(
    *, least: int | None = None, most: int | None = None, what: str = "a whole number"
) -> Integer:
    """Accept a whole number in a range; ``what`` names it in the error."""
    return Integer(least, most, what)


def positive(value: object) -> float:
    """Accept a number above zero."""
    result = number(what="a number above 0")(value)
    if result <= 0:
        raise vol.Invalid("expected a number above 0")
    return result


def percentage(value: object) -> float:
    """Accept 0 to 100, with or without the sign."""
    if isinstance(value, str):
        value = value.strip().removesuffix("%").rstrip()
    return number(least=0, most=100, what="a percentage")(value)


def port(value: object) -> int:
    """Accept the number of a TCP or UDP port."""
    return integer(least=1, most=65535, what="a port number")(value)


def slug(value: object) -> str:
    """Accept an id: short, safe in URLs, file names and topics."""
    text = string(value)
    if not _SLUG.fullmatch(text):
        raise vol.Invalid("expected an id: a-z, 0-9, _ and -, at most 63")
    return text


@dataclass(frozen=True, slots=True)
class OneOf:
    """Accepts one of the words, in small letters or capitals."""

    words: tuple[str, ...]

    def __call__(self, value: object) -> str:
        """Return the word."""
        text = str(value).strip().lower()
        if text in self.words:
            return text
        guess = closest(text, self.words)
        hint = f" (did you mean '{guess}'?)" if guess else ""
        message = f"expected one of {', '.join(self.words)}{hint}"
        raise vol.Invalid(message)


def one_of(*words: str) -> OneOf:
    """Accept one of the words, in small letters or capitals."""
    return OneOf(words)


log_level = one_of(*LOG_LEVELS)


def host(value: object) -> str:
    """Accept a host name or an IP address."""
    text = string(value).strip()
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        if _HOST.fullmatch(text):
            return text
    raise vol.Invalid("expected a host name or an IP address")


def network(value: object) -> Network:
    """Accept a network such as 192.168.1.0/24, or one address."""
    try:
        return ipaddress.ip_network(string(value).strip(), strict=False)
    except ValueError:
        raise vol.Invalid("expected a network such as 192.168.1.0/24") from None


def url(*schemes: str) -> Callable[[object], str]:
    """Accept an absolute URL with one of the schemes (http and https if none is named)."""
    accepted = schemes or ("http", "https")
    wanted = f"expected a URL that starts with {' or '.join(f'{s}://' for s in accepted)}"

    def check(value: object) -> str:
        text = string(value).strip()
        try:
            parts = urlsplit(text)
            usable = parts.scheme in accepted and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or re.search(r"[\s\x00-\x1f\x7f]", text):
            raise vol.Invalid(wanted)
        return text

    return check


def path(value: object) -> str:
    """Accept a file or folder; relative ones count from the configuration folder."""
    text = string(value)
    if not text.strip() or any(ord(character) < 32 for character in text):
        raise vol.Invalid("expected a path")
    return text


def relative_path(value: object) -> str:
    """Accept a path that stays inside the configuration folder."""
    text = path(value)
    pure = PurePath(text)
    if pure.is_absolute() or ".." in pure.parts or text.startswith("~"):
        raise vol.Invalid("expected a path inside the configuration folder")
    return text


def time_period(value: object) -> float:
    """Accept a duration: 90, 90s, 1.5h, 1h 30min, 01:30:00, or {minutes: 90}; in seconds."""
    wanted = "expected a duration such as 90s, 10min, 1h 30min or 01:30:00"
    if isinstance(value, dict):
        if not value or not set(value) <= set(_UNITS_S):
            raise vol.Invalid(wanted)
        amount = number(least=0, what="a duration")
        return sum(amount(part) * _UNITS_S[unit] for unit, part in value.items())
    if isinstance(value, str):
        return _period_from_text(value.strip().lower(), wanted)
    return number(least=0, what="a duration (seconds, or 10min, 1h 30min)")(value)


def ensure_list(value: T | list[T] | None) -> list[T]:
    """Accept a list, one value for a list of one, or nothing for an empty list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def list_of(check: Callable[[Any], T] | dict[Any, Any]) -> vol.All:
    """Accept a list of values that pass ``check``, or one of them alone."""
    return vol.All(ensure_list, [check])


def _period_from_text(text: str, wanted: str) -> float:
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600.0 + minutes * 60.0 + seconds
    if text and _is_number(text):
        return number(least=0)(text)
    total, end = 0.0, 0
    while part := _NUMBER_AND_UNIT.match(text, end):
        amount, unit = part.groups()
        if unit not in _UNITS_S:
            break
        total += float(amount) * _UNITS_S[unit]
        end = part.end()
    if not text or end != len(text):
        raise vol.Invalid(wanted)
    return total


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _range(least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f" from {least:.15g} to {most:.15g}"
    if least is not None:
        return f", at least {least:.15g}"
    if most is not None:
        return f", at most {most:.15g}"
    return ""
