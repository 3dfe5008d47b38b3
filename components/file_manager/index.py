"""What is known about the G-code files, kept in SQLite: a list of 20,000 is one query.

The disk is the truth: a row says which size and time the file had when it was read, and
the scan at start-up and the watcher compare. Analyses are kept by content, so that a file
that is moved, copied or uploaded again is not analysed again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from appliance.components.file_manager.records import (
    analysis_from,
    layers_from,
    metadata_from,
)
from appliance.components.file_manager.roots import kind_of
from appliance.database import Database
from appliance.domain.analysis import Analysis, Layer
from appliance.domain.files import GCODES, FileInfo, FileKind
from appliance.domain.metadata import Metadata
from appliance.records import dataclass

SCHEMA = (
    """
    CREATE TABLE files (
        path TEXT PRIMARY KEY,
        folder TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        display TEXT NOT NULL,
        uuid TEXT NOT NULL,
        digest TEXT,
        user TEXT,
        userdata TEXT,
        metadata TEXT
    ) WITHOUT ROWID;
    CREATE INDEX files_by_folder ON files (folder);
    CREATE INDEX files_by_digest ON files (digest);
    CREATE TABLE folders (
        path TEXT PRIMARY KEY,
        modified_ns INTEGER NOT NULL,
        display TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE analyses (
        digest TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        plain_size INTEGER NOT NULL,
        analysis TEXT NOT NULL,
        facts TEXT NOT NULL,
        layers TEXT NOT NULL,
        curve TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)

_COLUMNS = "path, size, modified_ns, display, uuid, digest, user, userdata"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it stands in the index; its pictures are named from its folder."""

    path: str
    size: int
    modified_ns: int
    inode: int
    display: str
    uuid: str
    digest: str | None = None
    user: str | None = None
    userdata: Mapping[str, Any] | None = None
    metadata: Metadata | None = None

    @property
    def info(self) -> FileInfo:
        """The row as the domain says it."""
        return FileInfo(
            root=GCODES,
            path=self.path,
            size=self.size,
            modified=self.modified_ns / 1e9,
            kind=kind_of(self.path),
            display=self.display,
            uuid=self.uuid,
            digest=self.digest,
            user=self.user,
            userdata=self.userdata,
            metadata=placed(self.path, self.metadata) if self.metadata else None,
        )


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder as it stands in the index."""

    path: str
    modified_ns: int
    display: str


@dataclass(frozen=True, slots=True)
class AnalysisRow:
    """The outcome of an analysis of some content."""

    digest: str
    version: int  # of the analyser
    plain_size: int  # bytes, unpacked where the file is packed
    analysis: Analysis
    facts: dict[str, Any]  # for the lint
    layers: tuple[Layer, ...]
    curve: tuple[tuple[int, float], ...]  # (byte, seconds left) by the slicer or by us


def below(path: str) -> tuple[str, str]:
    """Return the range of paths that lie below a folder: from (with), to (without)."""
    return (path + "/", path + "0") if path else ("", "\U0010ffff")


class Index:
    """The index and its questions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def files(self, folder: str, *, deep: bool, details: bool) -> list[FileInfo]:
        """Return the files in (or, deep, below) a folder, by path."""
        where = "f.path >= ? AND f.path < ?" if deep else "f.folder = ?"
        values = below(folder) if deep else (folder,)

        def work(connection: sqlite3.Connection) -> list[FileInfo]:
            if not details:
                rows = connection.execute(
                    f"SELECT {_COLUMNS} FROM files f WHERE {where} ORDER BY path",  # noqa: S608
                    values,
                )
                return [_info(row) for row in rows]
            rows = connection.execute(
                "SELECT f.path, f.size, f.modified_ns, f.display, f.uuid, f.digest, f.user,"  # noqa: S608
                " f.userdata, f.metadata, a.analysis FROM files f LEFT JOIN analyses a"
                f" ON a.digest = f.digest WHERE {where} ORDER BY f.path",
                values,
            )
            return [_detailed(row) for row in rows]

        return await self._database.run(work)

    async def folders(self, folder: str = "") -> list[FolderRow]:
        """Return all folders below a folder, by path."""
        return await self._database.run(
            lambda connection: [
                FolderRow(*row)
                for row in connection.execute(
                    "SELECT path, modified_ns, display FROM folders"
                    " WHERE path >= ? AND path < ? ORDER BY path",
                    below(folder),
                )
            ]
        )

    async def folder(self, path: str) -> FolderRow | None:
        """Return one folder."""

        def work(connection: sqlite3.Connection) -> FolderRow | None:
            row = connection.execute(
                "SELECT path, modified_ns, display FROM folders WHERE path = ?", (path,)
            ).fetchone()
            return FolderRow(*row) if row else None

        return await self._database.run(work)

    async def sizes(self, folder: str = "") -> dict[str, int]:
        """Return the bytes of the files right in each folder at or below ``folder``."""
        return await self._database.run(
            lambda connection: dict(
                connection.execute(
                    "SELECT folder, sum(size) FROM files WHERE path >= ? AND path < ?"
                    " GROUP BY folder",
                    below(folder),
                ).fetchall()
            )
        )

    async def file(self, path: str) -> FileRow | None:
        """Return one file."""
        return await self._database.run(lambda connection: _file(connection, path))

    async def all_files(self) -> dict[str, tuple[int, int]]:
        """Return size and time of every file by its path, to compare with the disk."""
        return await self._database.run(
            lambda connection: {
                path: (size, modified)
                for path, size, modified in connection.execute(
                    "SELECT path, size, modified_ns FROM files"
                )
            }
        )

    async def put_files(self, rows: Sequence[FileRow]) -> None:
        """Add or replace files."""

        def work(connection: sqlite3.Connection) -> None:
            for row in rows:
                _put(connection, row)

        await self._database.run(work)

    async def set_digest(self, row: FileRow, digest: str) -> None:
        """Remember the digest of a file, unless another one has its name now."""
        await self._database.run(
            lambda connection: connection.execute(
                "UPDATE files SET digest = ? WHERE path = ? AND uuid = ?",
                (digest, row.path, row.uuid),
            )
        )

    async def set_metadata(self, row: FileRow, metadata: Metadata) -> None:
        """Remember better metadata of a file, unless another one has its name now."""
        text = orjson.dumps(metadata).decode()
        await self._database.run(
            lambda connection: connection.execute(
                "UPDATE files SET metadata = ? WHERE path = ? AND uuid = ?",
                (text, row.path, row.uuid),
            )
        )

    async def put_folders(self, rows: Iterable[FolderRow]) -> None:
        """Add or replace folders; the display name of one that is known stays."""
        values = [(row.path, row.modified_ns, row.display) for row in rows]
        await self._database.run(
            lambda connection: connection.executemany(
                "INSERT INTO folders VALUES (?, ?, ?)"
                " ON CONFLICT (path) DO UPDATE SET modified_ns = excluded.modified_ns",
                values,
            )
        )

    async def remove(self, paths: Iterable[str]) -> None:
        """Forget files and folders with all that is below them."""
        paths = list(paths)

        def work(connection: sqlite3.Connection) -> None:
            for path in paths:
                for table in ("files", "folders"):
                    connection.execute(
                        f"DELETE FROM {table} WHERE path = ? OR path >= ? AND path < ?",  # noqa: S608
                        (path, *below(path)),
                    )

        await self._database.run(work)

    async def move_folder(self, source: str, target: str, display: str) -> None:
        """Give a folder another path and name, and everything below it with it."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM folders WHERE path = ?", (target,))
            for table in ("files", "folders"):
                connection.execute(
                    f"UPDATE {table} SET path = ? || substr(path, ?)"  # noqa: S608
                    " WHERE path = ? OR path >= ? AND path < ?",
                    (target, len(source) + 1, source, *below(source)),
                )
            connection.execute(
                "UPDATE files SET folder = ? || substr(folder, ?)"
                " WHERE folder = ? OR folder >= ? AND folder < ?",
                (target, len(source) + 1, source, *below(source)),
            )
            connection.execute(
                "UPDATE folders SET display = ? WHERE path = ?", (display, target)
            )

        await self._database.run(work)

    async def analysis(self, digest: str) -> AnalysisRow | None:
        """Return the analysis of some content."""

        def work(connection: sqlite3.Connection) -> AnalysisRow | None:
            row = connection.execute(
                "SELECT digest, version, plain_size, analysis, facts, layers, curve"
                " FROM analyses WHERE digest = ?",
                (digest,),
            ).fetchone()
            return _analysis(row) if row else None

        return await self._database.run(work)

    async def put_analysis(self, row: AnalysisRow) -> None:
        """Keep an analysis."""
        values = (
            row.digest,
            row.version,
            row.plain_size,
            orjson.dumps(row.analysis).decode(),
            orjson.dumps(row.facts).decode(),
            orjson.dumps(row.layers).decode(),
            orjson.dumps(row.curve).decode(),
        )
        await self._database.run(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO analyses VALUES (?, ?, ?, ?, ?, ?, ?)", values
            )
        )

    async def drop_analysis(self, digest: str) -> None:
        """Forget the analyses of some content, so that it is analysed again."""
        await self._database.run(
            lambda connection: connection.execute(
                "DELETE FROM analyses WHERE digest = ?", (digest,)
            )
        )

    async def unanalysed(self, version: int) -> list[str]:
        """Return the files that no analysis of that version is known for, newest first."""
        return await self._database.run(
            lambda connection: [
                path
                for (path,) in connection.execute(
                    "SELECT path FROM files f WHERE digest IS NULL OR NOT EXISTS"
                    " (SELECT 1 FROM analyses a WHERE a.digest = f.digest AND a.version = ?)"
                    " ORDER BY modified_ns DESC",
                    (version,),
                )
                if kind_of(path) is FileKind.GCODE
            ]
        )

    async def sweep(self) -> None:
        """Forget the analyses of content that no file has any more."""
        await self._database.run(
            lambda connection: connection.execute(
                "DELETE FROM analyses WHERE digest NOT IN"
                " (SELECT digest FROM files WHERE digest IS NOT NULL)"
            )
        )


