import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from appliance.bus import Bus
from appliance.components.job_queue.queue import Between, Break
from appliance.components.job_queue.queues import Queues
from appliance.domain.file_events import FileMoved
from appliance.domain.files import FileInfo, FileKind
from appliance.domain.job import JobFile, JobRequest, Origin
from appliance.domain.printer import Printers
from appliance.domain.queue import QueueChanged, QueueState
from appliance.errors import (
    FileMissing,
    InvalidRequest,
    PrintBlocked,
    PrinterMissing,
    UnsupportedType,
)
from appliance.storage import Storage
from tests.fakes import FakePrinter
from tests.waiting import eventually

ID = "ender3"


class Shelf:
    """The few files that these queues print."""

    def __init__(self) -> None:
        self.paths = {"a.gcode", "b.gcode", "c.gcode", "box.stl"}
        self.blocked: set[str] = set()

    async def info(self, root: str, path: str) -> FileInfo:
        if path not in self.paths:
            raise FileMissing(path)
        kind = FileKind.GCODE if path.endswith(".gcode") else FileKind.MODEL
        return FileInfo(root, path, 100, 0.0, kind)

    async def prepare(
        self, path: str, printer_id: str, *, user: str | None = None, force: bool = False
    ) -> JobRequest:
        await self.info("gcodes", path)
        if path in self.blocked and not force:
            raise PrintBlocked(f"'{path}' is too hot")
        return JobRequest(JobFile(Origin.LOCAL, path, path, 100), user=user)


