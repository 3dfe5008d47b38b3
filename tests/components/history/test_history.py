import csv
import io
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.bus import Bus
from appliance.components.history.pictures import Pictures
from appliance.components.history.recorder import Recorder
from appliance.components.history.rows import SCHEMA
from appliance.components.history.store import HistoryStore
from appliance.database import Database
from appliance.domain.history import (
    ExportFormat,
    HistoryAdded,
    HistoryFinished,
    HistoryQuery,
    HistoryRemoved,
)
from appliance.domain.job import (
    Job,
    JobFile,
    JobKind,
    JobPhase,
    JobRequest,
    JobResult,
    JobStarted,
    Origin,
)
from appliance.errors import StorageFull
from tests.fakes import FakePrinter


class Books:
    """A history with its recorder and a printer that makes jobs."""

    def __init__(self, base: Path) -> None:
        self.bus = Bus()
        self.printer = FakePrinter(self.bus)
        self.printer.come_online()
        self.database = Database(base / "history.sqlite", SCHEMA)
        pictures = Pictures(base / "pictures")
        self.store = HistoryStore(self.database, self.bus, pictures)
        self.recorder = Recorder(
            self.store,
            pictures,
            lambda: [self.printer],
            lambda: None,
        )
        self.told: list[object] = []
        for event in (HistoryAdded, HistoryFinished, HistoryRemoved):
            self.bus.listen(event, self.told.append)

    async def open(self) -> None:
        await self.database.open()
        self.recorder.listen(self.bus)
        await self.recorder.catch_up()

    def job(self, job_id: str, path: str = "cube.gcode", **changes: object) -> Job:
        file = JobFile(Origin.LOCAL, path, path, 1000, layers=10)
        job = Job(job_id, JobKind.FILE, file, started_at=1_700_000_000.0, user="ann")
        return replace(job, **changes)  # type: ignore[arg-type]

    async def printed(
        self, job_id: str, result: JobResult = JobResult.COMPLETE, **changes: object
    ) -> None:
        job = self.job(job_id, **changes)  # type: ignore[arg-type]
        await self.store.begin("ender3", job)
        await self.store.end("ender3", replace(job, result=result, cause="why not"))


@pytest.fixture
async def books(tmp_path: Path) -> AsyncIterator[Books]:
    books = Books(tmp_path)
    await books.open()
    yield books
    await books.database.close()


async def test_a_job_is_written_down_from_start_to_end(books: Books) -> None:
    request = books.job("x").file
    await books.printer.start(JobRequest(request, user="ann"))
    await books.recorder.flush()
    (entry,) = await books.store.entries()
    assert (entry.result, entry.user, entry.path) == (None, "ann", "cube.gcode")
    books.printer.advance(500, 60.0)
    books.printer.finish()
    await books.recorder.flush()
    (entry,) = await books.store.entries()
    assert entry.result is JobResult.COMPLETE
    assert (entry.position, entry.printing_s) == (500, 60.0)
    assert [type(event) for event in books.told] == [HistoryAdded, HistoryFinished]


