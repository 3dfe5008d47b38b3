"""What slicers write into comments, as names and values, and how values are read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

# "; name = value", ";NAME:value", ";   name,value". Every repetition is bounded, so that
# hostile text costs linear time; long values are G-code macros that nobody asks for.
_PAIR = re.compile(
    rb"^[ \t]*;[;\t ]{0,8}([^\s=:,;][^=:,;\r\n]{0,79}?)[ \t]{0,8}[=:,]([^\r\n]{0,400})",
    re.MULTILINE,
)
MAX_NAMES = 4000
MAX_REPEATS = 64

_NUMBER = re.compile(r"[-+]?(?:\d{1,15}\.?\d{0,15}|\.\d{1,15})(?:[eE][-+]?\d{1,2})?")
_PERIOD = re.compile(
    r"(\d{1,9}(?:\.\d{1,9})?)\s*"
    r"(days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])",
    re.IGNORECASE,
)
_UNIT_S = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}


class Comments:
    """Names and values in the order in which they were written."""

    def __init__(self, values: Mapping[str, list[str]] | None = None) -> None:
        self._values: dict[str, list[str]] = dict(values or {})

    @classmethod
    def of(cls, *texts: bytes) -> Comments:
        """Collect the pairs of head and tail."""
        values: dict[str, list[str]] = {}
        for text in texts:
            for name, value in _PAIR.findall(text):
                key = name.decode("utf-8", "replace").strip()
                known = values.get(key)
                if known is None:
                    if len(values) >= MAX_NAMES:
                        continue
                    known = values[key] = []
                if len(known) >= MAX_REPEATS:
                    known.pop()  # the first ones and the very last are what counts
                known.append(value.decode("utf-8", "replace").strip())
        return cls(values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def all(self, name: str) -> list[str]:
        """Return every value of a name."""
        return self._values.get(name, [])

    def text(self, *names: str) -> str | None:
        """Return the first value that is not empty, by the order of the names."""
        for name in names:
            for value in self._values.get(name, ()):
                if value:
                    return value
        return None

    def number(self, *names: str) -> float | None:
        """Return the first number of the first of those names that has one."""
        for name in names:
            for value in self._values.get(name, ()):
                if (found := number(value)) is not None:
                    return found
        return None

    def whole(self, *names: str) -> int | None:
        """Return a number without its fraction."""
        found = self.number(*names)
        return None if found is None else int(found)

    def numbers(self, *names: str) -> list[float]:
        """Return the numbers of a list, one per tool."""
        text = self.text(*names)
        return [] if text is None else numbers(text)

    def texts(self, *names: str) -> list[str]:
        """Return the entries of a list, one per tool."""
        text = self.text(*names)
        return [] if text is None else split_list(text)

    def period(self, *names: str) -> float | None:
        """Return a period in seconds, or None if there is none or it is no period."""
        for name in names:
            for value in self._values.get(name, ()):
                if (found := period(value)) is not None:
                    return found
        return None

    def names(self) -> Iterable[str]:
        """Return all names."""
        return self._values.keys()


def number(text: str) -> float | None:
    """Return the number that a text begins with (after blanks and quotes)."""
    match = _NUMBER.match(text.lstrip(" \t\"'["))
    return _finite(match.group()) if match else None


def numbers(text: str) -> list[float]:
    """Return the numbers of a list separated by commas, semicolons or bars."""
    if not text.strip():
        return []
    found = []
    for part in re.split(r"[,;|]", text)[:256]:
        value = number(part)
        found.append(0.0 if value is None else value)
    return found


def split_list(text: str) -> list[str]:
    """Return the entries of ``PLA;PETG`` or ``"Generic PLA";"My, own"``, quotes removed."""
    entries = []
    for match in re.finditer(r'"((?:[^"\\]|\\.)*)"|([^;]+)', text[:4000]):
        quoted, plain = match.groups()
        entries.append(quoted.replace('\\"', '"') if quoted is not None else plain.strip())
    return [entry for entry in entries if entry][:256]


def period(text: str) -> float | None:
    """Return the seconds in ``1d 2h 3m 4s``, ``2 hours 35 minutes`` or ``71.2 minutes``."""
    parts = _PERIOD.findall(text)
    if not parts:
        return None
    return sum(float(value) * _UNIT_S[unit[0].lower()] for value, unit in parts)


def _finite(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None
