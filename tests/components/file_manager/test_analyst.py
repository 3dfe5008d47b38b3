"""Files on their way through the real analysis process, and to a print."""

import asyncio
import gzip
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appliance.components.file_manager import service as service_module
from appliance.components.file_manager.analyst import Analyst
from appliance.components.file_manager.disk import Disk
from appliance.components.file_manager.plain import KEPT, PlainCopies
from appliance.database import Database
from appliance.domain.file_events import (
    AnalysisFinished,
    AnalysisStarted,
    FileAdded,
    FileChanged,
    FileMoved,
)
from appliance.domain.files import GCODES, Item
from appliance.domain.job import Origin
from appliance.errors import PrintBlocked, UnsupportedType
from tests.components.file_manager.conftest import Shop, open_shop
from tests.components.file_manager.metadata.containers import block, container, meatpack
from tests.fakes import FakePrinter
from tests.waiting import DEADLINE_S, deadline, eventually

GCODE = Path(__file__).parents[2] / "data" / "gcode"
TILE = (GCODE / "tile-prusaslicer-2.5.0.gcode").read_bytes()
HOT = b"G28\nM104 S400\nG1 X1 Y1 E1\nM104 S0\n"


class Works:
    """A shop whose files are analysed."""

    def __init__(self, base: Path, shop: Shop, disk: Disk, database: Database) -> None:
        self.shop = shop
        self.disk = disk
        self.database = database
        self.copies = PlainCopies(base / "plain", disk)
        self.analyst = Analyst(shop.bus, shop.library, disk, self.copies, 10_000_000)
        shop.service.analyst = self.analyst
        printer = FakePrinter(shop.bus)
        shop.service.printer = lambda printer_id: printer
        for event in (FileAdded, FileChanged, FileMoved):
            shop.bus.listen(event, lambda event: self.analyst.want_file(event.file))  # type: ignore[attr-defined]
        self.told: list[object] = []
        for analysed in (AnalysisStarted, AnalysisFinished):
            shop.bus.listen(analysed, self.told.append)
        self.task = asyncio.create_task(self.analyst.run())

    def finished(self, path: str) -> AnalysisFinished | None:
        for event in reversed(self.told):
            if isinstance(event, AnalysisFinished) and event.file.path == path:
                return event
        return None

    async def analysed(self, path: str) -> AnalysisFinished:
        await eventually(lambda: self.finished(path) is not None, f"{path} is analysed")
        event = self.finished(path)
        assert event is not None
        return event


@pytest.fixture
async def works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Works]:
    # What a print learns from the analysis is looked at, so that it has to wait for it.
    monkeypatch.setattr(service_module, "PATIENCE_S", DEADLINE_S)
    shop, disk, database = await open_shop(tmp_path)
    works = Works(tmp_path, shop, disk, database)
    await works.copies.prepare()
    yield works
    works.task.cancel()
    await asyncio.gather(works.task, return_exceptions=True)
    await database.close()
    await disk.close()


