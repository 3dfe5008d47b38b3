"""The engine's memory of a job, kept where a crash and a power cut leave it.

A small file mapped into memory: what changes with every line is stored by a memory write
that no disk can delay, twice with a checksum, so that a torn record is never believed. A
thread makes it durable at most once a second. After a crash of the engine the page cache
holds the last line; after a power cut the disk holds the last second.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import struct
import zlib
from pathlib import Path
from typing import Any

from appliance.records import dataclass

_MAGIC = b"GANTRYJ2"
# Layout: magic, two slots of the fast record, two slots of JSON (the job and its modes).
_FAST_SIZE = 512
_FAST_AT = (64, 64 + _FAST_SIZE)
_SLOW_SIZE = 256 * 1024
_SLOW_AT = (4096, 4096 + _SLOW_SIZE)
_TOTAL = 4096 + 2 * _SLOW_SIZE
# crc, sequence, job, acknowledged offset, line number, count
_HEAD = struct.Struct("<IQQQQI")
_PAIR = struct.Struct("<QQ")  # number, offset after it
_MAX_PAIRS = 24
_SLOW_HEAD = struct.Struct("<IQI")  # crc, sequence, length


@dataclass(frozen=True, slots=True)
class Remembered:
    """A job that did not end, as the journal knows it."""

    job: dict[str, Any]
    modes: dict[str, Any]
    offset: int  # bytes of the file surely acknowledged
    number: int  # its line number
    on_the_way: tuple[tuple[int, int], ...]  # (line number, offset after it)


@dataclass(frozen=True, slots=True)
class _Progress:
    """A fast record."""

    sequence: int
    generation: int  # of the job that it belongs to
    offset: int
    number: int
    on_the_way: tuple[tuple[int, int], ...]


class Journal:
    """The journal of one printer."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        if os.fstat(self._fd).st_size != _TOTAL or os.pread(self._fd, 8, 0) != _MAGIC:
            os.ftruncate(self._fd, 0)
            os.ftruncate(self._fd, _TOTAL)
        self._map = mmap.mmap(self._fd, _TOTAL)
        self._map[: len(_MAGIC)] = _MAGIC
        fast = self._read_fast()
        self._fast_sequence = max((record.sequence for record in fast), default=1)
        self._slow_sequence = max(self._sequence_slow(), 1)
        # Jobs are counted, so that no progress is taken for that of another job.
        self._generation = max(
            [self._read_slow().get("generation", 0), *(record.generation for record in fast)]
        )
        self._dirty = False

    def recall(self) -> Remembered | None:
        """Return the job that the last engine left behind, if any."""
        slow = self._read_slow()
        if "job" not in slow:
            return None
        own = [fast for fast in self._read_fast() if fast.generation == slow["generation"]]
        if not own:
            return None
        fast = max(own, key=lambda record: record.sequence)
        modes = slow.get("modes", {})
        return Remembered(slow["job"], modes, fast.offset, fast.number, fast.on_the_way)

    def begin(self, job: dict[str, Any], modes: dict[str, Any], offset: int) -> None:
        """Remember a job that begins."""
        self._generation += 1
        self.progress(offset, 0, ())
        if not self.update(job, modes):
            self.end()  # better no job than a former one

    def update(self, job: dict[str, Any], modes: dict[str, Any]) -> bool:
        """Remember how the job stands, about once a second; False if it is too large."""
        return self._write_slow({"job": job, "modes": modes, "generation": self._generation})

    def end(self) -> None:
        """Forget the job: it has ended, however."""
        self._write_slow({})

    def progress(
        self, offset: int, number: int, on_the_way: tuple[tuple[int, int], ...]
    ) -> None:
        """Remember the acknowledged offset and what is on the way: a memory write."""
        pairs = on_the_way[:_MAX_PAIRS]
        self._fast_sequence += 1
        head = _HEAD.pack(0, self._fast_sequence, self._generation, offset, number, len(pairs))
        body = head[4:] + b"".join(_PAIR.pack(*pair) for pair in pairs)
        at = _FAST_AT[self._fast_sequence % 2]
        record = struct.pack("<I", zlib.crc32(body)) + body
        self._map[at : at + len(record)] = record
        self._dirty = True

    def sync(self) -> None:
        """Make it durable; blocking, for a thread."""
        if self._dirty:
            self._dirty = False
            with contextlib.suppress(OSError, ValueError):
                self._map.flush()
                os.fsync(self._fd)

    def close(self) -> None:
        """Close the file; what it remembers stays."""
        self._map.close()
        os.close(self._fd)

    def _read_fast(self) -> list[_Progress]:
        found = []
        for at in _FAST_AT:
            crc, sequence, generation, offset, number, count = _HEAD.unpack_from(self._map, at)
            if count > _MAX_PAIRS or sequence == 0:
                continue
            end = at + _HEAD.size + count * _PAIR.size
            if zlib.crc32(self._map[at + 4 : end]) != crc:
                continue
            pairs = tuple(
                _PAIR.unpack_from(self._map, at + _HEAD.size + n * _PAIR.size)
                for n in range(count)
            )
            found.append(_Progress(sequence, generation, offset, number, pairs))
        return found

    def _slots_slow(self) -> list[tuple[int, bytes]]:
        found = []
        for at in _SLOW_AT:
            crc, sequence, length = _SLOW_HEAD.unpack_from(self._map, at)
            start = at + _SLOW_HEAD.size
            if sequence == 0 or length > _SLOW_SIZE - _SLOW_HEAD.size:
                continue
            if zlib.crc32(self._map[at + 4 : start + length]) == crc:
                found.append((sequence, self._map[start : start + length]))
        return sorted(found)

    def _sequence_slow(self) -> int:
        slots = self._slots_slow()
        return slots[-1][0] if slots else 0

    def _read_slow(self) -> dict[str, Any]:
        slots = self._slots_slow()
        if not slots:
            return {}
        data: dict[str, Any] = json.loads(slots[-1][1])
        return data

    def _write_slow(self, content: dict[str, Any]) -> bool:
        data = json.dumps(content, separators=(",", ":")).encode()
        if len(data) > _SLOW_SIZE - _SLOW_HEAD.size:
            return False  # the last good record stays
        self._slow_sequence += 1
        at = _SLOW_AT[self._slow_sequence % 2]
        body = _SLOW_HEAD.pack(0, self._slow_sequence, len(data))[4:] + data
        self._map[at + 4 : at + 4 + len(body)] = body
        self._map[at : at + 4] = struct.pack("<I", zlib.crc32(body))
        self._dirty = True
        return True
