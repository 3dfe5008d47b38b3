"""Keep what printers know of their selected file at what is known of it by now."""

from __future__ import annotations

import logging
from dataclasses import replace

from appliance.core import Appliance
from appliance.domain.file_events import AnalysisFinished
from appliance.domain.file_service import FILES
from appliance.domain.files import GCODES
from appliance.domain.history import HistoryFinished
from appliance.domain.job import JobFile, Origin
from appliance.domain.printer import PRINTERS, Printer, PrinterChanged
from appliance.errors import GantryError

_LOGGER = logging.getLogger(__name__)


def follow(appliance: Appliance) -> None:
    """Tell printers about their selected file when it was analysed, or printed once more."""

    def analysed(event: AnalysisFinished) -> None:
        if event.analysis is not None and event.file.root == GCODES:
            _refresh(appliance, event.file.path)

    def printed(event: HistoryFinished) -> None:
        if event.entry.origin == Origin.LOCAL:
            _refresh(appliance, event.entry.path)

    def selected(event: PrinterChanged) -> None:
        """Look again: what was found out while the printer was told is not known there."""
        file, before = event.snapshot.selected, event.previous.selected
        if file is None or file.origin is not Origin.LOCAL:
            return
        if before is None or (before.origin, before.path) != (file.origin, file.path):
            _refresh(appliance, file.path)

    appliance.bus.listen(PrinterChanged, selected)
    appliance.bus.listen(AnalysisFinished, analysed)
    appliance.bus.listen(HistoryFinished, printed)


def _refresh(appliance: Appliance, path: str) -> None:
    for printer in appliance.use(PRINTERS):
        if _has(printer, path):
            appliance.tasks.spawn(_select_again(appliance, printer, path), f"refresh {path}")


async def _select_again(appliance: Appliance, printer: Printer, path: str) -> None:
    try:
        file = await appliance.use(FILES).job_file(path, printer.id)
        selected = printer.snapshot.selected
        if selected is None or not _has(printer, path):
            return
        known = _with_news(selected, file)
        if known != selected:
            await printer.select(known)
    except GantryError as error:  # gone in between, or the printer's engine is
        _LOGGER.debug("'%s' stays as it was selected: %s", path, error)


def _has(printer: Printer, path: str) -> bool:
    selected = printer.snapshot.selected
    return selected is not None and selected.origin is Origin.LOCAL and selected.path == path


def _with_news(selected: JobFile, file: JobFile) -> JobFile:
    """Return what is known now; what was read of the unchanged file itself stays."""
    curve = file.time_curve or selected.time_curve
    same = file.modified == selected.modified
    return replace(file, time_curve=curve, size=selected.size if same else file.size)
