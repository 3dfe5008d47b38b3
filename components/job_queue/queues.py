"""The queues of all printers: implements `appliance.domain.queue.JobQueue`."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from time import time
from typing import Any

from appliance.bus import Bus
from appliance.components.job_queue.queue import Break, Queue
from appliance.domain.file_events import FileMoved, FolderMoved
from appliance.domain.file_service import Files
from appliance.domain.files import GCODES, FileKind
from appliance.domain.job import JobEnded
from appliance.domain.printer import Printer, PrinterChanged, Printers
from appliance.domain.queue import QueueChanged, QueuedJob, QueueState, QueueView
from appliance.domain.wire import from_plain, to_plain
from appliance.errors import GantryError, InvalidRequest, PrinterMissing, UnsupportedType
from appliance.storage import Store

_LOGGER = logging.getLogger(__name__)

ORIGIN = "queue"
MOST_JOBS = 1000


class Queues:
    """A queue for each printer, kept in one store."""

    def __init__(
        self,
        bus: Bus,
        files: Files,
        printers: Callable[[], Printers],
        store: Store,
        between: Break,
    ) -> None:
        self._bus = bus
        self._files = files
        self._printers = printers
        self._store = store
        self._break = between
        self._queues: dict[str, Queue] = {}
        self._news: dict[str, asyncio.Event] = {}

    async def load(self) -> None:
        """Read the queues of a former life; they go on where a print still runs."""
        for printer_id, (jobs, running) in (await self._store.read(_stored) or {}).items():
            queue = self._queue(printer_id)
            queue.jobs = jobs
            if running:
                self._resume(queue)

    def listen(self) -> None:
        """Take note of what happens from now on."""
        self._bus.listen(JobEnded, self._ended)
        self._bus.listen(PrinterChanged, self._printer_changed)
        self._bus.listen(
            FileMoved,
            lambda event: self._renamed(event.source_root, event.source_path, event.file.path),
        )
        self._bus.listen(
            FolderMoved,
            lambda event: self._renamed(
                event.source_root, event.source_path, event.folder.path
            ),
        )

    def view(self, printer_id: str) -> QueueView:
        """Return the queue of a printer."""
        self._printers().get(printer_id)
        return self._queue(printer_id).view

    async def add(
        self,
        printer_id: str,
        paths: Sequence[str],
        *,
        first: bool = False,
        user: str | None = None,
        force: bool = False,
    ) -> QueueView:
        """Add files."""
        queue = self._known(printer_id)
        if len(queue.jobs) + len(paths) > MOST_JOBS:
            message = f"a queue takes at most {MOST_JOBS} jobs"
            raise InvalidRequest(message)
        jobs = []
        for path in paths:
            info = await self._files.info(GCODES, path)
            if info.kind is not FileKind.GCODE:
                message = f"'{info.name}' cannot be printed"
                raise UnsupportedType(message)
            jobs.append(QueuedJob(secrets.token_hex(8), info.path, time(), user, force))
        queue.add(jobs, first=first)
        return await self._changed(queue)

    async def remove(self, printer_id: str, ids: Sequence[str] | None = None) -> QueueView:
        """Take jobs out."""
        queue = self._known(printer_id)
        queue.remove(ids)
        return await self._changed(queue)

    async def order(self, printer_id: str, ids: Sequence[str]) -> QueueView:
        """Put those jobs first."""
        queue = self._known(printer_id)
        queue.order(ids)
        return await self._changed(queue)

    async def start(self, printer_id: str) -> QueueView:
        """Go on after a pause."""
        queue = self._known(printer_id)
        queue.start()
        return await self._changed(queue)

    async def pause(self, printer_id: str) -> QueueView:
        """Start nothing more."""
        queue = self._known(printer_id)
        queue.pause()
        return await self._changed(queue)

    async def confirm_clear(self, printer_id: str) -> QueueView:
        """Say that the bed is clear."""
        queue = self._known(printer_id)
        queue.confirm_clear()
        return await self._changed(queue)

    async def serve(self, printer: Printer) -> None:
        """Start what is next whenever that printer is free, for ever."""
        queue = self._queue(printer.id)
        news = self._news[printer.id]
        while True:
            if queue.state is QueueState.LOADING and printer.snapshot.ready:
                await self._clear(queue, printer)
            if queue.next_job is not None and printer.snapshot.ready:
                await self._start(queue, printer)
            await news.wait()
            news.clear()

    async def _start(self, queue: Queue, printer: Printer) -> None:
        job = queue.next_job
        if job is None:
            return
        queue.starting()
        self._changed_soon(queue)
        try:
            request = await self._files.prepare(
                job.path, printer.id, user=job.user, force=job.force
            )
            await printer.start(request)
        except GantryError as error:
            _LOGGER.warning("'%s' in the queue cannot be started: %s", job.path, error)
            queue.pause(str(error))
        else:
            queue.started(job)
        self._changed_soon(queue)

    async def _clear(self, queue: Queue, printer: Printer) -> None:
        """Run the script between two prints and wait until the printer has done it."""
        try:
            await printer.run_script(self._break.script, origin=ORIGIN)
            await printer.send(["M400"], origin=ORIGIN, wait=True)
        except GantryError as error:
            queue.pause(f"the script between two prints failed: {error}")
        else:
            await asyncio.sleep(self._break.delay_s)
            queue.cleared()
        self._changed_soon(queue)

    def _resume(self, queue: Queue) -> None:
        """Take up a queue that was running when the appliance ended."""
        try:
            snapshot = self._printers().get(queue.printer_id).snapshot
        except PrinterMissing:
            return
        if snapshot.phase.active:
            queue.start()
        elif queue.jobs:
            queue.pause("the appliance was restarted")

    def _known(self, printer_id: str) -> Queue:
        self._printers().get(printer_id)
        return self._queue(printer_id)

    def _queue(self, printer_id: str) -> Queue:
        queue = self._queues.get(printer_id)
        if queue is None:
            self._news[printer_id] = asyncio.Event()
            queue = self._queues[printer_id] = Queue(printer_id, self._break.between)
        return queue

    async def _changed(self, queue: Queue) -> QueueView:
        """Keep the queues, tell the change and look what is next."""
        await self._store.save(self._plain())
        view = queue.view  # as it is now: a print may have begun meanwhile
        self._bus.fire(QueueChanged(view))
        self._news[queue.printer_id].set()
        return view

    def _changed_soon(self, queue: Queue) -> None:
        self._store.save_soon(self._plain)
        self._bus.fire(QueueChanged(queue.view))
        self._news[queue.printer_id].set()

    def _plain(self) -> dict[str, Any]:
        return {
            printer_id: {
                "jobs": to_plain(queue.jobs),
                "running": queue.state is not QueueState.PAUSED,
            }
            for printer_id, queue in self._queues.items()
        }

    def _ended(self, event: JobEnded) -> None:
        queue = self._queue(event.printer_id)
        before = queue.view
        queue.ended(event.job.result)
        if queue.view != before:
            self._changed_soon(queue)

    def _printer_changed(self, event: PrinterChanged) -> None:
        news = self._news.get(event.printer_id)
        if news is not None and event.snapshot.ready and not event.previous.ready:
            news.set()

    def _renamed(self, root: str, source: str, target: str) -> None:
        if root != GCODES:
            return
        for queue in self._queues.values():
            if queue.rename(source, target):
                self._changed_soon(queue)


def _stored(data: Any) -> dict[str, tuple[list[QueuedJob], bool]]:
    """Read what `Queues` keeps: by printer the jobs, and whether they go on."""
    return {
        str(printer_id): (
            [from_plain(QueuedJob, job) for job in kept["jobs"]],
            bool(kept["running"]),
        )
        for printer_id, kept in data.items()
    }
