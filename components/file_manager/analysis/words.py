"""Take a line of G-code apart: the command and its words. The slow and general way."""

from __future__ import annotations

import re

# "G1 X10Y-.5 E2", "M486 A"a name"": letters with numbers; text behind a letter is apart.
_COMMAND = re.compile(rb"[ \t]*(?:N\d{1,9}[ \t]*)?([GMTgmt])[ \t]?(\d{1,5})(?:\.(\d{1,3}))?")
_WORD = re.compile(rb"([A-Za-z])[ \t]?([-+]?(?:\d{1,12}\.?\d{0,12}|\.\d{1,12}))?")


def command(line: bytes) -> tuple[str, bytes] | None:
    """Return the command (``G1``, ``M486``) and the rest of the line without comment."""
    match = _COMMAND.match(line)
    if match is None:
        return None
    letter, number, fraction = match.groups()
    code = letter.decode().upper() + str(int(number))
    if fraction is not None:
        code += "." + str(int(fraction))
    return code, line[match.end() :].partition(b";")[0].partition(b"*")[0]


def words(rest: bytes) -> dict[str, float | None]:
    """Return the words by their letter; a letter alone has None."""
    return {
        letter.decode().upper(): float(value) if value else None
        for letter, value in _WORD.findall(rest)
    }


def value(found: dict[str, float | None], *letters: str) -> float | None:
    """Return the number of the first of those letters that has one."""
    for letter in letters:
        number = found.get(letter)
        if number is not None:
            return number
    return None
