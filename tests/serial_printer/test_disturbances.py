"""What a printer, a cable or a person may do to a print: it is told, and never completed."""

from __future__ import annotations

import re
import signal
import unicodedata
from functools import partial
from pathlib import Path

import pytest

from appliance.domain.job import Job, JobKind, JobPhase, JobResult, JobScripts
from appliance.domain.machine import Link
from appliance.domain.printer import FaultReason, Snapshot
from appliance.domain.telemetry import Prompt
from appliance.errors import PrinterOffline
from tests.engine_harness import EngineProcess, commands, engine, foreign, motion
from tests.serial_printer.files import sliced, write, zigzag
from tests.simulated import SimulatedPrinter, simulated_printer


async def printing(
    one: EngineProcess, folder: Path, content: str, lines: int = 40, **more: JobScripts
) -> None:
    """Start a print and wait until it has got somewhere."""
    await one.online()
    await one.print_file(write(folder / "job.gcode", content), **more)
    await one.printed(lines)


async def held(
    one: EngineProcess, printer: SimulatedPrinter, folder: Path, content: str
) -> None:
    """Start a print that stands still in its middle until the printer is let go."""
    await one.online()
    await printer.hold(at=commands(content)[60])
    await printing(one, folder, content)
    await printer.held()


def order_kept(printed: list[str], content: str) -> int:
    """Assert that moves are those of the file, in order, each once; return how many."""
    moves = motion(printed)
    assert moves == motion(commands(content))[: len(moves)]
    return len(moves)


# -- the emergency stop and what comes after it


