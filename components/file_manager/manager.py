"""The verbs on files: one at a time on the names, long work beside them, then the news.

Bytes are always written to a waiting file first; only renaming it happens under the lock,
so that an upload or a zip holds back nobody, and every change of names is told in the order
in which it was made.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from time import time

from appliance.bus import Bus
from appliance.components.file_manager import archives, beneath, copies, names
from appliance.components.file_manager.catalog import About, Catalog, DiskCatalog
from appliance.components.file_manager.disk import Disk, translate, usage
from appliance.components.file_manager.intake import Arrived, Incoming, Intake
from appliance.components.file_manager.library import Library
from appliance.components.file_manager.metadata.reader import read_waiting
from appliance.components.file_manager.reservations import Reservations
from appliance.components.file_manager.roots import ARCHIVE_SUFFIXES, Roots, kind_of, suffix
from appliance.domain.file_events import (
    FileAdded,
    FileChanged,
    FileMoved,
    FileRemoved,
    FolderAdded,
    FolderMoved,
    FolderRemoved,
    MetadataReady,
    RootAdded,
)
from appliance.domain.file_service import Receipt, UploadTerms
from appliance.domain.files import (
    GCODES,
    DiskUsage,
    FileInfo,
    FileKind,
    FolderInfo,
    Item,
    Listing,
    Root,
)
from appliance.errors import (
    FileExists,
    FileForbidden,
    FileInUse,
    FileMissing,
    InvalidName,
    UnsupportedType,
    UploadBroken,
)

# An upload that stands still for so long is over.
STALLED_S = 30.0

_LOGGER = logging.getLogger(__name__)

Check = Callable[[Path, bytes], Awaitable[None]]


class Manager:
    """Every root's files and what can be done with them."""

    def __init__(
        self,
        bus: Bus,
        roots: Roots,
        disk: Disk,
        library: Library,
        reservations: Reservations,
        limit: int,
    ) -> None:
        """``limit`` is that of an upload, in bytes."""
        self._bus = bus
        self._roots = roots
        self._disk = disk
        self._library = library
        self._reservations = reservations
        self._catalogs: dict[str, Catalog] = {GCODES: library}
        self._checks: dict[str, Check] = {}
        self._revisions: dict[str, int] = {}
        self._waiting_root = roots.get(GCODES).path
        self._intake = Intake(self._waiting_root, disk, limit, self._keep)
        self.lock = asyncio.Lock()

    @property
    def roots(self) -> Sequence[Root]:
        """The roots, ``gcodes`` first."""
        return tuple(self._roots)

    def add_root(
        self, root: Root, private: frozenset[str] = frozenset(), check: Check | None = None
    ) -> None:
        """Offer one more folder; ``check`` is asked before a file in it is replaced."""
        try:
            root.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:  # a disk that is not there yet keeps nobody from the rest
            _LOGGER.error("The folder of '%s' cannot be made: %s", root.name, error)
        self._roots.add(root, private)
        self._catalogs[root.name] = DiskCatalog(root, self._roots, self._disk)
        if check is not None:
            self._checks[root.name] = check
        self._bus.fire(RootAdded(root))

    async def sweep(self) -> None:
        """Remove what uploads of a former life left behind."""
        await self._intake.sweep()

    def revision(self, root: str = GCODES) -> int:
        """Return a number that grows with every change in that root."""
        return self._revisions.setdefault(root, int(time()))

    def changed(self, root: str) -> None:
        """Count a change in that root."""
        self._revisions[root] = self.revision(root) + 1

    def sanitise(self, path: str) -> str:
        """Return ``path`` as an upload would store it."""
        return names.sanitise(path)

    def in_use(self, root: str, path: str) -> bool:
        """Return whether a print uses the file, or one in that folder."""
        return root == GCODES and self._reservations.holds(names.normalise(path))

    async def tree(
        self,
        root: str = GCODES,
        path: str = "",
        *,
        hidden: bool = False,
        details: bool = False,
    ) -> Listing:
        """List everything below a folder."""
        return await self._list(root, path, deep=True, hidden=hidden, details=details)

    async def folder(
        self,
        root: str = GCODES,
        path: str = "",
        *,
        hidden: bool = False,
        details: bool = False,
    ) -> Listing:
        """List what is right in a folder."""
        return await self._list(root, path, deep=False, hidden=hidden, details=details)

    async def info(self, root: str, path: str) -> FileInfo:
        """Return a file with metadata and analysis."""
        path = names.normalise(path)
        info = await self._catalog(root).file(path)
        if info is None:
            message = f"there is no file '{path}'"
            raise FileMissing(message)
        return info

    async def folder_info(self, root: str, path: str) -> FolderInfo:
        """Return a folder."""
        path = names.normalise(path)
        info = await self._catalog(root).folder(path)
        if info is None:
            message = f"there is no folder '{path}'"
            raise FileMissing(message)
        return info

    async def disk_usage(self, root: str = GCODES) -> DiskUsage:
        """Return how full the disk of a root is."""
        return await self._disk.run(usage, self._roots.get(root).path)

    async def download(self, root: str, path: str) -> Path:
        """Return the absolute path of a readable file, checked."""
        info = await self.info(root, path)
        return self._roots.get(root).path / info.path

    async def upload(self, *, size: int | None = None) -> Incoming:
        """Begin an upload."""
        return await self._intake.begin(size)

    async def receive(
        self,
        root: str,
        path: str,
        chunks: AsyncIterator[bytes],
        *,
        size: int | None = None,
        terms: UploadTerms | None = None,
    ) -> Receipt:
        """Do a whole upload whose name is known beforehand."""
        self._target(root, path)  # before the bytes, not after them
        async with await self.upload(size=size) as incoming:
            loop = asyncio.get_running_loop()
            try:
                async with asyncio.timeout(STALLED_S) as patience:
                    async for chunk in chunks:
                        await incoming.write(chunk)
                        patience.reschedule(loop.time() + STALLED_S)
            except TimeoutError:
                message = "the upload stood still for too long"
                raise UploadBroken(message) from None
            if size is not None and incoming.received != size:
                message = "the upload ended before all of it had come"
                raise UploadBroken(message)
            return await incoming.keep(root, path, terms)

    async def make_folder(self, root: str, path: str) -> FolderInfo:
        """Make a folder and those above it."""
        place = self._roots.writable(root)
        clean = self._clean(path)
        self._roots.check_new_folder(place, clean)
        async with self.lock:
            await self._disk.run(beneath.make_folder, place.path, clean)
            display = names.display_name(path)
            info = await self._catalogs[root].added_folder(clean, display)
            self._tell(root, FolderAdded(info))
        return info

    async def delete(
        self, root: str, path: str, *, force: bool = True
    ) -> FileInfo | FolderInfo:
        """Delete a file, or a folder with its content."""
        place = self._roots.writable(root)
        path = names.normalise(path)
        self._roots.check_may_go(place, path)
        async with self.lock:
            there = await self._there(root, path)
            self._refuse_in_use(root, path)
            if isinstance(there, FileInfo):
                await self._disk.run(beneath.remove_file, place.path, path)
                await self._catalogs[root].removed(path)
                self._tell(root, FileRemoved(there))
                return there
            if not path:
                message = "a root cannot be deleted"
                raise FileForbidden(message)
            if force:
                await self._disk.run(beneath.remove_tree, place.path, path)
            elif not await self._disk.run(beneath.remove_empty_folder, place.path, path):
                message = f"the folder '{path}' is not empty"
                raise FileExists(message)
            await self._catalogs[root].removed(path)
            self._tell(root, FolderRemoved(there))
            return there

    async def move(self, source: Item, target: Item, *, overwrite: bool = False) -> Item:
        """Move or rename a file or folder; to another root it is copied, then deleted."""
        root = self._roots.writable(source.root)
        self._roots.check_may_go(root, names.normalise(source.path))
        if source.root != target.root:
            goal = await self.copy(source, target, overwrite=overwrite)
            await self.delete(source.root, source.path)
            return goal
        async with self.lock:
            there = await self._there(source.root, names.normalise(source.path))
            goal = await self._goal(there, target, overwrite=overwrite)
            if goal.path == there.path:
                return goal
            self._refuse_in_use(root.name, there.path)
            paths = ((root.path, there.path), (root.path, goal.path))
            await self._disk.run(beneath.rename, *paths)
            await self._catalogs[root.name].moved(there.path, goal.path)
            if isinstance(there, FileInfo):
                file = await self.info(root.name, goal.path)
                self._tell(root.name, FileMoved(file, root.name, there.path))
            else:
                folder = await self.folder_info(root.name, goal.path)
                self._tell(root.name, FolderMoved(folder, root.name, there.path))
        return goal

    async def copy(self, source: Item, target: Item, *, overwrite: bool = False) -> Item:
        """Copy a file or a whole folder."""
        there = await self._there(source.root, names.normalise(source.path))
        goal = await self._goal(there, target, overwrite=overwrite)
        if goal == Item(there.root, there.path):
            message = f"'{goal.path}' would be copied onto itself"
            raise FileExists(message)
        if isinstance(there, FileInfo):
            await self._copy_file(there, goal, overwrite=overwrite)
            return goal
        inner = await self.tree(there.root, there.path)
        await self.make_folder(goal.root, goal.path)
        for folder in inner.folders:
            path = names.join(goal.path, folder.path[len(there.path) + 1 :])
            await self.make_folder(goal.root, path)
        for file in inner.files:
            path = names.join(goal.path, file.path[len(there.path) + 1 :])
            await self._copy_file(file, Item(goal.root, path), overwrite=overwrite)
        return goal

    async def zip(
        self,
        items: Sequence[Item],
        target: Item,
        *,
        compress: bool = True,
        overwrite: bool = True,
    ) -> FileInfo:
        """Pack files and folders into a zip archive."""
        if suffix(target.path) not in ARCHIVE_SUFFIXES:
            message = "the name of an archive ends with .zip"
            raise UnsupportedType(message)
        path = self._clean(target.path)
        entries = [entry for item in items for entry in await self._packed(item)]
        waiting = await self._intake.new_path(sum(entry.size for entry in entries))
        try:
            await self._pack(self._waiting_root / waiting, entries, compress=compress)
            about = About(display=names.display_name(target.path))
            goal = Item(target.root, path)
            receipt = await self._place(waiting, goal, about, overwrite=overwrite)
        except BaseException:
            await self._intake.discard(waiting)
            raise
        return receipt.file

    async def _pack(
        self, target: Path, entries: Sequence[archives.Packed], *, compress: bool
    ) -> None:
        try:
            await archives.pack(target, entries, compress=compress)
        except OSError as error:
            raise translate(error) from error

    async def _packed(self, item: Item) -> list[archives.Packed]:
        """Return the files that an item means, with their names in an archive."""
        root = self._roots.get(item.root)
        there = await self._there(item.root, names.normalise(item.path))
        if isinstance(there, FileInfo):
            return [archives.Packed(str(root.path), there.path, there.name, there.size)]
        above = len(names.parent(there.path))
        inner = await self.tree(item.root, there.path)
        return [
            archives.Packed(
                str(root.path), file.path, file.path[above:].lstrip("/"), file.size
            )
            for file in inner.files
        ]

    async def _copy_file(self, source: FileInfo, goal: Item, *, overwrite: bool) -> None:
        """Copy the bytes and what is known of them."""
        root = self._roots.get(source.root)
        knowledge = None
        if source.root == goal.root == GCODES:
            knowledge = await self._library.knowledge(source.path)
        waiting = await self._intake.new_path(source.size)
        try:
            target = self._waiting_root / waiting
            await self._disk.run(copies.copy, root.path, source.path, target)
            about = About(
                names.display_name(goal.path),
                source.digest,
                source.user,
                source.userdata,
                knowledge,
            )
            await self._place(waiting, goal, about, overwrite=overwrite)
        except BaseException:
            await self._intake.discard(waiting)
            raise

    async def _keep(
        self, arrived: Arrived, root: str, path: str, terms: UploadTerms
    ) -> Receipt:
        """Give an upload its name; asked by the intake."""
        clean = self._target(root, path)
        knowledge = None
        if root == GCODES and kind_of(clean) is FileKind.GCODE:
            waiting = self._waiting_root / arrived.path
            knowledge = await self._disk.run(read_waiting, waiting, suffix(clean))
        about = About(
            names.display_name(path), arrived.digest, terms.user, terms.userdata, knowledge
        )
        goal = Item(root, clean)
        return await self._place(arrived.path, goal, about, overwrite=terms.overwrite)

    async def _place(
        self, waiting: str, goal: Item, about: About, *, overwrite: bool = True
    ) -> Receipt:
        """Rename a complete waiting file to its final name, and tell it."""
        root = self._roots.writable(goal.root)
        if (check := self._checks.get(goal.root)) is not None:
            content = await self._disk.run((self._waiting_root / waiting).read_bytes)
            await check(root.path / goal.path, content)
        async with self.lock:
            old = await self._catalogs[goal.root].file(goal.path)
            if old is not None:
                if not overwrite:
                    message = f"'{goal.path}' exists already"
                    raise FileExists(message)
                self._refuse_in_use(goal.root, goal.path)
            entry = await self._disk.run(beneath.entry, root.path, goal.path)
            if entry is not None and entry.is_folder:
                message = f"'{goal.path}' is a folder"
                raise FileExists(message)
            await self._disk.run(
                copies.settle, self._waiting_root, waiting, root.path, goal.path
            )
            file = await self._catalogs[goal.root].added(goal.path, about)
            told = FileAdded if old is None else FileChanged
            self._tell(goal.root, told(file, about.user))
            if file.metadata is not None:
                self._bus.fire(MetadataReady(file, file.metadata))
        return Receipt(file, created=old is None)

    async def _list(
        self, root: str, path: str, *, deep: bool, hidden: bool, details: bool
    ) -> Listing:
        path = names.normalise(path)
        if path:
            await self.folder_info(root, path)
        catalog = self._catalog(root)
        return await catalog.tree(path, deep=deep, hidden=hidden, details=details)

    async def _there(self, root: str, path: str) -> FileInfo | FolderInfo:
        catalog = self._catalog(root)
        there = (await catalog.file(path) if path else None) or await catalog.folder(path)
        if there is None:
            message = f"there is no file or folder '{path}'"
            raise FileMissing(message)
        return there

    async def _goal(
        self, there: FileInfo | FolderInfo, target: Item, *, overwrite: bool
    ) -> Item:
        """Return where something would be after a move or copy, if it may be there."""
        root = self._roots.writable(target.root)
        path = names.normalise(target.path)
        catalog = self._catalog(target.root)
        if not path or await catalog.folder(path) is not None:
            path = names.join(path, there.name)
        else:
            path = self._clean(path)
        if (target.root, path) == (there.root, there.path):
            return Item(target.root, path)
        if isinstance(there, FileInfo):
            self._roots.check_new(root, path)
            if kind_of(path) is not there.kind:
                message = "a file cannot become one of another kind"
                raise UnsupportedType(message)
            if await catalog.file(path) is not None:
                if not overwrite:
                    message = f"'{path}' exists already"
                    raise FileExists(message)
                self._refuse_in_use(target.root, path)
        else:
            self._roots.check_new_folder(root, path)
            if target.root == there.root and names.inside(path, there.path):
                message = "a folder cannot be moved or copied into itself"
                raise InvalidName(message)
        if await catalog.folder(path) is not None:
            message = f"there is a folder '{path}' already"
            raise FileExists(message)
        if not isinstance(there, FileInfo) and await catalog.file(path) is not None:
            message = f"there is a file '{path}' already"
            raise FileExists(message)
        return Item(target.root, path)

    def _target(self, root: str, path: str) -> str:
        """Return the path that a new file gets, if there may be one."""
        place = self._roots.writable(root)
        clean = self._clean(path)
        self._roots.check_new(place, clean)
        return clean

    def _clean(self, path: str) -> str:
        if ".." in path.replace("\\", "/").split("/"):
            message = "a path must not contain '..'"
            raise InvalidName(message)
        return names.sanitise(path)

    def _catalog(self, root: str) -> Catalog:
        return self._catalogs[self._roots.get(root).name]

    def _refuse_in_use(self, root: str, path: str) -> None:
        if self.in_use(root, path):
            message = f"'{path}' is used by a print"
            raise FileInUse(message)

    def _tell(self, root: str, event: object) -> None:
        self.changed(root)
        self._bus.fire(event)
