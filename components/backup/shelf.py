"""The folder with the backups: names, what each says of itself, which are too many. Blocks."""

from __future__ import annotations

import secrets
from pathlib import Path

from appliance.backup.format import Head
from appliance.backup.naming import NAME, UPLOADED, new_path
from appliance.backup.reading import read_info
from appliance.domain.backup import BackupDamaged, BackupInfo, BackupReason
from appliance.errors import FileMissing
from appliance.storage import StorageError, make_private_directory, sync_directory

_BY_ITSELF = frozenset({BackupReason.UPDATE, BackupReason.RESTORE})


class Shelf:
    """The backups of one folder."""

    def __init__(self, folder: Path, keep: int) -> None:
        self.folder = folder
        self._keep = keep
        self._known: dict[tuple[str, int, int], BackupInfo] = {}

    def prepare(self) -> None:
        """Make the folder, and remove what never became a backup."""
        make_private_directory(self.folder)
        for left in self.folder.glob(".*.part"):
            left.unlink(missing_ok=True)

    def list(self) -> list[BackupInfo]:
        """Return the backups, the newest first; what is none is left out."""
        found = {}
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if not NAME.fullmatch(path.name) or path.is_symlink() or not path.is_file():
                continue
            status = path.stat()
            key = (path.name, status.st_size, status.st_mtime_ns)
            info = self._known.get(key) or _info(path)
            if info is not None:
                found[key] = info
        self._known = found
        return sorted(found.values(), key=lambda info: info.made_at, reverse=True)

    def path(self, name: str) -> Path:
        """Return the path of a backup; nothing else has one."""
        path = self.folder / name
        if not NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
            raise FileMissing("there is no such backup")
        return path

    def info(self, name: str) -> BackupInfo:
        """Return what a backup says of itself."""
        info = _info(self.path(name))
        if info is None:
            raise BackupDamaged("it is no backup of Gantry, or it is damaged")
        return info

    def new_path(self, head: Head, *, sealed: bool) -> Path:
        """Return a path that is free and tells people what it is."""
        return new_path(self.folder, head, sealed=sealed)

    def waiting_path(self) -> Path:
        """Return a path for a backup that is still coming."""
        self.prepare_folder()
        return self.folder / f".{secrets.token_hex(8)}.part"

    def prepare_folder(self) -> None:
        """Make the folder again if somebody has removed it."""
        try:
            make_private_directory(self.folder)
        except OSError as error:
            message = f"no backups can be kept in {self.folder}: {error.strerror}"
            raise StorageError(message) from error

    def adopt(self, waiting: Path, head: Head, *, sealed: bool) -> BackupInfo:
        """Give a backup that came from elsewhere its name."""
        path = new_path(self.folder, head, sealed=sealed, uploaded=True)
        waiting.rename(path)
        sync_directory(self.folder)
        return self.info(path.name)

    def delete(self, name: str) -> None:
        """Delete a backup."""
        self.path(name).unlink()
        sync_directory(self.folder)

    def prune(self) -> None:
        """Delete the oldest of those that made themselves, beyond those to be kept."""
        for reason in _BY_ITSELF:
            made = [each for each in self.list() if each.reason is reason]
            for each in made[self._keep :]:
                self.delete(each.name)


def _info(path: Path) -> BackupInfo | None:
    try:
        head, sealed = read_info(path)
    except (BackupDamaged, OSError):
        return None
    uploaded = path.stem.endswith(UPLOADED)
    return BackupInfo(
        name=path.name,
        made_at=head.made_at,
        size=path.stat().st_size,
        version=head.version,
        appliance=head.appliance,
        reason=BackupReason.UPLOADED if uploaded else head.reason,
        has_files=head.has_files,
        encrypted=sealed,
    )
