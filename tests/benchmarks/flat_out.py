"""What a line costs the engine, and how many it sends, when the printer is never busy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.engines import engine
from tests.benchmarks.figures import Figure, at_most, figure
from tests.benchmarks.gcode import write_typical
from tests.benchmarks.peers import answering
from tests.benchmarks.processes import cpu_seconds

RUNS = 3
LINES = 20_000
DEADLINE_S = 60.0
CPU_BAR = at_most(0.05)


def measure(folder: Path) -> Iterator[Figure]:
    path = folder / "typical.gcode"
    write_typical(path, LINES)
    for name, advanced in (("plain ok", False), ("ADVANCED_OK", True)):
        costs, rates = [], []
        for _ in range(RUNS):
            with answering(folder, advanced=advanced) as port, engine(folder) as sender:
                sender.connect(port)
                cpu, begun = cpu_seconds(sender.pid), time.monotonic()
                sender.start(path)
                sender.wait_for_end(DEADLINE_S)
                rates.append(LINES / (time.monotonic() - begun))
                costs.append((cpu_seconds(sender.pid) - cpu) / LINES * 1000)
        yield figure(f"engine CPU per 1,000 lines, {name}", "s", costs, CPU_BAR)
        yield figure(f"lines per second, {name}", "/s", rates)
