"""What the job query costs, and how long it takes, with one client and with eight."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.appliances import KEY, Running, appliance
from tests.benchmarks.figures import Figure, at_most, figure, percentile
from tests.benchmarks.peers import answering
from tests.benchmarks.processes import answer, cpu_seconds, python

RUNS = 3
SECONDS = 2.0
QUERY = "/api/job"
POLLING = "tests.benchmarks.polling"


def measure(folder: Path) -> Iterator[Figure]:
    with answering(folder) as port, appliance(folder, port) as running:
        running.wait_for_state("Operational")
        for clients in (1, 8):
            runs = [_poll(running, clients) for _ in range(RUNS)]
            name = f"GET {QUERY}, {clients} client{'s' if clients > 1 else ''}"
            p50 = [percentile(latencies, 0.50) * 1000 for latencies, _ in runs]
            p99 = [percentile(latencies, 0.99) * 1000 for latencies, _ in runs]
            yield figure(f"{name}, p50", "ms", p50, at_most(1.5) if clients == 1 else None)
            yield figure(f"{name}, p99", "ms", p99)
            yield figure(f"{name}, CPU", "ms", [cpu for _, cpu in runs], at_most(1.0))


def _poll(running: Running, clients: int) -> tuple[list[float], float]:
    """Return the latencies in seconds and the CPU milliseconds of a request."""
    before = cpu_seconds(running.pid)
    with python(POLLING, running.port, QUERY, KEY, clients, SECONDS) as poller:
        latencies: list[float] = answer(poller)["latencies"]
    return latencies, (cpu_seconds(running.pid) - before) / len(latencies) * 1000


@contextlib.contextmanager
def polled(running: Running, clients: int, pause_s: float = 0.0) -> Iterator[None]:
    """Let clients poll the job query during a block."""
    if not clients:
        yield
        return
    with python(POLLING, running.port, QUERY, KEY, clients, 3600, pause_s):
        yield
