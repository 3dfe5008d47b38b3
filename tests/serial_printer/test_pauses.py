"""Pauses by the file, by plan and by the printer: where exactly, and how it goes on."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

import pytest

from appliance.domain.job import JobPhase, JobResult, JobScripts
from appliance.domain.printer import Snapshot
from appliance.domain.telemetry import Prompt
from appliance.errors import NotPrinting, PrinterRefused
from tests.engine_harness import EngineProcess, commands, engine, foreign
from tests.serial_printer.files import write, zigzag
from tests.serial_printer.zoo import PrusaMk3
from tests.simulated import simulated_printer


@pytest.mark.parametrize("wanted", ["@pause", ";LAYER:1"])
async def test_not_a_line_goes_beyond_the_mark(tmp_path: Path, wanted: str) -> None:
    """Fast moves: the printer would be beyond it before anybody could say so."""
    before, after = zigzag(60), "\n".join(f"G1 X{n} F30000" for n in range(40))
    path = write(tmp_path / "a.gcode", f"{before}{wanted}\n{after}\n")
    async with (
        simulated_printer(tmp_path, speed=300) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await printer.hold()
        await one.print_file(path)
        await one.call("plan_pause", layer=2)
        await printer.let_go()
        state = await one.phase(JobPhase.PAUSED)
        assert foreign(await printer.accepted(since)) == commands(before)
        assert state.job is not None
        assert state.job.position == len(before)
        await one.resume()
        assert (await one.ended()).result is JobResult.COMPLETE
        assert foreign(await printer.accepted(since)) == commands(before + after)


async def test_a_height_is_found_without_any_comment(tmp_path: Path) -> None:
    """Hops above it are no printing; the first line that is comes after the pause."""
    lower = ["G90", "M83", "G92 X0 Y0 Z0 E0"]
    for height in (0.2, 0.4, 0.6):
        lower += [f"G0 Z{height + 2} F6000", f"G0 Z{height}"]
        lower += [f"G1 X{n} Y{n % 9} E0.05 F6000" for n in range(1, 20)]
    upper = ["G0 Z0.8", "G0 X3 Y3", *(f"G1 X{n} Y4 E0.05 F6000" for n in range(1, 20))]
    content = "\n".join([*lower, *upper, ""])
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await printer.hold()
        await one.print_file(write(tmp_path / "a.gcode", content))
        await one.call("plan_pause", height=0.8)
        await printer.let_go()
        await one.phase(JobPhase.PAUSED)
        assert foreign(await printer.accepted(since)) == [*lower, *upper[:2]]
        await one.resume()
        assert (await one.ended()).result is JobResult.COMPLETE
        assert foreign(await printer.accepted(since)) == commands(content)


async def test_a_file_cancels_itself_at_once(tmp_path: Path) -> None:
    before = zigzag(60)
    path = write(tmp_path / "a.gcode", f"{before}@cancel\n" + "G1 X1 F30000\n" * 40)
    async with (
        simulated_printer(tmp_path, speed=300) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await one.print_file(path)
        job = await one.ended()
        assert (job.result, job.cause) == (JobResult.CANCELLED, "Cancelled by the file.")
        assert foreign(await printer.accepted(since)) == commands(before)


async def test_a_tool_change_that_was_not_made_is_made_again(tmp_path: Path) -> None:
    """The scripts around it reach no further into the file than the line before it."""
    before = zigzag(30)
    content = f"{before}T1\nG1 X9 Y9 E9 F3000\n"
    scripts = JobScripts(tool_before=("M117 one", "G4 S1", "M117 two"), tool_after=("M117 3",))
    async with (
        simulated_printer(tmp_path, speed=20, extruders=2) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await printer.hold(at="G4")
        await one.print_file(write(tmp_path / "a.gcode", content), scripts)
        state = await one.until(lambda now: now.message == "one")
        assert state.job is not None
        assert (state.job.position, state.job.line) == (len(before), len(commands(before)))
        await one.kill()
        await printer.let_go()
        await one.start()
        await one.online()
        await one.resume()
        assert (await one.ended()).result is JobResult.COMPLETE
        done = foreign(await printer.accepted(since))
        assert done.count("T1") == 1
        assert done.index("T1") < done.index("G1 X9 Y9 E9 F3000")
        assert [line for line in done if line.startswith("G1 X")] == [
            line for line in commands(content) if line.startswith("G1 X")
        ]


def answered(asked: Prompt | None, now: Snapshot) -> bool:
    return now.prompt != asked or not now.waiting_for_user


async def answer_by_resuming(one: EngineProcess, times: int) -> None:
    """Press "resume" whenever the printer waits for a person, and at no other time."""
    for _ in range(times):
        await one.until(
            lambda now: now.waiting_for_user or now.phase is JobPhase.NONE,
        )
        if one.snapshot.phase is JobPhase.NONE:
            return
        asked = one.snapshot.prompt
        with contextlib.suppress(NotPrinting):  # it may have gone on and be done by now
            await one.resume()
        await one.until(partial(answered, asked))


async def test_resuming_answers_what_the_printer_waits_for(tmp_path: Path) -> None:
    content = "M302 P1\n" + zigzag(20) + "M0 Put it in\nM600\n" + "G1 X99 Y99 E9 F3000\n"
    async with (
        simulated_printer(tmp_path, speed=300) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.print_file(write(tmp_path / "a.gcode", content))
        state = await one.phase(JobPhase.PAUSED)  # by M0, which says so in no other way
        assert state.job is not None
        assert state.job.pause_source == "the printer"
        assert state.waiting_for_user
        await answer_by_resuming(one, 60)  # who is slow has to reheat
        assert (await one.ended()).result is JobResult.COMPLETE
        assert "G1 X99 Y99 E9 F3000" in await printer.accepted()
        assert {name for name, _ in one.events} == {
            "job_started", "job_paused", "job_resumed", "job_ended",
        }  # fmt: skip


async def test_a_printer_that_hears_nothing_meanwhile_must_be_resumed_by_hand(
    tmp_path: Path,
) -> None:
    content = zigzag(20) + "M0 Put it in\n" + "G1 X99 Y99 E9 F3000\n"
    async with (
        simulated_printer(tmp_path, speed=300, emergency_parser=False) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.print_file(write(tmp_path / "a.gcode", content))
        await one.phase(JobPhase.PAUSED)
        with pytest.raises(PrinterRefused, match="button"):
            await one.resume()
        await printer.press("knob")
        assert (await one.ended()).result is JobResult.COMPLETE


class Pausing(PrusaMk3):
    """A Prusa MK3 whose menu paused the print: it waits for M602."""

    def execute(self, text: bytes) -> list[bytes]:
        said = super().execute(text)
        return [*said, b"//action:paused"] if text == b"M601" else said


async def test_a_prusa_that_paused_by_itself_gets_its_own_command(tmp_path: Path) -> None:
    content = zigzag(20) + "M601\n" + "G1 X99 Y99 E9 F3000\n"
    animal = Pausing()
    with animal.on(tmp_path / "tty") as port:
        async with engine(tmp_path, port=port) as one:
            await one.online()
            await one.print_file(write(tmp_path / "a.gcode", content))
            await one.phase(JobPhase.PAUSED)
            await one.resume()
            assert (await one.ended()).result is JobResult.COMPLETE
    assert animal.accepted.index("M602") > animal.accepted.index("M601")
