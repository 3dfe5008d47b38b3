"""The G-code files: the index of them, what their slicers wrote, and their pictures."""

from __future__ import annotations

import uuid
from dataclasses import replace

from appliance.components.file_manager import beneath, names, pictures
from appliance.components.file_manager.beneath import Entry
from appliance.components.file_manager.catalog import About, DiskCatalog, add_size
from appliance.components.file_manager.disk import Disk
from appliance.components.file_manager.index import AnalysisRow, FileRow, FolderRow, Index
from appliance.components.file_manager.metadata.knowledge import Knowledge
from appliance.components.file_manager.metadata.reader import read
from appliance.components.file_manager.roots import Roots, kind_of, suffix
from appliance.domain.files import GCODES, FileInfo, FileKind, FolderInfo, Listing, Root
from appliance.domain.metadata import Metadata
from appliance.errors import FileMissing
from appliance.records import dataclass

# So many files are read before the index is written: bounded memory, few commits.
BATCH = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """What the disk has and the index does not know, and the other way round."""

    added: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()
    removed: tuple[str, ...] = ()
    folders_added: tuple[Entry, ...] = ()
    folders_removed: tuple[str, ...] = ()


class Library:
    """The catalog of the G-code root."""

    def __init__(self, root: Root, roots: Roots, disk: Disk, index: Index) -> None:
        self._root = root
        self._roots = roots
        self._disk = disk
        self._index = index
        self._plain = DiskCatalog(root, roots, disk)

    async def tree(self, path: str, *, deep: bool, hidden: bool, details: bool) -> Listing:
        """List a folder from the index."""
        files = await self._index.files(path, deep=deep, details=details)
        sizes: dict[str, int] = {}
        for folder, size in (await self._index.sizes(path)).items():
            add_size(sizes, names.join(folder, "x"), size)
        listing = Listing(
            tuple(
                _folder_info(row, sizes.get(row.path, 0))
                for row in await self._index.folders(path)
                if deep or names.parent(row.path) == path
            ),
            tuple(files),
        )
        return await self._with_hidden(listing, path, deep) if hidden else listing

    async def file(self, path: str) -> FileInfo | None:
        """Return a file with metadata and analysis."""
        row = await self._index.file(path)
        if row is None:
            if not names.is_hidden(path):
                return None
            return await self._plain.file(path)  # a picture
        analysis = row.digest and await self._index.analysis(row.digest)
        return replace(row.info, analysis=analysis.analysis if analysis else None)

    async def folder(self, path: str) -> FolderInfo | None:
        """Return a folder."""
        row = await self._index.folder(path) if path else None
        if row is None:
            hidden = not path or names.is_hidden(path)
            return await self._plain.folder(path) if hidden else None
        return _folder_info(row, sum((await self._index.sizes(path)).values()))

    async def added(self, path: str, about: About) -> FileInfo:
        """Read what the file says about itself and put it into the index."""
        entry = await self._disk.run(beneath.entry, self._root.path, path)
        if entry is None or entry.is_folder:
            message = f"there is no file '{path}'"
            raise FileMissing(message)
        old = await self._index.file(path)
        if old is not None and old.metadata is not None:
            await self._remove_pictures(old)
        row = await self._disk.run(self._row, entry, about)
        await self._note_folders(names.parent(path))
        await self._index.put_files([row])
        return await self.file(path) or row.info

    async def added_folder(self, path: str, display: str) -> FolderInfo:
        """Put a folder into the index."""
        await self._note_folders(path, display)
        folder = await self.folder(path)
        if folder is None:
            message = f"there is no folder '{path}'"
            raise FileMissing(message)
        return folder

    async def moved(self, source: str, target: str) -> None:
        """Give a file or folder another path in the index; pictures go with a file."""
        row = await self._index.file(source)
        await self._note_folders(names.parent(target))
        if row is None:
            await self._index.move_folder(source, target, names.display_name(target))
            return
        old = await self._index.file(target)
        if old is not None:
            await self._remove_pictures(old)
        metadata = row.metadata
        if metadata is not None:
            thumbnails = await self._disk.run(
                pictures.move, self._root.path, source, target, metadata.thumbnails
            )
            metadata = replace(metadata, thumbnails=thumbnails)
        display = names.display_name(target)
        await self._index.remove([source])
        await self._index.put_files(
            [replace(row, path=target, display=display, metadata=metadata)]
        )

    async def removed(self, path: str) -> None:
        """Take a file with its pictures, or a folder, out of the index."""
        row = await self._index.file(path)
        if row is not None:
            await self._remove_pictures(row)
        await self._index.remove([path])

    async def knowledge(self, path: str) -> Knowledge | None:
        """Return what is known of a file, with its pictures, to give it to a copy."""
        row = await self._index.file(path)
        if row is None or row.metadata is None:
            return None
        found = await self._disk.run(
            pictures.load, self._root.path, path, row.metadata.thumbnails
        )
        return Knowledge(row.metadata, found)

    async def row(self, path: str) -> FileRow | None:
        """Return a file as it stands in the index."""
        return await self._index.file(path)

    def open(self, path: str) -> int:
        """Open a G-code file for reading; blocks."""
        return beneath.open_file(self._root.path, path)

    async def learn(
        self, row: FileRow, analysis: AnalysisRow, metadata: Metadata | None
    ) -> None:
        """Keep what the background process found out about a file."""
        await self._index.set_digest(row, analysis.digest)
        await self._index.put_analysis(analysis)
        if metadata is not None:
            thumbnails = row.metadata.thumbnails if row.metadata else ()
            await self._index.set_metadata(row, replace(metadata, thumbnails=thumbnails))

    async def unanalysed(self, version: int) -> list[str]:
        """Return the files without an analysis of that version, the newest first."""
        return await self._index.unanalysed(version)

    async def sweep(self) -> None:
        """Forget what is known of content that is gone."""
        await self._index.sweep()

    async def analysis(self, path: str) -> AnalysisRow | None:
        """Return the analysis of a file, if there is one."""
        row = await self._index.file(path)
        if row is None or row.digest is None:
            return None
        return await self._index.analysis(row.digest)

    async def reread(self, path: str) -> Metadata | None:
        """Read the metadata of a file again."""
        row = await self._index.file(path)
        if row is None:
            message = f"there is no file '{path}'"
            raise FileMissing(message)
        if row.digest is not None:
            await self._index.drop_analysis(row.digest)
        about = About(row.display, row.digest, row.user, row.userdata)
        info = await self.added(path, about)
        return info.metadata

    async def compare(self, paths: set[str] | None = None) -> Difference:
        """Compare disk and index: everything, or what lies at those paths."""
        known = await self._index.all_files()
        folders = {row.path for row in await self._index.folders()}
        found = await self._disk.run(self._walk, paths)
        files = {entry.path: entry for entry in found if not entry.is_folder}
        on_disk = {entry.path: entry for entry in found if entry.is_folder}

        def concerned(path: str) -> bool:
            return paths is None or not paths.isdisjoint(names.with_parents(path))

        return Difference(
            added=tuple(entry for path, entry in files.items() if path not in known),
            changed=tuple(
                entry
                for path, entry in files.items()
                if path in known and known[path] != (entry.size, entry.modified_ns)
            ),
            removed=tuple(path for path in known if path not in files and concerned(path)),
            folders_added=tuple(
                entry for path, entry in on_disk.items() if path not in folders
            ),
            folders_removed=tuple(
                path for path in folders if path not in on_disk and concerned(path)
            ),
        )

    async def take(self, difference: Difference) -> None:
        """Bring the index to where the disk is."""
        gone = [*difference.removed, *difference.folders_removed]
        if gone:
            await self._index.remove(gone)
        await self._index.put_folders(
            FolderRow(entry.path, entry.modified_ns, names.display_name(entry.path))
            for entry in difference.folders_added
        )
        entries = [*difference.added, *difference.changed]
        for start in range(0, len(entries), BATCH):
            batch = entries[start : start + BATCH]
            await self._index.put_files(
                [await self._disk.run(self._row, entry, About()) for entry in batch]
            )

    def _row(self, entry: Entry, about: About) -> FileRow:
        """Read the file and write its pictures; blocks."""
        path = entry.path
        knowledge = about.knowledge
        if knowledge is None and kind_of(path) is FileKind.GCODE:
            knowledge = self._read(path)
        metadata = None
        if knowledge is not None:
            thumbnails = pictures.put(self._root.path, path, knowledge.pictures)
            metadata = replace(knowledge.metadata, thumbnails=thumbnails)
        return FileRow(
            path=path,
            size=entry.size,
            modified_ns=entry.modified_ns,
            inode=entry.inode,
            display=about.display or names.display_name(path),
            uuid=str(uuid.uuid4()),
            digest=about.digest,
            user=about.user,
            userdata=about.userdata,
            metadata=metadata,
        )

    def _read(self, path: str) -> Knowledge | None:
        try:
            descriptor = beneath.open_file(self._root.path, path)
        except FileMissing:
            return None
        return read(descriptor, suffix(path))

    async def _remove_pictures(self, row: FileRow) -> None:
        if row.metadata is not None and row.metadata.thumbnails:
            await self._disk.run(
                pictures.remove, self._root.path, row.path, row.metadata.thumbnails
            )

    async def _note_folders(self, path: str, display: str | None = None) -> None:
        """Put a folder and those above it into the index."""
        rows = []
        while path:
            entry = await self._disk.run(beneath.entry, self._root.path, path)
            if entry is not None and entry.is_folder:
                shown = display or names.display_name(path)
                rows.append(FolderRow(path, entry.modified_ns, shown))
            path, display = names.parent(path), None
        await self._index.put_folders(rows)

    def _walk(self, paths: set[str] | None) -> list[Entry]:
        found: dict[str, Entry] = {}
        for path in {""} if paths is None else paths:
            entry = beneath.entry(self._root.path, path)
            if entry is None:
                continue
            if path:
                found[path] = entry
            if entry.is_folder:
                found.update(
                    (inner.path, inner) for inner in beneath.walk(self._root.path, path)
                )
        return [
            entry
            for path, entry in found.items()
            if not names.is_hidden(path)
            and (entry.is_folder or self._roots.shows_file(self._root, path))
        ]

    async def _with_hidden(self, listing: Listing, path: str, deep: bool) -> Listing:
        """Add the hidden folders and the pictures in them, which are not in the index."""
        plain = await self._plain.tree(path, deep=deep, hidden=True, details=False)
        files = {file.path: file for file in plain.files if names.is_hidden(file.path)}
        folders = {folder.path: folder for folder in plain.folders}
        files.update((file.path, file) for file in listing.files)
        folders.update((folder.path, folder) for folder in listing.folders)
        return Listing(
            tuple(folders[path] for path in sorted(folders)),
            tuple(files[path] for path in sorted(files)),
        )


def _folder_info(row: FolderRow, size: int) -> FolderInfo:
    return FolderInfo(GCODES, row.path, row.modified_ns / 1e9, size, row.display)
