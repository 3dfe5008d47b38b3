"""The power goes in mid-print: what is offered, what is asked for, what is printed then."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.domain.job import Job, JobResult, RecoveryPlan
from appliance.domain.wire import from_plain
from appliance.errors import InvalidRequest, NotPrinting, PrinterRefused
from tests.engine_harness import EngineProcess, commands, engine, foreign, motion
from tests.serial_printer.files import write
from tests.simulated import SimulatedPrinter, simulated_printer

LAYERS = 16
HEAT = ["M302 P1", "M140 S30", "M190 S30", "M104 S40", "M109 S40"]
CUT = {"do": "unplug", "seconds": 0.2, "power": True}


def layer(number: int, e: float) -> list[str]:
    lines = [f";LAYER:{number}", f"G0 Z{0.2 * (number + 1):.1f} F6000"]
    lines += [
        f"G1 X{50 + step} Y{60 + number} E{e + step * 0.05:.2f} F1500" for step in range(1, 21)
    ]
    return lines


def layered(layers: int) -> str:
    """Return a file of so many layers, each twenty millimetres of wall."""
    lines = [*HEAT, "G28", "G90", "M82", "G92 E0", "M106 S128"]
    for number in range(layers):
        lines += layer(number, number * 1.0)
    return "\n".join([*lines, "M107", "M104 S0", "M140 S0", ""])


CONTENT = layered(LAYERS)


def wall(number: int) -> str:
    """Return how a line in the middle of a layer begins."""
    return f"G1 X60 Y{60 + number} "


async def lost(one: EngineProcess, printer: SimulatedPrinter, folder: Path) -> Job:
    """Print to the fourth layer, then cut the printer's power."""
    await one.online()
    await printer.hold(at=wall(5))
    await one.print_file(write(folder / "a.gcode", CONTENT))
    await one.until(lambda now: now.job is not None and (now.job.layer or 0) >= 4)
    await cut(printer)
    job = await one.ended()
    assert job.result is JobResult.INTERRUPTED
    return job


async def cut(printer: SimulatedPrinter) -> None:
    """Cut the power of a printer that stands still in the middle of the print."""
    await printer.held()
    await printer.control(CUT)
    await printer.let_go()


async def offered(one: EngineProcess) -> RecoveryPlan:
    return from_plain(RecoveryPlan, await one.call("recovery_plan"))


async def recovered(
    one: EngineProcess, printer: SimulatedPrinter, plan: RecoveryPlan, job: Job
) -> None:
    """Confirm; the printer does what the plan says, then the rest of the file."""
    assert plan.layer is not None
    assert plan.height_mm == pytest.approx(0.2 * (plan.layer - 1))
    assert CONTENT[plan.offset :].startswith(f";LAYER:{plan.layer - 1}\n")
    since = len(await printer.accepted())
    again = from_plain(Job, await one.call("recover", job_id=job.id))
    assert again.id == job.id
    end = await one.ended()
    assert end.result is JobResult.COMPLETE, end.cause
    done = foreign(await printer.accepted(since))
    prepared = len(done) - len(commands(CONTENT[plan.offset :]))
    assert done[:prepared] == list(plan.lines)
    assert done[prepared:] == commands(CONTENT[plan.offset :])
    state = await printer.state()
    assert state["position"]["z"] == pytest.approx(0.2 * LAYERS)
    assert state["position"]["e"] == pytest.approx(float(LAYERS))
    with pytest.raises(NotPrinting):  # it is done, there is nothing left to go on with
        await offered(one)


def assert_safe(plan: RecoveryPlan) -> None:
    """Nothing is knocked off the bed: up first, Z is never homed, hot before it moves."""
    lines = list(plan.lines)
    moves = [line for line in lines if line.startswith(("G0", "G1", "G28", "G92"))]
    assert moves[0] == f"G92 Z{plan.height_mm:g}"
    assert moves[1] == f"G1 Z{plan.height_mm + 10:g} F600"
    assert [line for line in lines if line.startswith("G28")] == ["G28 X Y"]
    assert lines.index("M190 S30") < lines.index("G28 X Y")
    assert lines.index("M109 S40") < lines.index("G28 X Y")
    assert "M106 P0 S128" in lines
    assert len(plan.steps) >= 4
    assert any("do not home" in step.lower() for step in plan.steps)


async def test_a_print_goes_on_from_its_layer_once_a_person_says_so(tmp_path: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=30) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        job = await lost(one, printer, tmp_path)
        state = await one.online_again()
        assert state.job is not None
        assert not state.job.resumable
        with pytest.raises((PrinterRefused, NotPrinting)):
            await one.resume()  # where it stands nobody knows
        since = len(await printer.accepted())
        plan = await offered(one)
        assert_safe(plan)
        assert job.layer is not None  # some lines were read ahead
        assert plan.layer in (job.layer - 1, job.layer)
        with pytest.raises(InvalidRequest):
            await one.call("recover", job_id="another")
        assert motion(await printer.accepted(since)) == []
        await recovered(one, printer, plan, job)


async def test_it_does_so_after_the_engine_has_lost_its_power_too(tmp_path: Path) -> None:
    """The printer started long before us: neither banner nor reset tells of it."""
    async with (
        simulated_printer(tmp_path, speed=30) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        await printer.hold(at=wall(7))
        await one.print_file(write(tmp_path / "a.gcode", CONTENT))
        await one.until(lambda now: now.job is not None and (now.job.layer or 0) >= 6)
        await printer.held()
        await one.kill()
        await printer.control({"do": "reset"})
        await printer.let_go()
        await printer.until(lambda now: now["boots"] == 2 and now["running"])
        await one.start()
        state = await one.online()
        assert state.job is not None
        assert state.job.result is JobResult.INTERRUPTED
        assert not state.job.resumable
        plan = await offered(one)
        assert_safe(plan)
        await recovered(one, printer, plan, state.job)


async def test_a_second_cut_is_no_worse_than_the_first(tmp_path: Path) -> None:
    async with (
        simulated_printer(tmp_path, speed=30) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        job = await lost(one, printer, tmp_path)
        await one.online_again()
        first = await offered(one)
        assert first.layer is not None
        beyond = first.layer + 2
        await printer.hold(at=wall(beyond))
        await one.call("recover", job_id=job.id)
        await one.until(
            lambda now: (
                now.job is not None
                and now.job.result is None
                and (now.job.layer or 0) >= beyond
            )
        )
        await cut(printer)
        job = await one.ended()
        await one.online_again()
        second = await offered(one)
        assert second.offset > first.offset
        assert_safe(second)
        await recovered(one, printer, second, job)


async def test_a_first_layer_is_not_worth_it(tmp_path: Path) -> None:
    content = "\n".join(["M302 P1", "G90", "M82", *layer(0, 0.0), *layer(1, 1.0), ""])
    async with (
        simulated_printer(tmp_path, speed=30) as printer,
        engine(tmp_path, port=printer.port) as one,
    ):
        await one.online()
        with pytest.raises(NotPrinting):
            await offered(one)
        await printer.hold(at=wall(0))
        await one.print_file(write(tmp_path / "a.gcode", content))
        await one.printed(5)
        await cut(printer)
        await one.ended()
        await one.online_again()
        with pytest.raises(NotPrinting, match="first layer"):
            await offered(one)
