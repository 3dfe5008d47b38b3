"""The history of jobs: what was printed, how it ended, and what that adds up to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from appliance.domain.job import JobKind, JobResult, Origin
from appliance.domain.metadata import Metadata, Thumbnail
from appliance.interfaces import Key
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A job of the past, or the present one while ``result`` is None."""

    id: str  # of the job
    number: int  # rises by one with every job
    printer_id: str
    kind: JobKind
    origin: Origin
    path: str
    display: str
    size: int  # bytes
    digest: str | None  # SHA-1 of the file, where it was known
    started_at: float  # unix seconds
    ended_at: float | None = None
    result: JobResult | None = None
    cause: str | None = None
    user: str | None = None  # who started it
    elapsed_s: float = 0.0  # with pauses
    printing_s: float = 0.0  # without pauses
    heating_s: float = 0.0  # waits for temperatures within printing_s
    filament_mm: tuple[float, ...] = ()  # extruded, per tool
    layers: int | None = None  # layers of the file
    layer: int | None = None  # the last one printed
    position: int = 0  # bytes of the file that were printed
    metadata: Metadata | None = None  # as it was when the job started
    thumbnails: tuple[Thumbnail, ...] = ()  # kept copies: path below the history's pictures

    @property
    def filament_total_mm(self) -> float:
        """The filament of all tools."""
        return sum(self.filament_mm)


@dataclass(frozen=True, slots=True)
class Totals:
    """What the jobs add up to."""

    jobs: int = 0
    completed: int = 0
    elapsed_s: float = 0.0
    printing_s: float = 0.0
    filament_mm: float = 0.0
    longest_job_s: float = 0.0  # with pauses
    longest_print_s: float = 0.0  # without
    since: float | None = None  # unix seconds of the last reset


@dataclass(frozen=True, slots=True)
class FileStats:
    """How the prints of one file went."""

    success: int = 0
    failure: int = 0
    last_at: float | None = None  # unix seconds of the end of the last print
    last_success: bool | None = None
    last_s: Mapping[str, float] | None = None  # of the last complete print, by printer id
    average_s: Mapping[str, float] | None = None  # of complete prints, by printer id


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which entries are wanted."""

    printer_id: str | None = None
    path: str | None = None
    result: JobResult | None = None
    since: float | None = None  # unix seconds, by the start
    before: float | None = None
    newest_first: bool = True
    start: int = 0
    limit: int | None = 50  # None: all


class ExportFormat(StrEnum):
    """A form that the history can be taken away in."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class HistoryAdded:
    """A job is in the history now: it began."""

    entry: HistoryEntry


@dataclass(frozen=True, slots=True)
class HistoryFinished:
    """A job of the history is over."""

    entry: HistoryEntry


@dataclass(frozen=True, slots=True)
class HistoryRemoved:
    """Jobs were deleted from the history."""

    ids: tuple[str, ...]


class History(Protocol):
    """The history and the questions to it."""

    async def entries(self, query: HistoryQuery | None = None) -> Sequence[HistoryEntry]:
        """Return the entries of a query."""

    async def count(self, query: HistoryQuery | None = None) -> int:
        """Return how many entries a query has, its limit aside."""

    async def entry(self, job_id: str) -> HistoryEntry | None:
        """Return one job."""

    async def last(self, path: str, printer_id: str | None = None) -> HistoryEntry | None:
        """Return the last job of a file."""

    async def totals(self, printer_id: str | None = None) -> Totals:
        """Return what all jobs since the last reset add up to."""

    async def reset_totals(self, printer_id: str | None = None) -> Totals:
        """Begin the totals anew; return what they were. The entries stay."""

    async def stats(self) -> Mapping[str, FileStats]:
        """Return how the prints of every file went, by its path."""

    async def file_stats(self, path: str) -> FileStats:
        """Return how the prints of one file went."""

    async def remove(self, ids: Sequence[str] | None = None) -> Sequence[str]:
        """Delete those jobs (None: all that are over); return which were deleted."""

    def export(self, form: ExportFormat) -> AsyncIterator[bytes]:
        """Yield the whole history in pieces, oldest first."""

    async def picture(self, thumbnail: Thumbnail) -> bytes:
        """Return a kept picture of an entry; `FileMissing` if it is gone."""


HISTORY: Key[History] = Key("history")
