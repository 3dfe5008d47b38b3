"""Plain G-code out of packed files: .bgcode, .gcode.gz and .ufp.

Streamed with bounded memory and a cap on what comes out; it runs in the analysis process,
since unpacking 100 MB keeps a core busy for seconds.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from appliance.components.file_manager.metadata import bgcode
from appliance.components.file_manager.metadata.bgcode import DamagedFile
from appliance.components.file_manager.metadata.knowledge import Picture
from appliance.components.file_manager.metadata.thumbnails import MAX_BYTES, check

PACKED_SUFFIXES = frozenset({".bgcode", ".gcode.gz", ".ufp"})
BLOCK_BYTES = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_UFP_GCODE = "/3D/model.gcode"
_UFP_PICTURE = "/Metadata/thumbnail.png"


class TooMuch(ValueError):
    """More comes out of a packed file than is taken of a plain one."""


def packed(suffix: str) -> bool:
    """Return whether files with that ending are packed."""
    return suffix in PACKED_SUFFIXES


def plain(descriptor: int, suffix: str, limit: int) -> Iterator[bytes]:
    """Yield the G-code in an open packed file; `DamagedFile` or `TooMuch` if it fails."""
    total = 0
    for piece in _pieces(descriptor, suffix):
        total += len(piece)
        if total > limit:
            message = f"more than {limit / 1e6:.0f} MB come out of the file"
            raise TooMuch(message)
        yield piece


def ufp_picture(descriptor: int) -> tuple[Picture, ...]:
    """Return the picture in an open .ufp file."""
    with os.fdopen(os.dup(descriptor), "rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                info = _member(archive, _UFP_PICTURE)
                if info is None or info.file_size > MAX_BYTES:
                    return ()
                with archive.open(info) as entry:
                    picture = check(entry.read(MAX_BYTES + 1))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            return ()
    return () if picture is None else (picture,)


def _pieces(descriptor: int, suffix: str) -> Iterator[bytes]:
    if suffix == ".bgcode":
        return bgcode.plain(descriptor)
    if suffix == ".gcode.gz":
        return _gunzip(descriptor)
    return _from_ufp(descriptor)


def _gunzip(descriptor: int) -> Iterator[bytes]:
    position = 0
    stream = None
    while block := os.pread(descriptor, BLOCK_BYTES, position):
        position += len(block)
        while block:
            stream = stream or zlib.decompressobj(_GZIP)
            yield from _inflate(stream, block)
            block = b""
            if stream.eof:
                # gzip files may be put one after the other, with zeros between them
                block = stream.unused_data.lstrip(b"\0")
                stream = None
    if stream is not None or not position:
        raise DamagedFile("the gzip data are cut")


def _inflate(stream: zlib._Decompress, block: bytes) -> Iterator[bytes]:
    """Yield what comes out of a block in pieces, however much that is."""
    while True:
        try:
            piece = stream.decompress(block, BLOCK_BYTES)
        except zlib.error as error:
            raise DamagedFile("the gzip data are damaged") from error
        if piece:
            yield piece
        block = stream.unconsumed_tail
        if stream.eof or (not block and len(piece) < BLOCK_BYTES):
            return


def _from_ufp(descriptor: int) -> Iterator[bytes]:
    with os.fdopen(os.dup(descriptor), "rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                info = _member(archive, _UFP_GCODE)
                if info is None:
                    message = "there is no G-code in the archive"
                    raise DamagedFile(message)
                with archive.open(info) as entry:
                    yield from _read_all(entry)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            message = "the archive is damaged"
            raise DamagedFile(message) from error


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo | None:
    for info in archive.infolist():
        if "/" + info.filename.lstrip("/") == name:
            return info
    return None


def _read_all(entry: IO[bytes]) -> Iterator[bytes]:
    while block := entry.read(BLOCK_BYTES):
        yield block
