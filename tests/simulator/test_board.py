"""The board: both clocks, the wire and the faults that concern more than the cable."""

from __future__ import annotations

import pytest

from appliance.components.simulator.board import Board
from appliance.components.simulator.journal import Accepted
from appliance.components.simulator.options import Options
from appliance.components.simulator.timers import FOREVER

ORIGIN = 1000.0


class Bench:
    """A board with a host at it, and the time in our hands."""

    def __init__(self, **options: object) -> None:
        self.board = Board(Options(**options), Accepted(None), ORIGIN)  # type: ignore[arg-type]
        self.now = ORIGIN
        self.said = ""
        self.board.host_opened(self.now)

    def write(self, text: str) -> str:
        self.board.host_wrote(text.encode(), self.now)
        return self.hear()

    def hear(self) -> str:
        said = self.board.take_output(self.now).decode("latin-1")
        self.said += said
        return said

    def run(self, seconds: float) -> str:
        """Let the real time pass, event by event."""
        end = self.now + seconds
        said = ""
        while (due := self.board.next_due()) <= end:
            self.now = max(self.now, due)
            self.board.advance(self.now)
            said += self.hear()
        self.now = end
        self.board.advance(end)
        return said + self.hear()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_hung_printer_waits_for_nothing(bench: Bench) -> None:
    bench.write("M109 S200\n")
    bench.board.set_fault("silence", "now", bench.now)
    assert bench.board.next_due() == FOREVER
    assert bench.write("M105\n") == ""
    assert bench.run(5) == ""
    bench.board.set_fault("silence", "off", bench.now)
    assert bench.board.next_due() < FOREVER
    # What came while it hung is lost, what it was doing goes on.
    assert bench.run(1.1).startswith(" T:")


def test_speed_makes_the_machine_run_ahead() -> None:
    bench = Bench(speed=10)
    bench.write("M155 S1\n")
    assert bench.run(1.05).count(" T:") == 10


def test_the_wire_takes_its_time_both_ways() -> None:
    bench = Bench(baudrate=10_000, speed=50)
    assert bench.write("M220\n") == ""
    # 5 bytes in at 1 ms each, then "FR:100%\n" of 8 bytes.
    assert bench.run(0.0125) == ""
    assert bench.run(0.001) == "FR:100%\n"
    assert bench.run(0.1) == "ok P15 B3\n"


def test_noise_both_ways_is_that_of_the_cable() -> None:
    bench = Bench()
    bench.board.set_fault("noise_in", 0.02, bench.now)
    for number in range(1, 200):
        bench.write(f"N{number} M105*0\n")
    refused = bench.board.printer.loop.guard.refused
    assert refused["checksum"]
    assert refused["number"]


def test_a_reset_after_so_many_lines() -> None:
    bench = Bench()
    bench.board.set_fault("reset_after", 2, bench.now)
    bench.write("M105\n")
    assert bench.board.printer.boots == 1
    bench.write("M105\n")
    assert bench.board.printer.boots == 2
    assert "start\n" in bench.run(5)
    assert bench.board.faults.reset_after == 0


def test_a_cable_is_pulled_once_after_so_many_lines() -> None:
    bench = Bench()
    pulled: list[float] = []
    bench.board.disconnected = pulled.append
    bench.board.set_fault("disconnect_seconds", 2.5, bench.now)
    bench.board.set_fault("disconnect_after", 2, bench.now)
    for _ in range(5):
        bench.write("M105\n")
    assert pulled == [2.5]


def test_a_resend_without_its_ok() -> None:
    bench = Bench()
    bench.board.set_fault("resend_without_ok", True, bench.now)
    assert bench.write("N5 M105*1\n").splitlines()[-1] == "Resend: 1"


def test_duplicates_that_are_not_forgiven() -> None:
    bench = Bench()
    bench.board.set_fault("duplicates", "resend", bench.now)
    bench.write("N1 M105*38\n")
    assert "Resend: 2" in bench.write("N1 M105*38\n")


def test_garbage_without_end() -> None:
    bench = Bench()
    bench.board.set_fault("flood", 10_000, bench.now)
    assert 5_000 < len(bench.run(1.0)) < 15_000
    bench.board.set_fault("flood", 0, bench.now)
    bench.hear()
    assert bench.run(1.0) == ""


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("mintemp", "MINTEMP triggered"),
        ("maxtemp", "MAXTEMP triggered"),
        ("heating_failed", "Heating failed"),
    ],
)
def test_a_heater_fault_halts_the_printer(fault: str, words: str) -> None:
    bench = Bench(speed=100)
    bench.board.set_fault(fault, "bed", bench.now)
    bench.write("M140 S60\n")
    bench.run(2)
    assert f"Error:{words}, system stopped! Heater_ID: bed\n" in bench.said
    assert bench.board.printer.killed


def test_an_unknown_heater_is_refused(bench: Bench) -> None:
    with pytest.raises(KeyError, match="no heater 'tool9'"):
        bench.board.set_fault("mintemp", "tool9", bench.now)
