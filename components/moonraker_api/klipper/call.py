"""One line of Klipper's language, taken apart."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from appliance.errors import InvalidRequest
from appliance.records import dataclass

_CLASSIC = re.compile(r"([GMT])\s*(\d+(?:\.\d+)?)\s*(.*)", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*(.*)", re.DOTALL)
_LETTER = re.compile(r"([A-Za-z])\s*([-+]?(?:\d+\.?\d*|\.\d+))?")
# Commands whose rest is text for people: a semicolon in it begins no comment.
_TEXTUAL = ("M117", "M118", "RESPOND")


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its parameters, names in capitals."""

    name: str
    parameters: Mapping[str, str]
    rest: str  # everything behind the name, as it was written
    classic: bool  # G, M or T and a number

    def text(self, name: str, default: str | None = None) -> str:
        """Return a parameter; `InvalidRequest` if it has to be there and is not."""
        value = self.parameters.get(name, default)
        if value is None:
            message = f"Error on '{self}': missing {name}"
            raise InvalidRequest(message)
        return value

    def number(self, name: str) -> float | None:
        """Return a parameter as a number, or None if it is not given."""
        value = self.parameters.get(name)
        if value is None:
            return None
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not -1e9 < number < 1e9:  # NaN and infinity fail as well
            message = f"Error on '{self}': unable to parse {name}={value}"
            raise InvalidRequest(message)
        return number

    def within(self, name: str, least: float, most: float) -> float | None:
        """Return a number between those bounds, or None if it is not given."""
        number = self.number(name)
        if number is not None and not least <= number <= most:
            message = f"Error on '{self}': {name} must be from {least:g} to {most:g}"
            raise InvalidRequest(message)
        return number

    def __str__(self) -> str:
        return f"{self.name} {self.rest}".strip()


def parse(line: str) -> Call | None:
    """Take a line apart; None for an empty one or a comment."""
    stripped = line.strip()
    textual = stripped.upper().startswith(_TEXTUAL)
    text = stripped if textual else stripped.split(";", 1)[0].strip()
    if not text or text[0] in ";#":
        return None
    if (match := _CLASSIC.fullmatch(text)) is not None:
        name = match[1].upper() + (match[2].lstrip("0") or "0")
        letters = {letter.upper(): value or "" for letter, value in _LETTER.findall(match[3])}
        return Call(name, letters, match[3].strip(), classic=True)
    if (match := _NAME.fullmatch(text)) is not None:
        return Call(match[1].upper(), _assignments(text, match[2]), match[2].strip(), False)
    message = f"Malformed command '{text}'"
    raise InvalidRequest(message)


def _assignments(line: str, rest: str) -> dict[str, str]:
    """Return the ``KEY=value`` pairs; values may be quoted."""
    try:
        words = shlex.split(rest, posix=True)
    except ValueError:
        message = f"Malformed command '{line}'"
        raise InvalidRequest(message) from None
    found: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            message = f"Malformed command '{line}'"
            raise InvalidRequest(message)
        found[key.upper()] = value
    return found
