"""The height map of a bed, read from what Marlin prints about it.

Bilinear and mesh levelling print the rows from the front, the unified one (with bars) from
the back; the number in front of a row says which it is. Where the points lie is told by the
corners that the unified one prints around its map, or by the points that were probed
(``G29 V3``); the place is kept for later maps of the same size.
"""

from __future__ import annotations

import re
from collections import deque

from appliance.domain.telemetry import Area, Mesh

_TITLE = re.compile(r"Leveling Grid|Bed Topography|mesh|Measured points", re.IGNORECASE)
_HEAD = re.compile(r"\s*0(?:\s+\d{1,2})+\s*$")
_ROW = re.compile(r"\s*(\d{1,2})\s*(?:\|\s*)?((?:\s*[-+]?\d{1,6}\.\d{1,6})+)\s*$")
_BETWEEN = re.compile(r"\s*\|?\s*$")  # the lines between the rows of a unified map
_CORNER = re.compile(r"\(\s*(-?\d{1,5}(?:\.\d{1,4})?)\s*,\s*(-?\d{1,5}(?:\.\d{1,4})?)\s*\)")
_CORNERS = re.compile(r"(?:\s*\([-\d. ]{1,16},[-\d. ]{1,16}\))+\s*$")
_PROBED = re.compile(r"\s*Bed X:\s*(-?\d{1,5}\.\d{1,6}) Y:\s*(-?\d{1,5}\.\d{1,6}) Z:")
_CURRENT = str.maketrans("[]", "  ")  # around the point below the nozzle
# The largest grid that Marlin can be built with, and far more than anybody probes.
_MOST_PROBED = 1024

_Size = tuple[int, int]  # columns, rows


class MeshReader:
    """Takes lines; ``mesh`` is the last map that was complete."""

    def __init__(self) -> None:
        self.mesh: Mesh | None = None
        self._rows: dict[int, tuple[float, ...]] | None = None
        self._corners: list[tuple[float, float]] = []
        self._probed: deque[tuple[float, float]] = deque(maxlen=_MOST_PROBED)
        self._place: tuple[_Size, Area] | None = None

    def take(self, line: str) -> bool:
        """Take a line; return whether it is a part of a map."""
        if (probed := _PROBED.match(line)) is not None:
            self._probed.append((float(probed[1]), float(probed[2])))
            return False
        if _TITLE.search(line):
            self._rows, self._corners = {}, []
            return False
        return self._rows is not None and self._inside(self._rows, line)

    def _inside(self, rows: dict[int, tuple[float, ...]], line: str) -> bool:
        if _CORNERS.match(line) and (corners := _CORNER.findall(line)):
            self._corners += [(float(x), float(y)) for x, y in corners]
            self._complete(rows)
            return True
        if _HEAD.match(line) or _BETWEEN.match(line):
            return True
        row = _ROW.match(line.translate(_CURRENT))
        if row is None:
            if rows:
                self._rows = None
            return False
        rows[int(row[1])] = tuple(float(value) for value in row[2].split())
        self._complete(rows)
        return True

    def _complete(self, rows: dict[int, tuple[float, ...]]) -> None:
        """Make a map of the rows, once all up to the last are there and alike."""
        points = tuple(rows[number] for number in sorted(rows))
        widths = {len(row) for row in points}
        if len(points) > 1 and len(widths) == 1 and sorted(rows) == list(range(len(rows))):
            size = (widths.pop(), len(points))
            self.mesh = Mesh(points, self._area(size))

    def _area(self, size: _Size) -> Area | None:
        """Return where the outer points lie, if anything told it."""
        told = _around(self._corners) if len(self._corners) > 1 else None
        if told is None:
            told = _grid(list(self._probed)[-size[0] * size[1] :], size)
        if told is not None:
            self._place = (size, told)
        return self._place[1] if self._place is not None and self._place[0] == size else None


def _grid(probed: list[tuple[float, float]], size: _Size) -> Area | None:
    """Return the box around probed points, if they are a grid of that size."""
    columns, rows = {round(x, 1) for x, _ in probed}, {round(y, 1) for _, y in probed}
    if (len(columns), len(rows)) != size or len(probed) < size[0] * size[1]:
        return None
    return _around(probed)


def _around(places: list[tuple[float, float]]) -> Area | None:
    xs, ys = [x for x, _ in places], [y for _, y in places]
    if max(xs) <= min(xs) or max(ys) <= min(ys):
        return None
    return Area(min(xs), min(ys), 0.0, max(xs), max(ys), 0.0)
