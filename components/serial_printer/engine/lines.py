"""Received bytes to lines of text, whatever the cable or a hostile printer delivers.

Serial text is hostile: control bytes, ANSI escapes, NUL and bidirectional marks are
removed here, so that no log, console or client ever sees them.
"""

from __future__ import annotations

import re

# Far above any reply of any firmware; a longer "line" is garbage and is cut.
MAX_LINE = 4096

_BLANKS = b" \t\r\x00"
_PLAIN = re.compile(rb"[\x20-\x7e\t]*\Z")
# C0 (without tab), DEL, C1, line separators; whatever is invisible or turns the direction:
# soft hyphen, zero-width and bidirectional controls, BOM, annotations, tags.
_HARMFUL = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")


def clean(raw: bytes) -> str:
    """Decode one line leniently (UTF-8, else Latin-1) and take out what could harm."""
    if _PLAIN.match(raw):
        return raw.decode("ascii")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return _HARMFUL.sub("", _ESCAPES.sub("", text))


class LineSplitter:
    """Cuts a stream of bytes at line feeds; holds what is not yet complete."""

    def __init__(self, max_line: int = MAX_LINE) -> None:
        self._max_line = max_line
        self._rest = b""
        self._skipping = False

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines completed by ``data``, without line ends or outer blanks."""
        *whole, rest = (self._rest + data).split(b"\n")
        lines = []
        for line in whole:
            if self._skipping:  # the tail of a line that was cut
                self._skipping = False
                continue
            if stripped := line[: self._max_line].strip(_BLANKS):
                lines.append(stripped)
        if len(rest) > self._max_line:
            if not self._skipping and (stripped := rest[: self._max_line].strip(_BLANKS)):
                lines.append(stripped)
            self._skipping = True
            rest = b""
        self._rest = rest
        return lines

    def reset(self) -> None:
        """Forget an incomplete line, as after a reconnect."""
        self._rest = b""
        self._skipping = False
