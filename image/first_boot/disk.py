"""Files that are the old or the new ones, whole, whenever the power goes."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from appliance.storage import sync_directory, write_atomic


def write(path: Path, data: bytes, mode: int = 0o600) -> bool:
    """Have ``data`` in ``path``; return whether they were other ones. Saves the card."""
    with contextlib.suppress(OSError):
        if path.read_bytes() == data and path.stat().st_mode & 0o777 == mode:
            return False
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    write_atomic(path, data, mode)
    return True


def link(path: Path, target: str) -> bool:
    """Have ``path`` point to ``target``; return whether it did not."""
    with contextlib.suppress(OSError):
        if os.readlink(path) == target:  # noqa: PTH115 - by the name that tests break
            return False
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    os.symlink(target, temporary)  # noqa: PTH211
    os.replace(temporary, path)  # noqa: PTH105
    sync_directory(path.parent)
    return True


def remove(path: Path) -> bool:
    """Have no ``path``; return whether there was one."""
    try:
        os.unlink(path)  # noqa: PTH108
    except FileNotFoundError:
        return False
    sync_directory(path.parent)
    return True


def rename(path: Path, name: Path) -> None:
    """Give a file another name in its folder, durably."""
    os.replace(path, name)  # noqa: PTH105
    sync_directory(name.parent)


def replace_secret(path: Path, data: bytes) -> None:
    """Replace a file that holds secrets; what it held is overwritten, too.

    FAT frees the clusters of the old file and leaves what is in them to any undelete
    program; they stay ours for as long as the file is open.
    """
    with path.open("r+b") as old:
        write_atomic(path, data)
        _overwrite(old.fileno())


def remove_secret(path: Path) -> None:
    """Remove a file that holds secrets, and what it held."""
    with contextlib.suppress(FileNotFoundError), path.open("r+b") as old:
        remove(path)
        _overwrite(old.fileno())


def sweep(folder: Path) -> None:
    """Remove what a power cut left of a write."""
    with contextlib.suppress(OSError):
        for each in folder.glob(".*.tmp"):
            each.unlink(missing_ok=True)


def _overwrite(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, b"\0" * size)
    os.fsync(descriptor)
