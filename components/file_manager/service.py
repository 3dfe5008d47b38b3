"""The `Files` interface: the manager's verbs, what is known of G-code, and printing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from appliance.bus import Bus
from appliance.components.file_manager import names
from appliance.components.file_manager.disk import Disk
from appliance.components.file_manager.library import Library
from appliance.components.file_manager.manager import Manager
from appliance.components.file_manager.reservations import Reservations
from appliance.components.file_manager.roots import Roots
from appliance.domain.files import GCODES, FileInfo, FileKind, Finding, Layer, Metadata
from appliance.domain.history import FileStats, History
from appliance.domain.job import JobFile, JobRequest, Origin
from appliance.errors import UnsupportedType


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
        # Set where there is a history at all.
        self.history: Callable[[], History | None] = lambda: None

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
        """Read the metadata again."""
        info = await self.info(root, path)
        if root != GCODES:
            return None
        async with self.lock:
            metadata = await self._library.reread(info.path)
            self.changed(root)
        return metadata

    async def layers(self, path: str, root: str = GCODES) -> Sequence[Layer]:
        """Return the layers; empty until the analysis is done."""
        row = await self._library.analysis((await self.info(root, path)).path)
        return row.layers if row else ()

    async def findings(self, path: str, printer_id: str) -> Sequence[Finding] | None:
        """Return what the safety lint says for that printer; None until analysed."""
        del path, printer_id
        return None

    async def job_file(self, path: str, printer_id: str | None = None) -> JobFile:
        """Return what a job needs to know of a file."""
        info = await self._printable(path)
        history = self.history()
        stats = await history.file_stats(info.path) if history else FileStats()
        return _job_file(info, stats, printer_id)

    async def prepare(
        self, path: str, printer_id: str, *, user: str | None = None, force: bool = False
    ) -> JobRequest:
        """Return the request that prints the file."""
        del force
        file = await self.job_file(path, printer_id)
        local = await self.download(GCODES, file.path)
        return JobRequest(file, local_path=str(local), user=user)

    async def _printable(self, path: str) -> FileInfo:
        info = await self.info(GCODES, names.normalise(path))
        if info.kind is not FileKind.GCODE:
            message = f"'{info.name}' cannot be printed"
            raise UnsupportedType(message)
        return info


def _job_file(info: FileInfo, stats: FileStats, printer_id: str | None) -> JobFile:
    metadata = info.metadata or Metadata()
    analysis = info.analysis
    lengths = tuple(use.length_mm or 0.0 for use in metadata.filaments)
    volumes = tuple(use.volume_cm3 or 0.0 for use in metadata.filaments)
    if analysis is not None and not any(lengths):
        lengths = analysis.filament_mm
    if analysis is not None and not any(volumes):
        volumes = analysis.filament_cm3
    measured = analysis.estimated_s if analysis else None
    return JobFile(
        origin=Origin.LOCAL,
        path=info.path,
        display=info.display,
        size=info.size,
        modified=info.modified,
        estimated_s=metadata.estimated_s or measured,
        average_s=(stats.average_s or {}).get(printer_id or ""),
        last_s=(stats.last_s or {}).get(printer_id or ""),
        filament_mm=lengths,
        filament_cm3=volumes,
        layers=metadata.layer_count or (analysis.layer_count if analysis else None),
        height_mm=metadata.object_height_mm,
    )