def signalled(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> list[asyncio.subprocess.Process]:
    """Send a signal to the first process as soon as it is there; return those that got one."""
    start = asyncio.create_subprocess_exec
    sent: list[asyncio.subprocess.Process] = []

    async def started(*args: object, **kwargs: object) -> asyncio.subprocess.Process:
        process = await start(*args, **kwargs)  # type: ignore[arg-type]
        if not sent:
            sent.append(process)
            os.kill(process.pid, number)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", started)
    return sent


async def test_an_upload_is_analysed(works: Works) -> None:
    await works.shop.upload("tile.gcode", TILE)
    event = await works.analysed("tile.gcode")
    assert [type(event) for event in works.told] == [AnalysisStarted, AnalysisFinished]
    assert event.analysis is not None
    assert event.file.analysis == event.analysis
    info = await works.shop.service.info(GCODES, "tile.gcode")
    assert info.analysis == event.analysis
    (listed,) = (await works.shop.service.tree(details=True)).files
    assert listed == info
    layers = await works.shop.service.layers("tile.gcode")
    assert len(layers) == event.analysis.layer_count == 10
    assert await works.shop.service.findings("tile.gcode", "any") is not None


async def test_how_far_an_analysis_is_can_be_seen(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = signalled(monkeypatch, signal.SIGSTOP)
    service = works.shop.service
    assert service.analysing("large.gcode") is None
    await works.shop.upload("large.gcode", TILE * (4_000_000 // len(TILE)))
    assert service.analysing("/large.gcode") == 0.0
    await eventually(lambda: held, "it is the one at work, so that the next has to wait")
    await works.shop.upload("next.gcode", HOT)
    assert service.analysing("next.gcode") == 0.0
    seen: list[float] = []

    def half_way() -> bool:
        share = service.analysing("large.gcode")
        assert share is not None
        seen.append(share)
        return 0.0 < share < 1.0

    held[0].send_signal(signal.SIGCONT)
    await eventually(half_way, "it is on its way")
    await works.analysed("large.gcode")
    assert seen == sorted(seen)
    assert service.analysing("large.gcode") is None


async def test_the_same_content_is_analysed_once(works: Works) -> None:
    await works.shop.upload("a.gcode", TILE)
    await works.analysed("a.gcode")
    await works.shop.service.copy(Item(GCODES, "a.gcode"), Item(GCODES, "b.gcode"))
    await works.shop.service.move(Item(GCODES, "a.gcode"), Item(GCODES, "c/d.gcode"))
    await works.shop.upload("e.gcode", TILE)
    await works.analyst.wait("e.gcode", DEADLINE_S)
    for path in ("b.gcode", "c/d.gcode", "e.gcode"):
        assert (await works.shop.service.info(GCODES, path)).analysis is not None
    assert len(works.told) == 2


async def test_a_file_that_changes_meanwhile_is_analysed_again(works: Works) -> None:
    await works.shop.upload("a.gcode", TILE)
    await eventually(lambda: works.analyst._read, "the old content is being read")
    await works.shop.upload("a.gcode", b"G28\nG1 X5 Y5 E1\n")
    await works.analyst.wait("a.gcode", DEADLINE_S)
    await eventually(lambda: len(works.told) >= 4)
    info = await works.shop.service.info(GCODES, "a.gcode")
    assert info.analysis is not None
    assert info.analysis.lines == 2


async def test_a_file_from_outside_gets_its_digest(works: Works) -> None:
    (works.shop.folder / "smb.gcode").write_bytes(TILE)
    await works.shop.watcher.compare()
    works.analyst.look_again()
    event = await works.analysed("smb.gcode")
    assert event.file.digest is not None
    assert event.file.analysis is not None


async def test_a_rescan_analyses_again(works: Works) -> None:
    await works.shop.upload("a.gcode", TILE)
    await works.analysed("a.gcode")
    works.told.clear()
    metadata = await works.shop.service.rescan("a.gcode")
    assert metadata is not None
    assert metadata.slicer == "PrusaSlicer"
    await works.analysed("a.gcode")


async def test_a_process_that_dies_is_told_and_the_next_file_is_analysed(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    signalled(monkeypatch, signal.SIGKILL)
    await works.shop.upload("dies.gcode", TILE)
    assert (await works.analysed("dies.gcode")).analysis is None
    await works.shop.upload("lives.gcode", TILE + b"; other\n")
    assert (await works.analysed("lives.gcode")).analysis is not None


async def test_a_job_knows_what_the_slicer_and_the_analysis_say(works: Works) -> None:
    await works.shop.upload("tile.gcode", TILE)
    await works.analysed("tile.gcode")
    file = await works.shop.service.job_file("tile.gcode")
    assert (file.origin, file.path, file.size) == (Origin.LOCAL, "tile.gcode", len(TILE))
    assert (file.estimated_s, file.layers, file.height_mm) == (152.0, 10, 2.0)
    assert file.filament_mm == (91.7,)
    assert file.time_curve[0][1] == 152.0
    assert file.time_curve[-1][1] == 0.0


async def test_a_print_is_prepared(works: Works) -> None:
    await works.shop.upload("tile.gcode", TILE)
    request = await works.shop.service.prepare("tile.gcode", "any", user="ann")
    assert request.local_path == str(works.shop.folder / "tile.gcode")
    assert (request.user, request.file.size) == ("ann", len(TILE))
    assert len(request.file.time_curve) > 5


async def test_what_cannot_be_printed(works: Works) -> None:
    await works.shop.upload("box.stl", b"solid")
    with pytest.raises(UnsupportedType):
        await works.shop.service.prepare("box.stl", "any")


async def test_a_finding_that_blocks_stops_a_print_unless_forced(works: Works) -> None:
    await works.shop.upload("hot.gcode", HOT)
    with pytest.raises(PrintBlocked, match="400 degrees") as caught:
        await works.shop.service.prepare("hot.gcode", "any")
    assert len(caught.value.findings) == 1
    await works.shop.service.prepare("hot.gcode", "any", force=True)
    works.shop.service.severities = {"max_temperature": "warn"}
    await works.shop.service.prepare("hot.gcode", "any")


async def test_a_print_does_not_wait_for_a_long_analysis(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "PATIENCE_S", 0.0)
    works.task.cancel()  # nobody analyses
    large = HOT.replace(b"S400", b"S210") + b"G1 X2 Y2 E1\n" * 1000
    await works.shop.upload("large.gcode", large)
    async with deadline():
        request = await works.shop.service.prepare("large.gcode", "any")
        assert request.file.size == len(large)
        # What the start of the file does is checked all the same.
        await works.shop.upload("hot.gcode", HOT + b"G1 X2 Y2 E1\n" * 1000)
        with pytest.raises(PrintBlocked):
            await works.shop.service.prepare("hot.gcode", "any")
    curve = b"".join(b"M73 P1 R%d\nG1 X1\n" % minute for minute in range(99, 0, -1))
    await works.shop.upload("curve.gcode", b"G28\n" + curve)
    request = await works.shop.service.prepare("curve.gcode", "any")
    assert request.file.time_curve[0] == (4, 99 * 60.0)


def packed(text: str) -> bytes:
    metadata = block(4, b"estimated printing time (normal mode)=1m\n")
    return container(metadata, block(1, meatpack(text), (1,), 2))


PLAIN = "G28\nM104 S200\nG1 X5 Y5 E1\nM104 S0\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.bgcode", packed(PLAIN)), ("a.gcode.gz", gzip.compress(PLAIN.encode()))],
    ids=["bgcode", "gz"],  # gzip writes the time of day
)
async def test_packed_gcode_is_printed_from_a_plain_copy(
    works: Works, name: str, content: bytes
) -> None:
    await works.shop.upload(name, content)
    event = await works.analysed(name)
    assert event.analysis is not None
    assert event.analysis.lines == 4
    request = await works.shop.service.prepare(name, "any")
    assert request.local_path is not None
    assert Path(request.local_path).read_text() == PLAIN
    assert (request.file.path, request.file.size) == (name, len(PLAIN))
    Path(request.local_path).unlink()  # the cache may be emptied
    again = await works.shop.service.prepare(name, "any")
    assert again.local_path is not None
    assert Path(again.local_path).read_text() == PLAIN


async def test_the_tail_of_zipped_gcode_is_read_when_it_is_unpacked(works: Works) -> None:
    await works.shop.upload("tile.gcode.gz", gzip.compress(TILE * 40))
    await works.analysed("tile.gcode.gz")
    info = await works.shop.service.info(GCODES, "tile.gcode.gz")
    assert info.metadata is not None
    assert info.metadata.gcode_end is not None
    assert info.metadata.gcode_end > 39 * len(TILE)


async def test_a_damaged_packed_file_is_told(works: Works) -> None:
    await works.shop.upload("bad.bgcode", packed(PLAIN)[:-9])
    assert (await works.analysed("bad.bgcode")).analysis is None
    with pytest.raises(UnsupportedType, match="cannot be unpacked"):
        await works.shop.service.prepare("bad.bgcode", "any")
    assert list((works.copies.path("x").parent).iterdir()) == []


async def test_a_bomb_is_not_unpacked(works: Works) -> None:
    bomb = gzip.compress(b"G1 X1\n" * 5_000_000)
    await works.shop.upload("bomb.gcode.gz", bomb)
    assert (await works.analysed("bomb.gcode.gz")).analysis is None
    assert list((works.copies.path("x").parent).iterdir()) == []


async def test_only_the_last_plain_copies_are_kept(works: Works) -> None:
    for number in range(KEPT + 2):
        name = f"{number}.gcode.gz"
        await works.shop.upload(name, gzip.compress(f"G1 X{number}\n".encode()))
        await works.analysed(name)
    copies = list((works.copies.path("x").parent).iterdir())
    assert len(copies) == KEPT
