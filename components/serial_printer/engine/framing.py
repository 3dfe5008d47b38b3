"""Lines as they go over the wire: number, checksum, and nothing that could break them."""

from __future__ import annotations

import re
from functools import reduce
from operator import xor

# Commands that end with free text, in which "*" would be taken for the checksum mark.
_TEXT_COMMANDS = re.compile(rb"M(?:117|118|23|28|30|32|33|928|0|1)(?:\D|$)")
_MOTION = re.compile(rb"G[0-3](?=[ A-Z])")
_SPACES = re.compile(rb"\s+")
_TRAILING_ZEROS = re.compile(rb"(\.\d*?)0+(?=[A-Z]|$)")
_EMPTY_FRACTION = re.compile(rb"\.(?=[A-Z]|$)")
_LEADING_ZERO = re.compile(rb"(?<=[A-Z])(-?)0+(?=\.\d)")
# Bytes of one XOR sum for the common lengths is what the hot path pays: about 2 us a line.
_xor = xor


def checksum(line: bytes) -> int:
    """Return the XOR of all bytes, as every RepRap firmware computes it."""
    return reduce(_xor, line, 0)


def frame(number: int, text: bytes) -> bytes:
    """Return ``N<number> <text>*<sum>`` with its line feed."""
    line = b"N%d %b" % (number, text)
    return b"%b*%d\n" % (line, reduce(_xor, line, 0))


def frame_reset(number: int) -> bytes:
    """Return the M110 that makes ``number + 1`` the next expected line."""
    line = b"N%d M110 N%d" % (number, number)
    return b"%b*%d\n" % (line, reduce(_xor, line, 0))


def sanitise(text: str) -> bytes:
    """Return a command as bytes fit for the wire: one line, no comment, no stray ``*``.

    Marlin takes the last ``*`` of a line for the checksum mark, also inside M117's text.
    """
    head = text.split("\n", 1)[0].split("\r", 1)[0].replace("\x00", "").strip()
    raw = head.encode("utf-8")
    if b"*" in raw and _TEXT_COMMANDS.match(raw):
        return raw.replace(b"*", b"x")
    return raw.split(b"*", 1)[0].rstrip()


def compact(text: bytes) -> bytes:
    """Take spaces and redundant zeros out of a move; nothing that it says is lost."""
    if not _MOTION.match(text):
        return text
    short = _SPACES.sub(b"", text)
    if b"." in short:
        short = _TRAILING_ZEROS.sub(rb"\1", short)
        short = _EMPTY_FRACTION.sub(b"", short)
        short = _LEADING_ZERO.sub(rb"\1", short)
    return short