async def test_an_end_that_a_full_disk_did_not_take_is_written_later(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    await books.printer.start(JobRequest(books.job("x").file, user="ann"))
    await books.recorder.flush()
    books.printer.finish()

    async def full(_work: object) -> None:
        raise StorageFull("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(books.database, "run", full)
        with pytest.raises(StorageFull):
            await books.recorder.run()
    await books.recorder.flush()
    (entry,) = await books.store.entries()
    assert entry.result is JobResult.COMPLETE


async def test_what_was_open_and_is_not_printed_any_more_was_interrupted(
    books: Books,
) -> None:
    await books.store.begin("ender3", books.job("lost"))
    await books.store.progress([books.job("lost", elapsed_s=90.0, printing_s=60.0)])
    await books.recorder.catch_up()
    entry = await books.store.entry("lost")
    assert entry is not None
    assert entry.result is JobResult.INTERRUPTED
    assert entry.ended_at == entry.started_at + 90.0
    assert (await books.store.totals()).printing_s == 60.0


async def test_a_job_that_the_engine_still_prints_stays_open(books: Books) -> None:
    job = books.job("running")
    await books.store.begin("ender3", job)
    books.printer.update(phase=JobPhase.PREPARING, job=job)
    await books.recorder.catch_up()
    entry = await books.store.entry("running")
    assert entry is not None
    assert entry.result is None


async def test_a_job_that_ended_while_nobody_listened_gets_its_result(books: Books) -> None:
    await books.store.begin("ender3", books.job("ended"))
    done = books.job("ended", result=JobResult.COMPLETE, elapsed_s=120.0, printing_s=100.0)
    books.printer.update(job=done)
    await books.recorder.catch_up()
    entry = await books.store.entry("ended")
    assert entry is not None
    assert (entry.result, entry.printing_s) == (JobResult.COMPLETE, 100.0)
    await books.recorder.catch_up()
    assert (await books.store.totals()).jobs == 1


async def test_a_job_of_which_nothing_was_seen_is_written_down_too(books: Books) -> None:
    books.printer.update(job=books.job("unseen", result=JobResult.FAILED, cause="thermal"))
    await books.recorder.catch_up()
    entry = await books.store.entry("unseen")
    assert entry is not None
    assert (entry.result, entry.cause) == (JobResult.FAILED, "thermal")


async def test_a_new_job_closes_one_that_was_forgotten(books: Books) -> None:
    await books.store.begin("ender3", books.job("old"))
    books.bus.fire(JobStarted("ender3", books.job("new")))
    await books.recorder.flush()
    old = await books.store.entry("old")
    assert old is not None
    assert old.result is JobResult.INTERRUPTED


async def test_totals_add_up_and_outlive_the_entries(books: Books) -> None:
    await books.printed("1", elapsed_s=100.0, printing_s=80.0, filament_mm=(10.0, 5.0))
    await books.printed("2", JobResult.CANCELLED, elapsed_s=300.0, printing_s=20.0)
    totals = await books.store.totals("ender3")
    assert (totals.jobs, totals.completed) == (2, 1)
    assert (totals.elapsed_s, totals.printing_s, totals.filament_mm) == (400.0, 100.0, 15.0)
    assert (totals.longest_job_s, totals.longest_print_s) == (300.0, 80.0)
    assert await books.store.remove(["1"]) == ["1"]
    assert await books.store.totals() == totals
    assert await books.store.reset_totals() == totals
    empty = await books.store.totals()
    assert (empty.jobs, empty.printing_s) == (0, 0.0)
    assert empty.since is not None
    assert await books.store.count() == 1


async def test_statistics_per_file_and_printer(books: Books) -> None:
    await books.printed("1", elapsed_s=100.0, printing_s=80.0)
    await books.printed("2", elapsed_s=200.0, printing_s=120.0)
    await books.printed("3", JobResult.FAILED, elapsed_s=900.0, printing_s=10.0)
    await books.printed("4", path="other.gcode", elapsed_s=5.0, printing_s=5.0)
    stats = await books.store.file_stats("cube.gcode")
    assert (stats.success, stats.failure, stats.last_success) == (2, 1, False)
    assert stats.average_s == {"ender3": 100.0}
    assert stats.last_s == {"ender3": 120.0}
    assert (await books.store.stats())["cube.gcode"] == stats
    assert (await books.store.file_stats("never.gcode")).success == 0


async def test_statistics_follow_a_file_that_moves(books: Books) -> None:
    await books.printed("1", path="a/b/cube.gcode", printing_s=80.0)
    await books.printed("2", path="a.gcode")
    await books.store.rename("a", "z", folder=True)
    await books.store.rename("a.gcode", "c.gcode")
    assert set(await books.store.stats()) == {"z/b/cube.gcode", "c.gcode"}


async def test_queries(books: Books) -> None:
    for number in range(5):
        await books.printed(str(number), started_at=1000.0 + number)
    await books.printed("x", JobResult.CANCELLED, started_at=2000.0)
    ids = [entry.id for entry in await books.store.entries(HistoryQuery(limit=2, start=1))]
    assert ids == ["4", "3"]
    old = HistoryQuery(since=1001.0, before=1003.0, newest_first=False)
    assert [entry.id for entry in await books.store.entries(old)] == ["1", "2"]
    cancelled = HistoryQuery(result=JobResult.CANCELLED)
    assert await books.store.count(cancelled) == 1
    assert await books.store.count(HistoryQuery(printer_id="nobody")) == 0
    last = await books.store.last("cube.gcode")
    assert last is not None
    assert last.id == "x"


async def test_a_running_job_cannot_be_deleted(books: Books) -> None:
    await books.store.begin("ender3", books.job("running"))
    await books.printed("done")
    assert await books.store.remove() == ["done"]
    assert [entry.id for entry in await books.store.entries()] == ["running"]


async def test_exports(books: Books) -> None:
    await books.printed("1", path="=HYPERLINK(1).gcode", elapsed_s=100.0)
    await books.printed("2", path='with "quotes", and commas.gcode')
    text = b"".join([piece async for piece in books.store.export(ExportFormat.CSV)])
    lines = list(csv.DictReader(io.StringIO(text.decode())))
    assert [line["file"] for line in lines] == [
        "'=HYPERLINK(1).gcode",
        'with "quotes", and commas.gcode',
    ]
    assert lines[0]["started"] == "2023-11-14T22:13:20+00:00"
    data = json.loads(b"".join([p async for p in books.store.export(ExportFormat.JSON)]))
    assert [(job["number"], job["result"]) for job in data] == [
        (1, "complete"),
        (2, "complete"),
    ]


async def test_an_empty_history_exports_too(books: Books) -> None:
    text = b"".join([piece async for piece in books.store.export(ExportFormat.JSON)])
    assert json.loads(text) == []


async def test_a_damaged_database_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"this is no database" * 100)
    books = Books(tmp_path)
    await books.open()
    await books.printed("1")
    assert await books.store.count() == 1
    await books.database.close()
    assert list(tmp_path.glob("history.sqlite.damaged-*"))
    with sqlite3.connect(tmp_path / "history.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
