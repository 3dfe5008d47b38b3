"""Reach files below a root without ever following a symbolic link.

Each part of a path is opened relative to the folder before it with O_NOFOLLOW, so that
nothing that somebody plants in a root (a link to /etc, a FIFO, a device) is read, written
or removed through us. What the openat2 call does with RESOLVE_BENEATH and
RESOLVE_NO_SYMLINKS, for kernels and languages that lack it. All of it blocks: use a thread.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from appliance.components.file_manager import names
from appliance.errors import FileExists, FileMissing
from appliance.records import dataclass

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# "Not a folder", "too many links" (that is a link), "no such": all mean that nothing is there.
_NOTHING_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})


@dataclass(frozen=True, slots=True)
class Entry:
    """What a plain file or folder on the disk is."""

    path: str  # below the root
    is_folder: bool
    size: int
    modified_ns: int
    inode: int

    @property
    def modified(self) -> float:
        """Time of the last change in unix seconds."""
        return self.modified_ns / 1e9


@contextlib.contextmanager
def folder_at(root: Path, folder: str, *, make: bool = False) -> Iterator[int]:
    """Open ``folder`` below ``root``; ``make`` creates what is missing."""
    # The root itself is the person's choice and may be a link.
    current = _open_root(root)
    try:
        for part in names.split(folder):
            if make:
                _make(part, current)
            inner = _open_folder(part, current)
            os.close(current)
            current = inner
        yield current
    finally:
        os.close(current)


def entry(root: Path, path: str) -> Entry | None:
    """Return what is at ``path``: a plain file or folder, or None."""
    folder, _, name = path.rpartition("/")
    try:
        with folder_at(root, folder) as descriptor:
            return entry_at(descriptor, name or ".", path)
    except FileMissing:
        return None


def entry_at(descriptor: int, name: str, path: str) -> Entry | None:
    """Return what ``name`` in an open folder is; ``path`` is its path below the root."""
    try:
        status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NOTHING_THERE:
            return None
        raise
    return describe(status, path)


def describe(status: os.stat_result, path: str) -> Entry | None:
    """Return an entry for what is a plain file or folder; None for anything else.

    A file with a second hard link counts as "anything else": what we show or remove could
    be something outside of the root.
    """
    is_folder = stat.S_ISDIR(status.st_mode)
    if not is_folder and not (stat.S_ISREG(status.st_mode) and status.st_nlink == 1):
        return None
    return Entry(path, is_folder, status.st_size, status.st_mtime_ns, status.st_ino)


def open_file(root: Path, path: str) -> int:
    """Open a plain file for reading; return the descriptor."""
    folder, _, name = path.rpartition("/")
    with folder_at(root, folder) as descriptor:
        # O_NONBLOCK: opening a FIFO would wait for its writer.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        try:
            file = os.open(name, flags, dir_fd=descriptor)
        except OSError as error:
            raise _missing(error, path) from error
    if describe(os.fstat(file), path) is None:
        os.close(file)
        message = f"there is no file '{path}'"
        raise FileMissing(message)
    return file


def make_folder(root: Path, path: str) -> None:
    """Make a folder and those above it; `FileExists` if something has its name."""
    folder, _, name = path.rpartition("/")
    with folder_at(root, folder, make=True) as descriptor:
        try:
            os.mkdir(name, dir_fd=descriptor)
        except FileExistsError:
            message = f"'{path}' exists already"
            raise FileExists(message) from None
        os.fsync(descriptor)


def rename(source: tuple[Path, str], target: tuple[Path, str]) -> None:
    """Rename a file or folder durably, replacing a file; raises OSError EXDEV across disks."""
    source_folder, _, source_name = source[1].rpartition("/")
    target_folder, _, target_name = target[1].rpartition("/")
    with (
        folder_at(source[0], source_folder) as from_folder,
        folder_at(target[0], target_folder, make=True) as to_folder,
    ):
        if entry_at(from_folder, source_name, source[1]) is None:
            message = f"there is no file or folder '{source[1]}'"
            raise FileMissing(message)
        os.rename(source_name, target_name, src_dir_fd=from_folder, dst_dir_fd=to_folder)
        os.fsync(to_folder)
        os.fsync(from_folder)


def remove_file(root: Path, path: str) -> None:
    """Remove a plain file; nothing happens if it is gone."""
    folder, _, name = path.rpartition("/")
    with contextlib.suppress(FileMissing), folder_at(root, folder) as descriptor:
        if (there := entry_at(descriptor, name, path)) is not None and not there.is_folder:
            os.unlink(name, dir_fd=descriptor)
            os.fsync(descriptor)


def remove_empty_folder(root: Path, path: str) -> bool:
    """Remove a folder with nothing in it; return whether it is gone."""
    folder, _, name = path.rpartition("/")
    try:
        with folder_at(root, folder) as descriptor:
            os.rmdir(name, dir_fd=descriptor)
            os.fsync(descriptor)
    except FileMissing:
        return True
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
            return False
        raise
    return True


def remove_tree(root: Path, path: str) -> None:
    """Remove a folder with all that is in it; links are removed, not what they point to."""
    folder, _, name = path.rpartition("/")
    with folder_at(root, folder) as descriptor:
        shutil.rmtree(name, dir_fd=descriptor)
        os.fsync(descriptor)


def walk(root: Path, path: str = "") -> Iterator[Entry]:
    """Yield every plain file and folder below ``path``, a folder before what is in it."""
    with folder_at(root, path) as descriptor:
        yield from _walk(descriptor, path)


def _walk(descriptor: int, path: str) -> Iterator[Entry]:
    folders: list[Entry] = []
    with os.scandir(descriptor) as listing:
        for item in listing:
            if not _readable(item.name):
                continue
            try:
                status = os.stat(item.name, dir_fd=descriptor, follow_symlinks=False)
            except FileNotFoundError:  # gone in between
                continue
            found = describe(status, names.join(path, item.name))
            if found is None:
                continue
            if found.is_folder:
                folders.append(found)
            else:
                yield found
    for folder in folders:
        yield folder
        if folder.path.count("/") >= names.MAX_DEPTH:
            continue
        try:
            inner = _open_folder(folder.path.rpartition("/")[2], descriptor)
        except FileMissing:
            continue
        try:
            yield from _walk(inner, folder.path)
        finally:
            os.close(inner)


def _readable(name: str) -> bool:
    """Return whether a name on the disk is text; others cannot be named through an API."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _open_root(root: Path) -> int:
    try:
        return os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _missing(error, "") from error


def _open_folder(name: str, descriptor: int) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=descriptor)
    except OSError as error:
        raise _missing(error, name) from error


def _make(name: str, descriptor: int) -> None:
    try:
        os.mkdir(name, dir_fd=descriptor)
    except FileExistsError:
        return
    os.fsync(descriptor)


def _missing(error: OSError, path: str) -> Exception:
    if error.errno in _NOTHING_THERE:
        return FileMissing(f"there is no file or folder '{path}'")
    return error
