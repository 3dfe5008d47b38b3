"""A print from end to end: a real engine, a real pty, a simulated printer."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from appliance.domain.job import JobPhase, JobResult, JobScripts
from appliance.domain.machine import Link
from appliance.errors import InvalidRequest, NotPrinting, PrinterBusy
from tests.engine_harness import commands, engine, foreign
from tests.serial_printer.files import sliced, write, zigzag
from tests.simulated import simulated_printer


@pytest.mark.parametrize("transport", ["raw", "stream"])
@pytest.mark.parametrize("advanced_ok", [True, False])
async def test_a_sliced_file_is_printed_line_by_line(
    tmp_path: Path, advanced_ok: bool, transport: str
) -> None:
    content = sliced()
    path = write(tmp_path / "tile.gcode", content)
    scripts = JobScripts(started=("M117 begin",), done=("M117 done", "M84"))
    async with (
        simulated_printer(tmp_path, speed=300, advanced_ok=advanced_ok) as printer,
        engine(tmp_path, port=printer.port, transport=transport) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        begun = await one.print_file(path, scripts)
        job = await one.ended()
        assert (job.result, job.cause) == (JobResult.COMPLETE, None)
        assert job.id == begun.id
        assert job.position == len(content)
        assert job.line == len(commands(content))
        wanted = ["M117 begin", *commands(content), "M117 done", "M84"]
        assert foreign(await printer.accepted(since)) == wanted
        assert [name for name, _ in one.events] == ["job_started", "job_ended"]
        assert one.snapshot.health.resends == 0


async def test_what_a_connection_learns(tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    (tmp_path / "card" / "DEMO.GCO").write_text("G28\n")
    async with (
        simulated_printer(tmp_path, speed=10, sd=tmp_path / "card") as printer,
        engine(tmp_path, port=printer.port, connected_script=("M117 hello",)) as one,
    ):
        await one.online()
        state = await one.until(
            lambda state: state.heaters.get("bed") and state.heaters["bed"].actual is not None
        )
        assert state.link is Link.ONLINE
        assert (state.connection.port, state.connection.baudrate) == (printer.port, 115200)
        assert state.firmware is not None
        assert state.firmware.profile == "marlin"
        assert state.firmware.capabilities["EMERGENCY_PARSER"]
        assert state.firmware.area is not None
        assert state.firmware.area.max_x == 200
        await one.until(lambda state: [file.name for file in state.sd.files] == ["DEMO.GCO"])
        await one.until(
            lambda state: state.firmware is not None and "M92" in state.firmware.settings
        )
        await one.until(lambda state: state.message == "hello")


async def test_commands_temperatures_and_console(tmp_path: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=50) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        assert (await one.send("M220 ; how fast?"))[0] == "FR:100%"
        await one.call("send", lines=["M104 S50"], origin="somebody", wait=False)
        await one.until(lambda state: state.heaters["tool0"].target == 50)
        await one.until(lambda state: (state.heaters["tool0"].actual or 0) > 45)
        await one.heard("M104 S50")
        assert ("M104 S50", "somebody") in one.origins
        # A mere comment is nothing to send and nothing to wait for.
        assert await one.send("; only words", "", "   ") == []
        await one.send("G28")
        state = await one.until(lambda state: state.motion.homed == "xyz")
        assert state.motion.position is not None
        assert 'Unknown command: "G999"' in " ".join(await one.send("G999"))


async def test_a_person_cannot_break_the_numbering(tmp_path: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=300) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        content = zigzag(400)
        since = len(await printer.accepted())
        await one.print_file(write(tmp_path / "a.gcode", content))
        await one.printed(50)
        for line in ("M110 N7", "N5 M110", "M110", "N3 G92 E999*5", "M117 a*b\nM112"):
            await one.call("send", lines=[line], origin="test", wait=False)
        job = await one.ended()
        assert job.result is JobResult.COMPLETE
        done = [line for line in foreign(await printer.accepted(since))
                if not line.startswith(("M117", "G92 E999"))]  # fmt: skip
        assert done == commands(content)


async def test_pause_and_resume_bring_everything_back(tmp_path: Path) -> None:
    content = zigzag(400)
    scripts = JobScripts(
        paused=("G91", "G1 Z5 F600", "G90", "G1 X5 Y190 F6000", "M106 S9", "M104 S30"),
        resumed=("M117 back at {pause_x}",),
    )
    async with (
        simulated_printer(tmp_path, speed=20) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await one.send("M104 S40", "M106 S200")
        since = len(await printer.accepted())
        await printer.hold(at=commands(content)[150])
        await one.print_file(write(tmp_path / "a.gcode", content), scripts)
        await one.printed(100)
        await one.pause()
        await one.pause()  # means nothing
        await printer.let_go()
        paused = await one.phase(JobPhase.PAUSED)
        assert paused.job is not None
        assert paused.job.pause_source == "test"
        state = await printer.state()
        assert (state["position"]["x"], state["position"]["y"]) == (5, 190)
        before = foreign(await printer.accepted(since))
        assert before[-6:] == list(scripts.paused)
        with pytest.raises(PrinterBusy):
            await one.print_file(tmp_path / "a.gcode")
        await one.resume()
        await one.resume()
        job = await one.ended()
        assert job.result is JobResult.COMPLETE
        after = foreign(await printer.accepted(since))[len(before) :]
        printed = [line for line in before[:-6] if line in set(commands(content))]
        rest = commands(content)[len(printed) :]
        assert after[-len(rest) :] == rest
        returned = after[: -len(rest)]
        assert returned[0].startswith("M117 back at ")
        assert "M106 P0 S200" in returned
        assert "M109 S40" in returned
        assert any(line.startswith("G92 E") for line in returned)
        assert [name for name, _ in one.events] == [
            "job_started", "job_paused", "job_resumed", "job_ended",
        ]  # fmt: skip


async def test_cancelling_in_every_phase(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gcode", zigzag(400))
    scripts = JobScripts(
        started=("G4 P300",), paused=("G4 P300",), resumed=("G4 P300",), cancelled=("M84",)
    )
    async with (
        simulated_printer(tmp_path, speed=5) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        with pytest.raises(NotPrinting):
            await one.cancel()

        async def preparing() -> None:
            assert one.snapshot.phase is JobPhase.PREPARING  # as the printer is held

        async def printing() -> None:
            await one.printed(3)

        async def pausing() -> None:
            await one.printed(3)
            await one.pause()

        async def paused() -> None:
            await pausing()
            await one.phase(JobPhase.PAUSED)

        async def resuming() -> None:
            await paused()
            await one.resume()

        for get_there in (preparing, printing, pausing, paused, resuming):
            one.events.clear()
            since = len(await printer.accepted())
            if get_there is preparing:
                await printer.hold()
            await one.print_file(path, scripts)
            await get_there()
            await one.cancel()
            await printer.let_go()
            with contextlib.suppress(NotPrinting):  # it may be over by now
                await one.cancel()  # means nothing
            job = await one.ended()
            assert job.result is JobResult.CANCELLED, get_there.__name__
            assert job.cause == "Cancelled by test."
            assert foreign(await printer.accepted(since))[-1] == "M84"
            assert one.events[-1][0] == "job_ended"


@pytest.mark.parametrize("wait_on_host", [True, False])
async def test_cancelling_a_heat_up_is_immediate(tmp_path: Path, wait_on_host: bool) -> None:
    """With an emergency parser by M108, or by waiting on our own side."""
    content = "M190 S100\nM109 S250\nG1 X5 E1\n"
    async with (
        simulated_printer(tmp_path, speed=1, emergency_parser=not wait_on_host) as printer,
        engine(tmp_path, port=printer.port, wait_on_host=wait_on_host) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        scripts = JobScripts(cancelled=("M104 S0", "M140 S0"))
        await one.print_file(write(tmp_path / "a.gcode", content), scripts)
        await printer.until(lambda state: state["heaters"]["bed"]["target"] == 100)
        await one.cancel()
        job = await one.ended(within_s=30)
        assert job.result is JobResult.CANCELLED
        assert not any(line.startswith("G1") for line in await printer.accepted(since))
        state = await printer.until(lambda state: state["heaters"]["bed"]["target"] == 0)
        assert state["heaters"]["tool0"]["target"] == 0


@pytest.mark.parametrize("by", ["comments", "M486", "EXCLUDE_OBJECT"])
async def test_an_excluded_object_is_left_out(tmp_path: Path, by: str) -> None:
    objects = ["G90", "M82", "G92 E0", "G92 X50 Y50 Z0"]
    if by == "EXCLUDE_OBJECT":
        outline = ",".join(f"[{x},{x % 7}]" for x in range(60))
        objects += [f"EXCLUDE_OBJECT_DEFINE NAME={name} POLYGON=[{outline}]" for name in "AB"]
    e = 0.0
    for layer in range(6):
        for name, x in (("A", 20), ("B", 120)):
            if by == "EXCLUDE_OBJECT":
                objects += [
                    f"EXCLUDE_OBJECT_START NAME={name}",
                    f"; printing object {name}.stl",
                ]
            elif by == "M486":
                objects += [f"M486 S{x // 100}", *([f"M486 A{name}"] if not layer else [])]
            else:
                objects.append(f"; printing object {name}")
            for step in range(10):
                e += 0.05
                objects.append(f"G1 X{x + step} Y{20 + layer} E{e:.2f} F3000")
            if by == "EXCLUDE_OBJECT":
                objects += ["; stop printing object", f"EXCLUDE_OBJECT_END NAME={name}"]
            else:
                objects.append(
                    "M486 S-1" if by == "M486" else f"; stop printing object {name}"
                )
    content = "\n".join(objects) + "\nG1 X99 Y99 E7 F600\n"
    async with (
        simulated_printer(tmp_path, speed=10) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await printer.hold(at="G1 X125 Y20")  # in the first layer of B
        await one.print_file(write(tmp_path / "a.gcode", content))
        await one.until(lambda state: state.job and set(state.job.objects) == {"A", "B"})
        with pytest.raises(InvalidRequest):
            await one.call("exclude", name="C")
        await one.call("exclude", name="B")
        excluded_at = len(await printer.accepted())
        await printer.let_go()
        job = await one.ended()
        assert job.result is JobResult.COMPLETE
        assert job.excluded == ("B",)
        moves = [line for line in await printer.accepted(excluded_at) if " E" in line]
        later = [line for line in moves[8:] if line.startswith("G1 X12")]
        assert later == []  # a few lines may have been on the way
        kept = [line for line in commands(content) if line.startswith("G1 X2")]
        printed = [line for line in await printer.accepted(since) if line.startswith("G1 X2")]
        assert printed == kept
        state = await printer.state()
        assert state["position"] == {"x": 99, "y": 99, "z": 0, "e": 7}


async def test_a_planned_pause(tmp_path: Path) -> None:
    lines = ["G92 X0 Y0 Z0 E0"]
    for layer in range(20):
        lines += [f";LAYER:{layer}", *(f"G1 X{step} F3000" for step in range(1, 9))]
    async with (
        simulated_printer(tmp_path, speed=10) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await printer.hold()
        await one.print_file(write(tmp_path / "a.gcode", "\n".join(lines)))
        await one.call("plan_pause", layer=12)
        await printer.let_go()
        state = await one.phase(JobPhase.PAUSED)
        assert state.job is not None
        assert state.job.layer == 12
        assert state.job.pause_source == "the planned pause"
        await one.resume()
        assert (await one.ended()).result is JobResult.COMPLETE


async def test_two_printers_are_never_mixed_up(tmp_path: Path) -> None:
    contents = {"left": zigzag(300), "right": zigzag(320).replace("G1 X", "G1 F2900 X")}
    async with (
        simulated_printer(tmp_path, name="left", speed=300) as left,
        simulated_printer(tmp_path, name="right", speed=300, advanced_ok=False) as right,
        engine(tmp_path, port=left.port, name="e1") as one,
        engine(tmp_path, port=right.port, name="e2") as two,
    ):
        await asyncio.gather(one.online(), two.online())
        since = [len(await left.accepted()), len(await right.accepted())]
        await asyncio.gather(
            one.print_file(write(tmp_path / "left.gcode", contents["left"])),
            two.print_file(write(tmp_path / "right.gcode", contents["right"])),
        )
        jobs = await asyncio.gather(one.ended(), two.ended())
        assert [job.file.path for job in jobs] == ["left.gcode", "right.gcode"]
        assert foreign(await left.accepted(since[0])) == commands(contents["left"])
        assert foreign(await right.accepted(since[1])) == commands(contents["right"])
        assert not any("F2900" in text for _, text in one.console)


async def test_a_missing_file_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gcode", "G28\n")
    async with (
        simulated_printer(tmp_path, speed=50) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        one_size = path.stat().st_size
        assert one_size
        (tmp_path / "link.gcode").symlink_to(path)
        with pytest.raises(Exception, match="cannot be opened"):
            await one.print_file(tmp_path / "link.gcode")
        assert one.snapshot.phase is JobPhase.NONE
        assert (await one.print_file(path)).file.size == one_size
        assert (await one.ended()).result is JobResult.COMPLETE


async def test_a_command_that_fits_in_no_line_is_not_sent(tmp_path: Path) -> None:
    content = f"G28\nSET_SOMETHING VALUE={'x' * 200}\nG1 X10 F3000\n"
    async with (
        simulated_printer(tmp_path, speed=50) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        since = len(await printer.accepted())
        await one.print_file(write(tmp_path / "a.gcode", content))
        job = await one.ended()
        assert job.result is JobResult.COMPLETE
        assert foreign(await printer.accepted(since)) == ["G28", "G1 X10 F3000"]
