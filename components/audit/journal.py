"""The file of the audit log: lines of JSON, appended, rotated, never rewritten.

Blocks on the disk: everything here runs in a thread.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from appliance.domain.audit import AuditEntry
from appliance.storage import make_private_directory, sync_directory

FILE_BYTES = 2_000_000
FILES_KEPT = 5


class Journal:
    """A file and its predecessors."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, entries: Sequence[AuditEntry]) -> None:
        """Add entries; when this returns they are on the disk, when it fails none is."""
        make_private_directory(self._path.parent)
        self._rotate()
        lines = b"".join(orjson.dumps(asdict(entry)) + b"\n" for entry in entries)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o600)
        try:
            end = os.lseek(descriptor, 0, os.SEEK_END)
            if end and os.pread(descriptor, 1, end - 1) != b"\n":
                lines = b"\n" + lines  # a power cut left half a line
            try:
                view = memoryview(lines)
                while view:
                    view = view[os.write(descriptor, view) :]
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, end)  # they are tried again, from the first on
                raise
        finally:
            os.close(descriptor)

    def last(self) -> AuditEntry | None:
        """Return the newest entry, or None."""
        newest = deque(self.entries(), maxlen=1)
        return newest[0] if newest else None

    def entries(self) -> Iterator[AuditEntry]:
        """Yield all that is kept, oldest first; a line cut off by a power cut is left out."""
        for path in reversed(self._files()):
            if not path.exists():
                continue
            with path.open("rb") as file:
                for line in file:
                    try:
                        yield AuditEntry(**orjson.loads(line))
                    except (orjson.JSONDecodeError, TypeError):
                        continue

    def _files(self) -> list[Path]:
        older = [self._path.with_suffix(f".{n}.jsonl") for n in range(1, FILES_KEPT)]
        return [self._path, *older]

    def _rotate(self) -> None:
        try:
            if self._path.stat().st_size < FILE_BYTES:
                return
        except FileNotFoundError:
            return
        files = self._files()
        for newer, older in zip(reversed(files[:-1]), reversed(files[1:]), strict=True):
            if newer.exists():
                newer.replace(older)
        sync_directory(self._path.parent)
