"""How fast the engine is with the next line, and M112 from the HTTP request to the pty.

The peer moves through 250 lines a second, so that a line always waits for its ok; the time
counts from the last byte of an ok at the pty to the first byte of the next line there.
M112 is posted while nothing is printed, and while a print fills the window and 8 clients
poll; the printer restarts and is connected again for each.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.api import polled
from tests.benchmarks.appliances import Running, appliance, call, write_configuration
from tests.benchmarks.figures import Figure, at_most, figure, percentile
from tests.benchmarks.gcode import write_dense
from tests.benchmarks.peers import WiredPeer, wired

BAUDRATE = 250000
PACE = 250
CLIENTS = 8
RUNS = 3
SECONDS = 4.0
STOPS = 10
SHORT, LONG = "short.gcode", "long.gcode"
HALTED = "Offline after error"
OK_BAR = at_most(2.0)
STOP_BAR = at_most(20.0)


def measure(folder: Path) -> Iterator[Figure]:
    write_configuration(folder / "config")
    gcodes = folder / "config" / "gcodes"
    write_dense(gcodes / SHORT, int(SECONDS * PACE), PACE)
    write_dense(gcodes / LONG, 100_000, PACE)
    with (
        wired(folder, BAUDRATE, pace=PACE) as peer,
        appliance(folder, peer.port, BAUDRATE) as running,
    ):
        running.wait_for_state("Operational")
        for clients in (0, CLIENTS):
            with polled(running, clients):
                runs = [_print(running, peer) for _ in range(RUNS)]
            name = f"ok to next line, {clients} clients"
            for share, bar in ((0.50, None), (0.99, OK_BAR)):
                values = [percentile(answers, share) * 1000 for answers in runs]
                yield figure(f"{name}, p{share * 100:g}", "ms", values, bar)
        for name, clients, file in (("idle", 0, None), ("printing, 8 clients", CLIENTS, LONG)):
            with polled(running, clients):
                delays = [_stop(running, peer, file) * 1000 for _ in range(STOPS)]
            yield figure(f"M112 to the pty, {name}", "ms", delays, STOP_BAR)


def _print(running: Running, peer: WiredPeer) -> list[float]:
    """Print once; return the seconds from each ok to the next line."""
    running.start(SHORT)
    running.wait_for_state("Printing")
    running.wait_for_state("Operational")
    answers: list[float] = peer.figures()["answers"]
    return answers


def _stop(running: Running, peer: WiredPeer, file: str | None) -> float:
    """Stop once, in the middle of a print or not; return the seconds that it took."""
    if file is not None:
        running.start(file)
        running.wait_for_state("Printing")
        time.sleep(0.3)  # the planner fills
    with contextlib.closing(running.connection()) as connection:
        call(connection, "GET", "/api/version")  # it is open
        posted_at = time.monotonic()
        call(connection, "POST", "/api/printer/command", {"command": "M112"})
    delay = peer.emergency() - posted_at
    running.wait_for_state(HALTED)
    running.call("POST", "/api/connection", {"command": "connect"})
    running.wait_for_state("Operational")
    return delay