def placed(path: str, metadata: Metadata) -> Metadata:
    """Return the metadata of the file at ``path`` with its pictures named from the root."""
    folder = path.rpartition("/")[0]
    if not folder or not metadata.thumbnails:
        return metadata
    return replace(
        metadata,
        thumbnails=tuple(
            replace(thumbnail, path=f"{folder}/{thumbnail.path}")
            for thumbnail in metadata.thumbnails
        ),
    )


def _put(connection: sqlite3.Connection, row: FileRow) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.path,
            row.path.rpartition("/")[0],
            row.size,
            row.modified_ns,
            row.inode,
            row.display,
            row.uuid,
            row.digest,
            row.user,
            orjson.dumps(row.userdata).decode() if row.userdata is not None else None,
            orjson.dumps(row.metadata).decode() if row.metadata is not None else None,
        ),
    )


def _file(connection: sqlite3.Connection, path: str) -> FileRow | None:
    row = connection.execute(
        "SELECT path, size, modified_ns, inode, display, uuid, digest, user, userdata,"
        " metadata FROM files WHERE path = ?",
        (path,),
    ).fetchone()
    if row is None:
        return None
    path, size, modified_ns, inode, display, uuid, digest, user, userdata, metadata = row
    return FileRow(
        path,
        size,
        modified_ns,
        inode,
        display,
        uuid,
        digest,
        user,
        userdata=orjson.loads(userdata) if userdata else None,
        metadata=metadata_from(orjson.loads(metadata)) if metadata else None,
    )


