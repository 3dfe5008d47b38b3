r"""Lines as they go over the wire: number, checksum, and nothing that could break them.

Marlin drops what follows a ``;`` (the checksum with it), takes ``\`` for an escape that is
not part of the sum, ends a line at CR and NUL, takes the last ``*`` for the checksum mark
and keeps 95 characters: a line with any of that would be asked for again for ever.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import xor

# Commands that end with free text, which may hold anything.
_TEXT_COMMANDS = re.compile(rb"M(?:117|118|23|28|30|32|33|928|0|1)(?:\D|$)")
# "N1234567 " before it and "*255" after it fit into Marlin's 95 characters.
MAX_TEXT = 80
_COMMENT = re.compile(r"(?<!\\);.*", re.DOTALL)
_ODD = re.compile(rb"[^ -)+-:<-\[\]-~\x80-\xff]|^\s*N|\s$")  # controls, "*", ";" and "\\"
_CONTROL = bytes((*range(9), *range(10, 32), 127))
_OWN_NUMBER = re.compile(rb"N\s*-?\d+\s*")
_HARMLESS = bytes.maketrans(b"*;\\", b"x,/")
_MARKS = re.compile(rb"[*;\\]")
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


def frame_tight(number: int, text: bytes) -> bytes:
    """Return the line without the space behind its number; every firmware reads it so."""
    line = b"N%d%b" % (number, text)
    return b"%b*%d\n" % (line, reduce(_xor, line, 0))


def frame_reset(number: int) -> bytes:
    """Return the M110 that makes ``number + 1`` the next expected line."""
    line = b"N%d M110 N%d" % (number, number)
    return b"%b*%d\n" % (line, reduce(_xor, line, 0))


def sanitise(text: str) -> bytes:
    """Return what a person wrote as bytes fit for the wire; empty for a mere comment."""
    head = text.split("\n", 1)[0].split("\r", 1)[0]
    return fit(_COMMENT.sub("", head).encode("utf-8", "replace"))


def fit(text: bytes) -> bytes:
    """Return a command without what would break its line on the wire.

    A line number and a checksum of its own go (ours count), control bytes too; in a free
    text the marks of comment, escape and checksum become harmless ones.
    """
    if len(text) <= MAX_TEXT and not _ODD.search(text):
        return text
    bare = _OWN_NUMBER.sub(b"", text.translate(None, _CONTROL).strip())
    if _TEXT_COMMANDS.match(bare):
        harmless = bare.replace(b"\\;", b",").translate(_HARMLESS)
        return harmless[:MAX_TEXT].decode("utf-8", "ignore").encode().rstrip()
    return _MARKS.split(bare, maxsplit=1)[0].rstrip()


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
