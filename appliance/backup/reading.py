"""An archive from anywhere, not trusted in anything, not even to be an archive.

Names cannot leave their folder and must be such as a backup has; whatever is no plain file is
refused; sizes are counted, never believed; every checksum is compared before anything is used.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import orjson

from appliance.backup import contents
from appliance.backup.format import (
    CHECKSUMS,
    CONFIG,
    FILES,
    HEAD,
    MAX_HEAD,
    Head,
    load_head,
    read_sealed_head,
)
from appliance.domain.backup import BackupDamaged, BackupUnusable
from appliance.errors import StorageFull
from appliance.records import dataclass
from appliance.releases.slots import DATA_FORMAT

MOST_FILES = 100_000
MOST_CONFIG_BYTES = 2 << 30
# G-code shrinks to a tenth at best, a list of the same words to a hundredth.
MOST_RATIO = 100
RATIO_FROM_BYTES = 64 << 20
MAX_CHECKSUMS = 32 << 20
RESERVE_BYTES = 64 << 20
_BLOCK = 256 * 1024
_BROKEN_TEXT = (ValueError, KeyError, TypeError, AttributeError)
_BROKEN = (
    *_BROKEN_TEXT,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    IndexError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive, its name checked."""

    entry: zipfile.ZipInfo
    folder: str  # CONFIG or FILES
    name: str  # below it
    sha256: str
    mode: int


class Archive:
    """An archive that is open; its members are known and their names are safe."""

    def __init__(self, file: zipfile.ZipFile, packed: int) -> None:
        self._file = file
        self._packed = packed
        self._unpacked = 0
        entries = file.infolist()
        if len(entries) > MOST_FILES:
            raise BackupDamaged("it holds more files than any backup")
        by_name = {entry.filename: entry for entry in entries}
        if len(by_name) != len(entries):
            raise BackupDamaged("it holds two files of one name")
        self.head = _head(file)
        if self.head.data_format > DATA_FORMAT:
            message = (
                f"it was made by Gantry {self.head.version}, and this one is too old for it"
            )
            raise BackupUnusable(message)
        sums = _checksums(_small(file, CHECKSUMS, MAX_CHECKSUMS))
        del by_name[HEAD], by_name[CHECKSUMS]
        if sums.keys() != by_name.keys():
            raise BackupDamaged("its files are not those that it lists")
        self.members = [_member(entry, sums[name]) for name, entry in by_name.items()]
        _refuse_twins(self.members)

    def unpack(self, member: Member, output: BinaryIO | None = None) -> None:
        """Read a member, into ``output`` if given, and compare its checksum."""
        digest = hashlib.sha256()
        message = f"'{member.name}' in it is damaged"
        with _damage(message), self._file.open(member.entry) as source:
            while block := source.read(_BLOCK):
                self._count(len(block), member.folder)
                digest.update(block)
                if output is not None:
                    output.write(block)
        if digest.hexdigest() != member.sha256:
            raise BackupDamaged(message)

    def _count(self, size: int, folder: str) -> None:
        self._unpacked += size
        too_much = self._unpacked > MOST_CONFIG_BYTES and folder == CONFIG
        ratio = self._unpacked / max(self._packed, 1)
        if too_much or (self._unpacked > RATIO_FROM_BYTES and ratio > MOST_RATIO):
            raise BackupDamaged("it unpacks to far more than a backup does")


def read_info(path: Path) -> tuple[Head, bool]:
    """Return what a backup says of itself, and whether it is sealed; checks nothing else."""
    with path.open("rb") as source:
        head = read_sealed_head(source)
        if head is not None:
            return load_head(head), True
        with _zip_file(source) as file:
            return _head(file), False


def need_room(folder: Path, size: int) -> None:
    """Raise `StorageFull` if the disk has no room for that and what others need."""
    status = os.statvfs(folder)
    if status.f_bavail * status.f_frsize < size + RESERVE_BYTES:
        raise StorageFull("there is not enough room on the disk")


@contextmanager
def opened(source: BinaryIO) -> Iterator[Archive]:
    """Open an archive that is not sealed (any more)."""
    packed = os.fstat(source.fileno()).st_size
    with _zip_file(source) as file:
        yield Archive(file, packed)


def _zip_file(source: BinaryIO) -> zipfile.ZipFile:
    with _damage("it is no backup of Gantry, or it is damaged"):
        return zipfile.ZipFile(source)


@contextmanager
def _damage(message: str) -> Iterator[None]:
    """Say with ``message`` whatever `zipfile` has to say of a broken file."""
    try:
        yield
    except _BROKEN as error:
        raise BackupDamaged(message) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the beginning
            raise
        raise BackupDamaged(message) from error


def _head(file: zipfile.ZipFile) -> Head:
    return load_head(_small(file, HEAD, MAX_HEAD))


def _small(file: zipfile.ZipFile, name: str, most: int) -> bytes:
    with _damage("it is no backup of Gantry, or it is damaged"), file.open(name) as source:
        content = source.read(most + 1)
    if len(content) > most:
        raise BackupDamaged("its lists are too long")
    return content


def _checksums(content: bytes) -> dict[str, str]:
    try:
        return {str(name): str(each["sha256"]) for name, each in orjson.loads(content).items()}
    except _BROKEN_TEXT as error:
        raise BackupDamaged("its list of checksums is damaged") from error


def _member(entry: zipfile.ZipInfo, sha256: str) -> Member:
    mode = entry.external_attr >> 16
    if entry.is_dir() or stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise BackupDamaged("it holds something that is no plain file")
    if entry.flag_bits & 0x1:
        raise BackupDamaged("it holds something that is locked")
    for folder in (CONFIG, FILES):
        if entry.filename.startswith(folder):
            name = entry.filename.removeprefix(folder)
            if not contents.is_safe(name):
                raise BackupDamaged("it holds a file whose name leads elsewhere")
            if folder == CONFIG and not contents.belongs(name):
                break
            return Member(entry, folder, name, sha256, mode & 0o755 or 0o600)
    message = "it holds a file that is in no backup of Gantry"
    raise BackupDamaged(message)


def _refuse_twins(members: list[Member]) -> None:
    """Refuse a name that is a file and a folder, or that differs by capitals only."""
    seen: set[str] = set()
    folders: set[str] = set()
    for member in members:
        name = member.folder + (
            member.name.casefold() if member.folder == CONFIG else member.name
        )
        if name in seen:
            raise BackupDamaged("it holds two files of one name")
        seen.add(name)
        parts = name.split("/")
        folders.update("/".join(parts[:length]) for length in range(1, len(parts)))
    if seen & folders:
        raise BackupDamaged("it holds a file and a folder of one name")
