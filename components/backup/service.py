"""Makes, takes and restores backups, one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from appliance import __version__
from appliance.backup import contents
from appliance.backup.contents import Folders
from appliance.backup.format import Head
from appliance.backup.order import Order
from appliance.backup.reading import need_room, read_info
from appliance.backup.work import let_work
from appliance.components.backup.shelf import Shelf
from appliance.core import Appliance, StopReason
from appliance.domain.backup import (
    BackupBusy,
    BackupInfo,
    BackupMade,
    BackupReason,
    RestoreBegan,
)
from appliance.errors import InvalidRequest

_LOGGER = logging.getLogger(__name__)

SHORTEST_PASSPHRASE = 8
LONGEST_PASSPHRASE = 1000
# The answer goes out before we do.
GOODBYE_S = 0.3
_PIECE = 1 << 20


class BackupService:
    """Implements `appliance.domain.backup.Backups`."""

    def __init__(self, appliance: Appliance, folder: Path, keep: int) -> None:
        self._appliance = appliance
        self._shelf = Shelf(folder, keep)
        self._busy = False

    async def prepare(self) -> None:
        """Make the folder, tidy it up; a disk that is not there holds nobody up."""
        try:
            await asyncio.to_thread(self._shelf.prepare)
        except OSError as error:
            _LOGGER.error("No backups can be made in %s: %s", self.folder, error.strerror)

    @property
    def busy(self) -> bool:
        """Whether a backup is being made, checked or restored."""
        return self._busy

    @property
    def folder(self) -> Path:
        """Where the backups are."""
        return self._shelf.folder

    async def list(self) -> Sequence[BackupInfo]:
        """List them, the newest first."""
        return await asyncio.to_thread(self._shelf.list)

    async def create(
        self,
        *,
        files: bool = False,
        passphrase: str | None = None,
        reason: BackupReason = BackupReason.WANTED,
    ) -> BackupInfo:
        """Make one."""
        check_passphrase(passphrase)
        with self._alone():
            return await self._create(files=files, passphrase=passphrase, reason=reason)

    async def delete(self, name: str) -> None:
        """Delete one."""
        await asyncio.to_thread(self._shelf.delete, name)

    async def path(self, name: str) -> Path:
        """Return the file of one."""
        return await asyncio.to_thread(self._shelf.path, name)

    async def receive(self, chunks: AsyncIterator[bytes], size: int | None) -> BackupInfo:
        """Take one from elsewhere."""
        with self._alone():
            await asyncio.to_thread(self._shelf.prepare_folder)
            await asyncio.to_thread(need_room, self.folder, size or 0)
            waiting = self._shelf.waiting_path()
            try:
                received = await _write(waiting, chunks)
                head, sealed = await asyncio.to_thread(read_info, waiting)
                if not sealed:
                    await let_work(self._order("verify", waiting), received)
                return await asyncio.to_thread(self._shelf.adopt, waiting, head, sealed=sealed)
            finally:
                await asyncio.to_thread(waiting.unlink, missing_ok=True)

    async def restore(self, name: str, passphrase: str | None = None) -> BackupInfo:
        """Put one in the place of everything, by a restart."""
        with self._alone():
            info = await asyncio.to_thread(self._shelf.info, name)
            path = await self.path(name)
            order = self._order("stage", path, passphrase)
            # First, so that a wrong passphrase does not cost a backup.
            await let_work(self._order("verify", path, passphrase), info.size)
            await self._create(files=False, passphrase=None, reason=BackupReason.RESTORE)
            await let_work(order, info.size)
        _LOGGER.warning("Restoring the backup %s: Gantry starts again", name)
        self._appliance.bus.fire(RestoreBegan(info))
        loop = asyncio.get_running_loop()
        loop.call_later(GOODBYE_S, self._appliance.request_stop, StopReason.RESTART)
        return info

    async def _create(
        self, *, files: bool, passphrase: str | None, reason: BackupReason
    ) -> BackupInfo:
        configuration = self._appliance.configuration
        folders = contents.folders_of(configuration)
        await self._appliance.storage.flush()
        await asyncio.to_thread(self._shelf.prepare_folder)
        size = await asyncio.to_thread(_size, folders, files)
        await asyncio.to_thread(need_room, self.folder, size)
        head = Head(time.time(), __version__, self._appliance.name, reason, files)
        target = self._shelf.new_path(head, sealed=passphrase is not None)
        order = Order("pack", target, folders.config, passphrase, head, folders)
        await let_work(order, size)
        info = await asyncio.to_thread(self._shelf.info, target.name)
        await asyncio.to_thread(self._shelf.prune)
        _LOGGER.info("Made the backup %s (%.1f MB)", info.name, info.size / 1e6)
        self._appliance.bus.fire(BackupMade(info))
        return info

    def _order(self, do: str, archive: Path, passphrase: str | None = None) -> Order:
        return Order(do, archive, self._appliance.paths.config, passphrase)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        if self._busy:
            raise BackupBusy("another backup is being made or restored just now")
        self._busy = True
        try:
            yield
        finally:
            self._busy = False


def check_passphrase(passphrase: str | None) -> None:
    """Refuse one that protects nothing."""
    if passphrase is None:
        return
    if not SHORTEST_PASSPHRASE <= len(passphrase) <= LONGEST_PASSPHRASE:
        message = f"a passphrase has at least {SHORTEST_PASSPHRASE} characters"
        raise InvalidRequest(message)


def _size(folders: Folders, files: bool) -> int:
    sources = [*contents.of_configuration(folders)]
    if files:
        sources += contents.of_files(folders)
    total = 0
    for source in sources:
        with contextlib.suppress(OSError):
            total += source.path.stat().st_size
    return total


async def _write(path: Path, chunks: AsyncIterator[bytes]) -> int:
    """Write what comes, durably and only as long as there is room."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    file: BinaryIO = await asyncio.to_thread(
        lambda: os.fdopen(os.open(path, flags, 0o600), "wb")
    )
    received = 0
    try:
        piece = bytearray()
        async for chunk in chunks:
            piece += chunk
            if len(piece) >= _PIECE:
                received += await asyncio.to_thread(_put, file, path.parent, bytes(piece))
                piece.clear()
        received += await asyncio.to_thread(_put, file, path.parent, bytes(piece))
        await asyncio.to_thread(os.fsync, file.fileno())
    finally:
        await asyncio.to_thread(file.close)
    return received


def _put(file: BinaryIO, folder: Path, piece: bytes) -> int:
    need_room(folder, len(piece))
    file.write(piece)
    file.flush()
    return len(piece)
