"""The simulator as others see it: a process with a serial port and a control socket."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.simulated import SimulatedPrinter, SimulatorFailed, simulated_printer
from tests.waiting import DEADLINE_S, eventually

GONE = r"hung up|Input/output error"


class Host:
    """A serial port as a host opens it, without any protocol."""

    def __init__(self, port: str) -> None:
        self._fd = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        tty.setraw(self._fd, termios.TCSANOW)
        self._unread = b""

    def close(self) -> None:
        os.close(self._fd)

    def write(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def line(self) -> str:
        """Read the next line; an OSError says that the port is gone."""
        ends = time.monotonic() + DEADLINE_S
        while b"\n" not in self._unread:
            if not select.select([self._fd], [], [], max(0.0, ends - time.monotonic()))[0]:
                message = f"no line came, only {self._unread!r}"
                raise AssertionError(message)
            data = os.read(self._fd, 4096)
            if not data:
                raise OSError("hung up")
            self._unread += data
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode("latin-1")

    def until(self, wanted: Callable[[str], bool]) -> list[str]:
        """Read lines up to the one wanted."""
        lines = [self.line()]
        while not wanted(lines[-1]):
            lines.append(self.line())
        return lines

    def ask(self, text: str) -> list[str]:
        """Send a line and read up to its ok."""
        self.write(f"{text}\n")
        return self.until(lambda line: line.startswith("ok"))


@contextmanager
def opened(printer: SimulatedPrinter) -> Iterator[Host]:
    host = Host(printer.port)
    try:
        yield host
    finally:
        host.close()


async def test_it_prints_over_a_real_port(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, speed=200) as printer:
        with opened(printer) as host:
            assert await asyncio.to_thread(host.ask, "N0 M110 N0*125") == ["ok N0 P15 B3"]
            homing = await asyncio.to_thread(host.ask, "G28 ; home")
            assert homing[-2].startswith("X:100.00 Y:100.00 Z:0.00 ")
            state = await printer.state()
            assert state["homed"] == "XYZ"
            assert await printer.accepted() == ["M110 N0", "G28"]
            assert printer.accepted_file.read_text() == "M110 N0\nG28\n"
    assert printer.process.returncode == 0
    assert not Path(printer.port).is_symlink()


async def test_a_board_with_dtr_resets_each_time_it_is_opened(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, speed=50, reset_on_open=True) as printer:
        for boots in (1, 2):
            with opened(printer) as host:
                assert await asyncio.to_thread(host.line) == "start"
                assert (await printer.state())["boots"] == boots
            await printer.until(lambda state: not state["open"])


async def test_a_native_port_keeps_silent_and_its_state_over_opening(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, speed=50) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.ask, "G92 X12")
        await printer.until(lambda state: not state["open"])
        with opened(printer) as host:
            answer = await asyncio.to_thread(host.ask, "M114")
        assert answer[0].startswith("X:12.00 ")


async def test_what_is_said_to_a_closed_port_is_lost(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, speed=50) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.ask, "M155 S1")
            await asyncio.to_thread(host.line)
        closed = await printer.until(lambda state: not state["open"])
        await printer.until(lambda state: state["time"] > closed["time"] + 5)
        with opened(printer) as host:
            await asyncio.to_thread(host.ask, "M155 S0")
            answer = await asyncio.to_thread(host.ask, "M114")
            assert answer[0].startswith("X:0.00 ")


async def test_a_pulled_cable_comes_back_with_the_state_kept(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, speed=50) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.ask, "G92 X12")
            before = Path(printer.port).readlink()
            await printer.control({"do": "unplug", "seconds": 0.1})
            with pytest.raises(OSError, match=GONE):
                await asyncio.to_thread(host.line)
            state = await printer.until(lambda state: state["link"] is not None)
            assert state["boots"] == 1
            assert Path(printer.port).readlink() != before
        with opened(printer) as host:
            assert (await asyncio.to_thread(host.ask, "M114"))[0].startswith("X:12.00 ")


async def test_a_cable_may_come_back_under_another_name(tmp_path: Path) -> None:
    other = tmp_path / "other"
    async with simulated_printer(tmp_path) as printer:
        await printer.control({"do": "unplug", "seconds": 0, "link": str(other)})
        await printer.until(lambda state: state["link"] == str(other))
        assert other.is_symlink()
        assert not Path(printer.port).is_symlink()
    assert not other.is_symlink()


async def test_power_that_was_cut_shows_as_a_banner(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, speed=50) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.ask, "M104 S200")
        await printer.control({"do": "unplug", "seconds": 0, "power": True})
        state = await printer.until(lambda state: state["link"] is not None)
        assert state["heaters"]["tool0"]["target"] == 0
        with opened(printer) as host:
            assert await asyncio.to_thread(host.line) == "start"


async def test_a_reset_shows_as_a_banner(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, speed=50) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.ask, "M105")
            await printer.control({"do": "reset"})
            assert await asyncio.to_thread(host.line) == "start"


async def test_bytes_are_lost_when_the_ring_is_full(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, baudrate=115200) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.write, "G4 S600\n" + "M105 ; x\n" * 100)
            state = await printer.until(lambda state: state["rx"]["bytes"] == 908)
            # 4 lines are in the slots, 127 bytes in the ring.
            assert state["lines"]["queued"] == 4
            assert state["rx"]["buffered"] == 127
            assert state["rx"]["overruns"] == 908 - 8 - 3 * 9 - 127


async def test_a_native_port_holds_the_host_up_instead(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.write, "M0\n" + "M114 ; x\n" * 100)
            await printer.until(lambda state: state["busy"] == "paused for user")
            await printer.press("knob")
            oks = 0
            while oks < 101:
                oks += (await asyncio.to_thread(host.line)).startswith("ok")
            assert (await printer.state())["rx"]["overruns"] == 0


async def test_faults_are_switched_while_it_runs(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, fault={"lost_ok": 1}) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.write, "M114\n")
            assert (await asyncio.to_thread(host.line)).startswith("X:")
            await printer.until(lambda state: state["lines"]["oks"] == 1)
            await printer.fault(lost_ok=0)
            assert (await asyncio.to_thread(host.ask, "M220"))[0] == "FR:100%"


async def test_it_hangs_after_so_many_lines(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, fault={"silence": 2}) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.ask, "M105")
            await asyncio.to_thread(host.ask, "M105")
            assert (await printer.state())["faults"]["silence"] == "now"
            await asyncio.to_thread(host.write, "M105\n")
            await printer.control({"do": "reset"})
            assert await asyncio.to_thread(host.line) == "start"


async def test_the_cable_is_pulled_after_so_many_lines(tmp_path: Path) -> None:
    faults = {"disconnect_after": 2, "disconnect_seconds": 0}
    async with simulated_printer(tmp_path, fault=faults) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.ask, "M105")
            await asyncio.to_thread(host.write, "M105\n")
            with pytest.raises(OSError, match=GONE):
                await asyncio.to_thread(host.line)
        await printer.until(lambda state: state["link"] is not None)


async def test_an_unheated_heater_kills_the_printer(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path, speed=100) as printer:
        await printer.fault(heating_failed="tool0")
        with opened(printer) as host:
            await asyncio.to_thread(host.write, "M109 S200\n")
            said = await asyncio.to_thread(host.until, lambda line: line.startswith("Error:"))
            assert said[-1] == "Error:Heating failed, system stopped! Heater_ID: 0"
            assert await asyncio.to_thread(host.line) == "Error:Printer halted. kill() called!"
            assert (await printer.state())["killed"]


async def test_an_endless_line_and_garbage(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.ask, "M105")
            await printer.fault(endless_line=65536)
            await asyncio.to_thread(host.write, "M220\n")
            assert await asyncio.to_thread(host.line) == "x" * 65536 + "FR:100%"


async def test_wrong_requests_are_answered_with_words(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path) as printer:
        for request, words in (
            ({"do": "dance"}, "no request 'dance'"),
            ({"do": "fault", "set": {"gremlins": 1}}, "no fault 'gremlins'"),
            ({"do": "fault", "set": {"lost_ok": "often"}}, "not a number"),
            ({"do": "temperature", "heater": "tool7", "actual": 1}, "no heater 'tool7'"),
            ({"do": "press", "what": "luck"}, "nothing called 'luck'"),
            ({"do": "unplug", "link": "/no/where/at/all"}, "no folder"),
        ):
            with pytest.raises(SimulatorFailed, match=words):
                await printer.control(request)


async def test_it_ends_when_nobody_is_at_the_port(tmp_path: Path) -> None:
    # Time enough to open the port, and then it is waited for in vain.
    async with simulated_printer(tmp_path, idle_exit=3) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.ask, "M105")
        assert await asyncio.wait_for(printer.process.wait(), DEADLINE_S) == 0


async def test_it_ends_on_a_signal_in_the_middle_of_a_wait(tmp_path: Path) -> None:
    async with simulated_printer(tmp_path) as printer:
        with opened(printer) as host:
            await asyncio.to_thread(host.write, "M109 S200\n")
            await asyncio.to_thread(host.line)
            printer.process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(printer.process.wait(), DEADLINE_S) == 0
    await eventually(lambda: not Path(printer.port).is_symlink())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"firmware": "none-such"}, "no firmware 'none-such'"),
        ({"fault": {"gremlins": 1}}, "no fault 'gremlins'"),
        ({"volume": "1,2"}, "must be three numbers"),
        ({"name": "no/such/folder/printer"}, "No such file or directory"),
    ],
)
async def test_it_says_why_it_cannot_start(
    tmp_path: Path, options: dict[str, object], words: str
) -> None:
    with pytest.raises((SimulatorFailed, OSError), match=words):
        async with simulated_printer(tmp_path, **options):  # type: ignore[arg-type]
            pass


async def test_a_file_is_never_replaced_by_a_port(tmp_path: Path) -> None:
    kept = tmp_path / "printer"
    await asyncio.to_thread(kept.write_text, "kept")
    with pytest.raises(SimulatorFailed, match="exists and is no link"):
        async with simulated_printer(tmp_path):
            pass
    assert await asyncio.to_thread(kept.read_text) == "kept"
