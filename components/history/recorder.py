"""Write the history down as jobs begin and end, and find out what was missed.

Facts come synchronously and are written one after the other by a task. A job that began
while nobody listened, or ended so (the appliance was restarted, the power was cut), is found
by comparing what is open with what the printers show.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from appliance.bus import Bus
from appliance.components.history.pictures import Pictures
from appliance.components.history.rows import Description
from appliance.components.history.store import HistoryStore
from appliance.domain.file_events import FileMoved, FolderMoved
from appliance.domain.file_service import Files
from appliance.domain.files import GCODES
from appliance.domain.job import Job, JobEnded, JobStarted, Origin
from appliance.domain.printer import Printer
from appliance.errors import FileError, StorageFull

_LOGGER = logging.getLogger(__name__)

# How much of a print an unexpected end of power may take out of the books.
PROGRESS_S = 60.0


class Recorder:
    """Listens to jobs and writes them into the store."""

    def __init__(
        self,
        store: HistoryStore,
        pictures: Pictures,
        printers: Callable[[], Iterable[Printer]],
        files: Callable[[], Files | None],
    ) -> None:
        self._store = store
        self._pictures = pictures
        self._printers = printers
        self._files = files
        self._work: deque[Callable[[], Awaitable[None]]] = deque()
        self._news = asyncio.Event()

    def listen(self, bus: Bus) -> None:
        """Take note of what happens from now on."""
        bus.listen(JobStarted, self._started)
        bus.listen(JobEnded, self._ended)
        bus.listen(FileMoved, self._file_moved)
        bus.listen(FolderMoved, self._folder_moved)

    async def catch_up(self) -> None:
        """Bring the books to what the printers show now."""
        shown = {printer.id: printer.snapshot for printer in self._printers()}
        for printer_id, snapshot in shown.items():
            job = snapshot.job
            if job is not None and (job.result is not None or snapshot.phase.active):
                await self._note(printer_id, job)
        for printer_id, job_id in await self._store.open_jobs():
            snapshot_now = shown.get(printer_id)
            job = snapshot_now.job if snapshot_now is not None else None
            if job is None or job.id != job_id:
                await self._store.interrupt(job_id, "the power or the print engine went away")

    async def run(self) -> None:
        """Write what was noted, for ever."""
        while True:
            while self._work:
                await self._write_first()
            self._news.clear()
            await self._news.wait()

    async def keep_progress(self) -> None:
        """Write down every minute how far the running jobs are."""
        while True:
            await asyncio.sleep(PROGRESS_S)
            await self.write_progress()

    async def write_progress(self) -> None:
        """Write down how far the running jobs are."""
        jobs = [
            printer.snapshot.job
            for printer in self._printers()
            if printer.snapshot.phase.active and printer.snapshot.job is not None
        ]
        if jobs:
            await self._store.progress(jobs)

    async def flush(self) -> None:
        """Write what was noted and is not written yet."""
        while self._work:
            await self._write_first()
        await self.write_progress()

    async def _write_first(self) -> None:
        """Write what was noted first; it waits where a full disk does not take it."""
        work = self._work.popleft()
        try:
            await work()
        except (StorageFull, sqlite3.OperationalError, asyncio.CancelledError):
            self._work.appendleft(work)
            raise

    def _put(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work.append(work)
        self._news.set()

    def _started(self, event: JobStarted) -> None:
        self._put(partial(self._begin, event.printer_id, event.job))

    def _ended(self, event: JobEnded) -> None:
        self._put(partial(self._store.end, event.printer_id, event.job))

    def _file_moved(self, event: FileMoved) -> None:
        if event.source_root == event.file.root == GCODES:
            rename = partial(self._store.rename, event.source_path, event.file.path)
            self._put(rename)

    def _folder_moved(self, event: FolderMoved) -> None:
        if event.source_root == event.folder.root == GCODES:
            source, target = event.source_path, event.folder.path
            rename = partial(self._store.rename, source, target, folder=True)
            self._put(rename)

    async def _note(self, printer_id: str, job: Job) -> None:
        if await self._store.entry(job.id) is None:
            await self._begin(printer_id, job)
        if job.result is not None:
            await self._store.end(printer_id, job)

    async def _begin(self, printer_id: str, job: Job) -> None:
        for other_printer, other in await self._store.open_jobs():
            if other_printer == printer_id and other != job.id:
                await self._store.interrupt(other, "another job began")
        await self._store.begin(printer_id, job, await self._look_up(job))

    async def _look_up(self, job: Job) -> Description | None:
        """Return what is known of the file of a job."""
        files = self._files()
        if files is None or job.file.origin is not Origin.LOCAL:
            return None
        try:
            info = await files.info(GCODES, job.file.path)
        except FileError as error:
            _LOGGER.debug("Nothing is known of '%s': %s", job.file.path, error)
            return None
        thumbnails = await self._pictures.copy(files, info)
        return Description(info.digest, info.metadata, thumbnails)
