"""The history in its database: implements `appliance.domain.history.History`."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from time import time
from typing import Any

import orjson

from appliance.bus import Bus
from appliance.components.history import export, rows
from appliance.components.history.pictures import Pictures
from appliance.database import Database
from appliance.domain.history import (
    ExportFormat,
    FileStats,
    HistoryAdded,
    HistoryEntry,
    HistoryFinished,
    HistoryQuery,
    HistoryRemoved,
    Totals,
)
from appliance.domain.job import Job, JobResult
from appliance.domain.metadata import Thumbnail

# So many entries are read at a time for an export.
PAGE = 500


class HistoryStore:
    """Writes jobs down and answers questions about them."""

    def __init__(self, database: Database, bus: Bus, pictures: Pictures) -> None:
        self._database = database
        self._bus = bus
        self._pictures = pictures

    # -- writing

    async def begin(
        self, printer_id: str, job: Job, about: rows.Description | None = None
    ) -> None:
        """Write down that a job began, and what is known of its file.

        Nothing happens if the job is known. Who is told of it is told of its file too.
        """

        def work(connection: sqlite3.Connection) -> bool:
            added = rows.insert(connection, printer_id, job)
            if added and about is not None:
                rows.describe(connection, job.id, about)
            return added

        if await self._database.run(work):
            entry = await self.entry(job.id)
            if entry is not None:
                self._bus.fire(HistoryAdded(entry))

    async def progress(self, jobs: Sequence[Job]) -> None:
        """Write down how far jobs are."""

        def work(connection: sqlite3.Connection) -> None:
            for job in jobs:
                rows.progress(connection, job)

        await self._database.run(work)

    async def end(self, printer_id: str, job: Job) -> None:
        """Write down how a job ended; one that is not known is added."""
        await self.begin(printer_id, job)
        result = job.result or JobResult.INTERRUPTED
        ended_at = job.started_at + job.elapsed_s if job.elapsed_s else time()

        def work(connection: sqlite3.Connection) -> bool:
            rows.progress(connection, job)
            return rows.finish(connection, job.id, result, job.cause, ended_at)

        if await self._database.run(work):
            await self._tell_finished(job.id)

    async def interrupt(self, job_id: str, cause: str) -> None:
        """Write down that a job ended unseen, as far as it was known."""
        interrupted = JobResult.INTERRUPTED

        def work(connection: sqlite3.Connection) -> bool:
            return rows.finish(connection, job_id, interrupted, cause, None)

        if await self._database.run(work):
            await self._tell_finished(job_id)

    async def open_jobs(self) -> list[tuple[str, str]]:
        """Return printer and id of the jobs that are not over."""
        return await self._database.run(
            lambda connection: [
                (row["printer_id"], row["id"])
                for row in connection.execute(
                    "SELECT printer_id, id FROM jobs WHERE result IS NULL"
                )
            ]
        )

    async def rename(self, source: str, target: str, *, folder: bool = False) -> None:
        """Follow a file or folder that was moved, so that its statistics stay with it."""
        prefix = source + "/" if folder else source

        def work(connection: sqlite3.Connection) -> None:
            if folder:
                connection.execute(
                    "UPDATE jobs SET path = ? || substr(path, ?)"
                    " WHERE origin = 'local' AND substr(path, 1, ?) = ?",
                    (target + "/", len(prefix) + 1, len(prefix), prefix),
                )
            else:
                connection.execute(
                    "UPDATE jobs SET path = ? WHERE origin = 'local' AND path = ?",
                    (target, source),
                )

        await self._database.run(work)

    # -- questions

    async def entries(self, query: HistoryQuery | None = None) -> Sequence[HistoryEntry]:
        """Return the entries of a query."""
        query = query or HistoryQuery()
        condition, values = rows.where(query)
        order = "DESC" if query.newest_first else "ASC"
        limit = -1 if query.limit is None else query.limit
        return await self._database.run(
            lambda connection: [
                rows.entry_from(row)
                for row in connection.execute(
                    f"SELECT * FROM jobs WHERE {condition}"  # noqa: S608
                    f" ORDER BY number {order} LIMIT ? OFFSET ?",
                    (*values, limit, query.start),
                )
            ]
        )

    async def count(self, query: HistoryQuery | None = None) -> int:
        """Return how many entries a query has."""
        condition, values = rows.where(query or HistoryQuery())

        def work(connection: sqlite3.Connection) -> int:
            sql = f"SELECT count(*) FROM jobs WHERE {condition}"  # noqa: S608
            return int(connection.execute(sql, values).fetchone()[0])

        return await self._database.run(work)

    async def entry(self, job_id: str) -> HistoryEntry | None:
        """Return one job."""
        return await self._one("SELECT * FROM jobs WHERE id = ?", (job_id,))

    async def last(self, path: str, printer_id: str | None = None) -> HistoryEntry | None:
        """Return the last job of a file."""
        return await self._one(
            "SELECT * FROM jobs WHERE path = ? AND (? IS NULL OR printer_id = ?)"
            " ORDER BY number DESC LIMIT 1",
            (path, printer_id, printer_id),
        )

    async def totals(self, printer_id: str | None = None) -> Totals:
        """Return what all jobs since the last reset add up to."""
        return await self._database.run(lambda connection: _totals(connection, printer_id))

    async def reset_totals(self, printer_id: str | None = None) -> Totals:
        """Begin the totals anew; return what they were."""
        now = time()

        def work(connection: sqlite3.Connection) -> Totals:
            before = _totals(connection, printer_id)
            connection.execute(
                "UPDATE totals SET jobs = 0, completed = 0, elapsed_s = 0, printing_s = 0,"
                " filament_mm = 0, longest_job_s = 0, longest_print_s = 0, since = ?"
                " WHERE ? IS NULL OR printer_id = ?",
                (now, printer_id, printer_id),
            )
            return before

        return await self._database.run(work)

    async def stats(self) -> Mapping[str, FileStats]:
        """Return how the prints of every file went."""
        return await self._database.run(rows.stats)

    async def file_stats(self, path: str) -> FileStats:
        """Return how the prints of one file went."""
        found = await self._database.run(lambda connection: rows.stats(connection, path))
        return found.get(path, FileStats())

    async def remove(self, ids: Sequence[str] | None = None) -> Sequence[str]:
        """Delete jobs that are over; the totals stay."""

        def work(connection: sqlite3.Connection) -> tuple[list[str], set[str]]:
            known = connection.execute("SELECT id FROM jobs WHERE result IS NOT NULL")
            gone = [row["id"] for row in known if ids is None or row["id"] in set(ids)]
            connection.executemany("DELETE FROM jobs WHERE id = ?", [(each,) for each in gone])
            kept: set[str] = set()
            for row in connection.execute("SELECT DISTINCT thumbnails FROM jobs"):
                kept.update(picture["path"] for picture in orjson.loads(row["thumbnails"]))
            return gone, kept

        gone, kept = await self._database.run(work)
        if gone:
            await self._pictures.keep_only(kept)
            self._bus.fire(HistoryRemoved(tuple(gone)))
        return gone

    async def export(self, form: ExportFormat) -> AsyncIterator[bytes]:
        """Yield the whole history in pieces, oldest first."""
        writer = export.WRITERS[form]()
        yield writer.begin()
        start = 0
        while page := await self.entries(
            HistoryQuery(newest_first=False, start=start, limit=PAGE)
        ):
            yield writer.entries(page)
            start += len(page)
        yield writer.end()

    async def picture(self, thumbnail: Thumbnail) -> bytes:
        """Return a kept picture of an entry."""
        return await self._pictures.read(thumbnail)

    async def _one(self, sql: str, values: Sequence[Any]) -> HistoryEntry | None:
        def work(connection: sqlite3.Connection) -> HistoryEntry | None:
            row = connection.execute(sql, values).fetchone()
            return rows.entry_from(row) if row is not None else None

        return await self._database.run(work)

    async def _tell_finished(self, job_id: str) -> None:
        entry = await self.entry(job_id)
        if entry is not None:
            self._bus.fire(HistoryFinished(entry))


def _totals(connection: sqlite3.Connection, printer_id: str | None) -> Totals:
    row = connection.execute(
        "SELECT sum(jobs) AS jobs, sum(completed) AS completed, sum(elapsed_s) AS elapsed_s,"
        " sum(printing_s) AS printing_s, sum(filament_mm) AS filament_mm,"
        " max(longest_job_s) AS longest_job_s, max(longest_print_s) AS longest_print_s,"
        " max(since) AS since FROM totals WHERE ? IS NULL OR printer_id = ?",
        (printer_id, printer_id),
    ).fetchone()
    return rows.totals_from(row)
