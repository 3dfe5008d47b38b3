"""Files on their way in: written as they come, given a name at the end, all or nothing.

Bytes go to a waiting file beside the G-code, in pieces of a megabyte from a thread; they
are flushed as they come, so that the last flush is short and a running print does not
stand in the queue behind half a gigabyte. A waiting file that was never kept is removed:
at once, or by the sweep at the next start.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Self, TypeVar

from appliance.components.file_manager import beneath
from appliance.components.file_manager.disk import Disk, require_room
from appliance.components.file_manager.roots import WAITING
from appliance.domain.file_service import Receipt, UploadTerms
from appliance.errors import DomainError, FileMissing, StorageFull, UploadBroken
from appliance.records import dataclass

T = TypeVar("T")

PIECE_BYTES = 1024 * 1024
FLUSH_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Arrived:
    """A complete waiting file: flushed to the disk, without a name yet."""

    path: str  # below the root that waiting files are in
    size: int
    digest: str  # SHA-1


Keep = Callable[[Arrived, str, str, UploadTerms], Awaitable[Receipt]]


class Room:
    """How much may come in: the limit for one file, and what is promised to uploads."""

    def __init__(self, root: Path, limit: int) -> None:
        self.root = root
        self.limit = limit
        self._promised = 0  # bytes that uploads under way have yet to write

    def check_size(self, size: int) -> None:
        """Raise if a file of that size is more than is taken."""
        if size > self.limit:
            message = f"a file may have at most {self.limit / 1e6:.0f} MB"
            raise StorageFull(message)

    def check_free(self, size: int) -> None:
        """Raise if the disk has no room for that and what is promised; blocks."""
        require_room(self.root, size + self._promised)

    def promise(self, size: int) -> None:
        """Count bytes that will come."""
        self._promised += size

    def redeem(self, size: int) -> None:
        """Count them off again: they came, or never will."""
        self._promised -= size


class Intake:
    """Where waiting files are; begins uploads and sweeps what was left behind."""

    def __init__(self, root: Path, disk: Disk, limit: int, keep: Keep) -> None:
        self._root = root
        self._disk = disk
        self._room = Room(root, limit)
        self._keep = keep

    async def sweep(self) -> None:
        """Remove the waiting files of a former life."""
        await self._disk.run(self._sweep)

    async def begin(self, size: int | None) -> Incoming:
        """Begin an upload of ``size`` bytes, if that is known."""
        self._room.check_size(size or 0)
        await self._disk.run(self._room.check_free, size or 0)
        waiting = await self._new()
        return Incoming(self._disk, self._room, waiting, size or 0, self._keep)

    async def new_path(self, size: int = 0) -> str:
        """Return the path of a new, empty waiting file, for copies and archives."""
        await self._disk.run(self._room.check_free, size)
        path, descriptor = await self._new()
        os.close(descriptor)
        return path

    async def discard(self, path: str) -> None:
        """Remove a waiting file; one that is gone is no error."""
        await self._disk.run(beneath.remove_file, self._root, path)

    async def _new(self) -> tuple[str, int]:
        """Make a waiting file; one that comes after we were cancelled is removed again."""
        making = asyncio.ensure_future(self._disk.run(self._create))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            with contextlib.suppress(DomainError):
                path, descriptor = await making
                os.close(descriptor)
                await self.discard(path)
            raise

    def _create(self) -> tuple[str, int]:
        path = f"{WAITING}/{secrets.token_hex(8)}.part"
        with beneath.folder_at(self._root, WAITING, make=True) as folder:
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            return path, os.open(path.rpartition("/")[2], flags, 0o644, dir_fd=folder)

    def _sweep(self) -> None:
        with contextlib.suppress(FileMissing):
            for entry in list(beneath.walk(self._root, WAITING)):
                if not entry.is_folder:
                    beneath.remove_file(self._root, entry.path)


class Incoming:
    """An upload under way; see `appliance.domain.files.Upload`."""

    def __init__(
        self,
        disk: Disk,
        room: Room,
        waiting: tuple[str, int],
        size: int,
        keep: Keep,
    ) -> None:
        self._disk = disk
        self._room = room
        self._path, descriptor = waiting
        self._descriptor: int | None = descriptor
        self._keep = keep
        self._digest = hashlib.sha1(usedforsecurity=False)
        self._buffer: list[bytes] = []
        self._buffered = 0
        self._received = 0
        self._unflushed = 0
        self._promise = size
        self._kept = False
        self._work: asyncio.Task[object] | None = None
        room.promise(size)

    @property
    def received(self) -> int:
        """Bytes taken so far."""
        return self._received

    async def write(self, chunk: bytes) -> None:
        """Take more bytes."""
        self._received += len(chunk)
        self._room.check_size(self._received)
        self._buffer.append(bytes(chunk))
        self._buffered += len(chunk)
        if self._buffered >= PIECE_BYTES:
            await self._write_out()

    async def keep(self, root: str, path: str, terms: UploadTerms | None = None) -> Receipt:
        """Give the file its final name."""
        terms = terms or UploadTerms()
        await self._write_out()
        if terms.sha256 is not None:
            found = await self._in_thread(self._sha256)
            if found != terms.sha256.strip().lower():
                message = "the checksum of the upload does not match"
                raise UploadBroken(message)
        await self._in_thread(self._finish)
        arrived = Arrived(self._path, self._received, self._digest.hexdigest())
        receipt = await self._keep(arrived, root, path, terms)
        self._kept = True
        return receipt

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._redeem(self._promise)
        if self._work is not None and not self._work.done():
            # Cancelled while a thread writes: the descriptor is closed after it.
            await asyncio.wait({self._work})
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        if not self._kept:
            self._buffer.clear()
            await self._disk.run(beneath.remove_file, self._room.root, self._path)

    async def _write_out(self) -> None:
        chunks, self._buffer = self._buffer, []
        count, self._buffered = self._buffered, 0
        if chunks:
            await self._in_thread(self._write, chunks, count)
            self._redeem(min(count, self._promise))

    async def _in_thread(self, function: Callable[..., T], *args: object) -> T:
        work = asyncio.create_task(self._disk.run(function, *args))
        self._work = work
        return await asyncio.shield(work)

    def _redeem(self, count: int) -> None:
        self._promise -= count
        self._room.redeem(count)

    def _write(self, chunks: list[bytes], count: int) -> None:
        descriptor = self._open_descriptor()
        for chunk in chunks:
            view = memoryview(chunk)
            while view:
                view = view[os.write(descriptor, view) :]
            self._digest.update(chunk)
        self._unflushed += count
        if self._unflushed >= FLUSH_BYTES:
            self._unflushed = 0
            os.fdatasync(descriptor)
            self._room.check_free(0)

    def _sha256(self) -> str:
        descriptor = self._open_descriptor()
        digest = hashlib.sha256()
        position = 0
        while block := os.pread(descriptor, PIECE_BYTES, position):
            digest.update(block)
            position += len(block)
        return digest.hexdigest()

    def _finish(self) -> None:
        descriptor = self._open_descriptor()
        self._descriptor = None
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            message = "the upload is closed"
            raise UploadBroken(message)
        return self._descriptor
