"""The text of a file on the boot partition, whatever an editor made of it.

Windows' Notepad saves UTF-8 with a mark, UTF-16 ("Unicode"), the code page of the country
("ANSI"), CRLF, and puts .txt behind the name; browsers paste hard spaces.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from appliance.config.nodes import MAX_BYTES, UnreadableYaml, decode

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HARD_INDENT = re.compile("^[ \u00a0]*\u00a0[ \u00a0]*", re.MULTILINE)
_LONE_RETURN = re.compile("\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in a file; ``note`` says what was unusual about it."""

    text: str
    note: str | None = None


def find(folder: Path, name: str) -> Path | None:
    """Return the file of that name, in capitals or not, also with .txt behind it.

    One with .txt was made by an editor that hides it, beside the one it was meant to
    replace: it comes first.
    """
    stem = name.removesuffix(".yaml")
    wanted = [f"{name}.txt", f"{stem}.yml.txt", name, f"{stem}.yml"]
    try:
        found = {each.name.lower(): each for each in folder.iterdir() if each.is_file()}
    except OSError:
        return None
    return next((found[each] for each in wanted if each in found), None)


def read(path: Path) -> Text:
    """Return the text of a file, or raise `UnreadableYaml` or OSError."""
    with path.open("rb") as file:
        content = file.read(2 * MAX_BYTES + 3)
    if content.startswith(b"{\\rtf"):
        raise UnreadableYaml(
            1, 1, "the file is rich text", "save it as plain text (TextEdit: Format menu)"
        )
    text, note = _decode(content)
    if _HARD_INDENT.search(text):
        text = _HARD_INDENT.sub(lambda found: " " * len(found.group()), text)
        note = note or "hard spaces in front of lines were taken for spaces"
    # Checks size and characters, as for every other configuration.
    return Text(decode(_LONE_RETURN.sub("\n", text).encode()), note)


def _decode(content: bytes) -> tuple[str, str | None]:
    if content.startswith(_UTF16_MARKS):
        return _utf16(content, "utf-16")
    if _is_unmarked_utf16(content[1::2]):
        return _utf16(content, "utf-16-le")
    if _is_unmarked_utf16(content[::2]):
        return _utf16(content, "utf-16-be")
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        if len(content) > MAX_BYTES:
            decode(content)  # says that it is too large, rather than what is in it
    if b"\0" in content:
        return content.decode("latin-1"), None
    text = content.decode("cp1252", errors="replace")
    return text, "it was saved as 'ANSI'; letters beyond ASCII were read as Windows' (1252)"


def _utf16(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = content[: len(content) // 2 * 2].decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableYaml(1, 1, "the file is broken UTF-16", "save it as UTF-8") from None
    return text.removeprefix("\ufeff"), "it was saved as UTF-16"


def _is_unmarked_utf16(half: bytes) -> bool:
    """Whether (nearly) every other byte is 0, as in Latin text."""
    part = half[:200]
    return len(part) >= 4 and part.count(0) * 10 >= len(part) * 9
