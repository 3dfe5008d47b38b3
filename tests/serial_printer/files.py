"""Small files to print: part of what a slicer wrote, and made ones."""

from __future__ import annotations

from functools import cache
from itertools import islice
from pathlib import Path

from tests.engine_harness import commands

SLICED = Path(__file__).resolve().parent.parent / "data/gcode/tile-slic3r-1.3.0.gcode"
END = "G92 E0\nM107\nM104 S0 ; turn off temperature\nG28 X0  ; home X axis\n"


@cache
def sliced(count: int = 300) -> str:
    """Return the first commands of a real file, comments included, and its end script."""
    lines = SLICED.read_text().splitlines(keepends=True)
    sizes = (len(commands("".join(lines[:end]))) for end in range(len(lines)))
    end = next(islice((at for at, size in enumerate(sizes) if size >= count), 1))
    return "".join(lines[:end]) + END


def write(path: Path, content: str) -> Path:
    path.write_text(content)
    return path


def zigzag(count: int = 300, *, feedrate: int = 3000) -> str:
    """Return a cold file of short moves that take a while."""
    lines = ["G90", "M82", "G92 E0", "G92 X50 Y50 Z0"]
    lines += [
        f"G1 X{50 + number % 40} Y{50 + number * 7 % 60} E{number * 0.02:.2f} F{feedrate}"
        for number in range(1, count + 1)
    ]
    return "\n".join(lines) + "\n"
