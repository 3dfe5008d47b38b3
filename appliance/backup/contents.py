"""What belongs in a backup: what somebody would miss, and nothing that is made again."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from appliance.config import Configuration
from appliance.core import Paths
from appliance.records import dataclass

STORAGE = ".storage"
DATABASE = ".sqlite"
BACKUPS_FOLDER = f"{STORAGE}/backups"

# Made again by itself, of this moment, or not ours to carry away.
_NOT_IN_STORAGE = frozenset({"backups", "plain", "restore", "simulator", "timelapse"})
_NOT_AT_TOP = frozenset({"logs", "__pycache__"})
_PASSING = (".lock", ".sock", ".tmp", ".part", ".journal", ".pyc", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Source:
    """A file on its way into a backup."""

    path: Path
    name: str  # below its folder, with slashes


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the files of an appliance are."""

    config: Path
    files: Path  # G-code
    backups: Path
    aside: tuple[Path, ...] = ()  # others that may be in `config`: videos


def folders_of(configuration: Configuration) -> Folders:
    """Return the folders of an appliance with that configuration."""
    paths = Paths(configuration.directory)

    def folder(domain: str, default: str) -> Path:
        options = configuration.components.get(domain) or {}
        return paths.resolve(options.get("path", default))

    return Folders(
        paths.config,
        folder("file_manager", "gcodes"),
        folder("backup", BACKUPS_FOLDER),
        (folder("timelapse", "timelapse"),),
    )


def belongs(name: str) -> bool:
    """Return whether a file of that name below the configuration folder is in a backup."""
    parts = PurePosixPath(name).parts
    if not parts or parts[-1].endswith(_PASSING) or "__pycache__" in parts:
        return False
    if parts[0] == STORAGE:
        inside = parts[1:]
        passing = any(part.startswith(".") or ".damaged-" in part for part in inside)
        return bool(inside) and inside[0] not in _NOT_IN_STORAGE and not passing
    return parts[0] not in _NOT_AT_TOP and not any(part.startswith(".") for part in parts)


def is_safe(name: str) -> bool:
    """Return whether a name stays in its folder and can be written on any disk of ours."""
    try:
        parts = name.encode().split(b"/")
    except UnicodeEncodeError:
        return False
    leads_elsewhere = any(part in {b"", b".", b".."} or len(part) > 255 for part in parts)
    odd = "\\" in name or any(character < " " or character == "\x7f" for character in name)
    return not leads_elsewhere and not odd and len(name) <= 1024


def of_configuration(folders: Folders) -> Iterator[Source]:
    """Yield the files of the configuration folder that belong in a backup, sorted."""
    others = frozenset({folders.files, folders.backups, *folders.aside})
    for source in _walk(folders.config, others):
        if belongs(source.name):
            yield source


def of_storage(config: Path) -> Iterator[Source]:
    """Yield what the machine has written, as far as it belongs in a backup."""
    for source in _walk(config / STORAGE, frozenset()):
        name = f"{STORAGE}/{source.name}"
        if belongs(name):
            yield Source(source.path, name)


def of_files(folders: Folders) -> Iterator[Source]:
    """Yield the G-code and whatever else people have put beside it, sorted."""
    for source in _walk(folders.files, frozenset()):
        if not any(part.startswith(".") for part in PurePosixPath(source.name).parts):
            yield source


def _walk(root: Path, others: frozenset[Path]) -> Iterator[Source]:
    """Yield regular files; links are never followed, except to a file at the very top.

    A configuration.yaml that is a link into a folder under version control is what people
    really have.
    """
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if Path(folder, name) not in others)
        for each in sorted(names):
            path = Path(folder, each)
            try:
                status = path.stat() if Path(folder) == root else path.lstat()
            except OSError:
                continue
            name = path.relative_to(root).as_posix()
            if stat.S_ISREG(status.st_mode) and is_safe(name):
                yield Source(path, name)
