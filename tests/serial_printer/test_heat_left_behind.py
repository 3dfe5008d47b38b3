"""A print that stands still with nobody at it leaves no heater on; who resumes heats first."""

from __future__ import annotations

from pathlib import Path

from appliance.domain.job import JobResult
from tests.engine_harness import EngineProcess, commands, engine
from tests.serial_printer.files import write, zigzag
from tests.simulated import SimulatedPrinter, simulated_printer

HOT = "M140 S30\nM190 S30\nM104 S40\nM109 S40\nM302 P1\n"
CONTENT = HOT + zigzag(400)


def cold(state: dict[str, dict[str, dict[str, float]]]) -> bool:
    return not any(heater["target"] for heater in state["heaters"].values())


async def interrupted(one: EngineProcess, printer: SimulatedPrinter, folder: Path) -> None:
    """Print and stand still in the middle of it, hot."""
    await one.online()
    await printer.hold(at=commands(CONTENT)[100])
    await one.print_file(write(folder / "a.gcode", CONTENT))
    await one.printed(60)
    await printer.held()
    state = await printer.state()
    assert (state["heaters"]["tool0"]["target"], state["heaters"]["bed"]["target"]) == (40, 30)


async def resumed(one: EngineProcess, printer: SimulatedPrinter) -> None:
    """Resume; the printer is hot again before it moves, and prints exactly the file."""
    await printer.until(cold)
    assert one.snapshot.job is not None
    assert one.snapshot.job.resumable
    since = len(await printer.accepted())
    await one.resume()
    job = await one.ended()
    assert job.result is JobResult.COMPLETE, job.cause
    after = await printer.accepted(since)
    heated = max(after.index("M109 S40"), after.index("M190 S30"))
    assert heated < next(at for at, line in enumerate(after) if line.startswith("G1 X"))
    moves = [line for line in await printer.accepted() if line.startswith("G1 X")]
    assert moves == [line for line in commands(CONTENT) if line.startswith("G1 X")]


async def test_after_a_pulled_cable(tmp_path: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=60) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await interrupted(one, printer, tmp_path)
        await printer.control({"do": "unplug", "seconds": 0.2})
        await printer.let_go()
        await one.ended()
        await one.online_again()
        await resumed(one, printer)


async def test_after_a_killed_engine_and_at_once(tmp_path: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=60) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await interrupted(one, printer, tmp_path)
        await one.kill()
        await printer.let_go()
        await one.start()
        await one.online()
        await resumed(one, printer)
