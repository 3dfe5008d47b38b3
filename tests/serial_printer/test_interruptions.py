"""What happens when one thing interrupts another: nothing is lost, stays hot or hangs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from appliance.domain.job import JobKind, JobPhase, JobResult, JobScripts
from appliance.domain.machine import Link
from appliance.domain.printer import FaultReason
from appliance.errors import DomainError, FileMissing, PrinterBusy
from tests.engine_harness import commands, engine, foreign
from tests.serial_printer.files import write, zigzag
from tests.serial_printer.zoo import Malyan
from tests.simulated import simulated_printer
from tests.waiting import deadline


async def test_an_engine_told_to_stop_turns_the_heaters_off_behind_a_full_window(
    tmp_path: Path,
) -> None:
    moves = "G91\n" + "G1 X20 F600\nG1 X-20 F600\n" * 40  # two seconds each
    async with (
        simulated_printer(tmp_path, emergency_parser=False) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.send("M104 S50", "M140 S40")
        await one.print_file(write(tmp_path / "a.gcode", moves))
        await printer.until(lambda state: state["lines"]["queued"] >= 3)
        assert await one.stop() == 0
        await printer.until(
            lambda state: not any(heater["target"] for heater in state["heaters"].values())
        )


async def test_an_emergency_stop_is_heard_behind_a_full_window(tmp_path: Path) -> None:
    moves = "G91\n" + "G1 X20 F120\nG1 X-20 F120\n" * 40
    async with (
        simulated_printer(tmp_path, speed=20, emergency_parser=False) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.send("M104 S50", "M140 S40")
        await one.print_file(write(tmp_path / "a.gcode", moves))
        await printer.until(lambda state: state["lines"]["queued"] >= 3)
        await one.call("emergency_stop", origin="test")
        await one.until(lambda state: state.link is Link.HALTED)
        await printer.until(
            lambda state: not any(heater["target"] for heater in state["heaters"].values())
        )


async def test_a_card_that_takes_no_file_gets_no_moves(tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    async with (
        simulated_printer(tmp_path, speed=100, sd=tmp_path / "card") as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await one.print_file(
            write(tmp_path / "a.gcode", zigzag(50)),
            kind=JobKind.SD_UPLOAD,
            target_name="no/such/folder/a.gco",
        )
        job = await one.ended()
        assert job.result is JobResult.FAILED
        moves = [line for line in await printer.accepted(since) if line.startswith("G")]
        assert moves == []


async def test_a_card_print_is_found_by_a_new_engine(tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    # Short moves and cold ones: a printer that never stops talking is asked late.
    moves = "".join(f"G1 X{50 + number % 2 * 5} F600\n" for number in range(6000))
    (tmp_path / "card" / "DEMO.GCO").write_text(moves)
    async with (
        simulated_printer(tmp_path, speed=30, sd=tmp_path / "card") as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.send("M27 S1", "M23 DEMO.GCO", "M24")
        await one.phase(JobPhase.PRINTING)
        await one.kill()
        await one.start()
        await one.phase(JobPhase.PRINTING)
        assert "Exception" not in one.log.read_text()
        await one.call("cancel", origin="test")
        await one.phase(JobPhase.NONE)


async def test_a_board_that_restarts_has_forgotten_the_packing(tmp_path: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=100, meatpack=True) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        assert one.snapshot.health.meatpack
        await printer.control({"do": "reset"})
        await one.online_again()
        assert one.snapshot.health.reconnects == 0
        assert one.snapshot.firmware is not None
        assert one.snapshot.firmware.profile == "marlin"


async def test_a_pause_in_the_start_script_leaves_nothing_of_it_out(tmp_path: Path) -> None:
    content = zigzag(30)
    scripts = JobScripts(started=("M117 one", "M117 two", "G4 P500", "M117 three"))
    async with (
        simulated_printer(tmp_path, speed=10) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await printer.hold()
        await one.call("send", lines=["G4 P5000"], origin="test", wait=False)
        await one.print_file(write(tmp_path / "a.gcode", content), scripts)
        assert one.snapshot.phase is JobPhase.PREPARING
        await one.call("pause", origin="test")
        await printer.let_go()
        await one.until(lambda state: state.phase is JobPhase.PAUSED)
        await one.call("resume", origin="test")
        job = await one.ended()
        assert job.result is JobResult.COMPLETE
        done = foreign(await printer.accepted(since))
        assert done == ["G4 P5000", *scripts.started, *commands(content)]


async def test_a_pause_while_resuming_remembers_the_first_one(tmp_path: Path) -> None:
    content = zigzag(400)
    scripts = JobScripts(paused=("G91", "G1 Z5 F600", "G90"), resumed=("M117 soon", "G4 P800"))
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await printer.hold(at=commands(content)[60])
        await one.print_file(write(tmp_path / "a.gcode", content), scripts)
        await one.until(lambda state: state.job is not None and state.job.line > 20)
        await one.call("pause", origin="test")
        await printer.let_go()
        await one.until(lambda state: state.phase is JobPhase.PAUSED)
        await printer.hold()
        await one.call("resume", origin="test")
        await one.heard("M117 soon")
        assert one.snapshot.phase is JobPhase.RESUMING
        await one.call("pause", origin="test")
        await printer.let_go()
        await one.until(lambda state: state.phase is JobPhase.PAUSED)
        await one.call("resume", origin="test")
        assert (await one.ended()).result is JobResult.COMPLETE
        assert (await printer.state())["position"]["z"] == 0


async def test_a_start_behind_waiting_commands_loses_none(tmp_path: Path) -> None:
    """With one line in flight the window is empty between any two commands."""
    animal = Malyan()
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            words = [f"M117 {number}" for number in range(30)]
            sending = asyncio.create_task(
                one.call("send", lines=words, origin="test", wait=True)
            )
            await asyncio.sleep(0)  # the call goes out first
            await one.print_file(
                write(tmp_path / "a.gcode", zigzag(20)), JobScripts(started=("M117 begin",))
            )
            assert (await one.ended()).result is JobResult.COMPLETE
            async with deadline("all that was sent is answered"):
                await sending
    wanted = [*words, "M117 begin", *commands(zigzag(20))]
    known = set(wanted)
    assert [line for line in animal.accepted if line in known] == wanted


async def test_a_print_whose_file_is_gone_cannot_be_resumed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gcode", zigzag(2000))
    async with (
        simulated_printer(tmp_path, speed=5) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.print_file(path)
        await one.until(lambda state: state.job is not None and state.job.line > 20)
        await printer.control({"do": "unplug", "seconds": 0.5})
        await one.ended()
        await one.online_again()
        path.unlink()
        with pytest.raises(FileMissing):
            async with deadline("it is refused"):
                await one.call("resume", origin="test")


async def test_a_baud_rate_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    async with (
        simulated_printer(tmp_path) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        for rate in (-5, 10**12):
            with pytest.raises(DomainError):
                await one.call("connect", port=None, baudrate=rate)
        assert one.snapshot.link is Link.ONLINE


async def test_a_file_that_breaks_off_leaves_no_heater_on(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gcode", "M104 S50\nG91\nG1 X1\n;" + "x" * 200_000 + "\nG1 X2\n")
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.print_file(path)
        job = await one.ended()
        assert job.result is JobResult.FAILED
        assert "M104 S50" in await printer.accepted()
        await printer.until(
            lambda state: not any(heater["target"] for heater in state["heaters"].values())
        )


async def test_a_printer_that_vanishes_after_its_fault_is_still_at_fault(
    tmp_path: Path,
) -> None:
    async with (
        simulated_printer(tmp_path) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.call("emergency_stop", origin="test")
        await printer.control({"do": "unplug", "seconds": 5})
        await one.until(lambda state: not state.busy and state.link is not Link.ONLINE)
        state = one.snapshot
        assert state.link is Link.HALTED
        assert state.fault is not None
        assert state.fault.reason is FaultReason.KILLED


async def test_nothing_else_is_written_to_a_file_on_the_card(tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    content = "M140 S60\n" + zigzag(3000)
    async with (
        simulated_printer(tmp_path, sd=tmp_path / "card") as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        path = write(tmp_path / "a.gcode", content)
        await printer.fault(silence="500")  # or it may be done before we look
        await one.print_file(path, kind=JobKind.SD_UPLOAD, target_name="A.GCO")
        await one.printed(50)
        assert one.snapshot.heaters["bed"].target == 0
        with pytest.raises(PrinterBusy):
            await one.send("M104 S30")
        await printer.fault(silence="off")
        assert (await one.ended()).result is JobResult.COMPLETE
        written = (tmp_path / "card" / "A.GCO").read_bytes().decode().split("\r\n")
        assert written == [*commands(content), ""]


async def test_emergency_commands_are_heard_between_packed_lines(tmp_path: Path) -> None:
    """The emergency parser reads raw bytes, line by line; packed ones end no line."""
    async with (
        simulated_printer(tmp_path, meatpack=True) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        assert one.snapshot.health.meatpack
        await one.print_file(write(tmp_path / "a.gcode", "M190 S95\nG28\n"))
        await one.until(lambda state: state.heaters["bed"].target == 95, "it heats")
        await one.call("cancel", origin="test")
        job = await one.ended()
        assert job.result is JobResult.CANCELLED
        assert "G28" not in foreign(await printer.accepted())
        await one.call("send", lines=["M190 S95"], origin="test", wait=False)
        await one.until(lambda state: state.heaters["bed"].target == 95, "it heats again")
        await one.call("emergency_stop", origin="test")
        await one.until(lambda state: state.link is Link.HALTED)
        await printer.until(lambda now: now["killed"])
