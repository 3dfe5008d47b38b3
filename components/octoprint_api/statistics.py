"""How often each file was printed, and since when a listing is what it is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from appliance.core import Appliance
from appliance.domain import file_events as domain
from appliance.domain.history import HISTORY, FileStats, HistoryFinished, HistoryRemoved
from appliance.domain.printer import Printer

from .render.file import Statistics as PerFile

_CHANGES = (
    domain.FileAdded,
    domain.FileChanged,
    domain.FileRemoved,
    domain.FileMoved,
    domain.FolderAdded,
    domain.FolderRemoved,
    domain.FolderMoved,
    domain.MetadataReady,
    domain.AnalysisFinished,
)


class Statistics:
    """The print statistics of all files, read from the history once per change of it."""

    def __init__(self, appliance: Appliance) -> None:
        self._history = appliance.find(HISTORY)
        self._known: Mapping[str, FileStats] | None = None
        self.revision = 0
        self.changed_at = time.time()
        for event in _CHANGES:
            appliance.bus.listen(event, self._listing_changed)
        appliance.bus.listen(HistoryFinished, self._history_changed)
        appliance.bus.listen(HistoryRemoved, self._history_changed)

    async def of(self, printer: Printer) -> PerFile:
        """Return what the entry of a file says about its prints on that printer."""
        if self._history is None:
            return _nothing
        known = self._known
        if known is None:
            revision = self.revision
            known = await self._history.stats()
            if revision == self.revision:
                self._known = known
        profile, printer_id = printer.profile.id, printer.id

        def describe(path: str) -> Mapping[str, Any]:
            stats = known.get(path)
            return {} if stats is None else _describe(stats, printer_id, profile)

        return describe

    def _listing_changed(self, _event: object) -> None:
        self.revision += 1
        self.changed_at = time.time()

    def _history_changed(self, event: object) -> None:
        self._known = None
        self._listing_changed(event)


def _nothing(_path: str) -> Mapping[str, Any]:
    return {}


def _describe(stats: FileStats, printer_id: str, profile: str) -> dict[str, Any]:
    prints: dict[str, Any] = {"success": stats.success, "failure": stats.failure}
    last = (stats.last_s or {}).get(printer_id)
    if stats.last_at is not None:
        prints["last"] = {"date": stats.last_at, "success": bool(stats.last_success)}
        if stats.last_success and last is not None:
            prints["last"]["printTime"] = last
    entry: dict[str, Any] = {"prints": prints}
    average = (stats.average_s or {}).get(printer_id)
    if average is not None and last is not None:
        entry["statistics"] = {
            "averagePrintTime": {profile: average},
            "lastPrintTime": {profile: last},
        }
    return entry
