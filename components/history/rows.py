"""The tables of the history, and entries from their rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

import orjson

from appliance.domain.history import FileStats, HistoryEntry, HistoryQuery, Totals
from appliance.domain.job import Job, JobKind, JobResult, Origin
from appliance.domain.metadata import Metadata, Thumbnail
from appliance.domain.wire import from_plain
from appliance.records import dataclass

SCHEMA = (
    """
    CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        printer_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        origin TEXT NOT NULL,
        path TEXT NOT NULL,
        display TEXT NOT NULL,
        size INTEGER NOT NULL,
        digest TEXT,
        started_at REAL NOT NULL,
        ended_at REAL,
        result TEXT,
        cause TEXT,
        user TEXT,
        elapsed_s REAL NOT NULL DEFAULT 0,
        printing_s REAL NOT NULL DEFAULT 0,
        heating_s REAL NOT NULL DEFAULT 0,
        filament_mm TEXT NOT NULL DEFAULT '[]',
        layers INTEGER,
        layer INTEGER,
        position INTEGER NOT NULL DEFAULT 0,
        metadata TEXT,
        thumbnails TEXT NOT NULL DEFAULT '[]'
    );
    CREATE INDEX jobs_by_path ON jobs (path);
    CREATE INDEX jobs_by_start ON jobs (started_at);
    CREATE TABLE totals (
        printer_id TEXT PRIMARY KEY,
        jobs INTEGER NOT NULL DEFAULT 0,
        completed INTEGER NOT NULL DEFAULT 0,
        elapsed_s REAL NOT NULL DEFAULT 0,
        printing_s REAL NOT NULL DEFAULT 0,
        filament_mm REAL NOT NULL DEFAULT 0,
        longest_job_s REAL NOT NULL DEFAULT 0,
        longest_print_s REAL NOT NULL DEFAULT 0,
        since REAL
    ) WITHOUT ROWID
    """,
)


def entry_from(row: Mapping[str, Any]) -> HistoryEntry:
    """Build an entry from its row."""
    metadata = orjson.loads(row["metadata"]) if row["metadata"] else None
    return HistoryEntry(
        id=row["id"],
        number=row["number"],
        printer_id=row["printer_id"],
        kind=JobKind(row["kind"]),
        origin=Origin(row["origin"]),
        path=row["path"],
        display=row["display"],
        size=row["size"],
        digest=row["digest"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        result=JobResult(row["result"]) if row["result"] else None,
        cause=row["cause"],
        user=row["user"],
        elapsed_s=row["elapsed_s"],
        printing_s=row["printing_s"],
        heating_s=row["heating_s"],
        filament_mm=tuple(orjson.loads(row["filament_mm"])),
        layers=row["layers"],
        layer=row["layer"],
        position=row["position"],
        metadata=from_plain(Metadata, metadata) if metadata is not None else None,
        thumbnails=tuple(Thumbnail(**picture) for picture in orjson.loads(row["thumbnails"])),
    )


def insert(connection: sqlite3.Connection, printer_id: str, job: Job) -> bool:
    """Add a job that began; return whether it is new."""
    file = job.file
    cursor = connection.execute(
        "INSERT INTO jobs (id, printer_id, kind, origin, path, display, size,"
        " started_at, user, layers) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
        " WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE id = ?)",
        (
            job.id,
            printer_id,
            job.kind.value,
            file.origin.value,
            file.path,
            file.display,
            file.size,
            job.started_at,
            job.user,
            job.layers or file.layers,
            job.id,
        ),
    )
    return cursor.rowcount > 0


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of the file of a job."""

    digest: str | None
    metadata: Metadata | None
    thumbnails: tuple[Thumbnail, ...]


def describe(connection: sqlite3.Connection, job_id: str, about: Description) -> None:
    """Write down what is known of the file of a job."""
    metadata = about.metadata
    connection.execute(
        "UPDATE jobs SET digest = ?, metadata = ?, thumbnails = ? WHERE id = ?",
        (
            about.digest,
            orjson.dumps(metadata).decode() if metadata is not None else None,
            orjson.dumps(about.thumbnails).decode(),
            job_id,
        ),
    )


