"""The history to take away: as CSV for a spreadsheet, as JSON for a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import orjson

from appliance.domain.history import ExportFormat, HistoryEntry

_COLUMNS = (
    "number", "id", "printer", "file", "user", "started", "ended", "result", "cause",
    "duration_s", "print_s", "heating_s", "filament_mm", "filament_type", "layers", "size",
)  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Writer(Protocol):
    """Writes the beginning, pages of entries, and the end."""

    def begin(self) -> bytes:
        """Return what comes before the entries."""

    def entries(self, entries: Sequence[HistoryEntry]) -> bytes:
        """Return some entries."""

    def end(self) -> bytes:
        """Return what comes after them."""


class CsvWriter:
    """Comma-separated values with a header line (RFC 4180)."""

    def begin(self) -> bytes:
        """Return the header line."""
        return _line(_COLUMNS)

    def entries(self, entries: Sequence[HistoryEntry]) -> bytes:
        """Return a line for each entry."""
        return b"".join(_line(_cells(entry)) for entry in entries)

    def end(self) -> bytes:
        """Return nothing."""
        return b""


class JsonWriter:
    """An array with an object for each entry."""

    def __init__(self) -> None:
        self._separator = b"\n"

    def begin(self) -> bytes:
        """Open the array."""
        return b"["

    def entries(self, entries: Sequence[HistoryEntry]) -> bytes:
        """Return the objects."""
        pieces = []
        for entry in entries:
            pieces += [self._separator, orjson.dumps(entry)]
            self._separator = b",\n"
        return b"".join(pieces)

    def end(self) -> bytes:
        """Close the array."""
        return b"\n]\n"


WRITERS: Mapping[ExportFormat, type[CsvWriter] | type[JsonWriter]] = {
    ExportFormat.CSV: CsvWriter,
    ExportFormat.JSON: JsonWriter,
}


def _line(cells: Sequence[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([_safe(cell) for cell in cells])
    return text.getvalue().encode()


def _safe(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return "'" + cell
    return "" if cell is None else cell


def _cells(entry: HistoryEntry) -> tuple[object, ...]:
    kinds = (
        {use.type for use in entry.metadata.filaments if use.type} if entry.metadata else ()
    )
    return (
        entry.number,
        entry.id,
        entry.printer_id,
        entry.path,
        entry.user,
        _moment(entry.started_at),
        _moment(entry.ended_at),
        entry.result.value if entry.result else "in progress",
        entry.cause,
        round(entry.elapsed_s, 1),
        round(entry.printing_s, 1),
        round(entry.heating_s, 1),
        round(entry.filament_total_mm, 1),
        " ".join(sorted(kinds)),
        entry.layers,
        entry.size,
    )


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
