"""One G-code command as Marlin's parser sees it."""

from __future__ import annotations

import re

_CODE = re.compile(r"([GMTD])[ ]*([0-9]+)(\.[0-9]+)?[ ]*")
_WORD = re.compile(r"([A-Z])[ ]*((?:[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))?)")
_PLAIN_WORDS = re.compile(r"(?:[A-Z]-?[0-9]+(?:\.[0-9]*)?(?: +|$))*")
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
        return float(text) if text else default

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
    if _PLAIN_WORDS.fullmatch(text):
        return {word[0]: float(word[1:]) for word in text.split()}
    return {letter: float(number or 0) for letter, number in _WORD.findall(text)}
