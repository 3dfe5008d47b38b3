"""Websockets of Moonraker that subscribe to every object while the printer prints.

What differs from the last rendering is found once for all clients that know the same, so a
hundred cost little more than one; bytes are those of whole frames.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.appliances import KEY, Running, appliance, write_configuration
from tests.benchmarks.figures import Figure, figure, never_above
from tests.benchmarks.gcode import write_dense
from tests.benchmarks.peers import simulated
from tests.benchmarks.processes import answer, ask, cpu_seconds, python

BAUDRATE = 250000
PACE = 250
CROWDS = (0, 1, 100)
SECONDS = 10.0
FILE = "dense.gcode"
LISTENING = "tests.benchmarks.listening"


def measure(folder: Path) -> Iterator[Figure]:
    write_configuration(folder / "config")
    write_dense(folder / "config" / "gcodes" / FILE, 100_000, PACE)
    with (
        simulated(folder, baudrate=BAUDRATE) as printer,
        appliance(folder, printer.port, BAUDRATE) as running,
    ):
        running.wait_for_state("Operational")
        running.start(FILE)
        running.wait_for_state("Printing")
        before = printer.planner()["underruns"]
        for count in CROWDS:
            yield from _crowd(running, count)
        underruns = printer.planner()["underruns"] - before
        yield figure("underruns", "", [underruns], never_above(0))


def _crowd(running: Running, count: int) -> Iterator[Figure]:
    name = f"{count} clients" if count != 1 else "1 client"
    with python(LISTENING, running.port, KEY, count, "moonraker") as crowd:
        answer(crowd)
        time.sleep(1.0)  # until every subscription is answered
        first, begun, cpu = ask(crowd, "count"), time.monotonic(), cpu_seconds(running.pid)
        time.sleep(SECONDS)
        last = ask(crowd, "count")
        seconds = time.monotonic() - begun
        used = (cpu_seconds(running.pid) - cpu) / seconds
        yield figure(f"{name}, CPU of the core per second", "ms", [used * 1000])
        if count:
            received = (last["bytes"] - first["bytes"]) / seconds / count
            frames = (last["frames"] - first["frames"]) / seconds / count
            yield figure(f"{name}, received by each", "B/s", [received])
            yield figure(f"{name}, messages to each", "/s", [frames])
            yield figure(f"{name}, closed", "", [last["closed"]], never_above(0))
