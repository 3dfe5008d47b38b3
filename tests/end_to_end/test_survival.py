"""The point of the design: what happens to the core does not happen to the print."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path

from tests.end_to_end.running import (
    Running,
    engine_processes,
    engine_running,
    running,
)
from tests.waiting import eventually_answers


def gcode(moves: int = 900) -> bytes:
    """A file that takes a while: zigzags of a few millimetres."""
    lines = ["G28", "G90", "M82", "G92 E0"]
    for number in range(moves):
        x, y = 50 + number % 40, 50 + (number * 7) % 60
        lines.append(f"G1 X{x} Y{y} E{number * 0.02:.2f} F3000")
    return "\n".join([*lines, "M104 S0", "M84", ""]).encode()


def middle(content: bytes) -> str:
    """Return a line at which the print stands still until it is let go."""
    return content.decode().splitlines()[100]


def motion(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("G1 X")]


async def position(one: Running) -> int:
    progress = (await one.get("/api/job"))["progress"]
    return int(progress["filepos"] or 0)


async def test_a_killed_core_takes_its_print_up_again(tmp_path: Path) -> None:
    content = gcode()
    async with running(tmp_path / "config") as one:
        await one.operational()
        await one.hold(middle(content))
        await one.print_file("zigzag.gcode", content)
        await eventually_answers(partial(position, one), "the print has begun")

        assert await one.kill(signal.SIGKILL) == -signal.SIGKILL
        before = len(await one.accepted())
        await one.let_go()
        await eventually_answers(partial(_more, one, before), "the engine prints on alone")

        await one.start()
        await eventually_answers(partial(position, one), "the new core shows the progress")
        job = await one.get("/api/job")
        assert job["job"]["file"]["name"] == "zigzag.gcode"
        assert job["state"] in ("Printing", "Finishing", "Operational")
        await eventually_answers(partial(_done, one), "the print is done")
        job = await one.get("/api/job")
        assert job["progress"]["completion"] == 100.0
        assert motion(await one.accepted()) == motion(content.decode().splitlines())


async def test_one_print_outlives_the_core_the_engine_and_the_cable(tmp_path: Path) -> None:
    content = gcode()
    async with running(tmp_path / "config") as one:
        await one.operational()
        await one.hold(middle(content))
        await one.print_file("zigzag.gcode", content)
        await eventually_answers(partial(position, one), "the print has begun")
        assert await one.kill(signal.SIGKILL) == -signal.SIGKILL
        await one.start()
        await eventually_answers(partial(position, one), "the new core shows the progress")

        (engine,) = engine_processes(one.folder)
        os.kill(engine, signal.SIGKILL)
        await eventually_answers(partial(_stopped, one), "the engine is missed")
        await one.let_go()
        await one.hold(content.decode().splitlines()[500])
        await eventually_answers(partial(_resumed, one), "a new engine goes on with it")
        assert engine_processes(one.folder) != [engine]

        await one.simulator({"do": "unplug", "seconds": 1.0})
        await eventually_answers(partial(_stopped, one), "the cable is missed")
        await one.let_go()
        await eventually_answers(partial(_resumed, one), "it goes on when the cable is back")
        await eventually_answers(partial(_done, one), "the print is done")
        assert (await one.get("/api/job"))["progress"]["completion"] == 100.0
        assert motion(await one.accepted()) == motion(content.decode().splitlines())


async def test_a_print_goes_on_when_the_core_is_told_to_stop(tmp_path: Path) -> None:
    content = gcode()
    async with running(tmp_path / "config") as one:
        await one.operational()
        await one.hold(middle(content))
        await one.print_file("zigzag.gcode", content)
        await eventually_answers(partial(position, one), "the print has begun")
        assert await one.kill(signal.SIGTERM) == 0
        assert engine_running(one.folder)
        await one.let_go()
        expected = motion(content.decode().splitlines())
        await eventually_answers(partial(_motions, one, len(expected)), "printed with no core")
        assert motion(await one.accepted()) == expected


async def test_an_idle_engine_ends_with_the_core(tmp_path: Path) -> None:
    async with running(tmp_path / "config") as one:
        await one.operational()
        assert engine_running(one.folder)
        assert await one.kill(signal.SIGTERM) == 0
        assert not engine_running(one.folder)


async def test_a_restart_keeps_the_engine_and_answers_first(tmp_path: Path) -> None:
    async with running(tmp_path / "config") as one:
        await one.operational()
        assert await one.post("/api/system/commands/core/restart", {}) == 204
        assert one.process is not None
        await one.process.communicate()
        assert one.process.returncode == 100
        assert engine_running(one.folder)
        await one.start()
        await one.operational()


async def _resumed(one: Running) -> bool:
    """Ask for the print to go on, as a person does; True once it does."""
    if await _done(one):
        await one.post("/printer/print/resume", {})
    return not await _stopped(one)


async def _stopped(one: Running) -> bool:
    return bool((await one.get("/api/job"))["state"] != "Printing")


async def _more(one: Running, before: int) -> bool:
    return len(await one.accepted()) > before


async def _motions(one: Running, count: int) -> bool:
    return len(motion(await one.accepted())) >= count


async def _done(one: Running) -> bool:
    return bool((await one.get("/api/job"))["state"] == "Operational")