class ScriptedPrinter(FakePrinter):
    """A fake that also keeps the scripts it was asked to run."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(bus)
        self.ran: list[str] = []

    async def run_script(self, text: str, *, origin: str) -> None:
        self._need_online()
        self.ran.append(text)


class Farm:
    """A printer, its queue and the task that serves it."""

    def __init__(self, base: Path, pause: Break) -> None:
        self.bus = Bus()
        self.printer = ScriptedPrinter(self.bus)
        self.printers = Printers()
        self.printers.add(self.printer)
        self.shelf = Shelf()
        self.storage = Storage(base)
        self.store = self.storage.store("job_queue")
        self.queues = Queues(
            self.bus,
            self.shelf,  # type: ignore[arg-type]
            lambda: self.printers,
            self.store,
            pause,
        )
        self.task: asyncio.Task[None] | None = None
        self.told: list[QueueChanged] = []
        self.bus.listen(QueueChanged, self.told.append)

    async def begin(self) -> None:
        await self.queues.load()
        self.queues.listen()
        self.task = asyncio.create_task(self.queues.serve(self.printer))

    async def end(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
        await self.storage.close()

    @property
    def state(self) -> QueueState:
        return self.queues.view(ID).state

    @property
    def waiting(self) -> list[str]:
        return [job.path for job in self.queues.view(ID).jobs]

    async def until_printing(self, path: str) -> None:
        def printing() -> bool:
            job = self.printer.snapshot.job
            return job is not None and job.file.path == path and job.result is None

        await eventually(printing, f"{path} is printed")


@pytest.fixture
async def farm(tmp_path: Path) -> AsyncIterator[Farm]:
    farm = Farm(tmp_path, Break())
    await farm.begin()
    yield farm
    await farm.end()


async def test_jobs_are_printed_one_after_the_other_when_the_bed_is_clear(
    farm: Farm,
) -> None:
    await farm.queues.add(ID, ["a.gcode", "b.gcode"], user="ann")
    assert (farm.state, farm.waiting) == (QueueState.PAUSED, ["a.gcode", "b.gcode"])
    await farm.queues.start(ID)
    assert farm.printer.requests == []  # it is not even connected
    farm.printer.come_online()
    await farm.until_printing("a.gcode")
    assert farm.printer.requests[0].user == "ann"
    farm.printer.finish()
    await eventually(lambda: farm.state is QueueState.CLEARING)
    assert farm.waiting == ["b.gcode"]
    await farm.queues.confirm_clear(ID)
    await farm.until_printing("b.gcode")
    assert farm.waiting == []


async def test_what_is_told_last_is_how_it_is_though_the_disk_is_slow(
    farm: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    await farm.queues.add(ID, ["a.gcode", "b.gcode"])
    written = asyncio.Event()

    async def save(_data: object) -> None:
        await written.wait()

    monkeypatch.setattr(farm.store, "save", save)
    started = asyncio.create_task(farm.queues.start(ID))
    await eventually(lambda: farm.state is QueueState.READY)
    farm.printer.come_online()
    await farm.until_printing("a.gcode")
    written.set()
    assert [job.path for job in (await started).jobs] == ["b.gcode"]
    assert farm.told[-1].view == farm.queues.view(ID)


async def test_a_cancelled_print_pauses_the_queue(farm: Farm) -> None:
    farm.printer.come_online()
    await farm.queues.add(ID, ["a.gcode", "b.gcode"])
    await farm.queues.start(ID)
    await farm.until_printing("a.gcode")
    await farm.printer.cancel(origin="test")
    await eventually(lambda: farm.state is QueueState.PAUSED)
    view = farm.queues.view(ID)
    assert view.problem is not None
    assert farm.waiting == ["b.gcode"]


async def test_a_job_that_cannot_start_pauses_the_queue_and_stays(farm: Farm) -> None:
    farm.shelf.blocked = {"a.gcode"}
    farm.printer.come_online()
    await farm.queues.add(ID, ["a.gcode"])
    await farm.queues.start(ID)
    await eventually(lambda: farm.queues.view(ID).problem)
    view = farm.queues.view(ID)
    assert (view.state, view.problem) == (QueueState.PAUSED, "'a.gcode' is too hot")
    assert farm.waiting == ["a.gcode"]


async def test_a_forced_job_is_printed_whatever_the_lint_says(farm: Farm) -> None:
    farm.shelf.blocked = {"a.gcode"}
    farm.printer.come_online()
    await farm.queues.add(ID, ["a.gcode"], force=True)
    await farm.queues.start(ID)
    await farm.until_printing("a.gcode")


async def test_a_pause_starts_nothing_more(farm: Farm) -> None:
    farm.printer.come_online()
    await farm.queues.add(ID, ["a.gcode", "b.gcode"])
    await farm.queues.start(ID)
    await farm.until_printing("a.gcode")
    await farm.queues.pause(ID)
    farm.printer.finish()
    await farm.queues.confirm_clear(ID)
    assert (farm.state, farm.waiting) == (QueueState.PAUSED, ["b.gcode"])
    assert len(farm.printer.requests) == 1


async def test_order_remove_and_add_first(farm: Farm) -> None:
    await farm.queues.add(ID, ["a.gcode", "b.gcode"])
    await farm.queues.add(ID, ["c.gcode"], first=True)
    assert farm.waiting == ["c.gcode", "a.gcode", "b.gcode"]
    ids = {job.path: job.id for job in farm.queues.view(ID).jobs}
    await farm.queues.order(ID, [ids["b.gcode"], "unknown", ids["a.gcode"]])
    assert farm.waiting == ["b.gcode", "a.gcode", "c.gcode"]
    await farm.queues.remove(ID, [ids["a.gcode"]])
    assert farm.waiting == ["b.gcode", "c.gcode"]
    await farm.queues.remove(ID)
    assert farm.waiting == []
    assert farm.told[-1].view == farm.queues.view(ID)


async def test_what_cannot_be_queued(farm: Farm) -> None:
    with pytest.raises(FileMissing):
        await farm.queues.add(ID, ["a.gcode", "nothing.gcode"])
    with pytest.raises(UnsupportedType):
        await farm.queues.add(ID, ["box.stl"])
    with pytest.raises(PrinterMissing):
        await farm.queues.add("nobody", ["a.gcode"])
    with pytest.raises(InvalidRequest):
        await farm.queues.add(ID, ["a.gcode"] * 1001)
    assert farm.waiting == []


async def test_a_script_clears_the_bed(tmp_path: Path) -> None:
    farm = Farm(tmp_path, Break(Between.SCRIPT, "G28\nG1 Y200"))
    await farm.begin()
    farm.printer.come_online()
    await farm.queues.add(ID, ["a.gcode", "b.gcode"])
    await farm.queues.start(ID)
    await farm.until_printing("a.gcode")
    farm.printer.finish()
    await farm.until_printing("b.gcode")
    assert farm.printer.ran == ["G28\nG1 Y200"]
    assert ("M400", "queue") in farm.printer.sent
    await farm.end()


async def test_a_queue_outlives_the_appliance(tmp_path: Path) -> None:
    farm = Farm(tmp_path, Break())
    await farm.begin()
    await farm.queues.add(ID, ["a.gcode", "b.gcode"], user="ann")
    before = farm.queues.view(ID).jobs
    await farm.end()
    again = Farm(tmp_path, Break())
    await again.begin()
    assert again.queues.view(ID).jobs == before
    assert again.state is QueueState.PAUSED
    await again.end()


async def test_after_a_restart_nothing_starts_by_itself_on_an_idle_printer(
    tmp_path: Path,
) -> None:
    farm = Farm(tmp_path, Break(Between.NOTHING))
    await farm.begin()
    await farm.queues.add(ID, ["a.gcode"])
    await farm.queues.start(ID)
    await farm.end()
    again = Farm(tmp_path, Break(Between.NOTHING))
    again.printer.come_online()
    await again.begin()
    view = again.queues.view(ID)
    assert (view.state, view.problem) == (QueueState.PAUSED, "the appliance was restarted")
    assert again.printer.requests == []
    await again.end()


async def test_after_a_restart_in_a_print_the_queue_goes_on(tmp_path: Path) -> None:
    farm = Farm(tmp_path, Break(Between.NOTHING))
    await farm.begin()
    farm.printer.come_online()
    await farm.queues.add(ID, ["a.gcode", "b.gcode"])
    await farm.queues.start(ID)
    await farm.until_printing("a.gcode")
    await eventually(lambda: farm.waiting == ["b.gcode"])
    await farm.end()
    again = Farm(tmp_path, Break(Between.NOTHING))
    again.printer.snapshot = farm.printer.snapshot  # the engine printed on
    await again.begin()
    again.printer.finish()
    await again.until_printing("b.gcode")
    await again.end()


async def test_a_queued_file_may_move(farm: Farm) -> None:
    await farm.queues.add(ID, ["a.gcode"])
    moved = FileInfo("gcodes", "sub/a.gcode", 1, 0.0, FileKind.GCODE)
    farm.bus.fire(FileMoved(moved, "gcodes", "a.gcode"))
    assert farm.waiting == ["sub/a.gcode"]
