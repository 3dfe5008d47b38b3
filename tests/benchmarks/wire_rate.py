"""Lines a second over a simulated wire, as a share of the ideal ping-pong rate.

Ideal: a host that needs no time at all between an ok and the next line, and so takes
(bytes of the framed line + bytes of its ok) * 10 / baud rate. Sending ahead goes beyond,
with oks of three bytes to 107 or 108 % at most. The wire proves itself by a host that
does nothing but ping-pong: 100 %, but for the time that a pty takes to bring its next line.
MeatPack is measured against the ideal rate of the same lines unpacked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from appliance.components.serial_printer.engine.framing import frame
from tests.benchmarks.engines import engine
from tests.benchmarks.figures import Figure, at_least, figure
from tests.benchmarks.gcode import write_typical
from tests.benchmarks.peers import wired
from tests.benchmarks.processes import python

BARS = {115200: at_least(107), 250000: at_least(105)}
# Of the rate that the same lines have unpacked.
PACKED_BAR = at_least(170)
RUNS = 3
SECONDS = 2.5
BITS_PER_BYTE = 10
BYTES_PER_LINE = 42
PROOF_LINES = 500
DEADLINE_S = 60.0
METRONOME = "tests.benchmarks.metronome"
AHEAD = 3  # lines that fit into the receive buffer of 128 bytes


def measure(folder: Path) -> Iterator[Figure]:
    for baudrate, bar in BARS.items():
        yield from _proof(folder, baudrate)
        for advanced, name in ((False, "plain ok"), (True, "ADVANCED_OK")):
            shares = [_of_engine(folder, baudrate, advanced=advanced) for _ in range(RUNS)]
            yield figure(f"{baudrate}, engine, {name}", "% ideal", shares, bar)
        shares = [_of_engine(folder, baudrate, meatpack=True) for _ in range(RUNS)]
        yield figure(f"{baudrate}, engine, MeatPack", "% ideal", shares, PACKED_BAR)


def _proof(folder: Path, baudrate: int) -> Iterator[Figure]:
    path = folder / "typical.gcode"
    ideal_s = ideal_seconds(write_typical(path, PROOF_LINES), baudrate)
    for window, name in ((1, "ping-pong"), (AHEAD, f"always {AHEAD} lines")):
        runs = [_of_metronome(folder, path, baudrate, window) for _ in range(RUNS)]
        shares = [ideal_s / figures["seconds"] * 100 for figures in runs]
        yield figure(f"{baudrate}, {name}", "% ideal", shares)
        if window == 1:
            shares = [
                ideal_s / (figures["seconds"] - sum(figures["answers"])) * 100
                for figures in runs
            ]
            yield figure(f"{baudrate}, {name} but for the pty's delay", "% ideal", shares)


def ideal_seconds(lines: Sequence[str], baudrate: int, *, advanced: bool = False) -> float:
    """Return the time from the arrival of the first line to that of the last."""
    size = sum(
        len(frame(number, line.encode())) + len(_ok(number, advanced=advanced))
        for number, line in enumerate(lines[1:], 2)
    )
    return size * BITS_PER_BYTE / baudrate


def _ok(number: int, *, advanced: bool) -> bytes:
    return b"ok N%d P15 B3\n" % number if advanced else b"ok\n"


def _of_metronome(folder: Path, path: Path, baudrate: int, window: int) -> dict[str, Any]:
    """Return what the peer saw of a host with always so many lines on the way."""
    with wired(folder, baudrate) as peer:
        with python(METRONOME, peer.port, path, window) as client:
            client.wait(DEADLINE_S)
        return peer.figures()


def _of_engine(
    folder: Path, baudrate: int, *, advanced: bool = False, meatpack: bool = False
) -> float:
    """Return the engine's share of the ideal rate in percent."""
    path = folder / "typical.gcode"
    lines = write_typical(path, int(SECONDS * baudrate / BITS_PER_BYTE / BYTES_PER_LINE))
    with (
        wired(folder, baudrate, advanced=advanced, meatpack=meatpack) as peer,
        engine(folder) as sender,
    ):
        sender.connect(peer.port, baudrate)
        sender.start(path)
        sender.wait_for_end(DEADLINE_S)
        seconds: float = peer.figures()["seconds"]
    return ideal_seconds(lines, baudrate, advanced=advanced) / seconds * 100
