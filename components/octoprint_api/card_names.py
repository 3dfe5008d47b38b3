"""Short names for files on a printer's card: eight letters, a dot, three letters."""

from __future__ import annotations

import re
from collections.abc import Collection

_KEPT = re.compile(r"[^a-z0-9_-]")


def short_name(name: str, taken: Collection[str]) -> str:
    """Return a name that old firmware can open, not among ``taken``.

    ``cube with a long name.gcode`` becomes ``cubewi~1.gco``.
    """
    stem, dot, suffix = name.lower().rpartition(".")
    if not dot:
        stem, suffix = name.lower(), "gco"
    base = _KEPT.sub("", stem) or "print"
    extension = (_KEPT.sub("", suffix) or "gco")[:3]
    used = {other.lower().lstrip("/") for other in taken}
    if len(base) <= 8 and f"{base}.{extension}" not in used:
        return f"{base}.{extension}"
    for number in range(1, 1_000_000):
        tail = f"~{number}"
        candidate = f"{base[: 8 - len(tail)]}{tail}.{extension}"
        if candidate not in used:
            return candidate
    raise AssertionError("a card cannot hold a million files")
