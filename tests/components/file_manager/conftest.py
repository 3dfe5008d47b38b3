"""A file service on a folder of its own, and what it told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from appliance.bus import Bus
from appliance.components.file_manager.disk import Disk
from appliance.components.file_manager.index import SCHEMA, Index
from appliance.components.file_manager.library import Library
from appliance.components.file_manager.reservations import Reservations
from appliance.components.file_manager.roots import GCODE_SUFFIXES, MODEL_SUFFIXES, Roots
from appliance.components.file_manager.service import FileService
from appliance.components.file_manager.watch import Watcher
from appliance.database import Database
from appliance.domain import file_events as files
from appliance.domain.file_service import Receipt, UploadTerms
from appliance.domain.files import GCODES, Root

_EVENTS = (
    files.FileAdded,
    files.FileChanged,
    files.FileRemoved,
    files.FileMoved,
    files.FolderAdded,
    files.FolderRemoved,
    files.FolderMoved,
)

LIMIT = 20_000_000


@dataclass(slots=True)
class Shop:
    """A service with what it stands on."""

    folder: Path
    bus: Bus
    service: FileService
    library: Library
    index: Index
    watcher: Watcher
    told: list[object] = field(default_factory=list)

    async def upload(self, path: str, content: bytes = b"G28\n", **terms: object) -> Receipt:
        return await self.service.receive(
            GCODES,
            path,
            pieces(content),
            size=len(content),
            terms=UploadTerms(**terms),  # type: ignore[arg-type]
        )

    async def paths(self, root: str = GCODES) -> list[str]:
        return [file.path for file in (await self.service.tree(root)).files]

    def on_disk(self) -> set[str]:
        """The files in the root, those that wait for a name included."""
        return {
            str(path.relative_to(self.folder))
            for path in self.folder.rglob("*")
            if path.is_file()
        }


async def pieces(content: bytes, size: int = 4096) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def open_shop(
    base: Path, printers: Iterable[object] = ()
) -> tuple[Shop, Disk, Database]:
    folder = base / "gcodes"
    folder.mkdir(exist_ok=True)
    database = Database(base / ".storage" / "files.sqlite", SCHEMA)
    await database.open()
    disk = Disk()
    root = Root(GCODES, folder, suffixes=GCODE_SUFFIXES | MODEL_SUFFIXES)
    roots = Roots(root)
    index = Index(database)
    library = Library(root, roots, disk, index)
    bus = Bus()
    reservations = Reservations(lambda: printers)  # type: ignore[arg-type, return-value]
    service = FileService(bus, roots, disk, library, reservations, LIMIT)
    watcher = Watcher(bus, service, library, folder)
    shop = Shop(folder, bus, service, library, index, watcher)
    for event in _EVENTS:
        bus.listen(event, shop.told.append)
    await service.sweep()
    await watcher.compare()
    return shop, disk, database


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop, disk, database = await open_shop(tmp_path)
    yield shop
    await database.close()
    await disk.close()
