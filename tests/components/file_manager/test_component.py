"""The component as the loader sets it up."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.catalogue import Catalogue
from appliance.components.file_manager.component import CONFIG_SCHEMA, EXAMPLES, async_setup
from appliance.config import Configuration, load_configuration
from appliance.core import Appliance, StopReason
from appliance.domain.file_events import AnalysisFinished, FileAdded
from appliance.domain.file_service import FILES, Files
from appliance.domain.files import GCODES, Item
from appliance.domain.printer import PRINTERS, Printers
from appliance.errors import (
    FileForbidden,
    FileMissing,
    InvalidRequest,
    PrintBlocked,
    SetupError,
)
from tests.components.file_manager.conftest import pieces
from tests.fakes import FakePrinter
from tests.waiting import eventually

CONFIGURATION = """\
appliance:
  name: Test
file_manager:
printer:
  - id: sim
    platform: simulator
"""


@asynccontextmanager
async def running(base: Path, **options: object) -> AsyncIterator[tuple[Appliance, Files]]:
    (base / "configuration.yaml").write_text(CONFIGURATION)
    appliance = Appliance(Configuration(base, {"name": "Test"}))
    printers = Printers()
    printers.add(FakePrinter(appliance.bus, "sim"))
    appliance.provide(PRINTERS, printers)
    await async_setup(appliance, CONFIG_SCHEMA(options))
    try:
        yield appliance, appliance.use(FILES)
    finally:
        await appliance.stop(StopReason.TERMINATE)


async def upload(files: Files, path: str, text: str, root: str = GCODES) -> None:
    await files.receive(root, path, pieces(text.encode()))


async def test_files_live_below_the_configuration(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, files):
        await upload(files, "cube.gcode", "G28\n")
        assert (tmp_path / "gcodes" / "cube.gcode").read_text() == "G28\n"
        assert [root.name for root in files.roots] == [
            "gcodes",
            "config",
            "logs",
            "config_examples",
        ]
        assert [root.permissions for root in files.roots] == ["rw", "rw", "r", "r"]
        config = await files.tree("config", hidden=True)
        assert [file.path for file in config.files] == ["configuration.yaml"]
        assert config.folders == ()


async def test_what_is_known_outlives_the_appliance(tmp_path: Path) -> None:
    async with running(tmp_path, watch=False) as (appliance, files):
        finished: list[AnalysisFinished] = []
        appliance.bus.listen(AnalysisFinished, finished.append)
        await upload(files, "cube.gcode", "G28\nG1 X1 Y1 E1\n")
        await eventually(lambda: finished)
        before = await files.info(GCODES, "cube.gcode")
    (tmp_path / "gcodes" / "outside.gcode").write_text("G28\n")
    async with running(tmp_path, watch=False) as (_, files):
        assert await files.info(GCODES, "cube.gcode") == before
        outside = await files.info(GCODES, "outside.gcode")
        await eventually_analysed(files, outside.path)


async def eventually_analysed(files: Files, path: str) -> None:
    async def analysed() -> bool:
        return (await files.info(GCODES, path)).analysis is not None

    condition: Callable[[], Awaitable[bool]] = analysed
    await eventually(condition)  # type: ignore[arg-type]


async def test_a_selection_that_the_analysis_overtook_is_completed(tmp_path: Path) -> None:
    async with running(tmp_path, watch=False) as (appliance, files):
        printer = appliance.use(PRINTERS).first
        await upload(files, "cube.gcode", "G28\nG1 X100 F600\n")
        await eventually_analysed(files, "cube.gcode")
        known = await files.job_file("cube.gcode", "sim")
        assert known.estimated_s is not None
        # As somebody does who asked what is known just before the analysis ended.
        await printer.select(replace(known, estimated_s=None))
        await eventually(lambda: printer.snapshot.selected == known)


async def test_changes_from_outside_are_told(tmp_path: Path) -> None:
    async with running(tmp_path) as (appliance, files):
        told: list[FileAdded] = []
        appliance.bus.listen(FileAdded, told.append)
        file = tmp_path / "gcodes" / "outside.gcode"

        def noticed() -> bool:
            """Touch the folder until the watcher is at work; the file may rest meanwhile."""
            os.utime(tmp_path / "gcodes")
            return bool(told)

        file.write_text("G28\n")
        await eventually(noticed)
        assert [event.file.path for event in told] == ["outside.gcode"]
        await eventually_analysed(files, "outside.gcode")


async def test_a_configuration_is_only_replaced_by_a_valid_one(tmp_path: Path) -> None:
    async with running(tmp_path) as (_, files):
        bad = CONFIGURATION.replace("printer:", "printr:")
        with pytest.raises(InvalidRequest, match="printr"):
            await upload(files, "configuration.yaml", bad, "config")
        with pytest.raises(InvalidRequest, match="UTF-8"):
            await files.receive("config", "configuration.yaml", pieces(b"a: \xff"))
        assert (tmp_path / "configuration.yaml").read_text() == CONFIGURATION
        good = CONFIGURATION.replace("Test", "Better")
        await upload(files, "configuration.yaml", good, "config")
        assert (tmp_path / "configuration.yaml").read_text() == good
        with pytest.raises(FileForbidden):
            await files.delete("config", "configuration.yaml")
        with pytest.raises(FileForbidden):
            await files.move(Item("config", "configuration.yaml"), Item("config", "old.yaml"))
        await upload(files, "notes/readme.txt", "anything: [", "config")
        with pytest.raises(FileMissing):
            await files.download("config", "gcodes/cube.gcode")


async def test_the_rules_of_the_lint_are_configured(tmp_path: Path) -> None:
    hot = "G28\nM104 S400\nG1 X1 Y1 E1\nM104 S0\n"
    async with running(tmp_path) as (_, files):
        await upload(files, "hot.gcode", hot)
        with pytest.raises(PrintBlocked):
            await files.prepare("hot.gcode", "sim")
    async with running(tmp_path, lint={"max_temperature": "warn"}) as (_, files):
        await files.prepare("hot.gcode", "sim")
        findings = await files.findings("hot.gcode", "sim")
        assert findings is not None
        assert [finding.rule for finding in findings] == ["max_temperature"]


async def test_a_file_that_is_printed_stays(tmp_path: Path) -> None:
    async with running(tmp_path) as (appliance, files):
        await upload(files, "a/cube.gcode", "G28\nM104 S200\nG1 X1 Y1 E1\nM104 S0\n")
        printer = appliance.use(PRINTERS).first
        await printer.connect()
        await printer.start(await files.prepare("a/cube.gcode", "sim"))
        assert files.in_use(GCODES, "a")
        await printer.cancel(origin="test")
        assert not files.in_use(GCODES, "a")


async def test_a_folder_that_cannot_be_made_is_an_error_of_the_set_up(tmp_path: Path) -> None:
    (tmp_path / "gcodes").write_text("a file")
    with pytest.raises(SetupError, match="cannot be made"):
        async with running(tmp_path):
            pass


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.name)
async def test_every_example_is_a_valid_configuration(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "configuration.yaml"
    configuration = await asyncio.to_thread(
        load_configuration, tmp_path, Catalogue(tmp_path), {file: path.read_text()}
    )
    assert configuration.printers
