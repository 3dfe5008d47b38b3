"""Take note of what others do to the G-code folder: SMB, rsync, a USB stick, a shell.

What we change ourselves is in the index when its lock is free again; a report about it then
finds no difference, so nothing is told twice.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from time import time

from appliance.bus import Bus
from appliance.components.file_manager import names
from appliance.components.file_manager.library import BATCH, Difference, Library
from appliance.components.file_manager.manager import Manager
from appliance.components.file_manager.reports import FolderReports
from appliance.domain.file_events import (
    FileAdded,
    FileChanged,
    FileRemoved,
    FolderAdded,
    FolderRemoved,
    MetadataReady,
)
from appliance.domain.files import GCODES, FileInfo, FolderInfo

_LOGGER = logging.getLogger(__name__)

# A file that changed less than so long ago may still be written.
SETTLED_S = 2.0
# Reports within this time are looked at together.
DEBOUNCE_S = 1.0
STEP_S = 0.25


# So many new files are read before the appliance is ready; the rest follows beside it.
AT_ONCE = 200


class Watcher:
    """Compares disk and index at the start and whenever something was reported."""

    def __init__(self, bus: Bus, manager: Manager, library: Library, folder: Path) -> None:
        self._bus = bus
        self._manager = manager
        self._library = library
        self._folder = folder
        self._reports: FolderReports | None = None
        self._is_stopping = False
        self._unsettled: set[str] = set()
        self._unread: list[str] = []

    async def begin(self) -> None:
        """Bring the index to where the disk is; what takes long is left to `catch_up`."""
        async with self._manager.lock:
            difference = await self._library.compare()
            entries = (*difference.added, *difference.changed)
            self._unread = [entry.path for entry in entries[AT_ONCE:]]
            later = set(self._unread)
            await self._library.take(
                replace(
                    difference,
                    added=tuple(e for e in difference.added if e.path not in later),
                    changed=tuple(e for e in difference.changed if e.path not in later),
                )
            )

    async def catch_up(self) -> None:
        """Read the files that the start had no time for."""
        count = len(self._unread)
        if not count:
            return
        _LOGGER.info("Reading %d files that are new in the G-code folder", count)
        while self._unread:
            batch, self._unread = self._unread[:BATCH], self._unread[BATCH:]
            async with self._manager.lock:
                await self._library.take(await self._library.compare(set(batch)))
                self._manager.changed(GCODES)
        _LOGGER.info("Read %d files that were new in the G-code folder", count)

    async def run(self) -> None:
        """Watch until stopped."""
        try:
            async with FolderReports(self._folder) as self._reports:
                while not self._is_stopping:
                    patience = SETTLED_S if self._unsettled else None
                    paths = await self._reports.together(patience, STEP_S, DEBOUNCE_S)
                    if paths := paths | self._unsettled:
                        await self.compare(paths)
        finally:
            self._unsettled = {""}  # whoever runs it again has missed something

    def stop(self) -> None:
        """End `run`."""
        self._is_stopping = True
        if self._reports is not None:
            self._reports.end()

    async def compare(self, paths: set[str] | None = None) -> None:
        """Bring the index to where the disk is, and tell what is new."""
        async with self._manager.lock:
            difference = await self._library.compare(paths)
            self._unsettled = set()
            if paths is not None:
                difference = self._settled(difference)
            if difference == Difference():
                return
            gone = await self._gone(difference)
            await self._library.take(difference)
            if paths is not None:
                await self._tell(difference, gone)

    def _settled(self, difference: Difference) -> Difference:
        """Leave out files that may still be written; they are looked at again."""
        newest = time() - SETTLED_S
        for entry in (*difference.added, *difference.changed):
            if newest < entry.modified <= time():
                self._unsettled.add(entry.path)
        return Difference(
            tuple(e for e in difference.added if e.path not in self._unsettled),
            tuple(e for e in difference.changed if e.path not in self._unsettled),
            difference.removed,
            difference.folders_added,
            difference.folders_removed,
        )

    async def _gone(self, difference: Difference) -> list[FileInfo | FolderInfo]:
        """Return what is to be told as removed: not what went with its folder."""
        folders = set(difference.folders_removed)
        gone: list[FileInfo | FolderInfo] = []
        for path in sorted(difference.folders_removed):
            if folders.isdisjoint(names.with_parents(names.parent(path))):
                folder = await self._library.folder(path)
                gone.extend([folder] if folder else [])
        for path in sorted(difference.removed):
            if folders.isdisjoint(names.with_parents(names.parent(path))):
                file = await self._library.file(path)
                gone.extend([file] if file else [])
        return gone

    async def _tell(self, difference: Difference, gone: list[FileInfo | FolderInfo]) -> None:
        self._manager.changed(GCODES)
        for there in gone:
            self._bus.fire(
                FileRemoved(there) if isinstance(there, FileInfo) else FolderRemoved(there)
            )
        for entry in sorted(difference.folders_added, key=lambda entry: entry.path):
            folder = await self._library.folder(entry.path)
            if folder is not None:
                self._bus.fire(FolderAdded(folder))
        added = {entry.path for entry in difference.added}
        for entry in (*difference.added, *difference.changed):
            file = await self._library.file(entry.path)
            if file is None:
                continue
            self._bus.fire(FileAdded(file) if entry.path in added else FileChanged(file))
            if file.metadata is not None:
                self._bus.fire(MetadataReady(file, file.metadata))
        count = len(added) + len(difference.changed) + len(gone)
        _LOGGER.info("The G-code folder was changed from outside: %d files", count)
