"""Threads for the work on the disk, and its errors in the words of the domain."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from appliance.domain.files import DiskUsage
from appliance.errors import DomainError, FileError, FileForbidden, StorageFull

T = TypeVar("T")

# A few: the disk of a small board is one slow thing, and somebody's zip must leave room.
THREADS = 4
# Kept free whatever is uploaded, so that journals, settings and histories go on.
RESERVE_BYTES = 32 * 1024 * 1024


class Disk:
    """Runs functions that block on the disk."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "files")

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """Run ``function`` in a thread; an OSError comes out as a `FileError`."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, function, *args)
        except OSError as error:
            raise translate(error) from error

    async def close(self) -> None:
        """End the threads after what they do now."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)


def translate(error: OSError) -> DomainError:
    """Return the error of the domain that says what the disk said."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageFull("the disk is full")
    if error.errno == errno.EFBIG:
        return StorageFull("the disk does not take files of that size")
    if error.errno == errno.EROFS:
        return FileForbidden("the disk can only be read now")
    if error.errno in {errno.EACCES, errno.EPERM}:
        return FileForbidden("the system does not allow that")
    return FileError(f"the disk reports: {os.strerror(error.errno or errno.EIO)}")


def usage(path: Path) -> DiskUsage:
    """Return how full the disk of ``path`` is, as a plain user sees it."""
    status = os.statvfs(path)
    total = status.f_blocks * status.f_frsize
    free = status.f_bavail * status.f_frsize
    return DiskUsage(total, total - status.f_bfree * status.f_frsize, free)


def require_room(path: Path, size: int) -> None:
    """Raise `StorageFull` if ``size`` more bytes leave less than the reserve."""
    free = usage(path).free
    if size + RESERVE_BYTES > free:
        wanted, left = _megabytes(size), _megabytes(max(free - RESERVE_BYTES, 0))
        message = f"not enough room on the disk: {wanted} MB wanted, {left} MB free"
        raise StorageFull(message)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}"