@pytest.mark.parametrize("emergency_parser", [True, False])
async def test_an_emergency_stop_halts_and_a_reset_brings_it_back(
    tmp_path: Path, emergency_parser: bool
) -> None:
    async with (
        simulated_printer(
            tmp_path, speed=5, emergency_parser=emergency_parser, reset_on_open=True
        ) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await printing(one, tmp_path, zigzag(2000))
        await one.call("emergency_stop", origin="test")
        state = await one.until(lambda now: now.link is Link.HALTED)
        assert state.fault is not None
        assert (state.fault.reason, state.fault.halted) == (FaultReason.KILLED, True)
        assert state.fault.advice
        await printer.until(lambda now: now["killed"])
        assert (await one.ended()).result is JobResult.FAILED
        with pytest.raises(PrinterOffline):
            await one.send("M105")
        await one.call("reset")
        state = await one.online_again()
        assert state.fault is None
        assert not (await printer.state())["killed"]
        await one.print_file(write(tmp_path / "next.gcode", zigzag(20)))
        assert (await one.ended()).result is JobResult.COMPLETE


# -- the printer


async def test_a_printer_that_resets_gets_not_another_move(tmp_path: Path) -> None:
    content = zigzag(2000)
    async with (
        simulated_printer(tmp_path, speed=10) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await printing(one, tmp_path, content)
        await printer.control({"do": "reset"})
        job = await one.ended()
        assert job.result is JobResult.INTERRUPTED
        assert not job.resumable
        assert job.cause is not None
        assert "restarted" in job.cause
        accepted = await printer.accepted()
        await one.online_again()  # by itself
        assert (await printer.state())["boots"] == 2
        assert motion(await printer.accepted()) == motion(accepted)


async def test_a_printer_that_falls_silent_is_noticed(tmp_path: Path) -> None:
    content = "M140 S30\nM104 S30\n" + zigzag(300)
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await printer.fault(silence=60)  # lines
        await printing(one, tmp_path, content)
        job = await one.ended(within_s=90)  # it is given half a minute
        assert job.result is JobResult.INTERRUPTED
        assert job.cause == "The printer has stopped answering."
        assert job.resumable
        await printer.fault(silence="off")
        await one.online_again()
        state = await printer.until(lambda now: not now["heaters"]["tool0"]["target"])
        assert not state["heaters"]["bed"]["target"]
        await one.resume()
        assert (await one.ended()).result is JobResult.COMPLETE
        assert [line for line in await printer.accepted() if line.startswith("G1 X")] == [
            line for line in commands(content) if line.startswith("G1 X")
        ]


@pytest.mark.parametrize(
    ("fault", "value"), [("garbage", 5000), ("endless_line", 65536), ("flood", 200_000)]
)
async def test_garbage_does_not_disturb_a_print(
    tmp_path: Path, fault: str, value: int
) -> None:
    content = zigzag(300)
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await printing(one, tmp_path, content)
        await printer.fault(**{fault: value})
        if fault == "flood":
            await one.until(lambda now: now.health.bytes_received > 200_000)
            await printer.fault(flood=0)
        job = await one.ended()
        assert job.result is JobResult.COMPLETE
        assert order_kept(await printer.accepted(), content) == len(motion(commands(content)))
        heard = "".join(text for _, text in one.console).replace("\t", " ")
        assert not {unicodedata.category(char) for char in heard} & {"Cc", "Zl", "Zp"}


@pytest.mark.parametrize("fault", ["runaway", "maxtemp", "mintemp"])
async def test_a_thermal_fault_is_told_in_words(tmp_path: Path, fault: str) -> None:
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.send("M109 S60")
        await printing(one, tmp_path, zigzag(5000))
        await printer.fault(**{fault: "tool0"})
        job = await one.ended()
        assert job.result is JobResult.FAILED
        state = await one.until(lambda now: now.link is Link.HALTED)
        assert state.fault is not None
        assert state.fault.reason is FaultReason.THERMAL
        assert job.cause == state.fault.message


async def test_a_heater_that_the_firmware_lets_run_is_stopped_by_the_host(
    tmp_path: Path,
) -> None:
    """The watchdog's own limit is below that of the firmware."""
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(
            tmp_path, port=printer.port, max_temperatures={"tool0": 50.0, "bed": 100.0}
        ) as one,
    ):
        await one.online()
        await one.call("send", lines=["M104 S120"], origin="test", wait=False)
        state = await one.until(lambda now: now.link is Link.HALTED)
        assert state.fault is not None
        assert state.fault.reason is FaultReason.WATCHDOG
        await printer.until(
            lambda now: now["heaters"]["tool0"]["target"] == 0 or now["killed"]
        )


# -- the cable


@pytest.mark.parametrize("seconds", [0.1, 2.0])
@pytest.mark.parametrize("other", [False, True])
async def test_a_cable_that_was_pulled(tmp_path: Path, seconds: float, other: bool) -> None:
    """It comes back by itself; the job can be gone on with, and is exactly the file."""
    content = zigzag(250)
    link = tmp_path / "by-id"
    async with (
        simulated_printer(tmp_path, speed=10) as printer,
        engine(tmp_path, port=str(link) if other else printer.port) as one,
    ):
        link.symlink_to(printer.port)
        await one.call("connect")
        await held(one, printer, tmp_path, content)
        request: dict[str, object] = {"do": "unplug", "seconds": seconds}
        if other:  # another device name behind the same lasting name
            request["link"] = str(tmp_path / "renamed")
        await printer.control(request)
        await printer.let_go()
        job = await one.ended()
        assert job.result is JobResult.INTERRUPTED
        assert job.resumable
        assert job.cause is not None
        if other:
            link.unlink()
            link.symlink_to(tmp_path / "renamed")
        await one.online_again()
        assert one.snapshot.health.reconnects >= 1
        await one.resume()
        job = await one.ended()
        assert job.result is JobResult.COMPLETE, job.cause
        accepted = await printer.accepted()
        assert [line for line in accepted if line.startswith("G1 X")] == [
            line for line in commands(content) if line.startswith("G1 X")
        ]


async def test_power_that_was_cut_ends_the_job_for_good(tmp_path: Path) -> None:
    content = zigzag(600)
    async with (
        simulated_printer(tmp_path, speed=10) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await held(one, printer, tmp_path, content)
        await printer.control({"do": "unplug", "seconds": 0.2, "power": True})
        await printer.let_go()
        assert (await one.ended()).result is JobResult.INTERRUPTED
        before = motion(await printer.accepted())
        state = await one.online_again()
        assert state.job is not None
        assert not state.job.resumable
        assert motion(await printer.accepted()) == before


# -- the printer's own wishes


async def test_a_pause_in_the_file_waits_for_a_person(tmp_path: Path) -> None:
    content = zigzag(40) + "M0 Change the magnet\n" + "G1 X99 Y99 E9 F3000\n"
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.print_file(write(tmp_path / "a.gcode", content))
        state = await one.until(lambda now: now.prompt is not None)
        assert state.prompt is not None
        assert state.prompt.text == "Change the magnet"
        assert state.prompt.buttons == ("Continue",)
        await one.until(lambda now: now.waiting_for_user)
        assert "G1 X99 Y99 E9 F3000" not in await printer.accepted()
        await one.call("answer", button=0, origin="test")
        assert (await one.ended()).result is JobResult.COMPLETE
        assert order_kept(await printer.accepted(), content)
        assert one.snapshot.prompt is None
        assert not one.snapshot.waiting_for_user


def question(now: Snapshot) -> Prompt | None:
    """Return what the printer asks, once it really waits."""
    return now.prompt if now.prompt and now.prompt.buttons and now.waiting_for_user else None


def answered(asked: Prompt, now: Snapshot) -> bool:
    return now.prompt != asked or now.phase is not JobPhase.PAUSED


async def test_a_filament_change_is_a_pause_of_the_printers_own(tmp_path: Path) -> None:
    content = "M302 P1\n" + zigzag(30) + "M600\n" + "G1 X99 Y99 E9 F3000\n"
    async with (
        simulated_printer(tmp_path, speed=300) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.print_file(write(tmp_path / "a.gcode", content))
        await one.phase(JobPhase.PAUSED)
        for _ in range(60):  # who is slow is asked to heat the nozzle again
            state = await one.until(
                lambda now: now.phase is not JobPhase.PAUSED or question(now) is not None
            )
            asked = question(state)
            if state.phase is not JobPhase.PAUSED or asked is None:
                break
            # The last button is "Continue" everywhere.
            await one.call("answer", button=len(asked.buttons) - 1, origin="test")
            await one.until(partial(answered, asked))
        job = await one.ended()
        assert job.result is JobResult.COMPLETE
        assert "G1 X99 Y99 E9 F3000" in await printer.accepted()


# -- the engine and the core


async def test_a_killed_engine_is_followed_by_one_that_goes_on(tmp_path: Path) -> None:
    content = sliced(400)
    async with (
        simulated_printer(tmp_path, speed=60) as printer,
        engine(tmp_path, port=printer.port, name="same") as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await printer.hold(at=commands(content)[150])
        await one.print_file(write(tmp_path / "job.gcode", content))
        await one.printed(100)
        await printer.held()
        await one.kill()
        await printer.let_go()
        await one.start()
        state = await one.online()
        assert state.job is not None
        assert state.job.result is JobResult.INTERRUPTED
        assert state.job.resumable
        await one.resume()
        job = await one.ended()
        assert job.result is JobResult.COMPLETE, job.cause
        # Modes and positions are told once more; every extruding move is made once.
        extruding = re.compile(r"G1 X\S+ Y\S+ E")
        printed = [line for line in await printer.accepted(since) if extruding.match(line)]
        assert printed == [line for line in commands(content) if extruding.match(line)]
        state_of_printer = await printer.state()
        assert state_of_printer["heaters"]["tool0"]["target"] == 0  # by the end script


async def test_a_killed_engine_and_a_printer_that_was_moved(tmp_path: Path) -> None:
    content = zigzag(600)
    async with (
        simulated_printer(tmp_path, speed=10) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await held(one, printer, tmp_path, content)
        await one.kill()
        await printer.let_go()
        await printer.until(lambda now: not now["open"])
        await one.start()
        await one.online()
        await one.send("G91", "G1 X10", "G90")
        with pytest.raises(Exception, match=r"moved|no longer knows|cannot"):
            await one.resume()
        assert not one.snapshot.phase.active


async def test_an_engine_without_a_core_finishes_the_job(tmp_path: Path) -> None:
    content = zigzag(300)
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(tmp_path, port=printer.port, abandoned_exit_s=1.0) as one,
    ):
        await printing(one, tmp_path, content, scripts=JobScripts(done=("M117 done", "M84")))
        await one.detach()
        assert await one.gone() == 0  # a second after the end
        accepted = await printer.accepted()
        assert order_kept(accepted, content) == len(motion(commands(content)))
        assert foreign(accepted)[-4:] == ["M117 done", "M84", "M104 S0", "M140 S0"]


async def test_a_core_that_comes_back_learns_what_it_missed(tmp_path: Path) -> None:
    content = zigzag(300)
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await printing(one, tmp_path, content)
        await one.detach()
        await printer.until(
            lambda now: now["message"] == "missed" or now["planner"]["moves"] > 250
        )
        await one.attach()
        job = await one.ended()
        assert job.result is JobResult.COMPLETE
        assert [name for name, _ in one.events] == ["job_started", "job_ended"]


async def test_a_signal_ends_the_job_turns_heaters_off_and_the_engine_exits(
    tmp_path: Path,
) -> None:
    content = zigzag(2000)
    async with (
        simulated_printer(tmp_path, speed=10) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.send("M104 S60", "M140 S50")
        await printing(one, tmp_path, content)
        assert await one.signal(signal.SIGTERM) == 0
        state = await printer.until(lambda now: not now["open"])
        assert state["heaters"]["tool0"]["target"] == 0
        assert state["heaters"]["bed"]["target"] == 0
        order_kept(await printer.accepted(), content)
        await one.start()
        state_after = await one.online()
        assert state_after.job is not None
        assert state_after.job.result is JobResult.INTERRUPTED


# -- the printer's own card


@pytest.fixture
def card(tmp_path: Path) -> Path:
    folder = tmp_path / "card"
    folder.mkdir()
    (folder / "LONG.GCO").write_text(zigzag(3000, feedrate=600))
    (folder / "SHORT.GCO").write_text(zigzag(60))
    return folder


async def on_card(one: EngineProcess, name: str) -> Job:
    await one.until(lambda now: any(file.name == name for file in now.sd.files), name)
    return await one.print_card(name)


async def test_a_print_from_the_card(tmp_path: Path, card: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=20, sd=card) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        job = await on_card(one, "SHORT.GCO")
        assert job.kind is JobKind.SD
        assert (await one.ended()).result is JobResult.COMPLETE
        await on_card(one, "LONG.GCO")
        await one.until(lambda now: now.job is not None and now.job.position > 0)
        await one.cancel()
        assert (await one.ended()).result is JobResult.CANCELLED
        await printer.until(lambda now: not now["sd"]["printing"])


async def test_an_upload_to_the_card(tmp_path: Path, card: Path) -> None:
    content = zigzag(150)
    async with (
        simulated_printer(tmp_path, speed=50, sd=card) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        path = write(tmp_path / "up.gcode", content)
        await one.print_file(path, kind=JobKind.SD_UPLOAD, target_name="NEW.GCO")
        assert (await one.ended()).result is JobResult.COMPLETE
        await one.until(lambda now: any(file.name == "NEW.GCO" for file in now.sd.files))
        assert commands((card / "NEW.GCO").read_text()) == commands(content)
        await one.call("delete_sd", name="NEW.GCO")
        await one.until(lambda now: all(file.name != "NEW.GCO" for file in now.sd.files))


async def test_a_print_begun_at_the_panel_is_seen(tmp_path: Path, card: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=20, sd=card) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.until(lambda now: bool(now.sd.files))
        await printer.control({"do": "panel_print", "file": "SHORT.GCO"})
        state = await one.phase(JobPhase.PRINTING)
        assert state.job is not None
        assert state.job.kind is JobKind.SD
        assert (await one.ended()).result is JobResult.COMPLETE
