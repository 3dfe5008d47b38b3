"""A folder into an archive: databases as of one moment, every file with its checksum."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import stat
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, BinaryIO, cast

import orjson

from appliance.backup import contents
from appliance.backup.contents import Folders, Source
from appliance.backup.format import CHECKSUMS, CONFIG, FILES, HEAD, Head
from appliance.backup.sealing import Sealer
from appliance.storage import sync_directory

_BLOCK = 256 * 1024
# G-code shrinks to a fourth at the fastest level; the slowest gains a tenth for ten times
# the time.
_LEVEL = 1
_PRIVATE = 0o600


def pack(target: Path, head: Head, folders: Folders, passphrase: str | None) -> None:
    """Write the backup ``target``, durably; a file that goes away meanwhile is left out.

    Blocks, and takes long. Raises OSError, and then there is no file.
    """
    waiting = target.with_name(f".{target.name}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(waiting, flags, _PRIVATE), "wb") as output:
            if passphrase is None:
                _write(output, head, folders)
            else:
                sealer = Sealer(output, passphrase, head.dump())
                _write(cast("BinaryIO", sealer), head, folders)
                sealer.finish()
            output.flush()
            os.fsync(output.fileno())
        os.replace(waiting, target)  # noqa: PTH105 - by the name that tests break
    except BaseException:
        with contextlib.suppress(OSError):
            waiting.unlink()
        raise
    sync_directory(target.parent)


def _write(output: BinaryIO, head: Head, folders: Folders) -> None:
    checksums: dict[str, dict[str, int | str]] = {}
    with zipfile.ZipFile(
        output, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL, strict_timestamps=False
    ) as archive:
        _put(archive, HEAD, head.dump())
        for source in contents.of_configuration(folders):
            _add(archive, CONFIG, source, checksums)
        for source in contents.of_files(folders) if head.has_files else ():
            _add(archive, FILES, source, checksums)
        _put(archive, CHECKSUMS, orjson.dumps(checksums))


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, time.gmtime()[:6])
    entry.external_attr = (stat.S_IFREG | _PRIVATE) << 16
    archive.writestr(entry, content)


def _add(
    archive: zipfile.ZipFile,
    folder: str,
    source: Source,
    checksums: dict[str, dict[str, int | str]],
) -> None:
    name = folder + source.name
    with contextlib.suppress(FileNotFoundError), _opened(source) as file:
        status = os.fstat(file.fileno())
        entry = zipfile.ZipInfo(name, time.gmtime(max(status.st_mtime, 315_619_200))[:6])
        entry.compress_type = archive.compression
        entry.external_attr = (stat.S_IFREG | stat.S_IMODE(status.st_mode) & 0o777) << 16
        digest = hashlib.sha256()
        size = 0
        # Sizes are known when it was read: a log may grow meanwhile.
        with archive.open(entry, "w", force_zip64=True) as member:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
                member.write(block)
        checksums[name] = {"sha256": digest.hexdigest(), "size": size}


@contextlib.contextmanager
def _opened(source: Source) -> Iterator[IO[bytes]]:
    """Open a file for reading; a database as a copy in which no transaction is half done."""
    if not source.name.endswith(contents.DATABASE):
        with source.path.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=source.path.parent) as folder:
        copy = Path(folder, source.path.name)
        try:
            _copy_database(source.path, copy)
        except sqlite3.DatabaseError:
            copy = source.path  # damaged: carried away as it is, perhaps it can be helped
        with copy.open("rb") as file:
            yield file


def _copy_database(path: Path, copy: Path) -> None:
    """Copy a database, also while others write to it."""
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as live,
        closing(sqlite3.connect(copy)) as copied,
    ):
        live.backup(copied, pages=-1)
        copied.execute("PRAGMA journal_mode=DELETE")
