"""Copy bytes from file to file, and bring a waiting file to its place. All of it blocks."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path

from appliance.components.file_manager import beneath, names
from appliance.errors import FileMissing

BLOCK_BYTES = 4 * 1024 * 1024
FLUSH_BYTES = 16 * 1024 * 1024
# Kernels and file systems that cannot copy by themselves say one of these.
_CANNOT = frozenset({errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})


def copy(root: Path, path: str, target: Path) -> None:
    """Copy a plain file below ``root`` into the existing file ``target``, durably."""
    source = beneath.open_file(root, path)
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            _copy_bytes(source, descriptor)
        finally:
            os.close(descriptor)
    finally:
        os.close(source)


def settle(waiting_root: Path, waiting: str, root: Path, path: str) -> None:
    """Rename a waiting file to its final name; over a copy if that is on another disk."""
    try:
        beneath.rename((waiting_root, waiting), (root, path))
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _settle_across(waiting_root, waiting, root, path)


def _settle_across(waiting_root: Path, waiting: str, root: Path, path: str) -> None:
    folder, _, name = path.rpartition("/")
    temporary = names.join(folder, f".{secrets.token_hex(6)}.part")
    with beneath.folder_at(root, folder, make=True) as place:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        part = temporary.rpartition("/")[2]
        descriptor = os.open(part, flags, 0o644, dir_fd=place)
        try:
            source = beneath.open_file(waiting_root, waiting)
            try:
                _copy_bytes(source, descriptor)
            finally:
                os.close(source)
            os.rename(part, name, src_dir_fd=place, dst_dir_fd=place)
        except (OSError, FileMissing):
            with contextlib.suppress(OSError):
                os.unlink(part, dir_fd=place)
            raise
        finally:
            os.close(descriptor)
        os.fsync(place)
    beneath.remove_file(waiting_root, waiting)


def _copy_bytes(source: int, target: int) -> None:
    copied = 0
    flushed = 0
    by_kernel = True
    while True:
        try:
            count = (
                os.copy_file_range(source, target, BLOCK_BYTES)
                if by_kernel
                else os.sendfile(target, source, None, BLOCK_BYTES)
            )
        except OSError as error:
            if not by_kernel or copied or error.errno not in _CANNOT:
                raise
            by_kernel = False
            continue
        if not count:
            break
        copied += count
        if copied - flushed >= FLUSH_BYTES:
            flushed = copied
            os.fdatasync(target)
    os.fsync(target)
