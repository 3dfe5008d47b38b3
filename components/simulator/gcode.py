"""One G-code command as Marlin's parser sees it."""

from __future__ import annotations

import re

_CODE = re.compile(r"([GMTD])[ ]*(\d+)(\.\d+)?[ ]*")
_WORD = re.compile(r"([A-Z])[ ]*([-+]?(?:\d+\.?\d*|\.\d+)?)")
_LEADING_NUMBER = re.compile(r"[ ]*[-+]?(?:\d+\.?\d*|\.\d+)")
# These take the rest of the line as text, not as letters and numbers.
_TEXT_CODES = frozenset({"M23", "M28", "M30", "M32", "M33", "M117", "M118", "M928"})


class Command:
    """A command line without its line number, checksum and comment."""

    __slots__ = ("_words", "code", "rest", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        """What stands in the line, as `Unknown command` quotes it."""
        self.code = ""
        """The code in its plain form (`G1` for `G01 X5`), or empty."""
        self.rest = ""
        """What follows the code."""
        self._words: dict[str, str] | None = None
        match = _CODE.match(text)
        if match:
            self.code = f"{match[1]}{int(match[2])}"
            self.rest = text[match.end() :]

    @property
    def words(self) -> dict[str, str]:
        """The letters given, each with the text of its number (maybe empty)."""
        if self._words is None:
            self._words = {}
            if self.code not in _TEXT_CODES:
                # The last word wins nothing in Marlin either: the first of a letter stands
                # where it was seen last.
                self._words = dict(_WORD.findall(self.rest))
        return self._words

    def has(self, letter: str) -> bool:
        """Tell whether the letter stands in the command, with or without a number."""
        return letter in self.words

    def given(self, letter: str) -> bool:
        """Tell whether the letter stands in the command with a number."""
        return bool(self.words.get(letter))

    def number(self, letter: str, default: float = 0.0) -> float:
        """Return the number behind a letter, or the default if there is none."""
        text = self.words.get(letter)
        if not text:
            return default
        try:
            return float(text)
        except ValueError:
            return default

    def integer(self, letter: str, default: int = 0) -> int:
        """Return the whole number behind a letter, or the default if there is none."""
        return int(self.number(letter, default))

    def flag(self, letter: str, *, default: bool = True) -> bool:
        """Return a switch: absent or without number is the default for it."""
        text = self.words.get(letter)
        return default if not text else self.number(letter) != 0


def word_values(text: str) -> dict[str, float]:
    """Read the words of a motion command; spaces between them may be missing.

    This is the hot path of a print: a plain split reads what slicers write, and the
    regular expression everything else.
    """
    values: dict[str, float] = {}
    try:
        for word in text.split():
            values[word[0]] = float(word[1:])
    except ValueError:
        return {letter: float(number or 0) for letter, number in _WORD.findall(text)}
    return values


def leading_number(text: str) -> float | None:
    """Read the number at the start of a text, as C's strtod does."""
    match = _LEADING_NUMBER.match(text)
    return float(match[0]) if match else None
