"""What can be known of a large file at once, while its analysis is still under way."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from appliance.components.file_manager.analysis.curve import Point, time_curve
from appliance.components.file_manager.analysis.scan import scan
from appliance.components.file_manager.analysis.state import MAX_POINTS, Machine
from appliance.domain.analysis import Limits

HEAD_BYTES = 256 * 1024
BLOCK_BYTES = 1024 * 1024
_MINUTES = re.compile(rb"\nM73 [^\n;]{0,40}?R(\d{1,7})")
_ELAPSED = re.compile(rb"\n;TIME_ELAPSED:(\d{1,9}(?:\.\d{1,9})?)")


def facts_of_start(descriptor: int) -> Mapping[str, Any]:
    """Return the facts of the first part of a file: what its start script does."""
    data = os.pread(descriptor, HEAD_BYTES, 0)
    machine = Machine(Limits())
    scan(machine, data[: data.rfind(b"\n") + 1], 0)
    machine.finish()
    return machine.facts.plain()


def curve_of(descriptor: int) -> tuple[Point, ...]:
    """Return the slicer's time curve, looking for nothing else: 100 MB in some 100 ms."""
    remaining: list[Point] = []
    elapsed: list[Point] = []
    position = 0
    before = b"\n"
    while block := os.pread(descriptor, BLOCK_BYTES, position):
        text = before + block
        start = position - len(before)
        remaining += _found(text, start, b"\nM73 ", _MINUTES, 60.0)
        elapsed += _found(text, start, b"\n;TIME_ELAPSED:", _ELAPSED, 1.0)
        if len(remaining) + len(elapsed) > MAX_POINTS:
            break
        position += len(block)
        before = block[-64:]
    return time_curve(_changes(remaining), elapsed)


def _found(
    text: bytes, start: int, sign: bytes, pattern: re.Pattern[bytes], unit: float
) -> list[Point]:
    """Return the values behind a sign; the search for the sign itself is what is fast."""
    points = []
    found = text.find(sign)
    while found >= 0:
        match = pattern.match(text, found)
        if match is not None:
            points.append((start + found + 1, float(match.group(1)) * unit))
        found = text.find(sign, found + 1)
    return points


def _changes(points: list[Point]) -> list[Point]:
    changes: list[Point] = []
    for point in points:
        if not changes or changes[-1][1] != point[1]:
            changes.append(point)
    return changes
