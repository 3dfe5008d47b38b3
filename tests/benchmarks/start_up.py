"""From the command to the first answer over HTTP, and what is in memory then.

All components are configured. Memory is PSS: shared pages count in parts, so that other
Python programs on this machine make it smaller; ``private`` is what nobody shares.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.appliances import appliance
from tests.benchmarks.figures import Figure, at_most, figure
from tests.benchmarks.peers import answering
from tests.benchmarks.processes import cpu_seconds, memory, quietly

RUNS = 3
SETTLE_S = 4.0
QUIET_S = 3.0
CPU_BAR = at_most(0.8)
MEMORY_BAR = at_most(60)


def measure(folder: Path) -> Iterator[Figure]:
    for name, fresh in (("the very first", True), ("again", False)):
        alone = [_start_alone(folder, fresh=fresh) for _ in range(RUNS)]
        yield figure(f"core alone, {name}, to the first answer", "s", [s for s, _ in alone])
        yield figure(f"core alone, {name}, CPU", "s", [cpu for _, cpu in alone], CPU_BAR)
    rows: dict[tuple[str, str], list[float]] = {}
    with answering(folder) as port:
        for _ in range(RUNS):
            for key, value in _start_with_engine(folder, port).items():
                rows.setdefault(key, []).append(value)
    bars = {"with a printer, CPU of core and engine": CPU_BAR, "PSS of both": MEMORY_BAR}
    for (name, unit), values in rows.items():
        yield figure(name, unit, values, bars.get(name))


def _start_alone(folder: Path, *, fresh: bool) -> tuple[float, float]:
    with appliance(folder, fresh=fresh) as running:
        return running.answered_s, running.answered_cpu_s


def _start_with_engine(folder: Path, port: Path) -> dict[tuple[str, str], float]:
    """Start with a printer; return rows by name and unit."""
    with appliance(folder, port, fresh=False) as running:
        engine = running.engine_pid()
        cpu = running.answered_cpu_s + cpu_seconds(engine)
        running.wait_for_state("Operational")
        time.sleep(SETTLE_S)
        core, other = memory(running.pid), memory(engine)
        idle = quietly((running.pid, engine), QUIET_S)
        return {
            ("with a printer, to the first answer", "s"): running.answered_s,
            ("with a printer, CPU of core and engine", "s"): cpu,
            ("PSS of the core", "MB"): core["pss"],
            ("PSS of the engine", "MB"): other["pss"],
            ("PSS of both", "MB"): core["pss"] + other["pss"],
            ("private of the core", "MB"): core["private"],
            ("private of the engine", "MB"): other["private"],
            ("idle CPU of the core per second", "ms"): idle[0] / QUIET_S * 1000,
            ("idle CPU of the engine per second", "ms"): idle[1] / QUIET_S * 1000,
        }
