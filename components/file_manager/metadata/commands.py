"""The few commands of head and tail that say what no comment says."""

from __future__ import annotations

import re

_TEMPERATURE = re.compile(
    rb"^[ \t]{0,8}(M104|M109|M140|M190|M141|M191)\b([^;\r\n]{0,200})", re.MULTILINE
)
_VALUE = re.compile(rb"[SR][ \t]?(\d{1,4}(?:\.\d{1,4})?)")
_TOOL = re.compile(rb"\nT(\d{1,2})[ \t]{0,8}[;\r\n]")
# A move with a height; whether it lays down filament is seen from what follows.
_MOVE = re.compile(rb"^[ \t]{0,8}G0?[0123][ \t]([^;\r\n]{0,200})", re.MULTILINE)
_HEIGHT = re.compile(rb"Z[ \t]?(\d{1,5}(?:\.\d{0,6})?|\.\d{1,6})")
_EXTRUDES = re.compile(rb"E[ \t]?(?!-)[\d.]")
_HEATERS = {
    b"M104": "extruder",
    b"M109": "extruder",
    b"M140": "bed",
    b"M190": "bed",
    b"M141": "chamber",
    b"M191": "chamber",
}


def first_temperatures(script: bytes) -> dict[str, float]:
    """Return the first temperature above zero for extruder, bed and chamber."""
    found: dict[str, float] = {}
    for match in _TEMPERATURE.finditer(script):
        heater = _HEATERS[match.group(1)]
        value = _VALUE.search(match.group(2))
        if heater not in found and value and float(value.group(1)) > 0:
            found[heater] = float(value.group(1))
            if len(found) == 3:
                break
    return found


def tools(text: bytes) -> tuple[int, ...]:
    """Return the tools that are selected."""
    found: set[int] = set()
    # Looking for the two letters first is what is fast; a file has few of them.
    position = text.find(b"\nT")
    while position >= 0 and len(found) < 64:
        match = _TOOL.match(text, position)
        if match is not None:
            found.add(int(match.group(1)))
        position = text.find(b"\nT", position + 1)
    return tuple(sorted(found))


def printed_height(tail: bytes) -> float | None:
    """Return the highest Z at which the tail lays down filament: lifts at the end don't."""
    highest: float | None = None
    present: float | None = None
    for match in _MOVE.finditer(tail):
        words = match.group(1)
        height = _HEIGHT.search(words)
        if height is not None:
            present = float(height.group(1))
        if present is None or (highest is not None and present <= highest):
            continue
        if (b"X" in words or b"Y" in words) and _EXTRUDES.search(words):
            highest = present
    return highest
