"""Beginners' mistakes, told by what stands in the file and not by what a parser expected.

Each function looks at plain text and returns what to say, or None if it knows nothing better.
No value of the file is repeated in what they say: it may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from appliance.records import dataclass

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# Word processors, chats and web pages bring them; YAML takes them for letters.
_FALSE_INDENT = re.compile(
    "^(?P<before> *)[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]\\s*[\\w-]+:(?:\\s|$)"
)
_SECTION_OF_INI = re.compile(r"^\s*\[[^]:,{}]+\]\s*$")
_KEY = r"(?P<indent>\s*(?:- +)*)(?P<key>[A-Za-z_][\w-]*)"
_NO_SPACE = re.compile(rf"^{_KEY}:(?=[^\s/:])")
_EQUALS = re.compile(rf"^{_KEY}\s*=")
_WIDE_COLON = re.compile(rf"^{_KEY}\s*\uff1a")
_NO_COLON = re.compile(rf"^{_KEY} +[^:#]*$")
_DASH = re.compile(r"^\s*-[A-Za-z_]")
_WITH_VALUE = re.compile(rf"^{_KEY}: +[^\s#|>].*$")
_AFTER_QUOTE = re.compile(r":\s+(?P<quoted>'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\")[^\s,#}\]]")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, where (lines and columns count from 1), and what helps."""

    line: int
    column: int
    message: str
    hint: str


def false_indent(text: str) -> Mistake | None:
    """Find a line that is indented by something that only looks like spaces."""
    for number, line in enumerate(_BREAK.split(text), 1):
        if found := _FALSE_INDENT.match(line):
            message = "the indentation is made of spaces that are none (copied from a page?)"
            column = len(found["before"]) + 1
            return Mistake(number, column, message, "type the spaces anew")
    return None


def of_syntax(text: str, line: int) -> Mistake | None:
    """Look around the line at which a parser gave up."""
    lines = _BREAK.split(text)
    written = [n for n, each in enumerate(lines, 1) if _is_written(each)]
    if not written or line > len(lines):
        return None
    if _SECTION_OF_INI.match(lines[written[0] - 1]):
        return Mistake(
            written[0], 1, "this is the form of printer.cfg or an .ini file, not YAML",
            "write 'name:' for a section, and 'key: value' indented below it",
        )  # fmt: skip
    here = lines[line - 1]
    if found := _AFTER_QUOTE.search(here):
        return _after_quote(line, found)
    above = max((number for number in written if number < line), default=None)
    for number in (above, line):
        if number is not None and (mistake := _in_line(lines[number - 1], number)):
            return mistake
    if here.count(": ") > 1 and here.lstrip()[:1] not in ("{", "["):
        column = here.index(": ", here.index(": ") + 1) + 1
        return Mistake(
            line, column, "a second colon in the line", "put the text in quotes: key: '...'"
        )
    return None if above is None else _against(lines, above, line)


def of_value(value: object, message: str) -> str | None:
    """Return a hint for a value that did not pass."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if len(text) > 1 and text.endswith(","):
        return "remove the comma at the end of the line"
    hints = (
        pattern.fullmatch(text) and hint(text)
        for words, pattern, hint in _VALUES
        if words in message
    )
    return next((hint for hint in hints if hint), None)


def _such_as(text: str) -> str:
    made = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-")
    return f"such as {made or 'ender3'}; what people read is 'name:'"


def _number_of(text: str) -> str:
    number = re.match(r"[-+]?[\d.,]+", text)
    return f"write the number alone: {number[0].replace(',', '.') if number else ''}"


# By a part of what the validator says, and what the value looks like.
_VALUES: tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...] = (
    (
        "indented below",
        re.compile(r"[A-Za-z_][\w-]*:[^\s/:].*"),
        lambda _: "put a space after the colon: key: value",
    ),
    ("number", re.compile(r"[-+]?\d+(?:[.,]\d+)?\s*[^\d\s.,]{1,6}"), _number_of),
    ("an id", re.compile(r".{1,63}"), _such_as),
    (
        "expected a device",
        re.compile(r"(?i)com\d{1,3}"),
        lambda _: "COM ports are Windows'; this computer's are found with 'port: auto'",
    ),
    (
        "host name",
        re.compile(r"(?i)[a-z]+://.+"),
        lambda text: f"leave {text.partition('://')[0]}:// away, and give a port as 'port:'",
    ),
)


def _is_written(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _in_line(line: str, number: int) -> Mistake | None:
    """Find what is wrong with a line for itself."""
    if found := _NO_SPACE.match(line):
        message = "a space is missing after the colon"
        return Mistake(number, found.end() + 1, message, f"write '{found['key']}: ...'")
    if found := _EQUALS.match(line):
        message = "'=' where YAML takes a colon"
        return Mistake(number, found.end(), message, f"write '{found['key']}: ...'")
    if found := _WIDE_COLON.match(line):
        message = "a wide colon (of another script) where YAML takes ':' and a space"
        return Mistake(number, found.end(), message, f"write '{found['key']}: ...'")
    if found := _DASH.match(line):
        message = "a space is missing after the dash"
        return Mistake(number, found.end(), message, "write '- ' before an entry of a list")
    if found := _NO_COLON.match(line):
        message = f"a colon is missing after '{found['key']}'"
        return Mistake(number, found.end("key") + 1, message, f"write '{found['key']}: ...'")
    return None


def _against(lines: Sequence[str], above: int, number: int) -> Mistake | None:
    """Find what is wrong with a line after those above it."""
    indent = _indent(lines[number - 1])
    found = _WITH_VALUE.match(lines[above - 1])
    if found and indent > _indent(lines[above - 1]):
        return Mistake(
            number,
            indent + 1,
            "indented deeper than the line above, which has a value already",
            f"indent it like '{found['key']}' in line {above}",
        )
    is_entry = lines[number - 1].lstrip().startswith("-")
    for line in reversed(lines[: number - 1]):
        if _is_written(line) and _indent(line) <= indent:
            if not is_entry and _indent(line) == indent and line.lstrip().startswith("- "):
                return _no_entry(number, indent)
            break
    return None


def _no_entry(number: int, indent: int) -> Mistake:
    return Mistake(
        number,
        indent + 1,
        "the lines above are a list, and this is no entry of it",
        "begin an entry with '- ', and indent its options two spaces deeper",
    )


def _after_quote(line: int, found: re.Match[str]) -> Mistake:
    hint = "put the whole text in quotes"
    if found["quoted"].startswith("'"):
        hint = "an apostrophe within '...' is written twice; or use \"...\""
    return Mistake(line, found.end(), "the text goes on after its closing quote", hint)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
