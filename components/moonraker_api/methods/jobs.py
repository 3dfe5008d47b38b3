"""``server.history.*`` and ``server.job_queue.*``."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from appliance.components.moonraker_api.method import (
    Argument,
    Asked,
    Kind,
    Method,
    delete,
    get,
    post,
)
from appliance.components.moonraker_api.methods import access
from appliance.components.moonraker_api.render import jobs as render
from appliance.components.moonraker_api.render.files import job_id
from appliance.domain.file_service import Files
from appliance.domain.files import GCODES
from appliance.domain.history import History, HistoryEntry, HistoryQuery
from appliance.domain.queue import JobQueue
from appliance.errors import FileError, FileMissing, InvalidRequest

_LIMIT = 50


class HistoryMethods:
    """What was printed."""

    def __init__(self, history: History, files: Files) -> None:
        self._history = history
        self._files = files

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        yield get(
            "/server/history/list",
            access.READ,
            self.list_jobs,
            Argument("limit", Kind.INTEGER, default=_LIMIT),
            Argument("start", Kind.INTEGER, default=0),
            Argument("since", Kind.NUMBER, default=None),
            Argument("before", Kind.NUMBER, default=None),
            Argument("order", default="desc"),
        )
        yield get("/server/history/totals", access.READ, self.totals)
        yield post("/server/history/reset_totals", access.ADMIN, self.reset_totals)
        yield get(
            "/server/history/job",
            access.READ,
            self.get_job,
            Argument("uid"),
            name="server.history.get_job",
        )
        yield delete(
            "/server/history/job",
            access.FILES_DELETE,
            self.delete_job,
            Argument("uid", default=None),
            Argument("all", Kind.FLAG, default=False),
            name="server.history.delete_job",
        )

    async def list_jobs(self, asked: Asked) -> dict[str, Any]:
        """List jobs, the newest first."""
        if asked["order"] not in ("asc", "desc"):
            raise InvalidRequest("'order' is 'asc' or 'desc'")
        limit = asked["limit"]
        query = HistoryQuery(
            printer_id=asked.printer.id,
            since=asked["since"],
            before=asked["before"],
            newest_first=asked["order"] == "desc",
            start=max(asked["start"], 0),
            limit=limit if limit > 0 else None,
        )
        entries = await self._history.entries(query)
        count = await self._history.count(query)
        return {"count": count, "jobs": [await self.render(entry) for entry in entries]}

    async def totals(self, asked: Asked) -> dict[str, Any]:
        """Return what all jobs add up to."""
        found = await self._history.totals(asked.printer.id)
        return {"job_totals": render.totals(found), "auxiliary_totals": []}

    async def reset_totals(self, asked: Asked) -> dict[str, Any]:
        """Begin the totals anew."""
        last = await self._history.reset_totals(asked.printer.id)
        return {"last_totals": render.totals(last), "last_auxiliary_totals": []}

    async def get_job(self, asked: Asked) -> dict[str, Any]:
        """Return one job."""
        return {"job": await self.render(await self._find(asked, asked["uid"]))}

    async def delete_job(self, asked: Asked) -> dict[str, Any]:
        """Delete one job, or all of this printer."""
        if asked["all"]:
            query = HistoryQuery(printer_id=asked.printer.id, limit=None)
            gone = [e for e in await self._history.entries(query) if e.result is not None]
        elif asked["uid"] is None:
            raise InvalidRequest("No data for argument: uid")
        else:
            gone = [await self._find(asked, asked["uid"])]
        await self._history.remove([entry.id for entry in gone])
        return {"deleted_jobs": [job_id(entry) for entry in gone]}

    async def render(self, entry: HistoryEntry) -> dict[str, Any]:
        """Return a job, with whether its file is still there."""
        try:
            await self._files.info(GCODES, entry.path)
        except FileError:
            return render.job(entry, exists=False)
        return render.job(entry, exists=True)

    async def _find(self, asked: Asked, uid: str) -> HistoryEntry:
        query = HistoryQuery(printer_id=asked.printer.id, limit=None)
        for entry in await self._history.entries(query):
            if job_id(entry) == uid.upper() or entry.id == uid:
                return entry
        message = f"Invalid job uid: {uid}"
        raise FileMissing(message)


class QueueMethods:
    """What is printed next."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    def methods(self) -> Iterable[Method]:
        """Declare the calls."""
        path = "/server/job_queue"
        yield get(f"{path}/status", access.READ, self.status)
        yield post(
            f"{path}/job",
            access.PRINT,
            self.add,
            Argument("filenames", Kind.ANY),
            Argument("reset", Kind.FLAG, default=False),
            name="server.job_queue.post_job",
        )
        yield delete(
            f"{path}/job",
            access.PRINT,
            self.remove,
            Argument("job_ids", Kind.ANY, default=()),
            Argument("all", Kind.FLAG, default=False),
            name="server.job_queue.delete_job",
        )
        yield post(f"{path}/pause", access.PRINT, self.pause)
        yield post(f"{path}/start", access.PRINT, self.start)
        yield post(f"{path}/jump", access.PRINT, self.jump, Argument("job_id"))

    async def status(self, asked: Asked) -> dict[str, Any]:
        """Return the queue."""
        return render.queue(self._queue.view(asked.printer.id), time.time())

    async def add(self, asked: Asked) -> dict[str, Any]:
        """Add files to the queue."""
        names = _texts(asked["filenames"], "filenames")
        if asked["reset"]:
            await self._queue.remove(asked.printer.id)
        paths = [name.removeprefix("gcodes/") for name in names]
        try:
            await self._queue.add(asked.printer.id, paths, user=asked.identity.user)
        except FileMissing as error:
            raise InvalidRequest(str(error)) from error
        return await self.status(asked)

    async def remove(self, asked: Asked) -> dict[str, Any]:
        """Take jobs out of the queue."""
        ids = None if asked["all"] else _texts(asked["job_ids"], "job_ids")
        await self._queue.remove(asked.printer.id, ids)
        return await self.status(asked)

    async def pause(self, asked: Asked) -> dict[str, Any]:
        """Start no more jobs by itself."""
        await self._queue.pause(asked.printer.id)
        return await self.status(asked)

    async def start(self, asked: Asked) -> dict[str, Any]:
        """Go on with the queue."""
        await self._queue.start(asked.printer.id)
        await self._queue.confirm_clear(asked.printer.id)
        return await self.status(asked)

    async def jump(self, asked: Asked) -> dict[str, Any]:
        """Put a job first."""
        view = self._queue.view(asked.printer.id)
        if asked["job_id"] not in [job.id for job in view.jobs]:
            message = f"Invalid job id: {asked['job_id']}"
            raise InvalidRequest(message)
        await self._queue.order(asked.printer.id, [asked["job_id"]])
        return await self.status(asked)


def _texts(value: Any, name: str) -> list[str]:
    """Return a list of texts; a query has them with commas."""
    found = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not all(isinstance(each, str) for each in found):
        message = f"'{name}' has to be a list of texts"
        raise InvalidRequest(message)
    return [each for each in found if each]
