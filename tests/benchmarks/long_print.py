"""The engine's private memory while it prints a file of 100 MB, and how it grows.

The peer answers at once, so that in half a minute half a million lines pass.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.engines import Engine, Frame, engine
from tests.benchmarks.figures import Figure, at_most, figure
from tests.benchmarks.gcode import write_large
from tests.benchmarks.peers import answering
from tests.benchmarks.processes import memory

MEGABYTES = 100
SECONDS = 20.0
WARM_UP_S = 5.0  # rings and caches fill
PRIVATE_BAR = at_most(14)
GROWTH_BAR = at_most(0.1)


def measure(folder: Path) -> Iterator[Figure]:
    path = folder / "large.gcode"
    write_large(path, MEGABYTES)
    with answering(folder) as port, engine(folder) as sender:
        sender.connect(port)
        yield figure("private, idle", "MB", [memory(sender.pid)["private"]])
        sender.start(path)
        sender.listen(WARM_UP_S)
        samples, lines = _watch(sender)
    yield figure("private, printing", "MB", samples, PRIVATE_BAR)
    early, late = samples[: len(samples) // 4], samples[-len(samples) // 4 :]
    growth = (min(late) - min(early)) / lines * 100_000
    yield figure("growth per 100,000 lines", "MB", [growth], GROWTH_BAR)


def _watch(sender: Engine) -> tuple[list[float], int]:
    """Return the private memory over time, and the lines sent meanwhile."""
    samples = []
    ends = time.monotonic() + SECONDS
    first = _lines(sender)
    while time.monotonic() < ends:
        sender.listen(0.5)
        samples.append(memory(sender.pid)["private"])
    return samples, _lines(sender) - first


def _lines(sender: Engine) -> int:
    def counted(frame: Frame) -> bool:
        return "lines_sent" in frame.get("changed", {}).get("health", {}).get("~", {})

    frame = sender.wait_for(counted, 5.0)
    lines: int = frame["changed"]["health"]["~"]["lines_sent"]
    return lines
