"""The `Files` interface: the manager's verbs, what is known of G-code, and printing it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from appliance.bus import Bus
from appliance.components.file_manager import names
from appliance.components.file_manager.analysis.quick import curve_of, facts_of_start
from appliance.components.file_manager.analyst import Analyst
from appliance.components.file_manager.disk import Disk
from appliance.components.file_manager.library import Library
from appliance.components.file_manager.lint import lint
from appliance.components.file_manager.manager import Manager
from appliance.components.file_manager.metadata.unpack import packed
from appliance.components.file_manager.reservations import Reservations
from appliance.components.file_manager.roots import Roots, suffix
from appliance.domain.analysis import Analysis, Finding, Layer, Severity
from appliance.domain.files import GCODES, FileInfo, FileKind
from appliance.domain.history import FileStats, History
from appliance.domain.job import JobFile, JobRequest, Origin
from appliance.domain.metadata import Metadata
from appliance.domain.printer import Printer
from appliance.errors import FileMissing, PrintBlocked, UnsupportedType

# A print does not wait longer for an analysis: a person stands at the printer.
PATIENCE_S = 5.0


class FileService(Manager):
    """Everything that others wish of files; see `appliance.domain.files.Files`."""

    def __init__(
        self,
        bus: Bus,
        roots: Roots,
        disk: Disk,
        library: Library,
        reservations: Reservations,
        limit: int,
    ) -> None:
        super().__init__(bus, roots, disk, library, reservations, limit)
        # Connected by the component: what may be absent, and what comes later.
        self.history: Callable[[], History | None] = lambda: None
        self.printer: Callable[[str], Printer] | None = None
        self.analyst: Analyst | None = None
        self.severities: Mapping[str, str] = {}

    def reserve(self, path: str, owner: str) -> None:
        """Keep a G-code file from being changed until ``owner`` releases it."""
        self._reservations.reserve(path, owner)

    def release(self, path: str, owner: str) -> None:
        """End a reservation."""
        self._reservations.release(path, owner)

    async def metadata(self, path: str, root: str = GCODES) -> Metadata | None:
        """Return what the slicer wrote."""
        return (await self.info(root, path)).metadata

    async def rescan(self, path: str, root: str = GCODES) -> Metadata | None:
        """Read the metadata again, and have the file analysed again."""
        info = await self.info(root, path)
        if root != GCODES:
            return None
        async with self.lock:
            metadata = await self._library.reread(info.path)
            self.changed(root)
        if self.analyst is not None:
            self.analyst.want(info.path)
        return metadata

    async def layers(self, path: str, root: str = GCODES) -> Sequence[Layer]:
        """Return the layers; empty until the analysis is done."""
        row = await self._library.analysis((await self.info(root, path)).path)
        return row.layers if row else ()

    def analysing(self, path: str) -> float | None:
        """Return how far the analysis of a file is; None: none is to come."""
        if self.analyst is None:
            return None
        return self.analyst.share(names.normalise(path))

    async def findings(self, path: str, printer_id: str) -> Sequence[Finding] | None:
        """Return what the safety lint says for that printer; None until analysed."""
        info = await self._printable(path)
        row = await self._library.analysis(info.path)
        if row is None or self.printer is None:
            return None
        profile = self.printer(printer_id).profile
        return lint(row.facts, info.metadata or Metadata(), profile, self.severities)

    async def job_file(self, path: str, printer_id: str | None = None) -> JobFile:
        """Return what a job needs to know of a file."""
        info = await self._printable(path)
        history = self.history()
        stats = await history.file_stats(info.path) if history else FileStats()
        job = _job_file(info, stats, printer_id)
        row = await self._library.analysis(info.path)
        if row is None:
            return job
        return replace(job, size=row.plain_size, time_curve=row.curve)

    async def prepare(
        self, path: str, printer_id: str, *, user: str | None = None, force: bool = False
    ) -> JobRequest:
        """Return the request that prints the file, if nothing stands against it."""
        info = await self._printable(path)
        if self.analyst is not None:
            await self.analyst.wait(info.path, PATIENCE_S)
        local = await self._plain(info)
        await self._check(info, str(local), printer_id, force=force)
        file = await self.job_file(info.path, printer_id)
        file = await self._disk.run(_with_size_and_curve, file, str(local))
        return JobRequest(file, local_path=str(local), user=user)

    async def plain(self, path: str) -> Path:
        """Return the G-code of a file, unpacked if it is packed."""
        return await self._plain(await self._printable(path))

    async def _plain(self, info: FileInfo) -> Path:
        local = await self.download(GCODES, info.path)
        if not packed(suffix(info.path)):
            return local
        row = await self._library.row(info.path)
        if row is None or self.analyst is None:
            message = f"'{info.name}' cannot be unpacked now"
            raise FileMissing(message)
        return await self.analyst.unpacked(row)

    async def _check(
        self, info: FileInfo, local: str, printer_id: str, *, force: bool
    ) -> None:
        if force or self.printer is None:
            return
        found = await self.findings(info.path, printer_id)
        if found is None:
            facts = await self._disk.run(_facts_of_start, local)
            profile = self.printer(printer_id).profile
            found = lint(facts, info.metadata or Metadata(), profile, self.severities)
        against = [finding for finding in found if finding.severity is Severity.BLOCK]
        if against:
            message = f"'{info.name}' is not printed: {against[0].message}"
            raise PrintBlocked(message, tuple(finding.message for finding in against))

    async def _printable(self, path: str) -> FileInfo:
        info = await self.info(GCODES, names.normalise(path))
        if info.kind is not FileKind.GCODE:
            message = f"'{info.name}' cannot be printed"
            raise UnsupportedType(message)
        return info


def _facts_of_start(path: str) -> Mapping[str, object]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return facts_of_start(descriptor)
    finally:
        os.close(descriptor)


def _with_size_and_curve(file: JobFile, path: str) -> JobFile:
    """Return the job's file with the size of what is read, and a curve in any case."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        curve = file.time_curve or curve_of(descriptor)
        return replace(file, size=os.fstat(descriptor).st_size, time_curve=curve)
    finally:
        os.close(descriptor)


def _job_file(info: FileInfo, stats: FileStats, printer_id: str | None) -> JobFile:
    metadata = info.metadata or Metadata()
    analysis: Analysis | None = info.analysis
    lengths = tuple(use.length_mm or 0.0 for use in metadata.filaments)
    volumes = tuple(use.volume_cm3 or 0.0 for use in metadata.filaments)
    if analysis is not None and not any(lengths):
        lengths = analysis.filament_mm
    if analysis is not None and not any(volumes):
        volumes = analysis.filament_cm3
    printed = analysis.printing if analysis else None
    return JobFile(
        origin=Origin.LOCAL,
        path=info.path,
        display=info.display,
        size=info.size,
        modified=info.modified,
        estimated_s=metadata.estimated_s or (analysis.estimated_s if analysis else None),
        average_s=(stats.average_s or {}).get(printer_id or ""),
        last_s=(stats.last_s or {}).get(printer_id or ""),
        filament_mm=lengths,
        filament_cm3=volumes,
        layers=metadata.layer_count or (analysis.layer_count if analysis else None),
        height_mm=metadata.object_height_mm or (printed.max_z if printed else None),
    )
