"""How the parts of a form are named (RFC 7578).

aiohttp splits the header at every semicolon, also at those within a quoted name; a file may
well be called ``a;b;c.gcode``.
"""

from __future__ import annotations

import re
import warnings
from urllib.parse import unquote

from aiohttp import BadContentDispositionHeader, BodyPartReader

from appliance.records import dataclass

# It warns of the names that it cannot read, with the whole name, whenever a part begins.
warnings.filterwarnings("ignore", category=BadContentDispositionHeader)

# What stands between semicolons; those within quotes do not count.
_PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*+\\?"?|[^";])+', re.DOTALL)
_ESCAPED = re.compile(r'\\([\\"])')


@dataclass(frozen=True, slots=True)
class Label:
    """What a part is called, and the name of the file that it is, if it is one."""

    name: str = ""
    filename: str | None = None


def label(part: BodyPartReader) -> Label:
    """Return how a part is named."""
    return read_label(part.headers.get("Content-Disposition", ""))


def read_label(header: str) -> Label:
    """Return the names in a ``Content-Disposition``; what is no name is passed over."""
    found: dict[str, str] = {}
    for piece in _PIECE.findall(header)[1:]:
        key, _, value = piece.partition("=")
        found.setdefault(key.strip().lower(), _unquoted(value.strip()))
    filename = _extended(found.get("filename*", "")) or found.get("filename")
    return Label(found.get("name", ""), None if filename is None else filename.lstrip("\\/"))


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _ESCAPED.sub(r"\1", value[1:-1])
    return value.strip('"')


def _extended(value: str) -> str | None:
    """Return a name such as ``UTF-8''na%C3%AFve.gcode`` (RFC 5987)."""
    charset, quote, rest = value.partition("'")
    if not quote or charset.lower() not in ("utf-8", "iso-8859-1"):
        return None
    try:
        return unquote(rest.partition("'")[2], charset, "strict")
    except UnicodeDecodeError:
        return None