def progress(connection: sqlite3.Connection, job: Job) -> None:
    """Write how far a job is, unless it is over."""
    connection.execute(
        "UPDATE jobs SET elapsed_s = ?, printing_s = ?, heating_s = ?, filament_mm = ?,"
        " layer = ?, layers = coalesce(?, layers), position = ?"
        " WHERE id = ? AND result IS NULL",
        (
            job.elapsed_s,
            job.printing_s,
            job.heating_s,
            orjson.dumps(job.filament_mm).decode(),
            job.layer,
            job.layers,
            job.position,
            job.id,
        ),
    )


def finish(
    connection: sqlite3.Connection,
    job_id: str,
    result: JobResult,
    cause: str | None,
    ended_at: float | None,
) -> bool:
    """End a job and add it to the totals; return whether it was open."""
    cursor = connection.execute(
        "UPDATE jobs SET result = ?, cause = ?,"
        " ended_at = coalesce(?, started_at + elapsed_s) WHERE id = ? AND result IS NULL",
        (result.value, cause, ended_at, job_id),
    )
    if cursor.rowcount == 0:
        return False
    (printer_id, elapsed_s, printing_s, filament) = connection.execute(
        "SELECT printer_id, elapsed_s, printing_s, filament_mm FROM jobs WHERE id = ?",
        (job_id,),
    ).fetchone()
    connection.execute("INSERT OR IGNORE INTO totals (printer_id) VALUES (?)", (printer_id,))
    connection.execute(
        "UPDATE totals SET jobs = jobs + 1, completed = completed + ?,"
        " elapsed_s = elapsed_s + ?, printing_s = printing_s + ?,"
        " filament_mm = filament_mm + ?, longest_job_s = max(longest_job_s, ?),"
        " longest_print_s = max(longest_print_s, ?) WHERE printer_id = ?",
        (
            result is JobResult.COMPLETE,
            elapsed_s,
            printing_s,
            sum(orjson.loads(filament)),
            elapsed_s,
            printing_s,
            printer_id,
        ),
    )
    return True


def where(query: HistoryQuery) -> tuple[str, list[Any]]:
    """Return the condition of a query and its values."""
    conditions = ["1"]
    values: list[Any] = []
    for condition, value in (
        ("printer_id = ?", query.printer_id),
        ("path = ?", query.path),
        ("result = ?", query.result.value if query.result else None),
        ("started_at >= ?", query.since),
        ("started_at < ?", query.before),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    return " AND ".join(conditions), values


def totals_from(row: Mapping[str, Any] | None) -> Totals:
    """Build totals from their row; nothing was printed if there is none."""
    if row is None or row["jobs"] is None:
        return Totals(since=row["since"] if row is not None else None)
    return Totals(
        jobs=row["jobs"],
        completed=row["completed"],
        elapsed_s=row["elapsed_s"],
        printing_s=row["printing_s"],
        filament_mm=row["filament_mm"],
        longest_job_s=row["longest_job_s"],
        longest_print_s=row["longest_print_s"],
        since=row["since"],
    )


def stats(connection: sqlite3.Connection, path: str | None = None) -> dict[str, FileStats]:
    """Return how the prints of local files went, by path; of one path or of all."""
    only = "result IS NOT NULL AND origin = 'local'" + (" AND path = ?" if path else "")
    values = (path,) if path else ()
    times: dict[str, tuple[dict[str, float], dict[str, float]]] = {}
    # With one max() in the query, the other columns are those of that row.
    for row in connection.execute(
        "SELECT path, printer_id, avg(printing_s) AS average, printing_s, max(ended_at)"  # noqa: S608
        f" FROM jobs WHERE {only} AND result = 'complete' GROUP BY path, printer_id",
        values,
    ):
        average, last = times.setdefault(row["path"], ({}, {}))
        average[row["printer_id"]] = row["average"]
        last[row["printer_id"]] = row["printing_s"]
    found = {}
    for row in connection.execute(
        "SELECT path, sum(result = 'complete') AS success, sum(result != 'complete') AS"  # noqa: S608
        f" failure, max(ended_at) AS last_at, result FROM jobs WHERE {only} GROUP BY path",
        values,
    ):
        average, last = times.get(row["path"], ({}, {}))
        found[row["path"]] = FileStats(
            success=row["success"],
            failure=row["failure"],
            last_at=row["last_at"],
            last_success=row["result"] == JobResult.COMPLETE,
            last_s=last or None,
            average_s=average or None,
        )
    return found
