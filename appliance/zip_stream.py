"""A zip archive that is made while it is sent: nothing of it is kept, its length is known.

The files are stored as they are: a small board has no time to press megabytes together.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Generator, Sequence
from pathlib import Path
from typing import Any

from appliance import web
from appliance.records import dataclass

PIECE = 1 << 20  # bytes that are read at once
# Beyond it some entries take a longer form, and the length is not told beforehand.
MOST_TOLD = 2**31 - 1
_HEADERS = 30 + 16 + 46  # of an entry: before it, behind it, in the directory
_END = 22


class FileShrank(Exception):
    """A file became shorter while it was packed; the archive is of no use."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the archive."""

    name: str  # with its folders
    path: Path
    size: int  # bytes; what the file grows by is left out


def length(entries: Sequence[Entry]) -> int | None:
    """Return how many bytes the archive will have; None: so many that it is not told."""
    names = sum(2 * len(entry.name.encode()) for entry in entries)
    total = sum(entry.size for entry in entries) + names + _HEADERS * len(entries) + _END
    return total if total <= MOST_TOLD and len(entries) < zipfile.ZIP_FILECOUNT_LIMIT else None


async def send(
    request: web.Request, entries: Sequence[Entry], name: str
) -> web.StreamResponse:
    """Answer with an archive of the files, to be saved under that name."""
    response = web.StreamResponse(headers=web.save_as(name))
    response.content_type = "application/zip"
    response.headers["Cache-Control"] = "no-store"
    response.content_length = length(entries)
    await response.prepare(request)
    async for piece in packed(entries):
        await response.write(piece)
    await response.write_eof()
    return response


async def packed(entries: Sequence[Entry]) -> AsyncIterator[bytes]:
    """Yield the archive in pieces; the disk is read in threads. May raise `FileShrank`."""
    pieces = _packed(entries)
    try:
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece
    finally:
        await asyncio.to_thread(pieces.close)


class _Sink(io.RawIOBase):
    """Takes what the archive writes, until somebody fetches it; it cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any, /) -> int:
        self._pieces.append(bytes(piece))
        return len(self._pieces[-1])

    def take(self) -> bytes:
        piece = b"".join(self._pieces)
        self._pieces.clear()
        return piece


def _packed(entries: Sequence[Entry]) -> Generator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for entry in entries:
            about = zipfile.ZipInfo.from_file(entry.path, entry.name, strict_timestamps=False)
            about.file_size = entry.size
            long = entry.size > MOST_TOLD - PIECE
            left = entry.size
            with (
                entry.path.open("rb") as source,
                archive.open(about, "w", force_zip64=long) as target,
            ):
                while left:
                    piece = source.read(min(PIECE, left))
                    if not piece:
                        message = f"'{entry.name}' became shorter while it was packed"
                        raise FileShrank(message)
                    left -= len(piece)
                    target.write(piece)
                    yield sink.take()
    yield sink.take()