def _info(row: Sequence[Any]) -> FileInfo:
    path, size, modified_ns, display, uuid, digest, user, userdata = row
    return FileInfo(
        GCODES,
        path,
        size,
        modified_ns / 1e9,
        kind_of(path),
        display,
        uuid,
        digest,
        user,
        orjson.loads(userdata) if userdata else None,
    )


def _detailed(row: Sequence[Any]) -> FileInfo:
    path, size, modified_ns, display, uuid, digest, user, userdata, metadata, analysis = row
    return FileInfo(
        GCODES,
        path,
        size,
        modified_ns / 1e9,
        kind_of(path),
        display,
        uuid,
        digest,
        user,
        orjson.loads(userdata) if userdata else None,
        placed(path, metadata_from(orjson.loads(metadata))) if metadata else None,
        analysis_from(orjson.loads(analysis)) if analysis else None,
    )


def _analysis(row: Sequence[Any]) -> AnalysisRow:
    digest, version, plain_size, analysis, facts, layers, curve = row
    return AnalysisRow(
        digest,
        version,
        plain_size,
        analysis_from(orjson.loads(analysis)),
        orjson.loads(facts),
        layers_from(orjson.loads(layers)),
        tuple((int(byte), float(left)) for byte, left in orjson.loads(curve)),
    )
