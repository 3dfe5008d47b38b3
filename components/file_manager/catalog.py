"""What is known of the content of a root: a Protocol, and the plain answer from the disk.

The G-code root has a richer one (library.py), which keeps an index.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from appliance.components.file_manager import beneath, names
from appliance.components.file_manager.beneath import Entry
from appliance.components.file_manager.disk import Disk
from appliance.components.file_manager.metadata.knowledge import Knowledge
from appliance.components.file_manager.roots import Roots, kind_of
from appliance.domain.files import FileInfo, FolderInfo, Listing, Root
from appliance.errors import FileMissing
from appliance.records import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """What comes with a new file besides its bytes."""

    display: str = ""
    digest: str | None = None
    user: str | None = None
    userdata: Mapping[str, Any] | None = None
    knowledge: Knowledge | None = None  # read already, from the waiting file


class Catalog(Protocol):
    """What is known of one root. The changes are told after they were made on the disk."""

    async def tree(self, path: str, *, deep: bool, hidden: bool, details: bool) -> Listing:
        """List a folder, ``deep`` with all that is below."""

    async def file(self, path: str) -> FileInfo | None:
        """Return a file with all that is known about it."""

    async def folder(self, path: str) -> FolderInfo | None:
        """Return a folder."""

    async def added(self, path: str, about: About) -> FileInfo:
        """Take note of a new or replaced file."""

    async def added_folder(self, path: str, display: str) -> FolderInfo:
        """Take note of a new folder."""

    async def moved(self, source: str, target: str) -> None:
        """Take note of a file or folder that has another path in this root now."""

    async def removed(self, path: str) -> None:
        """Take note of a file or folder that is gone."""


class DiskCatalog:
    """The content of a root as the disk has it at the moment of asking."""

    def __init__(self, root: Root, roots: Roots, disk: Disk) -> None:
        self._root = root
        self._roots = roots
        self._disk = disk

    async def tree(self, path: str, *, deep: bool, hidden: bool, details: bool) -> Listing:
        """List a folder; details are nothing that the disk knows."""
        del details
        return await self._disk.run(self._scan, path, deep, hidden)

    async def file(self, path: str) -> FileInfo | None:
        """Return a file."""
        entry = await self._disk.run(beneath.entry, self._root.path, path)
        if entry is None or entry.is_folder or not self._roots.shows_file(self._root, path):
            return None
        return self._info(entry)

    async def folder(self, path: str) -> FolderInfo | None:
        """Return a folder."""
        if not self._roots.shows_folder(self._root, path):
            return None
        return await self._disk.run(self._folder, path)

    async def added(self, path: str, about: About) -> FileInfo:
        """Return the file; there is nothing to take note of."""
        entry = await self._disk.run(beneath.entry, self._root.path, path)
        if entry is None:
            message = f"there is no file '{path}'"
            raise FileMissing(message)
        return self._info(entry, about)

    async def added_folder(self, path: str, display: str) -> FolderInfo:
        """Return the folder; there is nothing to take note of."""
        del display
        folder = await self.folder(path)
        if folder is None:
            message = f"there is no folder '{path}'"
            raise FileMissing(message)
        return folder

    async def moved(self, source: str, target: str) -> None:
        """Do nothing."""

    async def removed(self, path: str) -> None:
        """Do nothing."""

    def _scan(self, path: str, deep: bool, hidden: bool) -> Listing:
        sizes: dict[str, int] = {}
        folders: list[Entry] = []
        files: list[FileInfo] = []
        for entry in beneath.walk(self._root.path, path):
            if names.is_hidden(entry.path[len(path) :]) and not hidden:
                continue
            near = deep or names.parent(entry.path) == path
            if entry.is_folder:
                if near and self._roots.shows_folder(self._root, entry.path):
                    folders.append(entry)
            elif self._roots.shows_file(self._root, entry.path):
                add_size(sizes, entry.path, entry.size)
                if near:
                    files.append(self._info(entry))
        return Listing(
            tuple(
                FolderInfo(
                    self._root.name,
                    folder.path,
                    folder.modified,
                    sizes.get(folder.path, 0),
                    names.display_name(folder.path),
                )
                for folder in sorted(folders, key=lambda entry: entry.path)
            ),
            tuple(sorted(files, key=lambda file: file.path)),
        )

    def _folder(self, path: str) -> FolderInfo | None:
        entry = beneath.entry(self._root.path, path)
        if entry is None or not entry.is_folder:
            return None
        size = sum(
            inner.size
            for inner in beneath.walk(self._root.path, path)
            if not inner.is_folder and self._roots.shows_file(self._root, inner.path)
        )
        return FolderInfo(
            self._root.name, path, entry.modified, size, names.display_name(path)
        )

    def _info(self, entry: Entry, about: About | None = None) -> FileInfo:
        return FileInfo(
            root=self._root.name,
            path=entry.path,
            size=entry.size,
            modified=entry.modified,
            kind=kind_of(entry.path),
            display=(about.display if about else "") or names.display_name(entry.path),
            uuid=f"{entry.inode:x}-{entry.modified_ns:x}",
            digest=about.digest if about else None,
            user=about.user if about else None,
        )


def add_size(sizes: dict[str, int], path: str, size: int) -> None:
    """Add the size of a file to every folder above it."""
    for folder in names.with_parents(names.parent(path)):
        sizes[folder] = sizes.get(folder, 0) + size
