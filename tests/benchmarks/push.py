"""Many SockJS clients of one printer while it prints: opening them, feeding them, the API.

All are logged in and want everything. The job query is asked ten times a second meanwhile.
Administrators hear of other clients that come as well, but only of the first few.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.api import POLLING, QUERY
from tests.benchmarks.appliances import KEY, Running, appliance, write_configuration
from tests.benchmarks.figures import Figure, at_most, figure, never_above, percentile
from tests.benchmarks.gcode import write_dense
from tests.benchmarks.peers import simulated
from tests.benchmarks.processes import answer, ask, cpu_seconds, memory, python

BAUDRATE = 250000
PACE = 250
CROWDS = ((100, "users"), (1000, "users"), (1000, "administrators"))
USER, PASSWORD = "somebody", "a password of a benchmark"
SECONDS = 8.0
ASKS_PER_SECOND = 10
FILE = "dense.gcode"
LISTENING = "tests.benchmarks.listening"


def measure(folder: Path) -> Iterator[Figure]:
    write_configuration(folder / "config")
    write_dense(folder / "config" / "gcodes" / FILE, 100_000, PACE)
    for count, who in CROWDS:
        with (
            simulated(folder, baudrate=BAUDRATE) as printer,
            appliance(folder, printer.port, BAUDRATE) as running,
        ):
            running.wait_for_state("Operational")
            running.start(FILE)
            running.wait_for_state("Printing")
            before = printer.planner()["underruns"]
            yield from _crowd(running, count, who)
            underruns = printer.planner()["underruns"] - before
            yield figure(f"{count:,} {who}, underruns", "", [underruns], never_above(0))


def _crowd(running: Running, count: int, who: str) -> Iterator[Figure]:
    auth = _log_in(running, administrator=who != "users")
    private, cpu = memory(running.pid)["private"], cpu_seconds(running.pid)
    with python(LISTENING, running.port, auth, count) as crowd:
        bar = at_most(20) if count >= 1000 else None
        name = f"{count:,} {who}"
        yield figure(f"{name}, to open", "s", [answer(crowd)["open_seconds"]], bar)
        yield figure(f"{name}, CPU to open each", "ms", [_per(running, cpu, count)])
        first, begun = ask(crowd, "count"), time.monotonic()
        cpu = cpu_seconds(running.pid)
        latencies = _ask_meanwhile(running)
        last = ask(crowd, "count")
        seconds = time.monotonic() - begun
        frames = last["frames"] - first["frames"]
        used = (cpu_seconds(running.pid) - cpu) / seconds
        yield figure(f"{name}, messages a second", "/s", [frames / seconds])
        yield figure(f"{name}, CPU of the core per second", "ms", [used * 1000])
        grown = (memory(running.pid)["private"] - private) / count * 1000
        yield figure(f"{name}, private memory for each", "kB", [grown])
        p99 = percentile(latencies, 0.99) * 1000
        yield figure(f"{name}, GET {QUERY} meanwhile, p99", "ms", [p99], at_most(100))
        yield figure(f"{name}, closed", "", [last["closed"]], never_above(0))


def _log_in(running: Running, *, administrator: bool) -> str:
    """Return what a client shows: the name and a handle of its session."""
    key = KEY
    if not administrator:
        user = {"name": USER, "password": PASSWORD, "active": True, "groups": ["users"]}
        running.call("POST", "/api/access/users", user)
        key = running.call("POST", f"/api/access/users/{USER}/apikey", {})["apikey"]
    login = running.call("POST", "/api/login", {"passive": True}, key=key)
    return f"{login['name']}:{login['session']}"


def _per(running: Running, before: float, count: int) -> float:
    return (cpu_seconds(running.pid) - before) / count * 1000


def _ask_meanwhile(running: Running) -> list[float]:
    arguments = (running.port, QUERY, KEY, 1, SECONDS, 1 / ASKS_PER_SECOND)
    with python(POLLING, *arguments) as poller:
        latencies: list[float] = answer(poller)["latencies"]
        return latencies
