"""G-code to measure with: what slicers write, and moves as dense as a cable can carry."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path

SLICED = Path(__file__).resolve().parent.parent / "data" / "gcode"
SEGMENT_MM = 0.1
# All coordinates have three digits, so that all lines are equally long.
_CENTRE_MM = 140.0
_RADIUS_MM = 35.0
FEW_LINES = 20_000

BEGIN = "M117 begin"
END = "M117 end"


def slicer_lines() -> list[str]:
    """Return the moves of small parts from three slicers, without comments."""
    lines = []
    for path in sorted(SLICED.glob("*.gcode")):
        for line in path.read_text().splitlines():
            code = line.partition(";")[0].strip()
            if code.startswith(("G0 ", "G1 ")):
                lines.append(code)
    return lines


def write_typical(path: Path, count: int = FEW_LINES) -> list[str]:
    """Write ``count`` moves of slicers between two marks; return them with the marks."""
    moves = itertools.islice(itertools.cycle(slicer_lines()), count)
    lines = [BEGIN, *moves, END]
    path.write_text("".join(f"{line}\n" for line in lines))
    return lines


def write_dense(path: Path, count: int, per_second: float) -> None:
    """Write a circle of 0.1 mm segments, of which ``per_second`` are moved through."""
    feedrate = per_second * SEGMENT_MM * 60
    begin = [
        "M302 P1",  # nobody waits for the nozzle to get hot
        "G21",
        "G90",
        "M83",
        f"G1 X{_CENTRE_MM + _RADIUS_MM:.3f} Y{_CENTRE_MM:.3f} F9000",
        f"G1 F{feedrate:.0f}",
        BEGIN,
    ]
    lines = [*begin, *itertools.islice(_circle(), count), END]
    path.write_text("".join(f"{line}\n" for line in lines))


def write_large(path: Path, megabytes: int) -> int:
    """Write a file with comments and layers as a slicer does; return its size."""
    layer = "\n".join(slicer_lines()) + "\n"
    with path.open("w") as file:
        for number in itertools.count():
            if file.tell() >= megabytes * 1_000_000:
                return file.tell()
            file.write(f";LAYER_CHANGE\n;Z:{0.2 * (number + 1):.2f}\n{layer}")
    raise AssertionError


def _circle() -> Iterator[str]:
    step = SEGMENT_MM / _RADIUS_MM
    for number in itertools.count(1):
        x = _CENTRE_MM + _RADIUS_MM * math.cos(number * step)
        y = _CENTRE_MM + _RADIUS_MM * math.sin(number * step)
        yield f"G1 X{x:.3f} Y{y:.3f} E0.00333"
