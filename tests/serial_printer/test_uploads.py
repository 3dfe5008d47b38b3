"""While a file is written to the card, nothing but the file reaches it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.job import JobKind, JobResult
from appliance.errors import NotPrinting, PrinterBusy
from tests.engine_harness import EngineProcess, commands, engine
from tests.serial_printer.files import write, zigzag
from tests.simulated import SimulatedPrinter, simulated_printer
from tests.waiting import deadline

CONTENT = zigzag(400)


@asynccontextmanager
async def uploading(
    folder: Path, content: str = CONTENT, **options: Any
) -> AsyncIterator[tuple[EngineProcess, SimulatedPrinter]]:
    """Begin an upload and wait until it has got somewhere; there the printer holds it."""
    (folder / "card").mkdir()
    path = write(folder / "a.gcode", content)
    async with (
        simulated_printer(folder, sd=folder / "card", **options) as printer,
        engine(folder, port=printer.port) as one,
    ):
        await one.online()
        await printer.hold(at=commands(content)[40])
        await one.print_file(path, kind=JobKind.SD_UPLOAD, target_name="A.GCO")
        await one.printed(20)
        yield one, printer


def written(folder: Path) -> list[str]:
    return (folder / "card" / "A.GCO").read_text().split()


def words(content: str) -> list[str]:
    return " ".join(commands(content)).split()


async def test_nobody_gets_anything_between_its_lines(tmp_path: Path) -> None:
    # A slow wire: there is time for it.
    async with uploading(tmp_path, baudrate=57600) as (one, printer):
        for verb, arguments in (
            ("send", {"lines": ["M108"], "origin": "test"}),
            ("send", {"lines": ["M105"], "origin": "test"}),
            ("refresh_sd", {}),
            ("delete_sd", {"name": "A.GCO"}),
        ):
            with pytest.raises(PrinterBusy):
                await one.call(verb, **arguments)
        with pytest.raises(NotPrinting):
            await one.pause()
        await printer.let_go()
        assert (await one.ended()).result is JobResult.COMPLETE
        assert written(tmp_path) == words(CONTENT)


@pytest.mark.parametrize("advanced_ok", [True, False])
async def test_lost_oks_leave_no_question_in_the_file(
    tmp_path: Path, advanced_ok: bool
) -> None:
    content = zigzag(120)
    async with uploading(tmp_path, content, baudrate=57600, advanced_ok=advanced_ok) as (
        one,
        printer,
    ):
        await printer.fault(lost_ok=0.03, corrupt_lines=0.02)
        await printer.let_go()
        job = await one.ended()
        assert job.result is JobResult.COMPLETE, job.cause
        assert written(tmp_path) == words(content)


async def test_a_lost_cable_leaves_the_file_closed(tmp_path: Path) -> None:
    """Else the printer would write down whatever it is told from then on."""
    async with uploading(tmp_path, baudrate=57600) as (one, printer):
        await printer.control({"do": "unplug", "seconds": 0.2})
        await printer.let_go()
        job = await one.ended()
        assert job.result is JobResult.INTERRUPTED
        assert not job.resumable
        await one.online_again()
        so_far = written(tmp_path)
        assert so_far == words(CONTENT)[: len(so_far)]
        assert "FR:100%" in await one.send("M220")


async def test_an_engine_that_ends_closes_the_file_before_it_cools_the_printer(
    tmp_path: Path,
) -> None:
    async with uploading(tmp_path, baudrate=57600) as (one, printer):
        await printer.let_go()
        await one.stop()
        await printer.until(lambda now: not now["open"])
        assert "M140 S0" in await printer.accepted()
        so_far = written(tmp_path)
        assert so_far == words(CONTENT)[: len(so_far)]


async def test_a_killed_engine_is_followed_by_one_that_closes_the_file(
    tmp_path: Path,
) -> None:
    async with uploading(tmp_path, baudrate=57600) as (one, printer):
        await one.kill()
        await printer.let_go()
        await one.start()
        await one.online()
        async with deadline("the file is closed"):
            assert "FR:100%" in await one.send("M220")
        so_far = written(tmp_path)
        assert so_far == words(CONTENT)[: len(so_far)]
